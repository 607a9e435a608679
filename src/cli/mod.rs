//! The command line: one verb one file, prompts, text and JSON, hints, exit codes.

mod answer;
mod args;
mod built_in;
mod desk_home;
mod earlier;
mod fleet;
mod grant;
mod hint;
mod host_home;
mod host_log;
mod input;
mod keys;
mod output;
mod progress;
mod prompt;
mod proposal;
mod report;
mod screen;
mod session;
mod sheet;
mod target;
mod term;
mod trust;
mod verbs;

use std::ffi::OsString;

pub use args::command;
pub use prompt::{Ask, NoTerminal, Terminal};
pub use screen::Screen;
pub use session::{Entropy, Session};

use args::Verb;
use report::Report;

/// What a verb answered when nothing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Yes, or done: exit 0.
    Done,
    /// The honest answer is no: exit 1.
    No,
    /// It was said why nothing could be told: exit 2.
    Unable,
}

/// Runs one command line; the first argument is the program's name. The result is the exit code: 0 yes or done, 1 no,
/// 2 could not do it or could not tell.
pub fn run(args: impl IntoIterator<Item = OsString>, session: &mut Session) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let wants_json = args.iter().any(|arg| arg == "--json");
    let cli = match args::parse(&args) {
        Ok(cli) => cli,
        Err(error) => return report::usage(&error, wants_json, session),
    };
    session.screen.set_json(cli.json);
    session.home = cli.home;
    let (name, result) = dispatch(cli.verb, session);
    let result = result.and_then(|outcome| session.screen.finish().map(|()| outcome));
    match result {
        Ok(Outcome::Done) => 0,
        Ok(Outcome::No) => 1,
        Ok(Outcome::Unable) => 2,
        Err(error) => Report::of(&error, name).print(session),
    }
}

fn dispatch(verb: Verb, session: &mut Session) -> (&'static str, anyhow::Result<Outcome>) {
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
        Verb::Man(args) => ("man", verbs::man::run(&args, session)),
        Verb::Completions(args) => ("completions", verbs::completions::run(&args, session)),
    }
}
