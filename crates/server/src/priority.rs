//! Who goes first where a processor has several threads to run.
//!
//! The door's loops have the priority that the process was started with. All other threads [stand
//! back](stand_back), and what nobody waits for comes [last](last): so a core that is busy, or rationed, as
//! containers often are, answers redirects before it does anything else.

use model::{Error, Result};
use tokio::sync::oneshot;

/// How far others stand back, as `nice` counts it: where both have work, a loop gets nine tenths.
const OTHERS: i32 = 10;
/// What runs only where nothing else has to.
const LAST: i32 = 19;

/// Has this thread, and those that it starts, stand back for the door's loops: what they do may take its time,
/// and a redirect's visitor should not notice a password being checked.
pub fn stand_back() {
    set(OTHERS);
}

/// Runs long work that nobody waits for, on a thread of its own: one that has stood back this far could not
/// come forward again.
///
/// Fails where the work panics, or the system gives no thread.
pub async fn last<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let (done, told) = oneshot::channel();
    let run = move || {
        set(LAST);
        // Whoever asked may have gone.
        let _ = done.send(work());
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(Error::internal)?;
    told.await.map_err(Error::internal)
}

fn set(nice: i32) {
    let thread = Some(rustix::thread::gettid());
    // Who was started further back than that stays there.
    if rustix::process::getpriority_process(thread).is_ok_and(|now| now < nice) {
        // Where it is not allowed, everything works all the same.
        let _ = rustix::process::setpriority_process(thread, nice);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_last_stands_back_the_furthest() {
        let nice = || rustix::process::getpriority_process(Some(rustix::thread::gettid())).unwrap();
        let before = nice();
        assert_eq!(last("work", nice).await.unwrap(), LAST);
        assert_eq!(nice(), before);
        let panics = last("work", || panic!("on purpose")).await;
        assert!(panics.is_err());
    }
}
