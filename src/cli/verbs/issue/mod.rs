//! `issue`: what a file asks of the desk: a license, a clock reset, a receipt booked back; or a license for a typed id.

mod code;
mod grant;
mod offer;
pub(in crate::cli::verbs) mod receipt;
mod reset;
mod starter;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{ArgGroup, Args};
use serde_json::{Value, json};

use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use crate::cli::{args::DeskArgs, args::KeyArgs, args::feature};
use crate::view;
use airlatch_core::crypto::{PublicKey, Verified};
use airlatch_core::format;
use airlatch_core::model::{
    DocumentId, FeatureName, Features, Kind, License, Quantity, Reason, Request, SiteSerial, Trouble,
};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::charge::Ask;

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
    code: Vec<String>,

    /// The product's license for trying out, once for a unit, charged to nobody
    #[arg(long)]
    evaluation: bool,

    /// What may be issued without any ledger: a small TOML file, see below
    #[arg(long, value_name = "FILE", requires = "key")]
    grant: Option<PathBuf>,

    #[command(flatten)]
    desk: DeskArgs,

    /// The private key that signs [default: the desk's]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    #[command(flatten)]
    opening: KeyArgs,

    /// What the host sent: a request, or a receipt; `-` is stdin
    #[arg(value_name = "REQUEST")]
    request: Option<PathBuf>,

    /// Book back the license that a host gave back by this receipt; `-` is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "source")]
    receipt: Option<PathBuf>,

    /// The license for the first days of this product, on any host, by the catalog's `activation-days`
    #[arg(long, value_name = "PRODUCT", conflicts_with_all = ["source", "number", "wanted", "all"])]
    starter: Option<String>,

    /// For the installation with this System ID
    #[arg(long, value_name = "ID")]
    system_id: Option<String>,

    /// For the hardware with this Locking ID
    #[arg(long, value_name = "ID")]
    locking_id: Option<String>,

    /// For the device with this MAC, with or without its check digits in brackets
    #[arg(long, value_name = "MAC")]
    mac: Option<String>,

    /// For all devices of the site with this serial; `new` makes a serial
    #[arg(long, value_name = "SERIAL")]
    site: Option<String>,

    /// How much of what, as in sessions=100, in all from the codes named: overrides what the request wants
    #[arg(long = "quantity", visible_alias = "feature", value_name = "NAME[=N]", value_parser = feature)]
    wanted: Vec<(FeatureName, Quantity)>,

    /// All that the codes offer this unit
    #[arg(long, conflicts_with_all = ["wanted", "grant", "evaluation"])]
    all: bool,

    #[command(flatten)]
    booking: Booking,

    /// The vendor's license number
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,

    /// Where to write; `-` is stdout [default: named for the request or unit, ending in .license]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Replace the output if it is there
    #[arg(long)]
    force: bool,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Show what would be issued and charged; sign and write nothing
    #[arg(long, short = 'n')]
    dry_run: bool,
}

/// What only a desk with a ledger asks or writes down.
#[derive(Args)]
struct Booking {
    /// The product, for an evaluation of a unit that was typed
    #[arg(long, value_name = "PRODUCT", conflicts_with_all = ["grant", "code"])]
    product: Option<String>,

    /// The hardware model, where the catalog asks for it
    #[arg(long, value_name = "MODEL", conflicts_with = "grant")]
    model: Option<String>,

    /// Take more than was ordered, as far as the order allows
    #[arg(long, conflicts_with = "grant")]
    overdraft: bool,

    /// The installation was moved to other hardware, and its license before is out of use
    #[arg(long, conflicts_with = "grant")]
    other_hardware: bool,

    /// Reset the clock of a host that this ledger never licensed
    #[arg(long)]
    unknown_host: bool,

    /// The end user, named on the license in place of the customer
    #[arg(long, value_name = "NAME", conflicts_with = "grant")]
    end_user: Option<String>,

    /// Where the unit stands
    #[arg(long, value_name = "TEXT", conflicts_with = "grant")]
    location: Option<String>,

    /// A comment for the ledger
    #[arg(long, value_name = "TEXT", conflicts_with = "grant")]
    comment: Option<String>,
}

/// Whom the license is for, as it was named.
enum Named {
    Request(Box<Verified<Request>>),
    Typed(Ask<'static>),
}

impl Named {
    fn ask(&self) -> Ask<'_> {
        match self {
            Self::Request(request) => Ask::Request(request),
            Self::Typed(ask) => *ask,
        }
    }
}

