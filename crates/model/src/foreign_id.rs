//! What other services called links that were brought over from them.

use crate::{Error, Result};

/// An id that another service gave a link, by which its API goes on finding it here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignId {
    service: &'static str,
    text: String,
}

/// The services whose ids are kept; databases hold the names: never rename one.
pub const SERVICES: &[&str] = &["shortio", "linquid", "dglnk"];

const LONGEST: usize = 100;

impl ForeignId {
    pub fn new(service: &str, text: &str) -> Result<ForeignId> {
        let known = SERVICES.iter().find(|known| **known == service);
        let service = known.ok_or_else(|| {
            let why = format!("no service {service:?}; known are {}", SERVICES.join(", "));
            Error::invalid("service", why)
        })?;
        let text = text.trim();
        if text.is_empty() || LONGEST < text.len() || text.chars().any(char::is_control) {
            return Err(Error::invalid("id", format!("must be 1 to {LONGEST} bytes of text")));
        }
        Ok(ForeignId { service, text: text.to_owned() })
    }

    pub fn service(&self) -> &'static str {
        self.service
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}
