//! The command line: one file for each verb; prompts, text and JSON output, hints, exit codes.

mod args;
mod beside;
mod built_in;
mod checked_file;
mod command;
mod count;
mod desk_home;
mod earlier_license;
mod existing_output;
mod fleet;
mod grant;
mod help;
mod hint;
mod host_home;
mod host_log;
mod input;
mod keys;
mod look;
mod outcome;
mod output;
mod pages;
mod progress;
mod prompt;
mod proposal;
mod report;
mod screen;
mod secret;
mod session;
mod sheet;
mod target;
mod term;
mod troff;
mod trust;
mod usage;
mod verbs;
mod wanted;
mod wrong_file;

use std::ffi::OsString;

pub use command::command;
pub use prompt::{NoTerminal, Prompt, Terminal};
pub use screen::Screen;
pub use session::{Entropy, Session, Variables};

use look::Look;
use outcome::Outcome;
use report::Report;

/// Runs one command line; the first argument is the program's name. Returns the exit code: 0 yes or done, 1 no,
/// 2 failed or could not tell.
pub fn run(args: impl IntoIterator<Item = OsString>, session: &mut Session) -> u8 {
    let args: Vec<OsString> = help::page(args.into_iter().collect());
    let wants_json = args.iter().any(|arg| arg == "--json");
    if let Some(error) = usage::key_text(&args) {
        session.screen.set_json(wants_json);
        return Report::new(error, "", &hint::Known::default()).print(session);
    }
    let (cli, known) = match command::parse(&args) {
        Ok(parsed) => parsed,
        Err((error, ran)) => {
            session.screen.set_look(Look::of(&session.streams, look::typed(&args)));
            let printed = if wants_json && error.use_stderr() {
                None
            } else {
                help::print(error.kind(), &args, session)
            };
            return printed.unwrap_or_else(|| usage::print(&error, ran, wants_json, session));
        }
    };
    session.screen.set_look(Look::of(&session.streams, cli.color));
    session.screen.set_quiet(cli.quiet);
    session.screen.set_json(cli.json);
    session.home = cli.home;
    session.known = hint::Known {
        has_built_in_keys: !session.built_in.is_empty(),
        ..known.with_free_names(|path| session.files.exists(path))
    };
    let (name, result) = command::run(cli.verb, session);
    let result = result.and_then(|outcome| session.screen.finish().map(|()| outcome));
    match result {
        Ok(Outcome::Done) => 0,
        Ok(Outcome::No) => 1,
        Ok(Outcome::Unable) => 2,
        Err(error) => {
            let known = session.known.clone();
            Report::of(&error, name, &known).print(session)
        }
    }
}
