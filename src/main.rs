//! The program: creates a session on the real machine and runs the command line.

use std::process::ExitCode;

// musl's own allocator takes twice the time of a `batch`; benches/README.md has the figures.
#[cfg(target_env = "musl")]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut session = airlatch::cli::Session::real();
    ExitCode::from(airlatch::cli::run(std::env::args_os(), &mut session))
}
