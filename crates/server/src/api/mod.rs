//! The APIs: four dialects of one set of operations.
//!
//! A dialect is a folder with its routes, its wire types, and the functions that turn those into
//! drafts, patches and links. What all dialects do alike (find the caller, read a body, report a
//! failure) is written once, here, over the few things in which they differ: [`Dialect`].
//!
//! **Invariant:** only `api/<dialect>` knows a dialect; without its folder and its lines in this
//! file it is gone.

mod dglnk;
mod extract;
#[cfg(test)]
mod failures;
mod json;
mod limits;
mod linquid;
mod native;
mod shortio;
mod strict;
mod words;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use model::{Error, What};
use tower::ServiceExt;

use self::extract::{Authed, Body, Failure, MaybeBody, Params, Place};
pub(crate) use self::native::{event_body, session_cookie, test_body};
use crate::App;

/// In what the dialects differ before and after an operation.
trait Dialect: Send + Sync + 'static {
    /// The key that a request carries, where the clients of this API put it.
    fn key(parts: &Parts) -> Option<String>;

    /// How a failure reads.
    fn failure(error: &Error) -> Response;

    /// The answer where a path exists and the method does not.
    fn wrong_method() -> Response;
}

/// Every dialect's whole router, as it stands under its own prefix.
#[derive(Clone)]
struct Dialects {
    native: Router,
    shortio: Router,
    linquid: Router,
    dglnk: Router,
}

/// Which dialect a request speaks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Speaks {
    Native,
    ShortIo,
    Linquid,
    DgLnk,
}

/// Whose a path at the root is; the first row that begins it wins.
const ROOTS: &[(&str, Speaks)] = &[
    ("/api/analytics", Speaks::Linquid),
    ("/api/conversions", Speaks::Linquid),
    ("/api/domains", Speaks::ShortIo),
    ("/api/links/create", Speaks::DgLnk),
    ("/api/links", Speaks::Linquid),
    ("/api/rules", Speaks::Linquid),
    ("/domains", Speaks::ShortIo),
    ("/link_country", Speaks::ShortIo),
    ("/link_region", Speaks::ShortIo),
    ("/links", Speaks::ShortIo),
    ("/statistics", Speaks::ShortIo),
    ("/tags", Speaks::ShortIo),
];

/// The path that Linquid and Short.io both list links at.
const CONTESTED: &str = "/api/links";

/// All four APIs, at the root and each under its own prefix.
pub fn router(app: App) -> Router {
    let (native, document) = native::routes().split_for_parts();
    let native = native
        .layer(middleware::from_fn_with_state(app.clone(), native::once))
        .layer(middleware::from_fn_with_state(app.clone(), native::guard));
    let dialects = Dialects {
        native: speaking::<native::Native>(native, app.clone()),
        shortio: speaking::<shortio::ShortIo>(shortio::routes(), app.clone()),
        linquid: speaking::<linquid::Linquid>(linquid::routes(), app.clone()),
        dglnk: speaking::<dglnk::DgLnk>(dglnk::routes(), app),
    };
    Router::new()
        .nest("/api/v1", dialects.native.clone())
        .nest("/shortio", dialects.shortio.clone())
        .nest("/linquid", dialects.linquid.clone())
        .nest("/dglnk", dialects.dglnk.clone())
        .merge(native::documents(document))
        .fallback(move |request| at_root(dialects.clone(), request))
}

/// Routes that speak our own dialect and stand elsewhere, once the database was reached.
pub fn once_reached(routes: Router, app: App) -> Router {
    routes.layer(middleware::from_fn_with_state(app, reached::<native::Native>))
}

/// A dialect's routes, with its own words for every path and method that it does not have, and for
/// a call too many.
fn speaking<D: Dialect>(routes: Router<App>, app: App) -> Router {
    routes
        .fallback(async || Failure::<D>::from(Error::NotFound(What::Path)))
        .method_not_allowed_fallback(async || D::wrong_method())
        .layer(middleware::from_fn_with_state(app.clone(), limits::keep::<D>))
        .layer(middleware::from_fn_with_state(app.clone(), reached::<D>))
        .with_state(app)
}

