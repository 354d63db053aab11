//! How many files the process may have open, and what of that is for connections.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// For the database, the spool, geo files, logs, and whatever is fetched.
const RESERVED: u64 = 512;

/// No more than this is asked for.
const WANTED: u64 = 65_536;

/// How many connections the process can have.
///
/// Systems start processes with a low limit that the process may raise, 1,024 with Debian, for the
/// sake of old programs that use `select`; so it is raised first.
pub(super) fn for_connections() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let current = current.unwrap_or(u64::MAX);
    let wanted = maximum.unwrap_or(u64::MAX).min(WANTED);
    let raised = current < wanted
        && setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }).is_ok();
    share(if raised { wanted } else { current })
}

/// What remains of a limit; at least half of a very low one.
fn share(limit: u64) -> usize {
    usize::try_from(limit.saturating_sub(RESERVED).max(limit / 2)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_rest() {
        assert_eq!(share(65_536), 65_024);
        assert_eq!(share(1_024), 512);
        assert_eq!(share(256), 128);
        assert!(256 < for_connections());
    }
}
