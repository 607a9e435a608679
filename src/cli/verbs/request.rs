//! `request`: a host's signed ask for a license, as a file to carry out.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::clock_reset;
use crate::cli::args::{RootArgs, feature};
use crate::cli::session::Session;
use crate::cli::{Outcome, describe, host_home, input, output};
use crate::crypto;
use crate::format;
use crate::host::{self, Wish};
use crate::model::{FeatureName, Features, HostFacts, Kind, OrderCode, Quantity, Request as Document};

/// Make a request for a license, to be carried to the desk
///
/// The request names this host by its ids and by salted hashes of its components, and is signed with the host's own key.
/// It goes out as a file, by copy and paste (`--out -`), whatever reaches the desk.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch request --product call-services --out stick/host.request
  airlatch request --product call-services --feature sessions=100 --out -
  airlatch request --product call-services --explain     say what would leave the site; write nothing")]
pub(in crate::cli) struct Request {
    /// The product to be licensed
    #[arg(long, value_name = "PRODUCT", default_value = "", hide_default_value = true)]
    #[arg(required_unless_present = "clock_reset")]
    product: String,

    /// Ask for a reset of what this host remembers of the time, and for no license [product: of a license that is installed]
    #[arg(long, conflicts_with_all = ["product_version", "model", "feature", "code", "explain", "root"])]
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

    #[command(flatten)]
    root: RootArgs,
}

pub(in crate::cli) fn run(args: &Request, session: &mut Session) -> Result<Outcome> {
    if args.clock_reset {
        let (product, out) = (&args.product, args.out.as_deref());
        return clock_reset::run(product, args.note.as_deref(), out, args.force, session);
    }
    let wish = wish(args)?;
    let home = host_home::of(session)?;
    let root = session.facts_root(args.root.root.as_deref())?;
    let key = host_home::key(session, &home)?;
    let facts = home.facts(&root)?;
    let mut wish = wish;
    wish.codes.extend(home.settings()?.codes);
    wish.codes.sort();
    wish.codes.dedup();
    let request = host::draft(wish, &facts, session.random()?, session.now)?;
    if args.explain {
        return Ok(explain(&request, &facts, session));
    }
    let sealed = crypto::seal(Kind::Request, &format::write_request(&request)?, &key);
    let text = format::armor(Kind::Request, sealed.bytes(), &format::summary_of_request(&request));
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.request", request.product)));
    warn(&facts, session);
    if input::is_stream(&out) {
        let value = result(&request, &sealed.document_id().to_string());
        output::document(session, "request", &text, value)?;
        return Ok(Outcome::Done);
    }
    output::file(session, &out, &text, args.force)?;
    say(&request, &sealed.document_id().to_string(), &out, session);
    Ok(Outcome::Done)
}

fn wish(args: &Request) -> Result<Wish> {
    let mut wanted = Features::default();
    for (name, quantity) in &args.feature {
        wanted.add(name.clone(), *quantity)?;
    }
    let codes = args.code.iter().map(|code| code.parse()).collect::<Result<Vec<OrderCode>, _>>()?;
    format::check_text("--product-version", args.product_version.as_deref(), format::limits::TEXT_FIELD)?;
    format::check_text("--model", args.model.as_deref(), format::limits::TEXT_FIELD)?;
    format::check_text("--note", args.note.as_deref(), format::limits::NOTE_FIELD)?;
    Ok(Wish {
        product: args.product.clone(),
        version: args.product_version.clone(),
        model: args.model.clone(),
        codes,
        wanted,
        note: args.note.clone(),
        replaces: None,
        clock: None,
    })
}

fn explain(request: &Document, facts: &HostFacts, session: &mut Session) -> Outcome {
    host::explain(request, facts).iter().for_each(|line| session.screen.line(line));
    session.screen.json("request-explained", describe::request_json(request));
    Outcome::Done
}

/// A host that can hardly be told from others should know before somebody drives home.
fn warn(facts: &HostFacts, session: &mut Session) {
    let present = facts.components.kinds().count();
    if present < 2 {
        session.screen.talk(&format!(
            "note: this host shows {present} of 5 components (see airlatch id): the lock will be weak, or the desk refuses"
        ));
    }
}

fn say(request: &Document, id: &str, out: &Path, session: &mut Session) {
    session.screen.line(&format!("request {id}"));
    describe::request(request).iter().for_each(|line| session.screen.line(line));
    session.screen.line(&format!("written to {}; carry it to the desk", out.display()));
    let mut value = result(request, id);
    value["file"] = json!(input::name(out));
    session.screen.json("request", value);
}

fn result(request: &Document, id: &str) -> Value {
    let mut value = describe::request_json(request);
    value["id"] = json!(id);
    value
}
