//! Who vouches for members, as the settings say it.

use model::Role;
use url::{Host, Url};

/// An issuer of OpenID Connect, and what it knows us by.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// As it calls itself, such as `https://accounts.google.com`.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// For people.
    pub name: String,
    /// What somebody becomes who is not a member yet; none: nobody comes in by it but members.
    pub join: Option<Role>,
}

/// The five settings as they were typed.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'t> {
    pub issuer: &'t str,
    pub client_id: &'t str,
    pub client_secret: &'t str,
    pub name: &'t str,
    pub join: &'t str,
}

impl Issuer {
    /// None where nothing is set; what cannot be is said in one line that names the variable.
    pub fn resolve(typed: Typed<'_>) -> Result<Option<Issuer>, String> {
        let Typed { issuer, client_id, client_secret, name, join } = typed;
        if issuer.is_empty() {
            return match (client_id, client_secret, name, join) {
                ("", "", "", "") => Ok(None),
                _ => Err("WAYPOST_OIDC_ISSUER: must be set where WAYPOST_OIDC_… is".to_owned()),
            };
        }
        let host = host(issuer).ok_or_else(|| {
            format!("WAYPOST_OIDC_ISSUER: {issuer:?} is no issuer such as https://id.example.com")
        })?;
        for (variable, value) in
            [("WAYPOST_OIDC_CLIENT_ID", client_id), ("WAYPOST_OIDC_CLIENT_SECRET", client_secret)]
        {
            if value.is_empty() {
                return Err(format!("{variable}: must be set where WAYPOST_OIDC_ISSUER is"));
            }
        }
        let join = match join {
            "" => None,
            "viewer" => Some(Role::Viewer),
            "editor" => Some(Role::Editor),
            other => {
                return Err(format!(
                    "WAYPOST_OIDC_JOIN: {other:?} is neither `viewer` nor `editor`"
                ));
            }
        };
        Ok(Some(Issuer {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            name: if name.is_empty() { host } else { name.to_owned() },
            join,
        }))
    }
}

/// The host of an issuer. What it says comes over TLS, but within a machine or a network of one's own.
fn host(issuer: &str) -> Option<String> {
    let url = Url::parse(issuer).ok()?;
    let near = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    };
    let bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let safe = url.scheme() == "https" || (url.scheme() == "http" && near);
    (bare && safe).then(|| url.host_str().map(str::to_owned))?
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPED: Typed<'_> = Typed {
        issuer: "https://id.example.com",
        client_id: "waypost",
        client_secret: "secret",
        name: "",
        join: "viewer",
    };

    #[track_caller]
    fn check_refused(typed: Typed<'_>, expected: &str) {
        assert_eq!(Issuer::resolve(typed).unwrap_err(), expected);
    }

    #[test]
    fn an_issuer_is_whole_or_not_there() {
        let issuer = Issuer::resolve(TYPED).unwrap().unwrap();
        assert_eq!((issuer.name.as_str(), issuer.join), ("id.example.com", Some(Role::Viewer)));
        let none = Typed { issuer: "", client_id: "", client_secret: "", name: "", join: "" };
        assert!(Issuer::resolve(none).unwrap().is_none());
        check_refused(
            Typed { issuer: "", ..TYPED },
            "WAYPOST_OIDC_ISSUER: must be set where WAYPOST_OIDC_… is",
        );
        check_refused(
            Typed { issuer: "http://id.example.com", ..TYPED },
            "WAYPOST_OIDC_ISSUER: \"http://id.example.com\" is no issuer such as https://id.example.com",
        );
        check_refused(
            Typed { client_secret: "", ..TYPED },
            "WAYPOST_OIDC_CLIENT_SECRET: must be set where WAYPOST_OIDC_ISSUER is",
        );
        check_refused(
            Typed { join: "owner", ..TYPED },
            "WAYPOST_OIDC_JOIN: \"owner\" is neither `viewer` nor `editor`",
        );
    }
}
