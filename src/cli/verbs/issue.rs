//! `issue`: a license for a request, or for an id that somebody typed.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{ArgGroup, Args};
use serde_json::{Value, json};

use crate::cli::args::{KeyArgs, feature};
use crate::cli::prompt::{Ask as _, NoTerminal};
use crate::cli::session::Session;
use crate::cli::{Outcome, describe, earlier, grant, input, keys, output};
use crate::crypto::{PublicKey, Verified};
use crate::desk::{self, Issued};
use crate::format::{self, limits};
use crate::model::{
    DocumentId, FeatureName, Features, Grant, License, Quantity, Reason, Request, SiteSerial, Trouble,
};
use crate::rules::Ask;

/// Issue a license for a request file, or for a typed System ID, Locking ID, MAC or site serial
///
/// What is granted stands in the grant. The license is shown before it is signed, and asked for, unless --yes. Issuing
/// again for the same request and grant gives the same license.
#[derive(Args)]
#[command(group(ArgGroup::new("unit").required(true).args(["request", "system_id", "locking_id", "mac", "site"])))]
#[command(after_help = "Examples:
  airlatch issue --key keys/acme.key --grant grant.toml stick/host.request --out stick/host.license
  airlatch issue --key keys/acme.key --grant grant.toml --mac 00-90-33-01-02-03 --yes
  airlatch issue --key keys/acme.key --grant grant.toml --site new --dry-run

A grant, the least of it (all of it: airlatch man format):
  product = \"call-services\"
  term = \"1 year\"                # or until = 2027-12-31, or permanent = true
  [features]
  sessions = 100")]
pub(in crate::cli) struct Issue {
    #[command(flatten)]
    key: KeyArgs,

    /// What may be issued: a small TOML file, see below
    #[arg(long, value_name = "FILE")]
    grant: PathBuf,

    /// The host's request; `-` is stdin
    #[arg(value_name = "REQUEST")]
    request: Option<PathBuf>,

    /// For the installation with this System ID
    #[arg(long, value_name = "ID")]
    system_id: Option<String>,

    /// For the hardware with this Locking ID
    #[arg(long, value_name = "ID")]
    locking_id: Option<String>,

    /// For the device with this MAC
    #[arg(long, value_name = "MAC")]
    mac: Option<String>,

    /// For all devices of the site with this serial; `new` makes a serial
    #[arg(long, value_name = "SERIAL")]
    site: Option<String>,

    /// How much of what, as in sessions=100: overrides what the request wants
    #[arg(long = "quantity", visible_alias = "feature", value_name = "NAME[=N]", value_parser = feature)]
    wanted: Vec<(FeatureName, Quantity)>,

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

    /// Show what would be issued; sign and write nothing
    #[arg(long, short = 'n')]
    dry_run: bool,
}

