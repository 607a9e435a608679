//! The one definition of the command line, from which parser, help, man pages and completions are made.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};

use airlatch_core::model::{FeatureName, Quantity};

use super::verbs;

/// Licenses for machines without a network.
///
/// A host makes a request, a desk answers with a license, a person carries both. Nothing here ever opens a network
/// connection.
#[derive(Parser)]
#[command(
    name = "airlatch",
    bin_name = "airlatch",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(after_help = "The trip, from keys to a verified license:
  airlatch keygen --out keys/acme
  airlatch request --product call-services --out stick/host.request
  airlatch issue --key keys/acme.key --grant grant.toml stick/host.request --out stick/host.license
  airlatch install stick/host.license --trust keys/acme.pub
  airlatch verify --feature sessions=100

Exit codes: 0 yes or done, 1 the honest answer is no, 2 could not do it or could not tell.
Ctrl-C ends a run at any moment (130) and leaves nothing unfinished behind.")]
pub(super) struct Cli {
    /// Print one JSON object instead of text; its `reason` words are stable
    #[arg(long, global = true, display_order = 900)]
    pub(super) json: bool,

    /// Folder of this host's key, licenses and trusted keys [default: $AIRLATCH_HOME, else the user's data folder]
    #[arg(long, global = true, value_name = "DIR", display_order = 901)]
    pub(super) home: Option<PathBuf>,

    #[command(subcommand)]
    pub(super) verb: Verb,
}

// Of the verbs only the one that was typed is defined to its last option. Their heads stand here once more, for the help.
#[derive(Subcommand)]
#[command(defer = true)]
pub(super) enum Verb {
    /// Make a vendor's key pair
    Keygen(verbs::keygen::Keygen),
    /// Show this host's System ID and Locking ID
    Id(verbs::id::Id),
    /// Make a request for a license, to be carried to the desk
    Request(verbs::request::Request),
    /// Make a desk: where orders are booked and licenses issued
    Desk(verbs::desk::Desk),
    /// Check or show the catalog of what is sold
    Catalog(verbs::catalog::Catalog),
    /// Open and list customers' accounts
    Account(verbs::account::Account),
    /// Book what was bought, and look after its authorization codes
    Order(verbs::order::Order),
    /// Issue a license for a request file, or for a typed System ID, Locking ID, MAC or site serial
    Issue(verbs::issue::Issue),
    /// Install a license or a clock reset, from a file or pasted on stdin
    Install(verbs::install::Install),
    /// Show what is licensed on this host, and until when
    Status(verbs::status::Status),
    /// Verify licenses: those named, or those installed
    Verify(verbs::verify::Verify),
    /// Ask whether this host's licenses would survive new hardware, before it is changed
    WhatIf(verbs::what_if::WhatIf),
    /// Give a license back: it stops here, and the receipt brings its seats back at the desk
    Release(verbs::release::Release),
    /// Say what a file, a code or a MAC is
    Inspect(verbs::inspect::Inspect),
    /// Look at this host and at files: what is wrong, and what to do first
    Doctor(verbs::doctor::Doctor),
    /// Issue a license file for every device of a list
    Batch(verbs::batch::Batch),
    /// Look into the ledger, print licenses again, audit it, back it up
    Ledger(verbs::ledger::Ledger),
    /// Print a manual page, or write all of them
    Man(verbs::man::Man),
    /// Print a shell's completion script
    Completions(verbs::completions::Completions),
}

/// The definition, for man pages, completions and tests.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Reads a command line.
pub(super) fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(args)
}

/// How a private key is opened.
#[derive(Args)]
pub(super) struct KeyArgs {
    /// Read the key's passphrase from the first line of FILE instead of asking; `-` is stdin
    #[arg(long, value_name = "FILE")]
    pub(super) passphrase_file: Option<PathBuf>,

    /// Use the key although others may read its file, as on a stick that holds no access rights
    #[arg(long)]
    pub(super) accept_insecure_key: bool,
}

/// Which desk, and who works at it.
#[derive(Args)]
pub(super) struct DeskArgs {
    /// Folder of the desk: catalog, ledger, keys [default: $AIRLATCH_DESK, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(super) desk: Option<PathBuf>,

    /// Who does it, as the ledger will name the person or job [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(super) actor: Option<String>,
}

/// The form of a table, besides text and JSON.
#[derive(Args)]
pub(super) struct FormArgs {
    /// Print TAB-separated lines with a head, for spreadsheets and scripts
    #[arg(long, conflicts_with = "json")]
    pub(super) tsv: bool,
}

/// Whose facts are read.
#[derive(Args)]
pub(super) struct RootArgs {
    /// Read this host's facts below DIR: a captured machine, not the one in front of you
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
}

/// Reads `sessions=100`, or `voicemail` for a switch.
pub(super) fn feature(text: &str) -> Result<(FeatureName, Quantity), String> {
    let words = |trouble: airlatch_core::model::Trouble| trouble.what().to_owned();
    let Some((name, number)) = text.split_once('=') else {
        return Ok((text.parse().map_err(words)?, Quantity::On));
    };
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let number = plain.then(|| number.parse().ok()).flatten();
    let number =
        number.ok_or_else(|| "after `=` belongs a plain whole number, as in sessions=100".to_owned())?;
    Ok((name.parse().map_err(words)?, Quantity::count(number).map_err(words)?))
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn the_head_of_a_verb_is_the_same_in_the_list_and_in_its_own_help() {
        let mut whole = command();
        whole.build();
        for verb in command().get_subcommands() {
            let of_its_own = whole.find_subcommand(verb.get_name()).and_then(|verb| verb.get_about());
            assert_eq!(verb.get_about(), of_its_own, "{}", verb.get_name());
            assert!(verb.get_about().is_some(), "{}", verb.get_name());
        }
    }
}
