//! Runs work on all processors, with results in order.

use std::sync::Mutex;

use airlatch_core::model::{Error, Reason, Result};

use crate::desk::{Check, LedgerDocument};

/// Applies `one` to every item in parallel and returns the results in order, or the first error in order.
pub fn map<T: Sync, U: Send>(items: &[T], one: impl Fn(&T) -> Result<U> + Sync) -> Result<Vec<U>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(workers).max(1);
    let all = |part: &[T]| part.iter().map(&one).collect::<Result<Vec<U>>>();
    let all = &all;
    let parts: Vec<Result<Vec<U>>> = std::thread::scope(|scope| {
        let start =
            |part| std::thread::Builder::new().spawn_scoped(scope, move || all(part)).map_err(|_| part);
        let started: Vec<_> = items.chunks(share).map(start).collect();
        let lost = || Err(Error::new(Reason::Internal, "a thread ended early"));
        let finish = |started: std::result::Result<std::thread::ScopedJoinHandle<'_, _>, _>| match started {
            Ok(worker) => worker.join().unwrap_or_else(|_| lost()),
            // If no thread can be started, this one does the work.
            Err(part) => all(part),
        };
        started.into_iter().map(finish).collect()
    });
    let mut done = Vec::with_capacity(items.len());
    for part in parts {
        done.extend(part?);
    }
    Ok(done)
}

/// Runs two functions at the same time, the second on its own thread; if none can be started, after the first.
pub fn both<A, B: Send>(here: impl FnOnce() -> A, there: impl FnOnce() -> B + Send) -> Result<(A, B)> {
    let lost = || Error::new(Reason::Internal, "a thread ended early");
    let there = Mutex::new(Some(there));
    let take = || there.lock().ok().and_then(|mut there| there.take()).map(|there| there());
    std::thread::scope(|scope| {
        let started = std::thread::Builder::new().spawn_scoped(scope, take);
        let here = here();
        let there = match started {
            Ok(worker) => worker.join().unwrap_or(None),
            Err(_) => take(),
        };
        Ok((here, there.ok_or_else(lost)?))
    })
}

/// Checks stored documents on all processors, for an audit.
pub fn check_all(licenses: &[LedgerDocument], check: Check<'_>) -> Result<Vec<Error>> {
    let checked = map(licenses, |filed| Ok(check(filed).err()))?;
    Ok(checked.into_iter().flatten().collect())
}
