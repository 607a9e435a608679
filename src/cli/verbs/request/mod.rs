//! `request`: a host's signed ask for a license, as a file to carry out.

mod clock_reset;
mod moving;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::session::Session;
use crate::cli::{Outcome, host_home, input, output, trust};
use crate::cli::{args::RootArgs, args::feature};
use crate::view;
use airlatch_core::crypto::{self, Sealed, Verified};
use airlatch_core::format;
use airlatch_core::host::{self, Wish};
use airlatch_core::model::{
    ComponentKind, FeatureName, Features, HostClass, HostFacts, Kind, OrderCode, Quantity, Reason,
    Request as Document, Salt, SystemId, Trouble,
};
use airlatch_machine::here::Home;

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
    product: Option<String>,

    /// Ask to put an installed license on this hardware, which has changed too much for it
    #[arg(long = "move", conflicts_with_all = ["product_version", "model", "feature", "code", "explain", "root", "trust"])]
    moved: bool,

    /// Ask for a reset of what this host remembers of the time, and for no license
    #[arg(long, conflicts_with_all = ["product_version", "model", "feature", "code", "explain", "root", "trust", "moved"])]
    clock_reset: bool,

    /// Its version
    #[arg(long, value_name = "VERSION")]
    product_version: Option<String>,

    /// The hardware model this host is, where the product has models
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,

    /// What is wanted, as in sessions=100, or voicemail for a switch; without any, the desk decides
    #[arg(long, value_name = "NAME[=N]", value_parser = feature)]
    feature: Vec<(FeatureName, Quantity)>,

    /// An authorization code to send along, beside those `airlatch id --code` remembered
    #[arg(long, value_name = "CODE")]
    code: Vec<String>,

    /// A word to the desk
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Where to write; `-` is stdout [default: PRODUCT.request]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Replace the output if it is there
    #[arg(long)]
    force: bool,

    /// Say in plain words what leaves the site, and write nothing
    #[arg(long, conflicts_with_all = ["out", "force"])]
    explain: bool,

    /// Salt the hashes for this vendor, by its public key, beside those trusted on this host
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    #[command(flatten)]
    root: RootArgs,
}

pub(in crate::cli) fn run(args: &Request, session: &mut Session) -> Result<Outcome> {
    format::check_text("--note", args.note.as_deref(), format::limits::NOTE_FIELD)?;
    match &args.product {
        _ if args.clock_reset => clock_reset::run(args, session),
        _ if args.moved => moving::run(args, session),
        Some(product) => license(product, args, session),
        None => Err(Trouble::new(Reason::Usage, "the product has to be named: --product").into()),
    }
}

/// A request for a license.
fn license(product: &str, args: &Request, session: &mut Session) -> Result<Outcome> {
    let mut wish = wish(product, args)?;
    let home = host_home::of(session)?;
    let root = session.facts_root(args.root.root.as_deref())?;
    let key = host_home::key(session, &home)?;
    let facts = home.facts(&root)?;
    wish.codes.extend(home.settings()?.codes);
    wish.codes.sort();
    wish.codes.dedup();
    let salt = salt(product, args, &home, key.public().system_id(), session)?;
    let request = host::draft(wish, &facts, salt, session.now)?;
    if args.explain {
        return Ok(explain(&request, &facts, session));
    }
    let sealed = crypto::seal(Kind::Request, &format::write_request(&request)?, &key);
    warn(&facts, session);
    write(args, &format!("{}.request", request.product), &request, &sealed, session)
}

/// Writes a request where it was asked for, and says what it holds.
fn write(
    args: &Request,
    default: &str,
    request: &Document,
    sealed: &Sealed,
    session: &mut Session,
) -> Result<Outcome> {
    let text = format::armor(Kind::Request, sealed.bytes(), &format::summary_of_request(request));
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(default));
    let id = sealed.document_id().to_string();
    if input::is_stream(&out) {
        output::document(session, "request", &text, result(request, &id))?;
        return Ok(Outcome::Done);
    }
    output::file(session, &out, &text, args.force)?;
    say(request, &id, &out, session);
    Ok(Outcome::Done)
}

/// The salt for this vendor and product; an installed license that can't be believed plays no part.
fn salt(
    product: &str,
    args: &Request,
    home: &Home,
    system_id: SystemId,
    session: &mut Session,
) -> Result<Salt> {
    let trusted = trust::set(session, Some(home), &args.trust)?;
    let open = |bytes: Vec<u8>| {
        let (sealed, _) = format::open_one(&bytes)?;
        format::read_license(&sealed, &trusted)
    };
    let files = home.licenses()?.into_iter();
    let installed: Vec<_> = files.filter_map(|(_, bytes)| bytes.and_then(open).ok()).collect();
    let vendors = trusted.iter().map(|key| key.key_id());
    Ok(host::salt(product, system_id, vendors, installed.iter().map(Verified::get)))
}

fn wish(product: &str, args: &Request) -> Result<Wish> {
    let mut wanted = Features::default();
    for (name, quantity) in &args.feature {
        wanted.add(name.clone(), *quantity)?;
    }
    let codes = args.code.iter().map(|code| code.parse()).collect::<Result<Vec<OrderCode>, _>>()?;
    format::check_text("--product-version", args.product_version.as_deref(), format::limits::TEXT_FIELD)?;
    format::check_text("--model", args.model.as_deref(), format::limits::TEXT_FIELD)?;
    Ok(Wish {
        product: product.to_owned(),
        version: args.product_version.clone(),
        model: args.model.clone(),
        codes,
        wanted,
        note: args.note.clone(),
        ..Wish::default()
    })
}

fn explain(request: &Document, facts: &HostFacts, session: &mut Session) -> Outcome {
    host::explain(request, facts).iter().for_each(|line| session.screen.line(line));
    session.screen.json("request-explained", view::Request::of(request));
    Outcome::Done
}

/// A host that can hardly be told from others should know before somebody drives home.
fn warn(facts: &HostFacts, session: &mut Session) {
    let present = facts.components.kinds().count();
    let is_container = matches!(facts.class, HostClass::Container(_));
    if is_container && facts.components.get(ComponentKind::Instance).is_empty() {
        session.screen.talk(
            "note: this container has no instance id (see airlatch id): it is bound by its System ID alone, or the desk refuses",
        );
    } else if present < 2 {
        session.screen.talk(&format!(
            "note: this host shows {present} of 5 components (see airlatch id): the lock will be weak, or the desk refuses"
        ));
    }
}

fn say(request: &Document, id: &str, out: &Path, session: &mut Session) {
    session.screen.line(&format!("request {id}"));
    session.screen.each([&view::Request::of(request)], session.now);
    session.screen.line(&format!("written to {}; carry it to the desk", out.display()));
    let mut value = result(request, id);
    value["file"] = json!(input::name(out));
    session.screen.json("request", value);
}

fn result(request: &Document, id: &str) -> Value {
    let mut value = json!(view::Request::of(request));
    value["id"] = json!(id);
    value
}
