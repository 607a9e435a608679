//! What is printed when a command line can't be parsed: the error, the usage, and the command whose help to read.

use std::ffi::OsString;
use std::rc::Rc;

use clap::error::ErrorKind;

use airlatch_core::model::{Error, Reason};

use super::hint::{self, Known, Ran};
use super::report::Report;
use super::session::Session;

/// The error of a command line with the text of a key in it, from a variable of the shell: the parser would print it, and so
/// would an error about a file of that name.
pub(super) fn key_text(args: &[OsString]) -> Option<Error> {
    let at = args.iter().position(|arg| is_key_text(&arg.to_string_lossy()))?;
    let option = |arg: &OsString| {
        let arg = arg.to_string_lossy();
        let name = arg.split('=').next().unwrap_or_default();
        (name.starts_with("--") && !is_key_text(name)).then(|| name.to_owned())
    };
    let option = option(&args[at]).or_else(|| option(args.get(at.checked_sub(1)?)?));
    let what = "the text of a key was given, where the name of its file belongs; it is not shown here";
    let error = Error::new(Reason::Usage, what);
    let error = option.into_iter().fold(error, Error::at);
    Some(error.detail("a command line is seen by other users and kept in histories: write the key into a file, and name that"))
}

/// Whether a text is PEM, or a key in another form.
fn is_key_text(text: &str) -> bool {
    KEY_TEXTS.iter().any(|part| text.contains(part))
}

/// PEM; the base64 of Ed25519 keys in PKCS#8 and SubjectPublicKeyInfo; JWK; age.
const KEY_TEXTS: [&str; 7] = [
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "MC4CAQAwBQYDK2VwBCIE",
    "MFECAQEwBQYDK2VwBCIE",
    "MCowBQYDK2VwAyEA",
    "\"kty\"",
    "AGE-SECRET-KEY-",
];

/// The parser's own hint, which names no command.
const SEE_HELP: &str = "For more information";

/// The line break and margin inside a usage line that is too wide.
const MARGIN: &str = "\n       ";

/// Prints what the parser reports, and returns the exit code: the version is a result, all else is a failure.
pub(super) fn print(error: &clap::Error, ran: Ran, json: bool, session: &mut Session) -> u8 {
    let text = error.render().to_string();
    if error.kind() == ErrorKind::DisplayVersion {
        session.screen.raw(&text);
        return match session.screen.finish() {
            Ok(()) => 0,
            Err(error) => Report::of(&error, "help", &Known::default()).print(session),
        };
    }
    let verb = ran.command().split(' ').next().unwrap_or_default().to_owned();
    let known = Known { ran: Some(Rc::new(ran)), ..Known::default() };
    if json {
        session.screen.set_json(true);
        let lines = text.trim_start_matches("error: ").lines().take_while(|line| !line.starts_with("Usage:"));
        let lines = lines.filter(|line| !line.starts_with(SEE_HELP));
        let what = lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        return Report::new(Error::new(Reason::Usage, what), &verb, &known).print(session);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        session.screen.talk_raw(text.trim_end());
        return 2;
    }
    let width = session.screen.look().width;
    let lines = text.lines().filter(|line| !line.starts_with(SEE_HELP));
    let text: Vec<String> = lines.map(|line| wrapped(line, width)).collect();
    let step = hint::hint(&Error::new(Reason::Usage, ""), &verb, &known).unwrap_or_default();
    session.screen.talk_raw(&format!("{}\nhint: {step}    [usage]", text.join("\n").trim_end()));
    2
}

/// A usage line that is too wide, broken between its arguments; any other line as it is.
pub(super) fn wrapped(line: &str, width: usize) -> String {
    let is_choice = line.trim_start().starts_with('<') && line.contains('|');
    if !line.contains("Usage:") && !is_choice || columns(line) <= width {
        return line.to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    for part in line.split_inclusive([' ', '|']) {
        match parts.last_mut() {
            // The margin stays with what follows, and an option with its value.
            Some(last) if last.trim().is_empty() || last.starts_with("--") && last.ends_with(' ') => {
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    let (mut text, mut used) = (String::new(), 0);
    for part in &parts {
        if used > 0 && used + columns(part.trim_end()) > width {
            text.truncate(text.trim_end().len());
            text.push_str(MARGIN);
            used = MARGIN.len() - 1;
        }
        text.push_str(part);
        used += columns(part);
    }
    text
}

/// The columns of a text without its color codes.
fn columns(text: &str) -> usize {
    let codes = text.split('\u{1b}').skip(1).filter_map(|rest| rest.find('m'));
    text.chars().count() - codes.map(|end| end + 2).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_usage_line_is_broken_between_arguments() {
        let line = "Usage: airlatch issue [OPTIONS] <REQUEST|--receipt <FILE>|--mac <MAC>>";
        assert_eq!(wrapped(line, 80), line);
        assert_eq!(
            wrapped(line, 45),
            "Usage: airlatch issue [OPTIONS] <REQUEST|\n       --receipt <FILE>|--mac <MAC>>"
        );
        let other = "a line that is not about usage";
        assert_eq!(wrapped(other, 10), other);
    }
}
