//! Slugs that nobody chose, as the domain wants them made.

use model::{Caller, Domain, Result, Scope, Slug};

use crate::{App, app::random_below_62};

/// A new slug after a folder's `prefix`. That it is free is not known yet.
pub(super) async fn fresh(app: &App, domain: &Domain, prefix: &str) -> Result<Slug> {
    let own = match domain.manner.slugs.length() {
        Some(length) => random(length),
        None => {
            let number = Box::pin(app.store.next_slug_number(domain.id)).await?;
            counted(number, domain.case_sensitive)
        }
    };
    Slug::parse(&format!("{prefix}{own}"), app.manages(domain))
}

/// A slug of random letters, which may be taken, wherever the domain counts.
pub(super) fn made_up(domain: &Domain, manages: bool) -> Result<Slug> {
    Slug::parse(&random(domain.manner.slugs.length().unwrap_or(LENGTH)), manages)
}

/// Letters where the domain says nothing of them.
const LENGTH: usize = 7;

/// The last counted slug of a domain; empty where there was none.
pub async fn last_counted_slug(app: &App, caller: &Caller, domain: &Domain) -> Result<String> {
    caller.may(Scope::DomainsRead)?;
    let last = app.store.last_slug_number(domain.id).await?;
    Ok(counted(last, domain.case_sensitive))
}

const ALPHABET: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Base-62 characters of the system's generator: of seven, one in 3.5 million guesses hits one of a
/// million links.
fn random(length: usize) -> String {
    let mut slug = String::with_capacity(length);
    while slug.len() < length {
        // Each question to the generator costs more than all that it answers.
        let more = random_below_62::<8>();
        slug.extend(more.iter().take(length - slug.len()).copied().map(digit));
    }
    slug
}

/// Counts in digits and letters, in both cases only where those differ; 0 is no slug.
fn counted(mut number: i64, case_sensitive: bool) -> String {
    let base = if case_sensitive { 62 } else { 36 };
    let mut digits = Vec::new();
    while 0 < number {
        digits.push(digit((number % base) as u8));
        number /= base;
    }
    digits.iter().rev().collect()
}

fn digit(value: u8) -> char {
    char::from(ALPHABET[usize::from(value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_in_letters_and_digits() {
        for (number, both, one) in [(0, "", ""), (1, "1", "1"), (36, "A", "10"), (62, "10", "1q")] {
            assert_eq!(
                (counted(number, true).as_str(), counted(number, false).as_str()),
                (both, one)
            );
        }
    }

    #[test]
    fn random_slugs_have_the_length_that_was_asked_for() {
        for length in [4, 7, 22] {
            assert!(
                Slug::parse(&random(length), true).is_ok_and(|slug| slug.as_str().len() == length)
            );
        }
    }
}
