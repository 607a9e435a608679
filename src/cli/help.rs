//! What `--help` prints: laid out to the width of the terminal, with examples that are never broken into two lines.

use std::ffi::OsString;

use clap::Command;
use clap::error::ErrorKind;

use super::report::Report;
use super::session::Session;
use super::usage;
use super::{command, look, pages};

/// Stands for the blanks of an example while clap wraps the text.
const NO_BREAK: char = '\u{a0}';

/// A command line such as `help glossary`, for a page that belongs to no command: it is printed as `man glossary` does.
pub(super) fn page(mut args: Vec<OsString>) -> Vec<OsString> {
    if let [_, help, page] = &mut args[..]
        && help == "help"
        && page.to_str().is_some_and(pages::is_topic)
    {
        *help = "man".into();
    }
    args
}

/// Prints a help that was asked for, or is needed, and gives the exit code; none for the version and for a wrong command line.
pub(super) fn print(kind: ErrorKind, args: &[OsString], session: &mut Session) -> Option<u8> {
    let asked = kind == ErrorKind::DisplayHelp;
    if !asked && kind != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return None;
    }
    let look = session.screen.look();
    if asked {
        session.screen.raw(&text(args, look.width, look.out));
        return Some(match session.screen.finish() {
            Ok(()) => 0,
            Err(error) => Report::of(&error, "help", &session.known.clone()).print(session),
        });
    }
    session.screen.talk_help(&text(args, look.width, look.err));
    Some(2)
}

/// The same command line read by a definition that knows how help looks.
fn text(args: &[OsString], width: usize, colors: bool) -> String {
    let whole = command::command().term_width(width).max_term_width(width).styles(look::help());
    let Err(error) = unbroken(whole).try_get_matches_from(args) else { return String::new() };
    let text = error.render();
    let text = if colors { text.ansi().to_string() } else { text.to_string() };
    let text: Vec<String> = text.lines().map(|line| usage::wrapped(line, width)).collect();
    // Clap puts an empty line before each alias, with the blanks of its indentation.
    text.join("\n").replace("\n          \n          [alias", "\n          [alias").replace(NO_BREAK, " ")
        + "\n"
}

/// Keeps the indented lines below the options, which are examples, from being wrapped.
fn unbroken(command: Command) -> Command {
    let command = command.mut_subcommands(unbroken);
    let Some(after) = command.get_after_help().map(ToString::to_string) else { return command };
    let line = |line: &str| match line.starts_with(' ') {
        true => line.replace(' ', &NO_BREAK.to_string()),
        false => line.to_owned(),
    };
    command.after_help(after.lines().map(line).collect::<Vec<_>>().join("\n"))
}