pub(in crate::cli) fn run(args: &Issue, session: &mut Session) -> Result<Outcome> {
    input::refuse_two_streams(inputs(args))?;
    format::check_text("--number", args.number.as_deref(), format::limits::TEXT_FIELD)?;
    format::check_text("--comment", args.booking.comment.as_deref(), format::limits::TEXT_FIELD)?;
    if let Some(product) = &args.starter {
        return starter::run(args, product, session);
    }
    if let Some(path) = &args.receipt {
        let (sealed, _) = input::open(session, path)?;
        return receipt::run(args, path, &sealed, session);
    }
    let request = match &args.request {
        None => None,
        Some(path) => {
            let (sealed, _) = input::open(session, path)?;
            if sealed.kind() == Kind::ReleaseReceipt {
                return receipt::run(args, path, &sealed, session);
            }
            Some(format::read_request(&sealed).map_err(|trouble| trouble.at(input::name(path)))?)
        }
    };
    let moves = request.as_ref().is_some_and(|request| request.get().replaces.is_some());
    match (request, &args.grant) {
        (Some(request), _) if request.get().clock.is_some() => reset::run(args, &request, session),
        (request, Some(grant)) => grant::run(args, grant, request, session),
        (_, None) if args.code.is_empty() && !args.evaluation => {
            let what =
                "what the license is charged to is not said: --code CODE, --evaluation, or --grant FILE";
            let trouble = Trouble::new(Reason::Usage, what);
            Err(if moves { trouble.detail(MOVES) } else { trouble }.into())
        }
        (request, None) => code::run(args, request, session),
    }
}

/// What a clerk types to answer a request that moves a license.
const MOVES: &str = "it moves a license to changed hardware, at no charge: --code CODE --other-hardware, with the code it was charged to";

/// Every file that is read.
fn inputs(args: &Issue) -> impl Iterator<Item = &Path> {
    let files =
        args.request.iter().chain(&args.receipt).chain(&args.grant).chain(&args.opening.passphrase_file);
    files.map(PathBuf::as_path)
}

fn named(
    args: &Issue,
    request: Option<Verified<Request>>,
    rule: &MacRule,
    session: &mut Session,
) -> Result<Named> {
    if let Some(request) = request {
        return Ok(Named::Request(Box::new(request)));
    }
    if let Some(id) = &args.system_id {
        return Ok(Named::Typed(Ask::SystemId(id.parse()?)));
    }
    if let Some(id) = &args.locking_id {
        return Ok(Named::Typed(Ask::LockingId(id.parse()?)));
    }
    if let Some(mac) = &args.mac {
        return Ok(Named::Typed(Ask::Mac(rule.read(mac)?)));
    }
    match args.site.as_deref() {
        Some("new") => Ok(Named::Typed(Ask::Site(SiteSerial::from_digest(&session.random()?)))),
        Some(serial) => Ok(Named::Typed(Ask::Site(serial.parse()?))),
        None => Err(Trouble::new(Reason::Usage, "a request or an id says whom the license is for").into()),
    }
}

fn wanted(args: &Issue) -> Result<Features> {
    let mut wanted = Features::default();
    for (name, quantity) in &args.wanted {
        wanted.add(name.clone(), *quantity)?;
    }
    Ok(wanted)
}

/// Beside the request, or in this folder and named for the unit.
fn output_path(args: &Issue, named: &Named) -> PathBuf {
    if let Some(out) = &args.out {
        return out.clone();
    }
    let name = match (named.ask(), &args.request) {
        (_, Some(path)) if !input::is_stream(path) => return path.with_extension("license"),
        (Ask::Request(request), _) => request.get().system_id.to_string(),
        (Ask::SystemId(id), _) => id.to_string(),
        (Ask::LockingId(id), _) => id.to_string(),
        (Ask::Mac(mac), _) => mac.bare(),
        (Ask::Site(site), _) => site.to_string(),
    };
    PathBuf::from(format!("{name}.license"))
}

fn refuse_same_file(args: &Issue, key: &Path, out: &Path, session: &Session) -> Result<()> {
    for path in inputs(args).chain([key]) {
        if !input::is_stream(path) && !input::is_stream(out) && session.files.same_file(path, out) {
            let trouble = Trouble::new(Reason::SameFile, "the output would be written over an input");
            return Err(trouble.at(out.display()).into());
        }
    }
    Ok(())
}

/// What the host said besides: a word to the desk, and the codes it was given.
fn say_wish(named: &Named, session: &mut Session) {
    if let Named::Request(request) = named {
        say_wish_of(request.get(), session);
    }
}

fn say_wish_of(request: &Request, session: &mut Session) {
    let codes = request.codes.iter().map(|code| format!("note: the request names the code {code}"));
    let note = request.note.iter().map(|note| format!("note: the request says: {note}"));
    let lines: Vec<String> = note.chain(codes).collect();
    lines.iter().for_each(|line| session.screen.talk(line));
}

/// Shows what is going to be issued, beside the result where the result is a document or an object.
fn preview(args: &Issue, out: &Path, lines: &[String], session: &mut Session) {
    if session.screen.is_json() {
        return;
    }
    if !input::is_stream(out) {
        lines.iter().for_each(|line| session.screen.line(line));
    } else if !args.yes && !args.dry_run {
        lines.iter().for_each(|line| session.screen.talk(line));
    }
}

/// Nothing is charged or signed while something else stands where it belongs.
fn refuse_standing(args: &Issue, stands: bool, out: &Path) -> Result<()> {
    if stands && !args.force {
        let trouble = Trouble::new(Reason::Exists, "a file with other content is there already");
        return Err(trouble.at(out.display()).into());
    }
    Ok(())
}

fn confirm(args: &Issue, session: &mut Session) -> Result<()> {
    session.confirm("Issue this license?", args.yes, "nothing was issued")
}

fn result(id: DocumentId, license: &License, signer: PublicKey) -> Value {
    json!({
        "id": id.to_string(),
        "key_id": signer.key_id().to_string(),
        "license": view::License::of(license),
    })
}
