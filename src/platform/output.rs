//! Whether what is written to standard output reaches anybody, and whether somebody can be asked.

use std::io::IsTerminal;

/// Whether standard output seems to have been closed when the program started, so that all that is printed is lost.
///
/// Rust's start-up puts `/dev/null`, opened for reading and writing, in the place of a closed standard output. A shell's
/// `>/dev/null` opens it for writing only and is told apart, but some programs discard our output in the very same way
/// (Python's `subprocess.DEVNULL`, Node's `ignore`): so this is a reason to fail only where standard output is the sole
/// copy of something that matters.
pub fn stdout_is_lost() -> bool {
    super::os::is_writable_void(&std::io::stdout())
}

/// Whether there is a person to ask: questions are shown on standard error and answered at the terminal, even where
/// standard input is a pipe.
pub fn can_ask() -> bool {
    std::io::stderr().is_terminal() && (std::io::stdin().is_terminal() || super::os::has_terminal())
}
