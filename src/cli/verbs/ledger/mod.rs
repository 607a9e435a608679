//! `ledger`: queries, reprints, reversals, notes, and the audit, backup and restore of the ledger.

mod activations;
mod audit;
mod backup;
pub(super) mod balance;
mod entries;
mod filter;
mod find;
mod fleet;
mod licenses;
mod note;
mod passed;
mod reprint;
mod restore;
mod return_license;
mod reverse;
mod suspicious;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::cli::Outcome;
use crate::cli::session::Session;

/// Query, correct, audit, back up and restore the ledger; reprint licenses
#[derive(Args)]
pub(in crate::cli) struct Ledger {
    #[command(subcommand)]
    verb: LedgerVerb,
}

#[derive(Subcommand)]
enum LedgerVerb {
    Balance(balance::Balance),
    Activations(activations::Activations),
    Licenses(licenses::Licenses),
    Passed(passed::Passed),
    Entries(entries::Entries),
    Find(find::Find),
    Reprint(reprint::Reprint),
    Return(return_license::Return),
    Reverse(reverse::Reverse),
    Note(note::Note),
    Fleet(fleet::Fleet),
    Suspicious(suspicious::Suspicious),
    Audit(audit::Audit),
    Backup(backup::Backup),
    Restore(restore::Restore),
}

pub(in crate::cli) fn run(args: &Ledger, session: &mut Session) -> Result<Outcome> {
    match &args.verb {
        LedgerVerb::Balance(args) => balance::run(args, session),
        LedgerVerb::Activations(args) => activations::run(args, session),
        LedgerVerb::Licenses(args) => licenses::run(args, session),
        LedgerVerb::Passed(args) => passed::run(args, session),
        LedgerVerb::Entries(args) => entries::run(args, session),
        LedgerVerb::Find(args) => find::run(args, session),
        LedgerVerb::Reprint(args) => reprint::run(args, session),
        LedgerVerb::Return(args) => return_license::run(args, session),
        LedgerVerb::Reverse(args) => reverse::run(args, session),
        LedgerVerb::Note(args) => note::run(args, session),
        LedgerVerb::Fleet(args) => fleet::run(args, session),
        LedgerVerb::Suspicious(args) => suspicious::run(args, session),
        LedgerVerb::Audit(args) => audit::run(args, session),
        LedgerVerb::Backup(args) => backup::run(args, session),
        LedgerVerb::Restore(args) => restore::run(args, session),
    }
}
