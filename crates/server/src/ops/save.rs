//! Saving more of a link than a patch holds: its password and where it answers.

use model::{Caller, Change, Domain, Link, LinkId, Result, Scope, Slug, Stamp};

use super::{links::edit_link, permissions::may_with};
use crate::App;

/// What every dialect's update may say of a link beside its fields.
#[derive(Clone, Debug, Default)]
pub struct Saved<'a> {
    /// The version that the caller had read; none: whichever there is.
    pub version: Option<i64>,
    /// The slug of the address that is shown; none: as it is.
    pub slug: Option<&'a str>,
    pub password: Change<String>,
}

/// Edits a link and its rules as one, with what only the server can do.
pub async fn save_link(
    app: &App,
    caller: &Caller,
    id: LinkId,
    saved: Saved<'_>,
    edit: impl Fn(&mut Link, &Domain, &Stamp<'_>) -> Result<()>,
) -> Result<Link> {
    may_with(app, caller, Scope::LinksWrite, id).await?;
    let hash = match saved.password {
        Change::Set(password) => Change::Set(app.passwords.hash(&password).await?),
        Change::Clear => Change::Clear,
        Change::Keep => Change::Keep,
    };
    let whole = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        if let Some(slug) = saved.slug {
            let shown = link.addresses.first_mut().expect("a link has an address");
            shown.slug = Slug::parse(slug, app.manages(domain))?;
        }
        hash.clone().apply(&mut link.password_hash);
        edit(link, domain, stamp)
    };
    Ok(edit_link(app, caller, id, saved.version, whole).await?.0)
}
