//! Whether a slug can be had, and which others can.

use model::{Caller, Domain, Error, LinkId, Result, Scope, Slug};

use super::{domains, slugs};
use crate::App;

/// What stands in a slug's way.
pub enum SlugState {
    Free,
    /// This link has it.
    Taken(LinkId),
    /// The domain keeps it for itself; the sentence says what of it.
    Reserved(String),
    Wrong(String),
}

/// A slug that was looked up, and free ones like it.
pub struct CheckedSlug {
    pub host: String,
    pub state: SlugState,
    pub proposals: Vec<String>,
}

const PROPOSALS: usize = 3;
/// Endings that are tried.
const ENDINGS: [&str; 8] = ["-2", "-3", "-4", "-5", "-new", "-link", "-go", "-1"];

/// Looks a slug up on a domain; where it is not free, others are proposed that are.
pub async fn check_slug(
    app: &App,
    caller: &Caller,
    host: Option<&str>,
    text: &str,
) -> Result<CheckedSlug> {
    caller.may(Scope::LinksCreate)?;
    let domain = domains::domain_named(app, caller, host)?;
    let state = state(app, caller, &domain, text).await?;
    let proposals = match state {
        SlugState::Free => Vec::new(),
        _ => proposals(app, caller, &domain, text).await?,
    };
    Ok(CheckedSlug { host: domain.host.to_string(), state, proposals })
}

async fn state(app: &App, caller: &Caller, domain: &Domain, text: &str) -> Result<SlugState> {
    let slug = match Slug::parse(text, app.manages(domain)) {
        Ok(slug) => slug,
        Err(Error::Invalid(problems)) => {
            let why =
                problems.into_iter().map(|problem| problem.why).collect::<Vec<_>>().join("; ");
            let is_kept = why.contains("reserved");
            return Ok(if is_kept { SlugState::Reserved(why) } else { SlugState::Wrong(why) });
        }
        Err(other) => return Err(other),
    };
    let there = [slug.key(domain.case_sensitive)];
    let there = app.store.links_at(caller.workspace, domain.id, &there).await?;
    Ok(there.first().map_or(SlugState::Free, |link| SlugState::Taken(link.id)))
}

/// Free slugs like a text: with an ending, else whatever the domain would make.
async fn proposals(app: &App, caller: &Caller, domain: &Domain, text: &str) -> Result<Vec<String>> {
    let stem = stem(text);
    let parse = |text: String| Slug::parse(&text, app.manages(domain)).ok();
    let endings = ENDINGS.iter().map(|ending| format!("{stem}{ending}"));
    let like = std::iter::once(stem.clone()).chain(endings).filter(|_| !stem.is_empty());
    let mut found: Vec<Slug> = like.filter_map(parse).collect();
    for _ in 0..PROPOSALS {
        found.push(slugs::made_up(domain, app.manages(domain))?);
    }
    let keys: Vec<String> = found.iter().map(|slug| slug.key(domain.case_sensitive)).collect();
    let there = app.store.links_at(caller.workspace, domain.id, &keys).await?;
    let is_taken = |slug: &Slug| {
        let addresses = there.iter().flat_map(|link| &link.addresses);
        let mut here = addresses.filter(|address| address.domain == domain.id);
        let key = slug.key(domain.case_sensitive);
        here.any(|address| address.slug.key(domain.case_sensitive) == key)
    };
    let free = found.iter().filter(|slug| !is_taken(slug));
    Ok(free.take(PROPOSALS).map(|slug| slug.as_str().to_owned()).collect())
}

/// What a slug may have of a text: letters, digits, and a dash for each run of anything else.
fn stem(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '/' || c == '_' { c } else { '-' };
    let text: String = text.chars().map(plain).collect();
    let segments = text.split('/').map(|segment| {
        segment.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
    });
    let stem = segments.filter(|segment| !segment.is_empty()).collect::<Vec<_>>().join("/");
    stem.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_a_slug_or_nothing() {
        for (text, expected) in [
            ("Spring Sale!", "Spring-Sale"),
            ("//a//b?/", "a/b"),
            ("..", ""),
            ("été 50%", "été-50"),
        ] {
            assert_eq!(stem(text), expected);
            assert!(stem(text).is_empty() || Slug::parse(&stem(text), false).is_ok());
        }
    }
}
