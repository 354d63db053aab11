//! The OpenAPI document: what the handlers say of themselves, and what holds for all of them.

use std::sync::Arc;

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Redirect},
    routing::get,
};
use utoipa::{
    PartialSchema,
    openapi::{
        Content, HttpMethod, InfoBuilder, LicenseBuilder, Object, OpenApi, Ref, RefOr,
        ResponseBuilder, Schema, Server,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        },
        tag::TagBuilder,
    },
};

use super::{docs, glossary::KEYS, schema::Problem};

/// Where the paths of the document stand.
const BASE: &str = "/api/v1";

const DESCRIPTION: &str = "\
Short links whose rules send each visitor elsewhere, and every click kept.

Every call but those of somebody who comes in, and the conversion picture, carries an API key: \
`Authorization: Bearer wp_…`. `waypost key create NAME` prints one, \
`POST /api/v1/keys` makes more, with fewer rights. The token of a session (`POST /api/v1/sessions`) \
stands in a key's place; a browser has it as the cookie `wp_session`, which counts for pages of this \
server alone. Bodies are JSON in camelCase; keys that are not \
known are refused by name. A failure is a problem in the form of RFC 9457 and names every place that \
is wrong. Lists come in pages: `next` of one is the `cursor` of the following. Times are ISO 8601 in \
UTC, ids are texts. What was read can be sent back as it is.

A POST with an `Idempotency-Key` is done once, however often it is sent within 24 hours: whoever \
asks again gets the first answer. Links carry an `ETag`; with `If-Match` a save is refused with 412 \
where somebody else saved first.";

/// The groups of calls, in the order in which they are read.
const TAGS: &[(&str, &str)] = &[
    ("Links", "Short addresses and where they lead."),
    ("Rules", "Who is sent elsewhere."),
    ("Link tests", "Saved visitors, and what each must get."),
    ("Revisions and drafts", "What a link was, and what it may become."),
    ("Clicks", "What was clicked, and why it led where it did."),
    ("Conversions", "What became of clicks."),
    ("Visitors", "What is kept of one visitor, shown and forgotten."),
    ("Statistics", "Clicks counted: totals, series, breakdowns, with any filters."),
    ("Tags and folders", "How links are found again."),
    ("Pixels", "Whom people who pass a link are told of."),
    ("Webhooks", "Who is told what happens."),
    ("Domains", "The hosts that short addresses live on."),
    ("Keys and members", "Who may do what."),
    ("Installation", "What runs here, and how it does."),
];

/// The variable parts of paths, with what they are and an example.
const PLACES: &[(&str, &str, &str)] = &[
    ("link", "The link's id, in any spelling.", "lnk_0001_y3bWuA"),
    ("service", "`shortio`, `linquid` or `dglnk`.", "shortio"),
    ("id", "The id that the service gave the link, percent-encoded.", "lnk_4EaJ_aBcDeF"),
    ("rule", "The rule's id.", "rule_000Yl3bWu"),
    ("test", "The test's id.", "test_000Yl3bWx"),
    ("click", "The click's id.", "clk_00c3f1c2a4b51f3e6d7a8b9c0d1e2f30_1000"),
    ("revision", "The number of a revision.", "1"),
    ("to", "The number of the later revision.", "2"),
    ("domain", "The domain's id.", "dom_000Yl3bWs"),
    ("key", "The key's id.", "key_000Yl3bWr"),
    ("pixel", "The pixel's id.", "pixel_000Yl3bWz"),
    ("webhook", "The webhook's id.", "hook_000Yl3bWv"),
    ("delivery", "The id of the event that is delivered.", "evt_000Yl3bWt"),
    ("member", "The member's id.", "mem_000Yl3bWq"),
    ("invitation", "The invitation's id.", "inv_000Yl3bWp"),
    ("session", "The session's id.", "ses_000Yl3bWo"),
    ("passkey", "The passkey's id.", "psk_000Yl3bWm"),
    ("tag", "The tag, percent-encoded.", "spring"),
    ("folder", "The folder's name, percent-encoded.", "Sale"),
];

