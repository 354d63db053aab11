//! Whether visitors of a domain come to this server.

use std::{net::IpAddr, time::Duration};

use model::{Caller, DomainId, Result, Scope};
use url::Url;

use super::domains;
use crate::{App, app::random_bytes, redirect::proof};

/// What was found of a domain.
pub struct Reach {
    pub host: String,
    /// What its name stands for, in the order of the resolver.
    pub addresses: Vec<IpAddr>,
    /// What the public URL's name stands for.
    pub ours: Vec<IpAddr>,
    pub tries: Vec<Tried>,
    /// What is to be done, in whole sentences.
    pub advice: String,
}

/// A URL that was asked whether this server answers there.
pub struct Tried {
    pub url: Url,
    /// Why it does not; none where it does.
    pub problem: Option<String>,
}

/// How long one URL may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// Looks a domain's name up and asks at it for this server, by https and http.
pub async fn reach(app: &App, caller: &Caller, id: DomainId) -> Result<Reach> {
    caller.may(Scope::DomainsRead)?;
    let domain = domains::domain_by_id(app, caller, id)?;
    let host = domain.host.as_str();
    let addresses = app.outward.look_up(host).await;
    let ours = app.outward.look_up(app.config.host.as_str()).await;
    let mut tries = Vec::new();
    for url in urls(&app.config.public_url, host) {
        tries.push(tried(app, url).await);
    }
    let reached = tries.iter().any(|tried| tried.problem.is_none());
    let advice = advice((host, &addresses), (app.config.host.as_str(), &ours), reached);
    Ok(Reach { host: host.to_owned(), addresses, ours, tries, advice })
}

async fn tried(app: &App, mut url: Url) -> Tried {
    let number: String = random_bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    url.set_path(proof::PATH);
    url.set_query(Some(&format!("nonce={number}")));
    let found = app.outward.get(&url, |_| false, PATIENCE).await;
    let problem = match found {
        Ok(page) if proof::is_ours(app, &number, &page.body) => None,
        Ok(_) => Some("another server answers there".to_owned()),
        Err(why) => Some(why.to_string()),
    };
    url.set_path("/");
    url.set_query(None);
    Tried { url, problem }
}

/// Where a domain may answer: as the public URL does, and at the ports that browsers take.
fn urls(public: &Url, host: &str) -> Vec<Url> {
    let mut own = public.clone();
    let own = own.set_host(Some(host)).ok().map(|()| own);
    let usual = ["https", "http"].map(|scheme| Url::parse(&format!("{scheme}://{host}/")).ok());
    let mut urls: Vec<Url> = Vec::new();
    for mut url in own.into_iter().chain(usual.into_iter().flatten()) {
        url.set_path("/");
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    urls
}

/// What is to be entered in the DNS, or that nothing is.
fn advice(
    (host, addresses): (&str, &[IpAddr]),
    (public, ours): (&str, &[IpAddr]),
    reached: bool,
) -> String {
    if reached {
        return format!("{host} reaches this server: there is nothing to do.");
    }
    let list = |addresses: &[IpAddr]| {
        addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let to = match ours {
        [] => format!("of type CNAME to {public}, or of type A to this server's address"),
        _ if host == public => "of type A to this server's address".to_owned(),
        ours => format!("of type CNAME to {public}, or of type A to {}", list(ours)),
    };
    if addresses.is_empty() {
        return format!("{host} has no address. Enter a record for it in the DNS, {to}.");
    }
    if addresses.iter().any(|address| ours.contains(address)) {
        return format!(
            "{host} has the address of this server, {}, but this server was not reached there. \
             See that the proxy before it passes requests for {host} on, with their Host header, \
             and that it has a certificate.",
            list(addresses)
        );
    }
    format!(
        "{host} leads to {}, where this server does not answer. If no proxy stands there that \
         should pass requests on, change its record in the DNS: {to}.",
        list(addresses)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_asked_for_as_the_public_url_is_and_at_the_usual_ports() {
        let urls = |public: &str| -> Vec<String> {
            let found = super::urls(&Url::parse(public).unwrap(), "go.example");
            found.into_iter().map(String::from).collect()
        };
        let usual = ["https://go.example/", "http://go.example/"];
        assert_eq!(urls("https://wp.example/"), usual);
        assert_eq!(urls("http://localhost:8080"), ["http://go.example:8080/", usual[0], usual[1]]);
    }

    #[test]
    fn advice_says_what_to_enter() {
        let (one, two): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let say = |theirs: &[IpAddr], reached| {
            advice(("go.example", theirs), ("wp.example", &[one]), reached)
        };
        assert!(say(&[], false).ends_with("CNAME to wp.example, or of type A to 192.0.2.1."));
        assert!(say(&[two], false).starts_with("go.example leads to 192.0.2.2, where"));
        assert!(say(&[one], false).contains("but this server was not reached there"));
        assert!(say(&[two], true).ends_with("there is nothing to do."));
        assert!(advice(("a.example", &[]), ("a.example", &[one]), false).ends_with("address."));
    }
}
