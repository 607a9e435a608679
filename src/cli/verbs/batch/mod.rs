//! `batch`: a license file for every device of a list; charged to codes, or from a grant.

mod charge;
mod code;
mod cost;
mod grant;
mod result;

use airlatch_desk::lists;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{ArgGroup, Args};

use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use crate::cli::{args::DeskArgs, args::KeyArgs};
use airlatch_core::format::limits;
use airlatch_core::model::{Reason, Trouble};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::desk::NameTemplate;
use airlatch_desk::lists::DeviceList;

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
    code: Vec<String>,

    /// What each device gets without any ledger
    #[arg(long, value_name = "FILE", requires = "key")]
    grant: Option<PathBuf>,

    #[command(flatten)]
    desk: DeskArgs,

    /// The private key that signs [default: the desk's]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    #[command(flatten)]
    opening: KeyArgs,

    /// The devices; `-` is stdin
    #[arg(value_name = "LIST")]
    list: PathBuf,

    /// The folder for the licenses; made if it is missing
    #[arg(long, value_name = "DIR")]
    out_dir: PathBuf,

    /// Name of each file, with {mac}, {MAC} and {number} filled in
    #[arg(long, value_name = "TEMPLATE", default_value = "{mac}-license.cfg")]
    name: String,

    /// The hardware model of all devices, where the catalog can't tell it by the MAC
    #[arg(long, value_name = "MODEL", conflicts_with = "grant")]
    model: Option<String>,

    /// Take more than was ordered, as far as the orders allow
    #[arg(long, conflicts_with = "grant")]
    overdraft: bool,

    /// Do not ask; a grant is never asked about
    #[arg(long, short)]
    yes: bool,

    /// Check everything and show what it would cost; sign and write nothing
    #[arg(long, short = 'n')]
    dry_run: bool,
}

pub(in crate::cli) fn run(args: &Batch, session: &mut Session) -> Result<Outcome> {
    let streams = std::iter::once(&args.list).chain(&args.grant).chain(&args.opening.passphrase_file);
    input::refuse_two_streams(streams.map(PathBuf::as_path))?;
    let names = NameTemplate::new(&args.name)?;
    let bytes = |session: &mut Session| input::read(session, &args.list, limits::LIST_FILE);
    match &args.grant {
        Some(grant) => grant::run(args, grant, &names, session),
        None => {
            let bytes = bytes(session)?;
            code::run(args, &bytes, &names, session)
        }
    }
}

/// A trouble with the list, by its name.
fn at_list(args: &Batch, trouble: Trouble) -> Trouble {
    trouble.at(input::name(&args.list))
}

/// The devices of the list, or every bad line; each number says how the MACs beside it are spelt.
fn list<'a>(
    args: &Batch,
    bytes: &[u8],
    rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
) -> Result<DeviceList, Vec<Trouble>> {
    lists::read_list_by(bytes, rule_of).map_err(|troubles| {
        if let Some(what) = crate::cli::grant::instead(bytes) {
            return vec![at_list(args, Trouble::new(Reason::BadList, format!("this is {what}, not a list")))];
        }
        troubles.into_iter().map(|trouble| at_list(args, trouble)).collect()
    })
}

/// A file stands where the license of a line belongs.
fn in_the_way(line: usize, target: &Path) -> Trouble {
    let what = "a file with other content stands where the license belongs";
    Trouble::new(Reason::Exists, what).at(target.display()).at(format!("line {line}"))
}
