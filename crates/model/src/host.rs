//! The host of a short address, in the one form in which hosts are compared.

use std::{borrow::Borrow, fmt};

use crate::{Error, Result};

/// A host name or address without port: lower case, IDNA in ASCII, no trailing dot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Host(String);

impl Host {
    /// Reads a host, with or without a port, as a person or a `Host` header writes it.
    pub fn parse(text: &str) -> Result<Host> {
        let invalid =
            || Error::invalid("domain", format!("{text:?} is no host such as go.example.com"));
        let bare = Host::without_port(text.trim());
        let bare = bare.strip_suffix('.').unwrap_or(bare);
        if bare.is_empty() || 253 < bare.len() {
            return Err(invalid());
        }
        let host = url::Host::parse(bare).map_err(|_| invalid())?;
        Ok(Host(host.to_string()))
    }

    /// `example.com:8080` without its port; `[::1]:80` keeps its brackets.
    pub fn without_port(text: &str) -> &str {
        match text.rsplit_once(':') {
            Some((host, port))
                if port.bytes().all(|b| b.is_ascii_digit())
                    && (!host.contains(':') || host.ends_with(']')) =>
            {
                host
            }
            _ => text,
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// So that a map by host can be asked with a text.
impl Borrow<str> for Host {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(Host::parse(text).ok().as_ref().map(Host::as_str), expected, "{text}");
    }

    #[test]
    fn one_host_has_one_form() {
        check("Go.Example.COM", Some("go.example.com"));
        check("go.example.com.", Some("go.example.com"));
        check("go.example.com:8080", Some("go.example.com"));
        check("bücher.example", Some("xn--bcher-kva.example"));
        check("127.0.0.1:80", Some("127.0.0.1"));
        check("[::1]:8080", Some("[::1]"));
        check("localhost", Some("localhost"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in
            ["", ".", ":80", "a b", "a/b", "http://a", "a@b", "%00", "a\nb", &"a".repeat(300)]
        {
            check(text, None);
        }
    }
}
