//! The program: one session on the real machine, handed to the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut session = airlatch::cli::Session::real();
    ExitCode::from(airlatch::cli::run(std::env::args_os(), &mut session))
}