/// `/openapi.json` for programs and `/docs` for people, both made once.
pub(in super::super) fn documents(paths: OpenApi) -> Router {
    let document = Arc::new(complete(paths));
    let page = Arc::clone(&document);
    let json = move || {
        let text = serde_json::to_string(&*document).unwrap_or_default();
        std::future::ready(([(header::CONTENT_TYPE, "application/json")], text).into_response())
    };
    let html = move || std::future::ready(docs::page(&page));
    // Whoever types a slash means the page too.
    let slash = || std::future::ready(Redirect::permanent("/docs"));
    Router::new()
        .route("/openapi.json", get(json))
        .route("/docs", get(html))
        .route("/docs/", get(slash))
}

/// Adds to the handlers' own words what no handler should have to say.
fn complete(paths: OpenApi) -> OpenApi {
    let mut document = OpenApi::default().nest(BASE, paths);
    document.info = InfoBuilder::new()
        .title("Waypost")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build()))
        .build();
    document.servers = Some(vec![Server::new("/")]);
    let tag = |(name, about): &(&str, &str)| {
        TagBuilder::new().name(*name).description(Some(*about)).build()
    };
    document.tags = Some(TAGS.iter().map(tag).collect());
    let either = ["key", "session"].map(|name| SecurityRequirement::new(name, [""; 0]));
    document.security = Some(either.to_vec());
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API key, such as `waypost key create NAME` prints."))
        .build();
    components.add_security_scheme("key", SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::with_description(
        "wp_session",
        "A session's token, as signing in with `cookie` sets it: for pages of this server.",
    );
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    components.schemas.insert("Fault".to_owned(), super::schema::Fault::schema());
    for schema in components.schemas.values_mut() {
        complete_schema(schema);
    }
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (HttpMethod::Get, &mut item.get),
            (HttpMethod::Put, &mut item.put),
            (HttpMethod::Post, &mut item.post),
            (HttpMethod::Delete, &mut item.delete),
            (HttpMethod::Patch, &mut item.patch),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                finish(path, &method, operation);
            }
        }
    }
    document
}

/// Fills in what keys mean, and takes away the defaults of keys that may be left out.
fn complete_schema(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    let (object, parts) = match schema {
        Schema::Object(object) => (Some(object), &mut [][..]),
        Schema::OneOf(one) => (None, one.items.as_mut_slice()),
        Schema::AllOf(all) => (None, all.items.as_mut_slice()),
        _ => return,
    };
    parts.iter_mut().for_each(complete_schema);
    let Some(object) = object else { return };
    for (name, property) in &mut object.properties {
        let known = KEYS.iter().find(|(key, _)| key == name).map(|(_, about)| *about);
        let description = match property {
            RefOr::Ref(reference) => {
                if reference.description.is_empty() {
                    reference.description = known.unwrap_or_default().to_owned();
                }
                continue;
            }
            RefOr::T(Schema::Object(object)) => {
                object.default = None;
                &mut object.description
            }
            RefOr::T(Schema::Array(array)) => {
                array.default = None;
                &mut array.description
            }
            RefOr::T(Schema::OneOf(one)) => {
                one.default = None;
                &mut one.description
            }
            RefOr::T(_) => continue,
        };
        if description.is_none() {
            *description = known.map(str::to_owned);
        }
    }
}

