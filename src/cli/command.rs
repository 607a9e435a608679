//! The one definition of the command line, from which parser, help, man pages and completions are made.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use super::hint::{Known, Ran};
use super::outcome::Outcome;
use super::session::Session;
use super::verbs;

/// Licenses for machines without a network.
///
/// A host writes a request, a desk answers with a license, and a person carries both files. No command ever opens a network
/// connection.
#[derive(Parser)]
#[command(name = "airlatch", bin_name = "airlatch", version, arg_required_else_help = true)]
#[command(after_help = "From an order to a verified license:

At the desk, once; then describe your products in desk/catalog.toml
  airlatch desk init desk --vendor ACME
  export AIRLATCH_DESK=desk
  cp desk/keys/desk.pub stick/
At the desk: book an order
  airlatch order new 4711 --product call-services --line sessions=100 --term '1 year'
On the host: write a request
  airlatch request --product call-services --feature sessions=40 --out stick/host.request
At the desk: issue the license
  airlatch issue --code 4711 stick/host.request --out stick/host.license
On the host: install and verify it
  airlatch install stick/host.license --trust stick/desk.pub
  airlatch verify --feature sessions=40

Exit codes: 0 yes or done, 1 no (refused, with reasons), 2 failed or could not tell.
Ctrl-C stops a run at any time (exit code 130) and leaves no unfinished file.")]
pub(super) struct Cli {
    /// Print one JSON object instead of text; its `reason` words are stable
    #[arg(long, global = true, display_order = 900)]
    pub(super) json: bool,

    /// Folder of this host's key, licenses and trusted keys [default: $AIRLATCH_HOME, else the user's data folder]
    #[arg(long, global = true, value_name = "DIR", display_order = 901)]
    pub(super) home: Option<PathBuf>,

    /// Leave out notes and progress; errors, warnings, questions and results stay
    #[arg(long, short, global = true, display_order = 902)]
    pub(super) quiet: bool,

    /// Colors: `auto` (on a terminal, unless NO_COLOR is set), `always` or `never`
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        display_order = 903
    )]
    pub(super) color: ColorChoice,

    #[command(subcommand)]
    pub(super) verb: Verb,
}

// Only the verb that was typed is defined with all its options: defining every verb costs nearly as much as a verification.
// So the one-line descriptions of the verbs are repeated here for `--help`.
#[derive(Subcommand)]
#[command(defer = true)]
pub(super) enum Verb {
    /// Create a vendor's key pair
    Keygen(verbs::keygen::Keygen),
    /// Show this host's System ID and Locking ID
    Id(verbs::id::Id),
    /// Write a license request, to be carried to the desk
    Request(verbs::request::Request),
    /// Create, back up and restore a desk, where orders are booked and licenses issued
    Desk(verbs::desk::Desk),
    /// Check or show the catalog of products
    Catalog(verbs::catalog::Catalog),
    /// Create, change and list customer accounts
    Account(verbs::account::Account),
    /// Book orders and manage their authorization codes
    Order(verbs::order::Order),
    /// Issue a license for a request file, or for a typed System ID, Locking ID, MAC or site serial
    Issue(Box<verbs::issue::Issue>),
    /// Install a license or a clock reset, from a file or pasted on stdin
    Install(verbs::install::Install),
    /// Trust, list and remove the vendor keys of this host
    Trust(verbs::trust::Trust),
    /// Show what is licensed on this host, and until when
    Status(verbs::status::Status),
    /// Verify license files, or the installed licenses
    Verify(verbs::verify::Verify),
    /// Predict whether this host's licenses survive a hardware change
    WhatIf(verbs::what_if::WhatIf),
    /// Release a license: it stops working here, and the desk gets its seats back
    Release(verbs::release::Release),
    /// Identify a file, a code or a MAC address, and show its content
    Inspect(verbs::inspect::Inspect),
    /// Diagnose this host and files: what is wrong, and what to do first
    Doctor(verbs::doctor::Doctor),
    /// Issue a license file for every device of a list
    Batch(verbs::batch::Batch),
    /// Query, audit, back up and restore the ledger; reprint licenses
    Ledger(verbs::ledger::Ledger),
    /// Print a manual page, or write all of them
    Man(verbs::man::Man),
    /// Print a shell completion script
    Completions(verbs::completions::Completions),
}

/// Adds all options of a verb to its definition.
type Define = fn(clap::Command) -> clap::Command;

