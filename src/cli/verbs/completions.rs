//! `completions`: the completion script of a shell.

use anyhow::Result;
use clap::Args;
use clap_complete::{Shell, generate};

use crate::cli::session::Session;
use crate::cli::{Outcome, output};

/// Print a shell completion script
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch completions bash > /etc/bash_completion.d/airlatch
  airlatch completions zsh > ~/.zfunc/_airlatch")]
pub(in crate::cli) struct Completions {
    /// Shell to complete in
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// `whole` is the definition of the command line.
pub(in crate::cli) fn run(
    args: &Completions,
    mut whole: clap::Command,
    session: &mut Session,
) -> Result<Outcome> {
    let mut script = Vec::new();
    generate(args.shell, &mut whole, "airlatch", &mut script);
    output::page(session, "completions", &String::from_utf8(script)?);
    Ok(Outcome::Done)
}
