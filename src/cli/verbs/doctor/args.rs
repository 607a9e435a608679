//! The command line of `doctor`.

use std::path::PathBuf;

use clap::Args;

/// Diagnose this host and files: what is wrong, and what to do first
///
/// Prints one line per check, marked `ok`, `note`, `look` or `bad`, then the next steps, the likeliest to help first. Changes
/// nothing, not even the clock mark. Exits 0 if nothing is `look` or `bad`, else 1, or 2 if something could not be examined; with
/// --repair and --bundle, 0 once the file is written.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch doctor                                   this host
  airlatch doctor stick/host.license                this host and a file
  airlatch doctor mail.txt --repair clean.license   repair a damaged file
  airlatch doctor --bundle support.txt              text for the vendor")]
pub(in crate::cli) struct Doctor {
    /// Files to examine too, of any kind; `-` is stdin
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// Trust this vendor's public key too, for this run
    #[arg(long, value_name = "FILE")]
    pub(super) trust: Vec<PathBuf>,

    /// Write a clean copy of one damaged document, if its signature still fits; `-` is stdout
    #[arg(long, value_name = "OUT", requires = "files", conflicts_with = "bundle")]
    pub(super) repair: Option<PathBuf>,

    /// Write a support bundle for the vendor: plain text without secrets; `-` is stdout
    #[arg(long, value_name = "OUT")]
    pub(super) bundle: Option<PathBuf>,

    /// Include host name and user name in the bundle
    #[arg(long, requires = "bundle")]
    pub(super) with_names: bool,

    /// Replace the output file if it exists
    #[arg(long)]
    pub(super) force: bool,
}
