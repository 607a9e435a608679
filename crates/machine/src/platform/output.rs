//! Whether what is written to standard output reaches anybody, and whether somebody can be asked.

use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::path::Path;

use airlatch_core::model::Result;

use super::fault::fault;
use super::os;

/// Whether standard output seems to have been closed when the program started, so that all that is printed is lost.
///
/// Rust's start-up puts `/dev/null`, opened for reading and writing, in the place of a closed standard output. A shell's
/// `>/dev/null` opens it for writing only and is told apart, but some programs discard our output in the very same way
/// (Python's `subprocess.DEVNULL`, Node's `ignore`): so this is a reason to fail only where standard output is the sole
/// copy of something that matters.
pub fn stdout_is_lost() -> bool {
    os::is_writable_void(&std::io::stdout())
}

/// Whether there is a person to ask: questions are shown on standard error and answered at the terminal, even where
/// standard input is a pipe.
pub fn can_ask() -> bool {
    std::io::stderr().is_terminal() && (std::io::stdin().is_terminal() || os::terminal().is_ok())
}

/// What a person types at the terminal until the line ends, at most 1,024 bytes; nothing at the end of input.
///
/// # Errors
/// `io` when the terminal can't be read.
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
