//! Why somebody does not come in, and the page that tells them.

use axum::{http::StatusCode, response::Response};
use maud::html;
use model::Error;

use crate::{App, join};

pub enum Refused {
    /// They were away too long, or another browser left.
    Lost,
    /// The issuer sent them back without a code.
    Sent,
    /// The issuer does not vouch for an e-mail address.
    Unverified,
    /// Nobody here has the address.
    Stranger(String),
    TooMany(u64),
    /// The issuer does not answer, or not as it should; for the log.
    Broken(String),
    Trouble(Error),
}

impl Refused {
    /// A page that says why, for people.
    pub fn page(self, app: &App) -> Response {
        let name = app.config.oidc.as_ref().map_or("", |issuer| issuer.name.as_str());
        let (status, why) = self.words(name);
        let body = html! {
            p { (why) }
            p { a href="/app/sign-in" { "To the sign-in page" } }
        };
        join::respond(status, "You are not signed in", &body)
    }

    fn words(self, name: &str) -> (StatusCode, String) {
        match self {
            Refused::Lost => (
                StatusCode::BAD_REQUEST,
                "You were away for more than ten minutes, or came back in another browser."
                    .to_owned(),
            ),
            Refused::Sent => {
                (StatusCode::FORBIDDEN, format!("{name} sent you back without letting you in."))
            }
            Refused::Unverified => (
                StatusCode::FORBIDDEN,
                format!("{name} does not say that your e-mail address is verified."),
            ),
            Refused::Stranger(email) => (
                StatusCode::FORBIDDEN,
                format!(
                    "Nobody here has the address {email}. Ask an owner of this Waypost to invite \
                     you."
                ),
            ),
            Refused::TooMany(seconds) => {
                (StatusCode::TOO_MANY_REQUESTS, format!("Too many tries: wait {seconds} seconds."))
            }
            Refused::Broken(why) => {
                tracing::error!("could not sign somebody in by {name}: {why}");
                (StatusCode::BAD_GATEWAY, format!("{name} did not answer as it should. Try again."))
            }
            Refused::Trouble(error) => {
                tracing::error!(%error, "could not sign somebody in by {name}");
                let why = "That did not work just now. Try again.".to_owned();
                (StatusCode::SERVICE_UNAVAILABLE, why)
            }
        }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        match error {
            Error::TooMany(seconds) => Refused::TooMany(seconds),
            other => Refused::Trouble(other),
        }
    }
}
