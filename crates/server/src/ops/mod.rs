//! What a caller can do: one function each, whichever API or page asks.
//!
//! **Invariant:** the first line of every operation asks whether the caller may.

mod about;
mod analyse;
mod attached;
mod authenticators;
mod batch;
mod bin;
mod bulk;
mod clicks;
mod conversions;
mod creation;
mod domains;
mod drafts;
mod examples;
mod experiments;
mod explain;
mod export;
mod findings;
mod folders;
mod foreign_ids;
mod groups;
mod import;
mod installation;
mod keys;
mod link_tests;
mod links;
mod loops;
mod many;
mod members;
mod pages;
mod passkeys;
mod permissions;
mod pixels;
mod preferences;
mod preview;
mod purge;
mod qr;
mod reach;
mod replay;
mod replies;
mod revisions;
mod rules;
mod save;
mod sessions;
mod slug_check;
mod slugs;
mod statistics;
mod tags;
mod unmatched;
mod visitors;
mod watch;
mod ways;
mod webhooks;

pub use about::about;
pub use analyse::{Warning, analyse, warnings};
pub use attached::{attach_rule, detach_rule, edit_rule_group, links_with_rules, rule_group};
pub use authenticators::{begin_authenticator, confirm_authenticator, delete_authenticator};
pub use bin::{KEPT as BIN_KEPT, deleted_links, empty_bin, undelete_link};
pub use bulk::{Changed, MOST as MOST_LINKS, Made, change_many, create_many, delete_many};
pub use clicks::{clicks, count_clicks, counts_of};
pub use conversions::{conversion_totals, conversions, convert, convert_by_page};
pub use creation::{Ensured, NewLink, Wanted, create_link, duplicate_link, ensure_links};
pub use domains::{
    create_domain, delete_domain, domain, domain_by_id, domain_named, domains, edit_domain,
};
pub use drafts::{delete_draft, draft, publish_draft, save_draft};
pub use examples::create_examples;
pub use experiments::{Asked, Experiment, Way, experiments};
pub use explain::{Explained, ExplainedClick, explain, explain_click, explain_trial};
pub use export::{Export, export_clicks};
pub use findings::Findings;
pub use folders::{create_folder, delete_folder, edit_folder, folder, folder_sizes, folders};
pub use foreign_ids::{add_foreign_id, foreign_ids, link_id, remove_foreign_id};
pub use groups::{Group, delete_group, groups, rename_group};
pub use import::{Became, Existing, Line, Reads, import_links};
pub use installation::installation;
pub use keys::{caller, create_key, edit_key, key, keys, new_key, revoke_key};
pub use link_tests::{
    Ran, create_test, edit_test, remove_test, run_all_tests, run_tests, test, tests,
};
pub use links::{
    count_links_to, delete_link, delete_link_at, link, link_at, links, links_in_order, links_to,
    patch_link, was_deleted,
};
pub use many::{archive_links, delete_links, tag_links};
pub use members::{
    NewMember, accept_invitation, check_invitation, create_invitation, delete_invitation,
    delete_member, edit_member, invitations, members, new_invitation,
};
pub use pages::{count_links, links_page};
pub use passkeys::{
    Assertion, add_passkey, begin_passkey, begin_passkey_sign_in, delete_passkey, handle, passkeys,
    sign_in_by_passkey,
};
pub use permissions::{permissions, share_link, unshare_link};
pub use pixels::{create_pixel, delete_pixel, edit_pixel, pixel, pixels};
pub use preferences::{preferences, save_preferences};
pub use preview::{Previewed, preview};
pub use purge::purge;
pub use qr::{qr_code, qr_codes};
pub use reach::reach;
pub use replay::{Matches, Trial, matches, replay, trial};
pub use replies::{Repeated, begin_call, drop_replies, finish_call};
pub use revisions::{diff_revisions, restore_revision, revision, revisions};
pub use rules::{add_rule, edit_rule, edit_rules, link_of_rule, remove_rule, set_rule};
pub use save::{Saved, save_link};
pub use sessions::{
    SignIn, SignedIn, change_password, current, myself, sessions, sign_in, sign_in_vouched,
    sign_out, sign_out_here,
};
pub use slug_check::{SlugState, check_slug};
pub use slugs::last_counted_slug;
pub use statistics::{
    ask, ask_all, clicked_link, clicked_links, links_made, newest_clicks, places,
};
pub use tags::{delete_tag, rename_tag, tags};
pub use unmatched::{Wanted as WantedSlug, unmatched};
pub use visitors::{Visitor, forget_visitor, visitor};
pub use watch::{News, Watched, Watcher, watch_clicks};
pub use ways::ways;
pub use webhooks::{
    NewWebhook, create_webhook, delete_webhook, deliveries, delivery, edit_webhook, renew_secret,
    replay_delivery, replay_failed, test_webhook, webhook, webhooks,
};
