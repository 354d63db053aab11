//! How every failure reads in every dialect.

use std::iter;

use axum::{
    body::to_bytes,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use model::{Diff, Divergence, Error, What};
use serde_json::{Value, json};
use targeting::Problem;

use super::{Failure, dglnk::DgLnk, linquid::Linquid, native::Native, shortio::ShortIo};

/// What is for the log alone.
const SECRET: &str = "Os { code: 111, kind: ConnectionRefused }";

/// A dialect as its clients hear of failures.
struct Heard {
    name: &'static str,
    content_type: &'static str,
    answer: fn(Error) -> Response,
    /// The envelope, where it holds that sentence and is this failure's.
    envelope: fn(&Error, u16, &str) -> Value,
    /// The sentence in a body.
    sentence: &'static str,
    /// How it spells `slug`.
    slug: &'static str,
}

const HEARD: [Heard; 4] = [
    Heard {
        name: "native",
        content_type: "application/problem+json",
        answer: |error| Failure::<Native>::from(error).into_response(),
        envelope: native,
        sentence: "/detail",
        slug: "slug",
    },
    Heard {
        name: "shortio",
        content_type: "application/json",
        answer: |error| Failure::<ShortIo>::from(error).into_response(),
        envelope: |_, status, text| json!({ "success": false, "error": text, "message": text, "statusCode": status }),
        sentence: "/message",
        slug: "path",
    },
    Heard {
        name: "linquid",
        content_type: "application/json",
        answer: |error| Failure::<Linquid>::from(error).into_response(),
        envelope: |error, status, text| json!({ "success": false, "error": { "code": code(error, status), "message": text } }),
        sentence: "/error/message",
        slug: "shortCode",
    },
    Heard {
        name: "dglnk",
        content_type: "application/json",
        answer: |error| Failure::<DgLnk>::from(error).into_response(),
        envelope: dglnk,
        sentence: "/message",
        slug: "alias",
    },
];

/// One of every variant. Each names the next, so that a new one does not compile until it stands
/// here.
fn every() -> impl Iterator<Item = Error> {
    let secret = || SECRET.into();
    let after = move |before: Option<&Error>| match before {
        None => Some(Error::NotFound(What::Link)),
        Some(Error::NotFound(_)) => Some(Error::Taken(What::Slug)),
        Some(Error::Taken(What::Slug)) => Some(Error::Taken(What::Domain)),
        Some(Error::Taken(_)) => Some(Error::invalid("slug", "must not be empty")),
        Some(Error::Invalid(_)) => Some(Error::Malformed("the body is no JSON".to_owned())),
        Some(Error::Malformed(_)) => Some(Error::TooLarge(1 << 20)),
        Some(Error::TooLarge(_)) => Some(Error::Late),
        Some(Error::Late) => Some(Error::Stale),
        Some(Error::Stale) => Some(Error::UnderWay),
        Some(Error::UnderWay) => Some(Error::Diverged(Box::new(Divergence {
            base: 3,
            revision: 5,
            draft: Diff::default(),
            link: Diff::default(),
        }))),
        Some(Error::Diverged(_)) => {
            Some(Error::FailedTests(vec![Problem::new("at home", "goes to /b, not to /a")]))
        }
        Some(Error::FailedTests(_)) => Some(Error::Unauthenticated),
        Some(Error::Unauthenticated) => Some(Error::WrongPassword),
        Some(Error::WrongPassword) => Some(Error::CodeWanted),
        Some(Error::CodeWanted) => Some(Error::WrongCode),
        Some(Error::WrongCode) => Some(Error::WrongPasskey),
        Some(Error::WrongPasskey) => Some(Error::CrossSite),
        Some(Error::CrossSite) => Some(Error::Forbidden("links:write")),
        Some(Error::Forbidden(_)) => Some(Error::Confined),
        Some(Error::Confined) => Some(Error::TooMany(7)),
        Some(Error::TooMany(_)) => Some(Error::Unavailable(secret())),
        Some(Error::Unavailable(_)) => Some(Error::Full(secret())),
        Some(Error::Full(_)) => Some(Error::Internal(secret())),
        Some(Error::Internal(_)) => None,
    };
    iter::successors(after(None), move |before| after(Some(before)))
}

/// The status in each dialect, in the order of [`HEARD`].
fn statuses(error: &Error) -> [u16; 4] {
    match error {
        Error::NotFound(_) => [404; 4],
        // For BeLink a taken alias is a field that is not valid.
        Error::Taken(What::Slug) => [409, 409, 409, 422],
        Error::Taken(_) | Error::UnderWay | Error::Diverged(_) | Error::FailedTests(_) => [409; 4],
        Error::Invalid(_) => [422, 400, 400, 422],
        Error::Malformed(_) => [400; 4],
        Error::TooLarge(_) => [413; 4],
        Error::Late => [408; 4],
        // Only our own clients said on what condition they save.
        Error::Stale => [412, 409, 409, 409],
        Error::Unauthenticated
        | Error::WrongPassword
        | Error::CodeWanted
        | Error::WrongCode
        | Error::WrongPasskey => [401; 4],
        Error::Forbidden(_) | Error::Confined | Error::CrossSite => [403; 4],
        Error::TooMany(_) => [429; 4],
        Error::Unavailable(_) => [503; 4],
        Error::Full(_) => [507; 4],
        Error::Internal(_) => [500; 4],
    }
}

/// When to come again, in seconds.
fn wait(error: &Error) -> Option<&'static str> {
    match error {
        Error::TooMany(7) => Some("7"),
        Error::Unavailable(_) | Error::UnderWay => Some("1"),
        _ => None,
    }
}

