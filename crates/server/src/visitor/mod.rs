//! From the parts of a request to the facts about its visitor.

mod address;
mod agent;
mod bots;
mod geo;
mod ranges;

pub use address::{ForwardedHeader, Proxies, is_public};
pub use agent::{AgentFacts, Agents, BotFacts, Claims, HEADERS};
pub use bots::{Bot, Bots, Class};
pub use geo::{Fact, Geo, Loaded, Problem, Source, Wants};
pub use ranges::{Kind, Label, Ranges};
