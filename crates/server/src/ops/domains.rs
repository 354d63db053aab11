//! The hosts of short addresses.

use std::sync::Arc;

use jiff::Timestamp;
use model::{Caller, Domain, DomainId, Error, Host, Result, Scope, What};
use store::Filter;

use super::links::SAVES;
use crate::App;

pub async fn domains(app: &App, caller: &Caller) -> Result<Vec<Domain>> {
    caller.may(Scope::DomainsRead)?;
    let all = app.store.domains(caller.workspace).await?;
    Ok(all.into_iter().filter(|domain| caller.sees(domain.id)).collect())
}

pub async fn domain(app: &App, caller: &Caller, id: DomainId) -> Result<Domain> {
    caller.may(Scope::DomainsRead)?;
    let domain = app.store.domain(caller.workspace, id).await?;
    if caller.sees(id) { Ok(domain) } else { Err(Error::NotFound(What::Domain)) }
}

/// Registers a host for the caller's workspace; `edit` sets what differs from the defaults.
pub async fn create_domain(
    app: &App,
    caller: &Caller,
    host: &str,
    edit: impl FnOnce(&mut Domain) -> Result<()>,
) -> Result<Domain> {
    caller.may(Scope::DomainsWrite)?;
    caller.may_everywhere()?;
    let stamp = app.stamp();
    let id = DomainId::next(&stamp);
    let mut domain = Domain::new(id, caller.workspace, Host::parse(host)?, stamp.now);
    edit(&mut domain)?;
    domain.check()?;
    app.store.insert_domain(&domain).await?;
    app.routes.put_domain(&domain);
    Ok(domain)
}

/// Changes a domain's settings. How slugs are compared cannot change once there are some.
pub async fn edit_domain(
    app: &App,
    caller: &Caller,
    id: DomainId,
    edit: impl Fn(&mut Domain) -> Result<()>,
) -> Result<Domain> {
    caller.may(Scope::DomainsWrite)?;
    for _ in 0..SAVES {
        match try_edit(app, caller, id, &edit).await {
            Err(Error::Stale) => continue,
            done => return done,
        }
    }
    Err(Error::Stale)
}

/// [`edit_domain`], unless somebody else saves first.
async fn try_edit(
    app: &App,
    caller: &Caller,
    id: DomainId,
    edit: &impl Fn(&mut Domain) -> Result<()>,
) -> Result<Domain> {
    let before = app.store.domain(caller.workspace, id).await?;
    if !caller.sees(id) {
        return Err(Error::NotFound(What::Domain));
    }
    let mut domain = before.clone();
    edit(&mut domain)?;
    if domain == before {
        return Ok(domain);
    }
    domain.check()?;
    if domain.case_sensitive != before.case_sensitive {
        let on_it = Filter { domain: Some(id), ..Filter::default() };
        if app.store.count_links(caller.workspace, &on_it).await? != 0 {
            return Err(Error::invalid("caseSensitive", "cannot change once the domain has links"));
        }
    }
    // By this time an edit is told from the one before it, also within a millisecond.
    let next = Timestamp::from_millisecond(before.updated_at.as_millisecond() + 1);
    domain.updated_at = app.now().max(next.map_err(Error::internal)?);
    app.store.update_domain(&before, &domain).await?;
    app.routes.put_domain(&domain);
    Ok(domain)
}

/// Removes a domain on which no link is. The default one is never removed.
pub async fn delete_domain(app: &App, caller: &Caller, id: DomainId) -> Result<()> {
    caller.may(Scope::DomainsWrite)?;
    let domain = app.store.domain(caller.workspace, id).await?;
    caller.may_everywhere()?;
    if app.manages(&domain) {
        return Err(Error::invalid("id", "is the default domain's, which cannot be deleted"));
    }
    if !app.store.delete_domain(caller.workspace, id, app.now()).await? {
        return Err(Error::invalid("id", "still has links: delete them first"));
    }
    app.routes.remove_domain(id);
    Ok(())
}

/// The domain that a caller names by host; without a name, the default one.
///
/// No database is asked: creating a link should cost one write.
pub fn domain_named(app: &App, caller: &Caller, host: Option<&str>) -> Result<Arc<Domain>> {
    let domain = match host {
        Some(host) => app.routes.domain(Host::parse(host)?.as_str()),
        None => app.routes.default_domain(),
    };
    theirs(domain, caller)
}

/// The domain that a caller names by id.
pub fn domain_by_id(app: &App, caller: &Caller, id: DomainId) -> Result<Arc<Domain>> {
    theirs(by_id(app, id).ok(), caller)
}

pub(super) fn by_id(app: &App, id: DomainId) -> Result<Arc<Domain>> {
    app.routes.domain_by_id(id).ok_or(Error::NotFound(What::Domain))
}

/// Another workspace's domain is not there; the default one is everybody's.
fn theirs(domain: Option<Arc<Domain>>, caller: &Caller) -> Result<Arc<Domain>> {
    domain
        .filter(|domain| domain.workspace == caller.workspace && caller.sees(domain.id))
        .ok_or(Error::NotFound(What::Domain))
}
