//! The files by which phones learn which apps open a domain's links.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Error, Result};

/// What Apple's and Google's devices ask a host for; none where no app is told of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppLinks {
    /// `apple-app-site-association`.
    pub apple: Option<Value>,
    /// `assetlinks.json`.
    pub android: Option<Value>,
}

/// Bytes of each; Apple reads twice as many.
const MOST: usize = 64 * 1024;
/// The services that Apple's file may name.
const SERVICES: [&str; 4] = ["applinks", "webcredentials", "appclips", "activitycontinuation"];

impl AppLinks {
    pub fn check(&self) -> Result<()> {
        if let Some(file) = &self.apple {
            check_apple(file)?;
            check_size("appleAppSiteAssociation", file)?;
        }
        if let Some(file) = &self.android {
            check_android(file)?;
            check_size("assetLinks", file)?;
        }
        Ok(())
    }
}

fn check_size(at: &str, file: &Value) -> Result<()> {
    if file.to_string().len() <= MOST {
        return Ok(());
    }
    Err(Error::invalid(at, format!("must not be longer than {MOST} bytes")))
}

/// `{"applinks": {"details": [{"appIDs": ["TEAM.bundle"], "components": […]}]}, …}`.
fn check_apple(file: &Value) -> Result<()> {
    let at = "appleAppSiteAssociation";
    let services = object(at, file)?;
    if services.is_empty() {
        return Err(Error::invalid(at, "must name a service such as applinks"));
    }
    for (service, content) in services {
        let at = format!("{at}.{service}");
        if !SERVICES.contains(&service.as_str()) {
            let why = format!("no such service; known are {}", SERVICES.join(", "));
            return Err(Error::invalid(at, why));
        }
        let content = object(&at, content)?;
        if service != "applinks" {
            let at = format!("{at}.apps");
            each(&at, content.get("apps"), app_id)?;
            continue;
        }
        // Empty in all files that were ever wanted, and asked for by the oldest devices.
        if let Some(apps) = content.get("apps") {
            each(&format!("{at}.apps"), Some(apps), app_id)?;
        }
        each(&format!("{at}.details"), content.get("details"), detail)?;
    }
    Ok(())
}

fn detail(at: &str, detail: &Value) -> Result<()> {
    let detail = object(at, detail)?;
    match (detail.get("appIDs"), detail.get("appID")) {
        (Some(ids), _) => each(&format!("{at}.appIDs"), Some(ids), app_id)?,
        (None, Some(id)) => app_id(&format!("{at}.appID"), id)?,
        (None, None) => return Err(Error::invalid(format!("{at}.appIDs"), "is required")),
    }
    if let Some(components) = detail.get("components") {
        each(&format!("{at}.components"), Some(components), |at, it| object(at, it).map(drop))?;
    }
    if let Some(paths) = detail.get("paths") {
        each(&format!("{at}.paths"), Some(paths), |at, path| text(at, path).map(drop))?;
    }
    Ok(())
}

/// `9JA89QQLNQ.com.example.app`: the team, or an older prefix, and the bundle.
fn app_id(at: &str, id: &Value) -> Result<()> {
    let is_id = |id: &str| {
        let (prefix, bundle) = id.split_once('.')?;
        let inner = |b: u8| b.is_ascii_alphanumeric() || b"-.".contains(&b);
        let prefixed = prefix.len() == 10 && prefix.bytes().all(|b| b.is_ascii_alphanumeric());
        (prefixed && !bundle.is_empty() && bundle.bytes().all(inner)).then_some(())
    };
    let why = "must be an app's id such as 9JA89QQLNQ.com.example.app";
    text(at, id).ok().and_then(is_id).ok_or_else(|| Error::invalid(at, why))
}

/// `[{"relation": […], "target": {"namespace": "android_app", "package_name": …, …}}]`.
fn check_android(file: &Value) -> Result<()> {
    each("assetLinks", Some(file), |at, statement| {
        let statement = object(at, statement)?;
        let relation = format!("{at}.relation");
        each(&relation, statement.get("relation"), |at, relation| text(at, relation).map(drop))?;
        if statement.get("relation").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            return Err(Error::invalid(relation, "must name a relation"));
        }
        let at = format!("{at}.target");
        let target = object(&at, statement.get("target").unwrap_or(&Value::Null))?;
        let part = |name: &str| (format!("{at}.{name}"), target.get(name).unwrap_or(&Value::Null));
        let (at, namespace) = part("namespace");
        match text(&at, namespace)? {
            "web" => {
                let (at, site) = part("site");
                text(&at, site).map(drop)
            }
            "android_app" => {
                let (at, package) = part("package_name");
                text(&at, package)?;
                let (at, prints) = part("sha256_cert_fingerprints");
                each(&at, Some(prints), fingerprint)
            }
            _ => Err(Error::invalid(at, "must be android_app or web")),
        }
    })
}

