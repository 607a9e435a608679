//! The command line of `issue`, and what follows from it alone: what is read, where the document goes, what signs.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{ArgGroup, Args};

use crate::cli::keys;
use crate::cli::proposal::{Consent, Signing};
use crate::cli::session::Session;
use crate::cli::target::Target;
use crate::cli::{args::DeskArgs, args::KeyArgs, args::feature};
use airlatch_core::model::{FeatureName, Features, Quantity};
use airlatch_desk::office::DeskHome;

use super::unit::UnitArgs;

/// Issue a license for a request file, or for a typed System ID, Locking ID, MAC or site serial
///
/// With --code it is charged to what was bought: the ledger takes what the unit does not hold yet, and the same request
/// gives the same license for ever. With --grant no ledger knows of it, and the license says that it is unmetered: for
/// tests. The license is shown before it is signed, and asked for, unless --yes.
///
/// A file that asks for a reset of its host's clock gets one, and the receipt of a license that was given back is booked
/// back to its codes, once: neither is charged.
#[derive(Args)]
#[command(group(ArgGroup::new("unit").required(true).args(["request", "receipt", "system_id", "locking_id", "mac", "site", "starter"])))]
#[command(group(ArgGroup::new("source").args(["code", "evaluation", "grant"])))]
#[command(after_help = "Examples:
  airlatch issue --code CODE stick/host.request --out stick/host.license
  airlatch issue --code CODE --system-id ID --quantity sessions=100 --out -
  airlatch issue --code CODE --mac '00-90-33-01-02-03 (7a)' --all --yes
  airlatch issue --evaluation stick/host.request
  airlatch issue stick/host.receipt              book back what a host gave back
  airlatch issue stick/reset.request             sign a reset of a host's clock
  airlatch issue --starter PRODUCT               the license a product is shipped with, for its first days
  airlatch issue --key keys/acme.key --grant grant.toml stick/host.request --out stick/host.license

A grant, the least of it (all of it: airlatch man format):
  product = \"call-services\"
  term = \"1 year\"                # or until = 2027-12-31, or permanent = true
  [features]
  sessions = 100")]
pub(in crate::cli) struct Issue {
    /// An authorization code to charge, or the order's number; several add up
    #[arg(long, visible_alias = "order", value_name = "CODE")]
    pub(super) code: Vec<String>,

    /// The product's license for trying out, once for a unit, charged to nobody
    #[arg(long)]
    pub(super) evaluation: bool,

    /// What may be issued without any ledger: a small TOML file, see below
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(super) grant: Option<PathBuf>,

    #[command(flatten)]
    pub(super) desk: DeskArgs,

    /// The private key that signs [default: the desk's]
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,

    #[command(flatten)]
    pub(super) opening: KeyArgs,

    /// What the host sent: a request, or a receipt; `-` is stdin
    #[arg(value_name = "REQUEST")]
    pub(super) request: Option<PathBuf>,

    /// Book back the license that a host gave back by this receipt; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "source")]
    pub(super) receipt: Option<PathBuf>,

    /// The license for the first days of this product, on any host, by the catalog's `activation-days`
    #[arg(long, value_name = "PRODUCT", conflicts_with_all = ["source", "number", "wanted", "all"])]
    pub(super) starter: Option<String>,

    #[command(flatten)]
    pub(super) unit: UnitArgs,

    /// How much of what, as in sessions=100, in all from the codes named: overrides what the request wants
    #[arg(long = "quantity", visible_alias = "feature", value_name = "NAME[=N]", value_parser = feature)]
    pub(super) wanted: Vec<(FeatureName, Quantity)>,

    /// All that the codes offer this unit
    #[arg(long, conflicts_with_all = ["wanted", "grant", "evaluation"])]
    pub(super) all: bool,

    #[command(flatten)]
    pub(super) booking: LedgerArgs,

    /// The vendor's license number
    #[arg(long, value_name = "NUMBER")]
    pub(super) number: Option<String>,

    /// Where to write; `-` is stdout [default: named for the request or unit, ending in .license]
    #[arg(long, short, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,

    /// Replace the output if it is there
    #[arg(long)]
    pub(super) force: bool,

    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,

    /// Show what would be issued and charged; sign and write nothing
    #[arg(long, short = 'n')]
    pub(super) dry_run: bool,
}

/// What only a desk with a ledger asks or writes down.
#[derive(Args)]
pub(super) struct LedgerArgs {
    /// The product, for an evaluation of a unit that was typed
    #[arg(long, value_name = "PRODUCT", conflicts_with_all = ["grant", "code"])]
    pub(super) product: Option<String>,

    /// The hardware model, where the catalog asks for it
    #[arg(long, value_name = "MODEL", conflicts_with = "grant")]
    pub(super) model: Option<String>,

    /// Take more than was ordered, as far as the order allows
    #[arg(long, conflicts_with = "grant")]
    pub(super) overdraft: bool,

    /// The installation was moved to other hardware, and its license before is out of use
    #[arg(long, conflicts_with = "grant")]
    pub(super) other_hardware: bool,

    /// Reset the clock of a host that this ledger never licensed
    #[arg(long)]
    pub(super) unknown_host: bool,

    /// The end user, named on the license in place of the customer
    #[arg(long, value_name = "NAME", conflicts_with = "grant")]
    pub(super) end_user: Option<String>,

    /// Where the unit stands
    #[arg(long, value_name = "TEXT", conflicts_with = "grant")]
    pub(super) location: Option<String>,

    /// A comment for the ledger
    #[arg(long, value_name = "TEXT", conflicts_with = "grant")]
    pub(super) comment: Option<String>,
}

impl Issue {
    /// Whether to ask, or only to show.
    pub(super) fn consent(&self) -> Consent {
        Consent { yes: self.yes, dry_run: self.dry_run }
    }

    /// Every file that is read.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &Path> {
        let named = self.request.iter().chain(&self.receipt).chain(&self.grant);
        named.chain(&self.opening.passphrase_file).map(PathBuf::as_path)
    }

    /// Where the document goes; to `otherwise` where nothing is said. It may be none of the files that are read.
    pub(super) fn target(&self, otherwise: PathBuf, key: &Path, session: &Session) -> Result<Target> {
        let path = self.out.clone().unwrap_or(otherwise);
        Ok(Target::new(path, self.force, self.inputs().chain([key]), session)?)
    }

    /// What signs a document for this place.
    pub(super) fn signing<'a>(
        &'a self,
        key: &Path,
        desk: Option<&'a DeskHome>,
        target: &'a Target,
        session: &Session,
    ) -> Result<Signing<'a>> {
        let key = keys::load(session, key, &self.opening)?;
        Ok(Signing { key, opening: &self.opening, desk, target })
    }

    /// How much of what was typed.
    pub(super) fn wanted(&self) -> Result<Features> {
        let mut wanted = Features::default();
        for (name, quantity) in &self.wanted {
            wanted.add(name.clone(), *quantity)?;
        }
        Ok(wanted)
    }
}
