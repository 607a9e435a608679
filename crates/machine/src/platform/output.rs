//! Standard output and the terminal: whether output is lost, and whether a person can be asked.

use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::path::Path;

use airlatch_core::model::Result;

use super::fault::fault;
use super::os;

/// Whether standard output seems to have been closed at the start, so everything printed is lost.
///
/// Rust's runtime replaces a closed standard output by `/dev/null`, opened for reading and writing. A shell's `>/dev/null`
/// opens it for writing only, but some programs open it for both (Python's `subprocess.DEVNULL`, Node's `ignore`). So it is
/// a reason to fail only if standard output would be the only copy of an important result.
pub fn stdout_is_lost() -> bool {
    os::is_writable_void(&std::io::stdout())
}

/// Whether a person can be asked: questions go to standard error, answers come from the terminal, even if standard input is
/// a pipe.
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