/// 32 bytes such as `14:6D:E9:…`.
fn fingerprint(at: &str, print: &Value) -> Result<()> {
    let is_byte = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let is_print = |text: &str| text.split(':').count() == 32 && text.split(':').all(is_byte);
    let why = "must be the SHA-256 of a certificate such as 14:6D:E9:…";
    let fits = print.as_str().is_some_and(is_print);
    if fits { Ok(()) } else { Err(Error::invalid(at, why)) }
}

fn object<'v>(at: &str, value: &'v Value) -> Result<&'v Map<String, Value>> {
    value.as_object().ok_or_else(|| Error::invalid(at, "must be an object"))
}

fn text<'v>(at: &str, value: &'v Value) -> Result<&'v str> {
    let text = value.as_str().filter(|text| !text.is_empty());
    text.ok_or_else(|| Error::invalid(at, "must be a text"))
}

/// Checks each of a list, which has to be there.
fn each(at: &str, list: Option<&Value>, check: impl Fn(&str, &Value) -> Result<()>) -> Result<()> {
    let list = list.and_then(Value::as_array);
    let list = list.ok_or_else(|| Error::invalid(at, "must be a list"))?;
    list.iter().enumerate().try_for_each(|(i, item)| check(&format!("{at}[{i}]"), item))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(links: &AppLinks, expected: &str) {
        let told = links.check().map_err(|error| error.to_string()).err().unwrap_or_default();
        assert_eq!(told, expected);
    }

    fn apple(file: Value) -> AppLinks {
        AppLinks { apple: Some(file), android: None }
    }

    fn android(file: Value) -> AppLinks {
        AppLinks { apple: None, android: Some(file) }
    }

    #[test]
    fn apples_file_names_services_with_apps() {
        let id = "9JA89QQLNQ.com.example.app";
        check(&AppLinks::default(), "");
        let details = json!([{"appIDs": [id], "components": [{"/": "/buy/*"}]}, {"appID": id, "paths": ["NOT /x", "*"]}]);
        check(
            &apple(
                json!({"applinks": {"apps": [], "details": details}, "webcredentials": {"apps": [id]}}),
            ),
            "",
        );
        let at = "appleAppSiteAssociation";
        check(&apple(json!([])), &format!("{at}: must be an object"));
        check(&apple(json!({})), &format!("{at}: must name a service such as applinks"));
        check(
            &apple(json!({"mood": {}})),
            &format!(
                "{at}.mood: no such service; known are applinks, webcredentials, appclips, activitycontinuation"
            ),
        );
        check(&apple(json!({"applinks": {}})), &format!("{at}.applinks.details: must be a list"));
        check(
            &apple(json!({"applinks": {"details": [{}]}})),
            &format!("{at}.applinks.details[0].appIDs: is required"),
        );
        check(
            &apple(json!({"webcredentials": {"apps": ["com.example.app"]}})),
            &format!("{at}.webcredentials.apps[0]: must be an app's id such as {id}"),
        );
        let long = json!({"applinks": {"details": [{"appID": id, "paths": ["x".repeat(MOST)]}]}});
        check(&apple(long), &format!("{at}: must not be longer than {MOST} bytes"));
    }

    #[test]
    fn googles_file_names_apps_with_their_certificates() {
        let print = ["14"; 32].join(":");
        let statement = |target: Value| json!([{"relation": ["delegate_permission/common.handle_all_urls"], "target": target}]);
        let app = |print: &str| {
            statement(
                json!({"namespace": "android_app", "package_name": "com.example", "sha256_cert_fingerprints": [print]}),
            )
        };
        check(&android(app(&print)), "");
        check(&android(statement(json!({"namespace": "web", "site": "https://example.com"}))), "");
        check(&android(json!({})), "assetLinks: must be a list");
        check(
            &android(app("14:6D")),
            "assetLinks[0].target.sha256_cert_fingerprints[0]: must be the SHA-256 of a certificate such as 14:6D:E9:…",
        );
        check(
            &android(json!([{"relation": [], "target": {}}])),
            "assetLinks[0].relation: must name a relation",
        );
        check(
            &android(statement(json!({"namespace": "ios"}))),
            "assetLinks[0].target.namespace: must be android_app or web",
        );
    }
}
