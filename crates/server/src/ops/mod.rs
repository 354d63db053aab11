//! What a caller can do: one function each, whichever API or page asks.
//!
//! **Invariant:** the first line of every operation asks whether the caller may.

mod analyse;
mod clicks;
mod domains;
mod drafts;
mod explain;
mod keys;
mod link_tests;
mod links;
mod loops;
mod pages;
mod revisions;
mod rules;
mod save;
mod statistics;

pub use analyse::{Warning, analyse, warnings};
pub use clicks::{clicks, count_clicks, counts_of};
pub use domains::{create_domain, domain, domain_by_id, domain_named, domains};
pub use drafts::{delete_draft, draft, publish_draft, save_draft};
pub use explain::{Explained, ExplainedClick, explain, explain_click};
pub use keys::{caller, create_key, keys, new_key, revoke_key};
pub use link_tests::{
    Ran, create_test, edit_test, remove_test, run_all_tests, run_tests, test, tests,
};
pub use links::{
    NewLink, create_link, delete_link, edit_link, link, link_at, links, links_to, patch_link,
};
pub use pages::{count_links, links_page};
pub use revisions::{diff_revisions, restore_revision, revision, revisions};
pub use rules::{add_rule, edit_rule, link_of_rule, remove_rule, set_rule};
pub use save::{Saved, save_link};
pub use statistics::ask;