/// The complete definition, for manual, completions and tests: with a deferred verb, `help` would not know its subcommands.
pub fn command() -> clap::Command {
    let verbs: [(&str, Define); 20] = [
        ("keygen", verbs::keygen::Keygen::augment_args),
        ("id", verbs::id::Id::augment_args),
        ("request", verbs::request::Request::augment_args),
        ("desk", verbs::desk::Desk::augment_args),
        ("catalog", verbs::catalog::Catalog::augment_args),
        ("account", verbs::account::Account::augment_args),
        ("order", verbs::order::Order::augment_args),
        ("issue", verbs::issue::Issue::augment_args),
        ("install", verbs::install::Install::augment_args),
        ("trust", verbs::trust::Trust::augment_args),
        ("status", verbs::status::Status::augment_args),
        ("verify", verbs::verify::Verify::augment_args),
        ("what-if", verbs::what_if::WhatIf::augment_args),
        ("release", verbs::release::Release::augment_args),
        ("inspect", verbs::inspect::Inspect::augment_args),
        ("doctor", verbs::doctor::Doctor::augment_args),
        ("batch", verbs::batch::Batch::augment_args),
        ("ledger", verbs::ledger::Ledger::augment_args),
        ("man", verbs::man::Man::augment_args),
        ("completions", verbs::completions::Completions::augment_args),
    ];
    verbs.into_iter().fold(Cli::command(), |whole, (name, define)| {
        whole.mut_subcommand(name, |verb| define(verb).defer(|verb| verb))
    })
}

/// Parses a command line, and collects what a hint may have to name; an error comes with the command as far as it was read.
pub(super) fn parse(args: &[OsString]) -> std::result::Result<(Cli, Known), (clap::Error, Ran)> {
    let mut definition = Cli::command();
    let matches = definition.try_get_matches_from_mut(args);
    let ran = Ran::typed(&definition, args);
    let parsed = matches.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    match parsed {
        Ok((cli, matches)) => Ok((cli, Known::of(&matches, ran))),
        Err(error) => Err((error, ran)),
    }
}

/// Runs a verb; returns its name and its outcome.
pub(super) fn run(verb: Verb, session: &mut Session) -> (&'static str, Result<Outcome>) {
    match verb {
        Verb::Keygen(args) => ("keygen", verbs::keygen::run(&args, session)),
        Verb::Id(args) => ("id", verbs::id::run(&args, session)),
        Verb::Request(args) => ("request", verbs::request::run(&args, session)),
        Verb::Desk(args) => ("desk", verbs::desk::run(&args, session)),
        Verb::Catalog(args) => ("catalog", verbs::catalog::run(&args, session)),
        Verb::Account(args) => ("account", verbs::account::run(&args, session)),
        Verb::Order(args) => ("order", verbs::order::run(&args, session)),
        Verb::Issue(args) => ("issue", verbs::issue::run(&args, session)),
        Verb::Install(args) => ("install", verbs::install::run(&args, session)),
        Verb::Trust(args) => ("trust", verbs::trust::run(&args, session)),
        Verb::Status(args) => ("status", verbs::status::run(&args, session)),
        Verb::Verify(args) => ("verify", verbs::verify::run(&args, session)),
        Verb::WhatIf(args) => ("what-if", verbs::what_if::run(&args, session)),
        Verb::Release(args) => ("release", verbs::release::run(&args, session)),
        Verb::Inspect(args) => ("inspect", verbs::inspect::run(&args, session)),
        Verb::Doctor(args) => ("doctor", verbs::doctor::run(&args, session)),
        Verb::Batch(args) => ("batch", verbs::batch::run(&args, session)),
        Verb::Ledger(args) => ("ledger", verbs::ledger::run(&args, session)),
        Verb::Man(args) => ("man", verbs::man::run(&args, command(), session)),
        Verb::Completions(args) => ("completions", verbs::completions::run(&args, command(), session)),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::{Cli, command};

    #[test]
    fn the_description_of_a_verb_is_the_same_in_the_list_and_in_its_own_help() {
        let mut whole = command();
        whole.build();
        for verb in Cli::command().get_subcommands() {
            let own_about = whole.find_subcommand(verb.get_name()).and_then(|verb| verb.get_about());
            assert_eq!(verb.get_about(), own_about, "{}", verb.get_name());
            assert!(verb.get_about().is_some(), "{}", verb.get_name());
        }
    }

    #[test]
    fn the_complete_definition_defers_no_verb() {
        for verb in command().get_subcommands() {
            assert!(verb.has_subcommands() || verb.get_arguments().count() > 0, "{}", verb.get_name());
        }
        let mut whole = command();
        whole.build();
        let below =
            |verb: &str| whole.find_subcommand("help").unwrap().find_subcommand(verb).unwrap().clone();
        assert!(below("ledger").find_subcommand("audit").is_some());
    }
}
