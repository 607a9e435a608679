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

#[derive(Subcommand)]
pub(super) enum Verb {
    Keygen(verbs::keygen::Keygen),
    Id(verbs::id::Id),
    Request(verbs::request::Request),
    Desk(verbs::desk::Desk),
    Catalog(verbs::catalog::Catalog),
    Account(verbs::account::Account),
    Order(verbs::order::Order),
    Issue(verbs::issue::Issue),
    Install(verbs::install::Install),
    Status(verbs::status::Status),
    Verify(verbs::verify::Verify),
    WhatIf(verbs::what_if::WhatIf),
    Release(verbs::release::Release),
    Inspect(verbs::inspect::Inspect),
    Doctor(verbs::doctor::Doctor),
    Batch(verbs::batch::Batch),
    Ledger(verbs::ledger::Ledger),
    Man(verbs::man::Man),
    Completions(verbs::completions::Completions),
}

/// The definition, for man pages, completions and tests.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Reads a command line.
pub(super) fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    verbs::verify::read_plain(args).map_or_else(|| Cli::try_parse_from(args), Ok)
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
#[cfg_attr(test, derive(Debug, PartialEq))]
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