/// Refuses every call until the database was reached: before that no key is known and no id can be
/// made.
async fn reached<D: Dialect>(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.reach.is_reached() {
        return next.run(request).await;
    }
    let error = Error::Unavailable("it was not reached since the start".into());
    Failure::<D>::from(error).into_response()
}

async fn at_root(dialects: Dialects, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let router = match spoken(&parts) {
        Speaks::Native => dialects.native,
        Speaks::ShortIo => dialects.shortio,
        Speaks::Linquid => dialects.linquid,
        Speaks::DgLnk => dialects.dglnk,
    };
    match router.oneshot(Request::from_parts(parts, body)).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn spoken(parts: &Parts) -> Speaks {
    let path = parts.uri.path();
    if path == CONTESTED && matches!(parts.method, Method::GET | Method::HEAD) {
        return by_credential(parts);
    }
    let owns = |root: &str| {
        path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    ROOTS.iter().find(|(root, _)| owns(root)).map_or(Speaks::Native, |(_, dialect)| *dialect)
}

/// `domain_id` is Short.io's whatever the credential; without any, it is Linquid's path.
fn by_credential(parts: &Parts) -> Speaks {
    let asks = |name: &str| {
        let query = parts.uri.query().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key == name)
    };
    if asks("domain_id") {
        return Speaks::ShortIo;
    }
    if parts.headers.contains_key(linquid::KEY_HEADER) {
        return Speaks::Linquid;
    }
    match parts.headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes) {
        Some(value) if extract::bearer(value).is_some() => Speaks::Linquid,
        Some(_) => Speaks::ShortIo,
        None if asks("api_token") => Speaks::DgLnk,
        None => Speaks::Linquid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(request: &str, header: Option<(&str, &str)>, expected: Speaks) {
        let (method, uri) = request.split_once(' ').unwrap();
        let mut builder = Request::builder().method(method).uri(uri);
        if let Some((name, value)) = header {
            builder = builder.header(name, value);
        }
        let (parts, ()) = builder.body(()).unwrap().into_parts();
        assert_eq!(spoken(&parts), expected, "{request}");
    }

    #[test]
    fn a_path_of_one_dialect_is_that_dialects() {
        check("POST /links", None, Speaks::ShortIo);
        check("POST /link_region/lnk_0000_00001", None, Speaks::ShortIo);
        check("GET /api/domains", None, Speaks::ShortIo);
        check("POST /api/rules", Some(("authorization", "wp_x")), Speaks::Linquid);
        check("POST /api/links", Some(("authorization", "wp_x")), Speaks::Linquid);
        check("POST /api/links/create", Some(("x-api-key", "wp_x")), Speaks::DgLnk);
        check("POST /api/conversions/track", Some(("authorization", "wp_x")), Speaks::Linquid);
        check("GET /api/v1/conversions", None, Speaks::Native);
        check("GET /api/linksome", None, Speaks::Native);
        check("GET /api/nothing", None, Speaks::Native);
    }

    #[test]
    fn the_credential_decides_where_two_claim_a_path() {
        check("GET /api/links", None, Speaks::Linquid);
        check("GET /api/links", Some(("x-api-key", "wp_x")), Speaks::Linquid);
        check("GET /api/links", Some(("authorization", "Bearer wp_x")), Speaks::Linquid);
        check("GET /api/links", Some(("authorization", "wp_x")), Speaks::ShortIo);
        check("GET /api/links?api_token=wp_x", None, Speaks::DgLnk);
        check("GET /api/links?domain_id=1", Some(("x-api-key", "wp_x")), Speaks::ShortIo);
    }

    #[test]
    fn a_longer_root_stands_before_its_beginning() {
        for (i, (root, _)) in ROOTS.iter().enumerate() {
            let hidden =
                ROOTS[..i].iter().any(|(before, _)| root.starts_with(&format!("{before}/")));
            assert!(!hidden, "{root} is never reached");
        }
    }
}
