//! `desk`: creates a desk, backs up the whole of it, and restores it on another machine.

mod backup;
mod init;
mod restore;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::cli::Outcome;
use crate::cli::session::Session;

/// Create, back up and restore a desk, where orders are booked and licenses issued
#[derive(Args)]
pub(in crate::cli) struct Desk {
    #[command(subcommand)]
    verb: DeskVerb,
}

#[derive(Subcommand)]
enum DeskVerb {
    Init(init::Init),
    Backup(backup::Backup),
    Restore(restore::Restore),
}

pub(in crate::cli) fn run(args: &Desk, session: &mut Session) -> Result<Outcome> {
    match &args.verb {
        DeskVerb::Init(args) => init::run(args, session),
        DeskVerb::Backup(args) => backup::run(args, session),
        DeskVerb::Restore(args) => restore::run(args, session),
    }
}