fn native(error: &Error, status: u16, text: &str) -> Value {
    let title = match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        409 => "Conflict",
        412 => "Precondition Failed",
        413 => "Payload Too Large",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        507 => "Insufficient Storage",
        other => panic!("{other} has no title here"),
    };
    let mut body =
        json!({ "type": "about:blank", "title": title, "status": status, "detail": text });
    match error {
        Error::Invalid(problems) | Error::FailedTests(problems) => {
            let fault = |problem: &Problem| json!({ "at": problem.at, "detail": problem.why });
            body["errors"] = problems.iter().map(fault).collect();
        }
        Error::Diverged(divergence) => body["diverged"] = json!(divergence),
        Error::CodeWanted => body["type"] = json!("urn:waypost:code-wanted"),
        Error::WrongCode => body["type"] = json!("urn:waypost:wrong-code"),
        _ => (),
    }
    body
}

/// Linquid's word for the kind of failure: part of its contract, for programs.
fn code(error: &Error, status: u16) -> &'static str {
    match (status, error) {
        (409, Error::Taken(What::Slug)) => "SHORT_CODE_EXISTS",
        (400 | 408 | 413, _) => "VALIDATION_ERROR",
        (401, _) => "UNAUTHORIZED",
        (403, _) => "FORBIDDEN",
        (404, _) => "NOT_FOUND",
        (409, _) => "CONFLICT",
        (429, _) => "RATE_LIMITED",
        (500, _) => "INTERNAL_ERROR",
        (503 | 507, _) => "UNAVAILABLE",
        (other, _) => panic!("{other} has no code here"),
    }
}

fn dglnk(error: &Error, status: u16, text: &str) -> Value {
    match status {
        401 => json!({ "error": text, "message": text }),
        403 => json!({
            "status": "error", "messages": { "general": text },
            "showUpgradeButton": false, "message": text,
        }),
        422 => {
            let why = match error {
                Error::Invalid(problems) => problems[0].why.clone(),
                _ => "The alias has already been taken.".to_owned(),
            };
            let fields = json!({ "alias": [why] });
            json!({ "status": "error", "messages": fields, "message": text, "errors": fields })
        }
        _ => json!({ "status": "error", "messages": { "general": [text] }, "message": text }),
    }
}

/// What no sentence for people holds: our types' names and their inside.
const INSIDE: &[&str] = &["Error", "Some(", "None", "Ok(", "What::", "::", "{", "\\\"", SECRET];

async fn heard(dialect: &Heard, error: Error) -> (u16, HeaderMap, Value) {
    let (parts, body) = (dialect.answer)(error).into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), parts.headers, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn every_failure_reads_well_in_every_dialect() {
    for (i, dialect) in HEARD.iter().enumerate() {
        for (error, same) in every().zip(every()) {
            let of = format!("{}: {error:?}", dialect.name);
            let (status, headers, body) = heard(dialect, same).await;
            assert_eq!(status, statuses(&error)[i], "{of}");
            assert_eq!(headers[header::CONTENT_TYPE], dialect.content_type, "{of}");
            let waits = headers.get(header::RETRY_AFTER).map(|value| value.to_str().unwrap());
            assert_eq!(waits, wait(&error), "{of}");

            let text = body.pointer(dialect.sentence).and_then(Value::as_str).unwrap_or_default();
            assert_eq!(body, (dialect.envelope)(&error, status, text), "{of}");
            assert!(text.split(' ').count() > 1 || text == "Unauthenticated.", "{of}: {text}");
            assert_eq!(text, text.trim(), "{of}");
            let inside = INSIDE.iter().find(|inside| text.contains(**inside));
            assert_eq!(inside, None, "{of}: {text}");
            assert!(!body.to_string().contains("ConnectionRefused"), "{of}: {body}");
            if let Error::Invalid(_) = error {
                assert_eq!(text, format!("{}: must not be empty", dialect.slug), "{of}");
            }
        }
    }
}

#[tokio::test]
async fn a_thing_is_called_what_its_api_calls_it() {
    let names = [
        (What::Slug, ["slug", "path", "short code", "alias"]),
        (What::Folder, ["folder", "folder", "campaign", "group"]),
        (What::Path, ["path", "API path", "path", "path"]),
        (What::Link, ["link"; 4]),
    ];
    for (what, names) in names {
        for (dialect, name) in HEARD.iter().zip(names) {
            let (_, _, body) = heard(dialect, Error::NotFound(what)).await;
            let text = body.pointer(dialect.sentence).unwrap();
            assert_eq!(text, &format!("{name} not found"), "{}", dialect.name);
        }
    }
}