/// Whom the license is for, as it was named.
enum Named {
    Request(Box<Verified<Request>>),
    Typed(Ask<'static>),
}

pub(in crate::cli) fn run(args: &Issue, session: &mut Session) -> Result<Outcome> {
    let streams = args.request.iter().chain([&args.grant]).chain(&args.key.passphrase_file);
    input::refuse_two_streams(streams.map(PathBuf::as_path))?;
    let grant = grant::read(session, &args.grant)?;
    format::check_text("--number", args.number.as_deref(), limits::TEXT_FIELD)?;
    let named = named(args, &grant, session)?;
    let ask = match &named {
        Named::Request(request) => Ask::Request(request),
        Named::Typed(ask) => *ask,
    };
    let out = output_path(args, &named)?;
    refuse_same_file(args, &out, session)?;
    let mut wanted = Features::default();
    for (name, quantity) in &args.wanted {
        wanted.add(name.clone(), *quantity)?;
    }
    let decide = crate::rules::decide(&grant, ask, &wanted, args.number.as_deref(), session.now);
    let of_grant = |trouble: Trouble| match trouble.reason() {
        Reason::BadTime => trouble.at(input::name(&args.grant)),
        _ => trouble,
    };
    let decision = decide.map_err(of_grant)?;
    let key = keys::load(session, &args.key)?;
    if !input::is_stream(&out) {
        output::refuse_missing_folder(session, &out)?;
    }
    if !args.force && !input::is_stream(&out) {
        earlier::refuse_other(&decision.license, &grant, &out, session)?;
    }
    preview(args, &out, &decision.license, session);
    if let Named::Request(request) = &named {
        say_wish(request.get(), session);
    }
    decision.notes.iter().for_each(|note| session.screen.talk(&format!("note: {note}")));
    if args.dry_run {
        return Ok(dry_run(args, &decision.license, session));
    }
    session.screen.finish()?;
    if session.screen.is_json() && !args.yes {
        // Nothing is shown before the one object, so there is nothing to say yes to.
        NoTerminal.confirm("Issue this license?", "--yes")?;
    }
    if !args.yes && !session.ask.confirm("Issue this license?", "--yes")? {
        return Err(Trouble::new(Reason::Declined, "nothing was issued").into());
    }
    let key = key.open(session)?;
    let issued = desk::seal(decision, &key)?;
    write(args, &issued, &grant, key.public(), &out, session)
}

fn dry_run(args: &Issue, license: &License, session: &mut Session) -> Outcome {
    if args.site.as_deref() == Some("new") {
        session.screen.talk("note: the site serial shown is an example; a new one is made when it is issued");
    }
    session.screen.line("nothing was signed or written");
    session.screen.json("issue-dry-run", json!({ "license": describe::license_json(license) }));
    Outcome::Done
}

/// What the host said besides: a word to the desk, and the codes it was given.
fn say_wish(request: &Request, session: &mut Session) {
    let codes = request.codes.iter().map(|code| format!("note: the request names the code {code}"));
    let note = request.note.iter().map(|note| format!("note: the request says: {note}"));
    let lines: Vec<String> = note.chain(codes).collect();
    lines.iter().for_each(|line| session.screen.talk(line));
}

/// Shows what is going to be issued, beside the result where the result is a document or an object.
fn preview(args: &Issue, out: &Path, license: &License, session: &mut Session) {
    let mut lines = vec!["license to issue".to_owned()];
    lines.extend(describe::license(license, session.now));
    if session.screen.is_json() {
        return;
    }
    if !input::is_stream(out) {
        lines.iter().for_each(|line| session.screen.line(line));
    } else if !args.yes && !args.dry_run {
        lines.iter().for_each(|line| session.screen.talk(line));
    }
}

fn named(args: &Issue, grant: &Grant, session: &mut Session) -> Result<Named> {
    if let Some(path) = &args.request {
        let (sealed, _) = input::open(session, path)?;
        let request = format::read_request(&sealed).map_err(|trouble| trouble.at(input::name(path)))?;
        return Ok(Named::Request(Box::new(request)));
    }
    if let Some(id) = &args.system_id {
        return Ok(Named::Typed(Ask::SystemId(id.parse()?)));
    }
    if let Some(id) = &args.locking_id {
        return Ok(Named::Typed(Ask::LockingId(id.parse()?)));
    }
    if let Some(mac) = &args.mac {
        return Ok(Named::Typed(Ask::Mac(grant.mac.read(mac)?)));
    }
    match args.site.as_deref() {
        Some("new") => Ok(Named::Typed(Ask::Site(SiteSerial::from_digest(&session.random()?)))),
        Some(serial) => Ok(Named::Typed(Ask::Site(serial.parse()?))),
        None => Err(Trouble::new(Reason::Usage, "a request or an id says whom the license is for").into()),
    }
}

/// Beside the request, or in this folder and named for the unit.
fn output_path(args: &Issue, named: &Named) -> Result<PathBuf> {
    if let Some(out) = &args.out {
        return Ok(out.clone());
    }
    let name = match (named, &args.request) {
        (_, Some(path)) if !input::is_stream(path) => return Ok(path.with_extension("license")),
        (Named::Request(request), _) => request.get().system_id.to_string(),
        (Named::Typed(Ask::SystemId(id)), _) => id.to_string(),
        (Named::Typed(Ask::LockingId(id)), _) => id.to_string(),
        (Named::Typed(Ask::Mac(mac)), _) => mac.bare(),
        (Named::Typed(Ask::Site(site)), _) => site.to_string(),
        (Named::Typed(Ask::Request(_)), _) => "host".into(),
    };
    Ok(PathBuf::from(format!("{name}.license")))
}

fn refuse_same_file(args: &Issue, out: &Path, session: &Session) -> Result<()> {
    let inputs = args.request.iter().chain([&args.grant, &args.key.key]).chain(&args.key.passphrase_file);
    for path in inputs.filter(|path| !input::is_stream(path) && !input::is_stream(out)) {
        if session.files.same_file(path, out) {
            let trouble = Trouble::new(Reason::SameFile, "the license would be written over an input");
            return Err(trouble.at(out.display()).into());
        }
    }
    Ok(())
}

fn write(
    args: &Issue,
    issued: &Issued,
    grant: &Grant,
    signer: PublicKey,
    out: &Path,
    session: &mut Session,
) -> Result<Outcome> {
    let text = issued.text();
    if input::is_stream(out) {
        let value = result(issued.sealed.document_id(), &issued.license, signer);
        output::document(session, "issue", &text, value)?;
        return Ok(Outcome::Done);
    }
    let earlier = if args.force { None } else { earlier::staying(issued, grant, signer, out, session) };
    let (id, license) = match &earlier {
        Some(earlier) => (earlier.document_id(), earlier.get()),
        None => {
            output::file(session, out, &text, args.force)?;
            (issued.sealed.document_id(), &issued.license)
        }
    };
    let out_name = out.display();
    session.screen.line(&match &earlier {
        Some(_) => format!("license {id}, issued {}, is in {out_name} already and stays", license.issued),
        None => format!("license {id} written to {out_name}; carry it to where it is used"),
    });
    let mut value = result(id, license, signer);
    value["file"] = json!(input::name(out));
    value["unchanged"] = json!(earlier.is_some());
    session.screen.json("issue", value);
    Ok(Outcome::Done)
}

fn result(id: DocumentId, license: &License, signer: PublicKey) -> Value {
    json!({
        "id": id.to_string(),
        "key_id": signer.key_id().to_string(),
        "license": describe::license_json(license),
    })
}
