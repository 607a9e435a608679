//! Several processes on one ledger: every seat is issued once, and a process that waits for the lock is told for which.

mod crowd;
mod stopped;
