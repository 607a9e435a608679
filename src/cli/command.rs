//! The one definition of the command line, from which parser, help, man pages and completions are made.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use super::hint::Known;
use super::outcome::Outcome;
use super::session::Session;
use super::verbs;

/// Licenses for machines without a network.
///
/// A host makes a request, a desk answers with a license, a person carries both. Nothing here ever opens a network
/// connection.
#[derive(Parser)]
#[command(name = "airlatch", bin_name = "airlatch", version, arg_required_else_help = true)]
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

/// Defines a verb to its last option.
type Define = fn(clap::Command) -> clap::Command;

/// The definition with every verb defined at once, for manual, completions and tests, which go through all of it: where a verb
/// is defined later, `help` knows nothing below it.
pub fn command() -> clap::Command {
    let verbs: [(&str, Define); 19] = [
        ("keygen", verbs::keygen::Keygen::augment_args),
        ("id", verbs::id::Id::augment_args),
        ("request", verbs::request::Request::augment_args),
        ("desk", verbs::desk::Desk::augment_args),
        ("catalog", verbs::catalog::Catalog::augment_args),
        ("account", verbs::account::Account::augment_args),
        ("order", verbs::order::Order::augment_args),
        ("issue", verbs::issue::Issue::augment_args),
        ("install", verbs::install::Install::augment_args),
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

/// Reads a command line; gives too what it says of things that a hint may have to name.
pub(super) fn parse(args: &[OsString]) -> std::result::Result<(Cli, Known), clap::Error> {
    let matches = Cli::command().try_get_matches_from(args)?;
    Ok((Cli::from_arg_matches(&matches)?, Known::of(&matches)))
}

/// Runs a verb; gives its name with what came of it.
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
    fn the_head_of_a_verb_is_the_same_in_the_list_and_in_its_own_help() {
        let mut whole = command();
        whole.build();
        for verb in Cli::command().get_subcommands() {
            let of_its_own = whole.find_subcommand(verb.get_name()).and_then(|verb| verb.get_about());
            assert_eq!(verb.get_about(), of_its_own, "{}", verb.get_name());
            assert!(verb.get_about().is_some(), "{}", verb.get_name());
        }
    }

    #[test]
    fn no_verb_is_left_to_be_defined_later() {
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
