//! The program: one session on the real machine, handed to the command line.

use std::process::ExitCode;

// A short run asks the kernel for memory a few times instead of dozens; benches/README.md has the figures.
#[cfg(target_env = "musl")]
#[global_allocator]
static MEMORY: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    let mut session = airlatch::cli::Session::real();
    ExitCode::from(airlatch::cli::run(std::env::args_os(), &mut session))
}
