//! The command line of `batch`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use crate::cli::{args::DeskArgs, args::KeyArgs, wanted::WantedArgs};

/// Issue a license file for every device of a list
///
/// A line of the list is `license number TAB MAC`, where needed with a third column for quantities (in every line or in none) and a fourth for hardware
/// models. Without --code and --grant, its license number is the authorization code or order number to charge.
///
/// Each device gets one of everything on the code, and as many of each count as its line says, or 1. With --quantity or --all it
/// gets what `issue` would give it, in the order of the list: --all gives the first devices all that their limits allow, until
/// the code is empty.
///
/// Every line is checked before the first signature: all bad lines are reported together, and nothing is issued if there is
/// one. The files appear together. A rerun writes the same files without charge, and continues an interrupted run.
///
/// Columns in another order have a header: `number`, `MAC`, `quantity`, `model`. The model of a line is that of the list, else
/// of the ledger, else of the catalog's MAC prefixes, else of --model.
#[derive(Args)]
#[command(group(ArgGroup::new("source").args(["code", "grant"])))]
#[command(after_help = "Examples:
  airlatch batch macs.tsv --code CODE --out-dir licenses --name '{mac}.cfg'
  airlatch batch macs.tsv --out-dir licenses --dry-run
  airlatch batch macs.tsv --key keys/acme.key --grant grant.toml --out-dir out")]
pub(in crate::cli) struct Batch {
    /// Authorization code or order number to charge every line to; several are used up in turn
    #[arg(long, visible_alias = "order", value_name = "CODE")]
    pub(super) code: Vec<String>,

    /// Grant file: issue without a ledger what it allows each device
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with = "wanted")]
    pub(super) grant: Option<PathBuf>,

    #[command(flatten)]
    pub(super) desk: DeskArgs,

    /// Private key that signs: a file, `-` for stdin, env:NAME for a variable, or a pipe such as <(command) [default: that of
    /// the desk]
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,

    #[command(flatten)]
    pub(super) opening: KeyArgs,

    /// List of devices; `-` is stdin
    #[arg(value_name = "LIST")]
    pub(super) list: PathBuf,

    /// Folder for the license files; created if it is missing
    #[arg(long, value_name = "DIR")]
    pub(super) out_dir: PathBuf,

    /// File name of each license, with {mac}, {MAC} and {number} replaced
    #[arg(long, value_name = "TEMPLATE", default_value = "{mac}-license.cfg")]
    pub(super) name: String,

    #[command(flatten)]
    pub(super) wanted: WantedArgs,

    /// Hardware model of the devices whose model neither list, ledger nor MAC tell
    #[arg(long, value_name = "MODEL", conflicts_with = "grant")]
    pub(super) model: Option<String>,

    /// Where the ledger has another model for a device, it was wrong: use that of the list, else of the MAC, else of
    /// --model
    #[arg(long, conflicts_with = "grant")]
    pub(super) correct_model: bool,

    /// Allow more than was ordered, up to the overdraft of the orders
    #[arg(long, conflicts_with = "grant")]
    pub(super) overdraft: bool,

    /// Do not ask (--grant never asks)
    #[arg(long, short)]
    pub(super) yes: bool,

    /// Check every line and show the charge; sign and write nothing
    #[arg(long, short = 'n')]
    pub(super) dry_run: bool,
}