fn finish(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let mut parameters: Vec<RefOr<Parameter>> = places(path).map(RefOr::T).collect();
    parameters.append(operation.parameters.get_or_insert_default());
    // Who has no key has no name for a call either, and of what is kept of a visitor no copy is made.
    let may_be_repeated = operation.security.is_none() && !path.starts_with("/visitors/");
    if *method == HttpMethod::Post && may_be_repeated {
        parameters.push(RefOr::T(parameter(
            "Idempotency-Key",
            ParameterIn::Header,
            "A text of your own, by which a call that is sent again is known.",
            "9f6d2c1e-order-17",
        )));
    }
    operation.parameters = Some(parameters);
    let mut failures = vec![
        ("401", "No key, or none that is known."),
        ("403", "The caller lacks the scope that is needed."),
        ("422", "Something that was sent cannot be; `errors` names each place."),
        ("429", "Too many calls: `Retry-After` says when to come again."),
    ];
    if path.contains('{') {
        failures.push(("404", "There is no such thing, or it is another workspace's."));
    }
    if operation.request_body.is_some() {
        failures.push(("400", "The body is no JSON."));
        failures.push(("413", "The body is larger than 1 MiB."));
    }
    if *method != HttpMethod::Get {
        failures
            .push(("409", "It cannot be done as things are: taken, or a link test would break."));
        failures.push(("412", "It was changed since it was read."));
    }
    failures.push(("default", "Any other failure."));
    for (status, description) in failures {
        let problem = Content::builder()
            .schema(Some(RefOr::<Schema>::Ref(Ref::from_schema_name("Problem"))))
            .build();
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", problem)
            .build();
        let known = &mut operation.responses.responses;
        known.entry(status.to_owned()).or_insert(RefOr::T(response));
    }
}

/// The parameters that a path holds.
fn places(path: &str) -> impl Iterator<Item = Parameter> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| {
        let row = PLACES.iter().find(|(known, ..)| *known == name);
        let (_, about, example) = row.copied().unwrap_or((name, "", ""));
        parameter(name, ParameterIn::Path, about, example)
    })
}

fn parameter(name: &str, place: ParameterIn, about: &str, example: &str) -> Parameter {
    let required = place == ParameterIn::Path;
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(if required {
            utoipa::openapi::Required::True
        } else {
            utoipa::openapi::Required::False
        })
        .description(Some(about))
        .example(Some(example.into()))
        .schema(Some(Object::with_type(utoipa::openapi::schema::Type::String)))
        .build()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn document() -> Value {
        let (_, paths) = super::super::routes().split_for_parts();
        serde_json::to_value(complete(paths)).unwrap()
    }

    fn is_said(value: &Value) -> bool {
        value.as_str().is_some_and(|text| !text.is_empty())
    }

    #[test]
    fn every_call_and_parameter_is_described() {
        let document = document();
        assert_eq!(document["openapi"], "3.1.0");
        let mut missing = Vec::new();
        let mut ids = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, call) in item.as_object().unwrap() {
                let place = format!("{method} {path}");
                ids.push(call["operationId"].as_str().unwrap());
                assert!(
                    TAGS.iter().any(|(tag, _)| call["tags"][0] == *tag),
                    "{place}: no such tag"
                );
                if !is_said(&call["summary"]) {
                    missing.push(place.clone());
                }
                for parameter in call["parameters"].as_array().into_iter().flatten() {
                    if !is_said(&parameter["description"]) || parameter["example"].is_null() {
                        missing.push(format!("{place}: {}", parameter["name"]));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "without words or an example:\n{}", missing.join("\n"));
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "an operation id stands twice");
    }

    #[test]
    fn every_shape_and_key_is_described() {
        let document = document();
        let mut missing = Vec::new();
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            let is_page = name.starts_with("Page_");
            let is_part = schema["oneOf"].is_array();
            if !is_page && !is_part && schema["example"].is_null() {
                missing.push(format!("{name}: no example"));
            }
            let parts = schema["allOf"].as_array().into_iter().flatten();
            for part in parts.chain([schema]) {
                for (key, property) in part["properties"].as_object().into_iter().flatten() {
                    let of_one = property["oneOf"].as_array().into_iter().flatten();
                    let said = of_one.chain([property]).any(|it| is_said(&it["description"]));
                    if !said {
                        missing.push(format!("{name}.{key}"));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "without words or an example:\n{}", missing.join("\n"));
    }
}
