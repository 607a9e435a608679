//! The command line of `issue`, and the inputs, target and signing key it names.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{ArgGroup, Args};

use crate::cli::keys;
use crate::cli::proposal::{Consent, Signing};
use crate::cli::session::Session;
use crate::cli::target::Target;
use crate::cli::{args::ClockArgs, args::DeskArgs, args::KeyArgs, wanted::WantedArgs};
use airlatch_desk::office::DeskHome;

use super::unit::UnitArgs;

/// Issue a license for a request file, or for a typed System ID, Locking ID, MAC or site serial
///
/// --code charges the license to an order: only what the unit does not have yet is taken, and the same request always gives
/// the same license. Without it, the code that the request names is offered, or that of the license it moves. --quantity and --all override what the request asks for. --grant issues a license for tests, outside the ledger and marked unmetered. The license is shown, and
/// signed after a yes, or with --yes.
///
/// A request for a clock reset gets a clock reset, and a release receipt is booked back to its codes, once. Neither is charged.
#[derive(Args)]
#[command(group(ArgGroup::new("unit").required(true).args(["request", "receipt", "system_id", "locking_id", "mac", "site", "starter"])))]
#[command(group(ArgGroup::new("source").args(["code", "evaluation", "grant"])))]
#[command(after_help = "Examples:
  airlatch issue --code CODE stick/host.request --out stick/host.license
  airlatch issue --code CODE --system-id ID --quantity sessions=100 --out -
  airlatch issue --code CODE --mac '00-90-33-01-02-03 (7a)' --all --yes
  airlatch issue --evaluation stick/host.request
  airlatch issue stick/host.receipt              book a released license back
  airlatch issue stick/reset.request             sign a clock reset
  airlatch issue --starter PRODUCT               to ship with the product
  airlatch issue --key keys/acme.key --grant grant.toml stick/host.request

To type the passphrase once for many requests, in bash:
  read -rs pass
  for it in stick/*.request; do airlatch issue $it --yes --passphrase-file - <<< $pass; done

A minimal grant (all fields: airlatch man format):
  product = \"call-services\"
  term = \"1 year\"                # or until = 2027-12-31, or permanent = true
  [features]
  sessions = 100")]
pub(in crate::cli) struct Issue {
    /// Authorization code or order number to charge; several add up
    #[arg(long, visible_alias = "order", value_name = "CODE")]
    pub(super) code: Vec<String>,

    /// Trial license, once per unit, not charged
    #[arg(long, conflicts_with = "all")]
    pub(super) evaluation: bool,

    /// Grant file: issue without a ledger what it allows (TOML, see below)
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(super) grant: Option<PathBuf>,

    #[command(flatten)]
    pub(super) desk: DeskArgs,

    #[command(flatten)]
    pub(super) clock: ClockArgs,

    /// Private key that signs: a file, `-` for stdin, env:NAME for a variable, or a pipe such as <(command) [default: that of
    /// the desk]
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,

    #[command(flatten)]
    pub(super) opening: KeyArgs,

    /// Request or release receipt from the host; `-` is stdin
    #[arg(value_name = "REQUEST")]
    pub(super) request: Option<PathBuf>,

    /// Book the license of this release receipt back; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "source")]
    pub(super) receipt: Option<PathBuf>,

    /// License for the first days of this product on any host: `activation-days` in the catalog
    #[arg(long, value_name = "PRODUCT", conflicts_with_all = ["source", "number", "wanted", "all"])]
    pub(super) starter: Option<String>,

    #[command(flatten)]
    pub(super) unit: UnitArgs,

    #[command(flatten)]
    pub(super) wanted: WantedArgs,

    /// Accept a weak lock for this license alone, which other hosts may meet: too little hardware, or a System ID alone
    #[arg(long, conflicts_with = "starter")]
    pub(super) weak_lock: bool,

    #[command(flatten)]
    pub(super) booking: LedgerArgs,

    /// License number of the vendor
    #[arg(long, value_name = "NUMBER")]
    pub(super) number: Option<String>,

    /// Output file; `-` is stdout [default: REQUEST or UNIT with the ending .license]
    #[arg(long, short, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,

    /// Replace the output file if it exists
    #[arg(long)]
    pub(super) force: bool,

    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,

    /// Show what would be issued and charged; sign and write nothing
    #[arg(long, short = 'n')]
    pub(super) dry_run: bool,
}

/// Options of a license that is booked in a ledger.
#[derive(Args)]
pub(super) struct LedgerArgs {
    /// Product of a trial license for a typed unit
    #[arg(long, value_name = "PRODUCT", conflicts_with_all = ["grant", "code"])]
    pub(super) product: Option<String>,

    /// Hardware model, if the catalog needs it and neither ledger, request nor MAC tell it
    #[arg(long, value_name = "MODEL", conflicts_with = "grant")]
    pub(super) model: Option<String>,

    /// The model in the ledger was wrong: use the one named now, or that of the request or MAC
    #[arg(long, conflicts_with = "grant")]
    pub(super) correct_model: bool,

    /// Allow more than was ordered, up to the overdraft of the order
    #[arg(long, conflicts_with = "grant")]
    pub(super) overdraft: bool,

    /// The installation moved to other hardware, and its old license is no longer used
    #[arg(long, conflicts_with = "grant")]
    pub(super) other_hardware: bool,

    /// The clock of the host is ahead: accept its request although it is dated in the future
    #[arg(long, conflicts_with = "grant")]
    pub(super) clock_ahead: bool,

    /// The host is a unit of its own, although its hardware is licensed already: charge it
    #[arg(long, conflicts_with = "grant")]
    pub(super) new_unit: bool,

    /// Sign the clock reset even for a host that has no license in this ledger
    #[arg(long)]
    pub(super) unknown_host: bool,

    /// End user, named on the license instead of the customer
    #[arg(long, value_name = "NAME", conflicts_with = "grant")]
    pub(super) end_user: Option<String>,

    /// Location of the unit
    #[arg(long, value_name = "TEXT", conflicts_with = "grant")]
    pub(super) location: Option<String>,

    /// Comment for the ledger
    #[arg(long, value_name = "TEXT", conflicts_with = "grant")]
    pub(super) comment: Option<String>,
}

impl Issue {
    /// The options --yes and --dry-run.
    pub(super) fn consent(&self) -> Consent {
        Consent { yes: self.yes, dry_run: self.dry_run }
    }

    /// Everything that is read: files, and what stands for them.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &Path> {
        let named = self.request.iter().chain(&self.receipt).chain(&self.grant);
        named.chain(&self.key).chain(&self.opening.passphrase_file).map(PathBuf::as_path)
    }

    /// The output: --out, else `default`.
    ///
    /// # Errors
    /// `same-file` if it is an input file or the key.
    pub(super) fn target(&self, default: PathBuf, key: &Path, session: &Session) -> Result<Target> {
        let path = self.out.clone().unwrap_or(default);
        Ok(Target::new(path, self.force, self.inputs().chain([key]), session)?)
    }

    /// The signing key and the output of a document.
    pub(super) fn signing<'a>(
        &'a self,
        key: &Path,
        desk: Option<&'a DeskHome>,
        target: &'a Target,
        session: &mut Session,
    ) -> Result<Signing<'a>> {
        let key = keys::load(session, key, &self.opening).map_err(|error| match desk {
            Some(desk) if self.key.is_none() => desk.key_error(error),
            _ => error,
        })?;
        Ok(Signing { key, opening: &self.opening, desk, target })
    }
}
