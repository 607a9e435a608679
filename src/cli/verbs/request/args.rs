//! The command line of `request`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::{args::RootArgs, args::feature};
use airlatch_core::model::{FeatureName, Quantity};

/// Write a license request, to be carried to the desk
///
/// The request names this host by its ids and by salted hashes of its components, and is signed with the host's own key.
/// Carry it as a file, or copy it as text (`--out -`).
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch request --product call-services --out stick/host.request
  airlatch request --product call-services --feature sessions=100 --out -
  airlatch request --move --out stick/host.request     after new hardware
  airlatch request --product call-services --explain   explain, write nothing")]
pub(in crate::cli) struct Request {
    /// Product to license [with --move and --clock-reset: default that of an installed license]
    #[arg(long, value_name = "PRODUCT", required_unless_present_any = ["clock_reset", "moved"])]
    pub(super) product: Option<String>,

    /// Ask to move a license of this host to this hardware, after it changed too much: an installed one, or that of FILE
    #[arg(long = "move", conflicts_with_all = ["product_version", "model", "feature", "code", "explain", "root"])]
    pub(super) moved: bool,

    /// License to move, if it is not installed
    #[arg(value_name = "FILE", requires = "moved")]
    pub(super) license: Option<PathBuf>,

    /// Ask for a clock reset instead of a license
    #[arg(long, conflicts_with_all = ["product_version", "model", "feature", "code", "explain", "root", "trust", "moved"])]
    pub(super) clock_reset: bool,

    /// Product version
    #[arg(long, value_name = "VERSION")]
    pub(super) product_version: Option<String>,

    /// Hardware model of this host, if the product has models
    #[arg(long, value_name = "MODEL")]
    pub(super) model: Option<String>,

    /// Feature to ask for, as in sessions=100, or voicemail for a switch [default: the desk decides]
    #[arg(long, value_name = "NAME[=N]", value_parser = feature)]
    pub(super) feature: Vec<(FeatureName, Quantity)>,

    /// Authorization code to send, besides those stored with `airlatch id --code`
    #[arg(long, value_name = "CODE")]
    pub(super) code: Vec<String>,

    /// Note to the desk
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,

    /// Output file; `-` is stdout [default: PRODUCT.request]
    #[arg(long, short, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,

    /// Replace the output file if it exists
    #[arg(long)]
    pub(super) force: bool,

    /// Explain what the request would contain; write nothing
    #[arg(long, conflicts_with_all = ["out", "force"])]
    pub(super) explain: bool,

    /// Vendor's public key to salt the hashes for, or that signed FILE, besides those trusted on this host
    #[arg(long, value_name = "FILE")]
    pub(super) trust: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) root: RootArgs,
}
