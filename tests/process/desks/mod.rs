//! Several desks at once on one ledger: every seat goes out once, and whoever has to wait is told for whom.

mod crowd;
mod stopped;
