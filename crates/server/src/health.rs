//! How the server is: for process supervisors, load balancers and Prometheus.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::App;

pub fn router(app: App) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(app)
}

/// Whether redirects can be answered. They can while the database is down, once links are loaded; and
/// known ones where a snapshot told them, which is better than sending everybody to no node at all.
async fn ready(State(app): State<App>) -> Response {
    if app.routes.is_complete() {
        return "ready".into_response();
    }
    if app.reach.has_snapshot() && !app.routes.is_empty() {
        let by = "ready: redirecting known links by the snapshot, the database is not reached yet";
        return by.into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "loading links").into_response()
}

async fn metrics(State(app): State<App>) -> Response {
    let text = app.metrics.render(&app);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
