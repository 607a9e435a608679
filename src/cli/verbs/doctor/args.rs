//! The command line of `doctor`.

use std::path::PathBuf;

use clap::Args;

/// Look at this host and at files: what is wrong, and what to do first
///
/// One line a check, with `ok`, `note`, `look` or `bad` in front, in the order worth checking; then what to do, the likeliest
/// first. Nothing is changed, not even what the host remembers of the time. Exit 0 when all is well, 1 when something was
/// found, 2 when something could not be looked at; with --repair and --bundle, 0 when the file was written.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch doctor                                          this host
  airlatch doctor stick/host.license                       and a file that makes trouble
  airlatch doctor mail.txt --repair clean.license          a clean copy of a damaged document
  airlatch doctor --bundle support.txt                     what a vendor asks for, without secrets; read it first")]
pub(in crate::cli) struct Doctor {
    /// Files to look at as well, of any kind; `-` is stdin
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// Believe licenses by this vendor's public key, beside those trusted on this host
    #[arg(long, value_name = "FILE")]
    pub(super) trust: Vec<PathBuf>,

    /// Write a clean copy of the one damaged document named; it has to be whole under its own signature; `-` is stdout
    #[arg(long, value_name = "OUT", requires = "files", conflicts_with = "bundle")]
    pub(super) repair: Option<PathBuf>,

    /// Write the facts that may leave the site as a text to send to the vendor, without secrets; `-` is stdout
    #[arg(long, value_name = "OUT")]
    pub(super) bundle: Option<PathBuf>,

    /// Put host name and user name into the bundle
    #[arg(long, requires = "bundle")]
    pub(super) with_names: bool,

    /// Replace the file that OUT names
    #[arg(long)]
    pub(super) force: bool,
}
