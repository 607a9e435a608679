//! The command line of `batch`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use crate::cli::{args::DeskArgs, args::KeyArgs};

/// Issue a license file for every device of a list
///
/// The list holds `license number TAB MAC`, one device a line, and how many each gets in a third column if it isn't one.
/// Without --code and --grant the number of each line is an authorization code or order number. Every line is checked
/// against codes, rules and what is left before the first signature: all bad lines are reported at once, and nothing is
/// issued if there is any. No file appears before all are made and safe on the medium. A rerun gives the same files
/// without charge, and goes on where a broken run ended.
#[derive(Args)]
#[command(group(ArgGroup::new("source").args(["code", "grant"])))]
#[command(after_help = "Examples:
  airlatch batch macs.tsv --code CODE --out-dir licenses --name '{mac}-license.cfg'
  airlatch batch macs.tsv --out-dir licenses --dry-run
  airlatch batch --key keys/acme.key --grant grant.toml macs.tsv --out-dir licenses --name '{mac}-license.cfg'")]
pub(in crate::cli) struct Batch {
    /// An authorization code, or order number, that every line is charged to; several are used up one after the other
    #[arg(long, visible_alias = "order", value_name = "CODE")]
    pub(super) code: Vec<String>,

    /// What each device gets without any ledger
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(super) grant: Option<PathBuf>,

    #[command(flatten)]
    pub(super) desk: DeskArgs,

    /// The private key that signs [default: the desk's]
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,

    #[command(flatten)]
    pub(super) opening: KeyArgs,

    /// The devices; `-` is stdin
    #[arg(value_name = "LIST")]
    pub(super) list: PathBuf,

    /// The folder for the licenses; made if it is missing
    #[arg(long, value_name = "DIR")]
    pub(super) out_dir: PathBuf,

    /// Name of each file, with {mac}, {MAC} and {number} filled in
    #[arg(long, value_name = "TEMPLATE", default_value = "{mac}-license.cfg")]
    pub(super) name: String,

    /// The hardware model of all devices, where the catalog can't tell it by the MAC
    #[arg(long, value_name = "MODEL", conflicts_with = "grant")]
    pub(super) model: Option<String>,

    /// Take more than was ordered, as far as the orders allow
    #[arg(long, conflicts_with = "grant")]
    pub(super) overdraft: bool,

    /// Do not ask; a grant is never asked about
    #[arg(long, short)]
    pub(super) yes: bool,

    /// Check everything and show what it would cost; sign and write nothing
    #[arg(long, short = 'n')]
    pub(super) dry_run: bool,
}
