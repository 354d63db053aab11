//! Parameters that several calls share, for the OpenAPI document; [`Params`](super::Params) reads them.

#![expect(dead_code, reason = "these types say in the document what other code reads")]

use utoipa::IntoParams;

/// Which page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paged {
    /// Things on a page.
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next` of the page before; without it, the first page.
    #[param(example = "")]
    cursor: Option<String>,
}

/// Whether a save is meant even where it breaks tests.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Forced {
    /// Save even where that breaks tests of the link, or where a draft's link has moved on.
    #[param(example = false)]
    force: Option<bool>,
}

/// Only where the link is as it was read.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(super) struct IfMatch {
    /// The `ETag` that was read with the thing. Where it has changed since, the answer is 412 and
    /// nothing is saved.
    #[param(rename = "If-Match", example = "\"3\"")]
    if_match: Option<String>,
}

/// Which links.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct LinkFilter {
    /// A part of a slug, the destination, the title or the description.
    #[param(example = "spring")]
    search: Option<String>,
    /// Its tags: one of `mail,news`; written twice, it has to fit both times.
    #[param(example = "mail")]
    tag: Option<String>,
    /// A host.
    #[param(example = "localhost")]
    domain: Option<String>,
    /// A folder's name.
    #[param(example = "Sale")]
    folder: Option<String>,
    /// `active`, `disabled`, `archived`, `scheduled`, `expired` or `usedUp`: each link is in one.
    #[param(example = "active")]
    state: Option<String>,
    /// Those that are archived, or those that are not.
    #[param(example = false)]
    archived: Option<bool>,
    /// Those that are enabled, or those that are not.
    #[param(example = true)]
    enabled: Option<bool>,
    /// Made at this moment or later.
    #[param(example = "2026-11-01T00:00:00Z")]
    created_from: Option<String>,
    /// Made before this moment.
    #[param(example = "2026-12-01T00:00:00Z")]
    created_before: Option<String>,
    /// `created`, `updated`, `clicks`, `slug`, `title` or `expires`, with a `-` before it from the last
    /// to the first; `newest` and `oldest` are `-created` and `created`. `newest` unless it is said.
    #[param(example = "-clicks")]
    sort: Option<String>,
}

/// What clicks are counted, over which time. Every further parameter is a filter by a dimension, such
/// as `country=US,CA` or `browser!=Chrome`; all of them hold together.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// A day such as `2026-11-01`, or a moment; 30 days before `to` unless it is said.
    #[param(example = "2026-11-01")]
    from: Option<String>,
    /// The first day or moment that is left out; now, unless it is said.
    #[param(example = "2026-12-01")]
    to: Option<String>,
    /// The IANA time zone of days and hours; UTC unless it is said.
    #[param(example = "Europe/Berlin")]
    timezone: Option<String>,
    /// `include` counts bots too; `exclude` does not.
    #[param(example = "exclude")]
    bots: Option<String>,
    /// `previous` counts the span of the same length before as well.
    #[param(example = "previous")]
    compare: Option<String>,
    /// `json`, `csv` or `ndjson`, which has a row a line.
    #[param(example = "json")]
    format: Option<String>,
    /// The links' ids: one of many filters.
    #[param(example = "lnk_0001_y3bWuA")]
    link: Option<String>,
    /// Tags that a link has one of: clicks of the links that have it now. `unknown` is none.
    #[param(example = "mail")]
    tag: Option<String>,
    /// Hosts that links are on now.
    #[param(example = "localhost")]
    domain: Option<String>,
    /// Folders that links are in now.
    #[param(example = "Sale")]
    folder: Option<String>,
    /// Countries: one of many filters.
    #[param(example = "US,CA")]
    country: Option<String>,
}

/// On which domain.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OnDomain {
    /// A host; the default domain unless it is said.
    #[param(example = "localhost")]
    domain: Option<String>,
}
