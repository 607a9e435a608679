//! The command line of `request`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::{args::RootArgs, args::feature};
use airlatch_core::model::{FeatureName, Quantity};

/// Make a request for a license, to be carried to the desk
///
/// The request names this host by its ids and by salted hashes of its components, and is signed with the host's own key.
/// It goes out as a file, by copy and paste (`--out -`), whatever reaches the desk.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch request --product call-services --out stick/host.request
  airlatch request --product call-services --feature sessions=100 --out -
  airlatch request --move --out stick/host.request       the hardware was changed
  airlatch request --product call-services --explain     say what would leave the site; write nothing")]
pub(in crate::cli) struct Request {
    /// The product to be licensed; with --move or --clock-reset that of an installed license does
    #[arg(long, value_name = "PRODUCT", required_unless_present_any = ["clock_reset", "moved"])]
    pub(super) product: Option<String>,

    /// Ask to put an installed license on this hardware, which has changed too much for it
    #[arg(long = "move", conflicts_with_all = ["product_version", "model", "feature", "code", "explain", "root", "trust"])]
    pub(super) moved: bool,

    /// Ask for a reset of what this host remembers of the time, and for no license
    #[arg(long, conflicts_with_all = ["product_version", "model", "feature", "code", "explain", "root", "trust", "moved"])]
    pub(super) clock_reset: bool,

    /// Its version
    #[arg(long, value_name = "VERSION")]
    pub(super) product_version: Option<String>,

    /// The hardware model this host is, where the product has models
    #[arg(long, value_name = "MODEL")]
    pub(super) model: Option<String>,

    /// What is wanted, as in sessions=100, or voicemail for a switch; without any, the desk decides
    #[arg(long, value_name = "NAME[=N]", value_parser = feature)]
    pub(super) feature: Vec<(FeatureName, Quantity)>,

    /// An authorization code to send along, beside those `airlatch id --code` remembered
    #[arg(long, value_name = "CODE")]
    pub(super) code: Vec<String>,

    /// A word to the desk
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,

    /// Where to write; `-` is stdout [default: PRODUCT.request]
    #[arg(long, short, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,

    /// Replace the output if it is there
    #[arg(long)]
    pub(super) force: bool,

    /// Say in plain words what leaves the site, and write nothing
    #[arg(long, conflicts_with_all = ["out", "force"])]
    pub(super) explain: bool,

    /// Salt the hashes for this vendor, by its public key, beside those trusted on this host
    #[arg(long, value_name = "FILE")]
    pub(super) trust: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) root: RootArgs,
}
