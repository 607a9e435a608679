//! What the standard streams are: whether output reaches anybody, whether somebody can be asked, what a terminal can show.

use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::path::Path;

use airlatch_core::model::Result;

use super::fault::fault;
use super::homes::variable;
use super::os;

/// Whether standard output seems to have been closed at the start, so everything printed is lost.
///
/// Rust's runtime replaces a closed standard output by `/dev/null`, opened for reading and writing. A shell's `>/dev/null`
/// opens it for writing only, but some programs open it for both (Python's `subprocess.DEVNULL`, Node's `ignore`). So it is
/// a reason to fail only if standard output would be the only copy of an important result.
pub fn stdout_is_lost() -> bool {
    os::is_writable_void(&std::io::stdout())
}

/// The standard streams of a process, as far as layout and color depend on them. The default is three files or pipes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Streams {
    /// Standard input is a terminal: somebody types.
    pub input: bool,
    /// Standard output is a terminal.
    pub output: bool,
    /// Standard error is a terminal.
    pub error: bool,
    /// The columns of the terminal that standard output is, else of the one that standard error is; where the terminal
    /// does not tell, the variable `COLUMNS`.
    pub columns: Option<u16>,
    /// `NO_COLOR` (<https://no-color.org>) is set and not empty, or `TERM` is `dumb`; or this is a console of Windows that
    /// is not known to show colors.
    pub plain: bool,
}

impl Streams {
    /// The standard streams of this process.
    pub fn capture() -> Self {
        let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let (output, error) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let is_dumb = match variable("TERM") {
            Some(name) => name == "dumb",
            // An old console of Windows shows the codes themselves.
            None => cfg!(windows) && !is_set("WT_SESSION"),
        };
        let told = || variable("COLUMNS")?.to_str()?.parse().ok();
        Self {
            input: std::io::stdin().is_terminal(),
            output,
            error,
            columns: (output || error).then(|| os::columns().or_else(told)).flatten().filter(|&it| it > 0),
            plain: is_set("NO_COLOR") || is_dumb,
        }
    }
}

/// Whether there is a person to ask: questions are shown on standard error and answered at the terminal, even where
/// standard input is a pipe.
pub fn can_ask() -> bool {
    std::io::stderr().is_terminal() && (std::io::stdin().is_terminal() || os::terminal().is_ok())
}

/// Reads a line from the terminal, at most 1,024 bytes; `None` at the end of input.
///
/// # Errors
/// `io` if the terminal can't be read.
pub fn terminal_line() -> Result<Option<String>> {
    let mut line = String::new();
    let read = if std::io::stdin().is_terminal() {
        std::io::stdin().lock().take(1024).read_line(&mut line)
    } else {
        os::terminal().and_then(|terminal| BufReader::new(terminal).take(1024).read_line(&mut line))
    };
    let length = read.map_err(|error| fault(&error, Path::new("the terminal")))?;
    Ok((length > 0).then_some(line))
}
