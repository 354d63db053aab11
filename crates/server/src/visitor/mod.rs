//! From the parts of a request to the facts about its visitor.

mod address;

pub use address::{ForwardedHeader, Proxies, is_public};
