//! `install`: a license that holds on this host is kept in its home.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::fleet::Fleet;
use crate::cli::session::Session;
use crate::cli::{Outcome, answer, describe, host_home, input, trust};
use crate::format;
use crate::here::Home;
use crate::host::{self, Judged};
use crate::model::{DocumentId, Reason, Verdict};
use crate::rules::Question;

/// Install a license on this host, from a file or as text pasted on stdin
///
/// A license that does not hold here is not installed, nor one in whose place a later one has been installed. One that
/// begins later is, and says so. With --trust the vendor's key is kept, so that `airlatch verify` needs no flag.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch install stick/host.license --trust keys/acme.pub
  airlatch install -                                       paste the license, then Ctrl-D")]
pub(in crate::cli) struct Install {
    /// The license, or a fleet file, of which this host takes its own; `-` is stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The vendor's public key, trusted on this host from now on
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
}

pub(in crate::cli) fn run(args: &Install, session: &mut Session) -> Result<Outcome> {
    let home = host_home::of(session)?;
    let value = match Fleet::open(session, &args.file) {
        None => {
            let bytes = input::document(session, &args.file)?;
            one(args, &home, &bytes, session)?
        }
        Some(fleet) => {
            let root = session.root.clone();
            let facts = home.facts(&root)?;
            fleet.install(&facts, session, |bytes, session| one(args, &home, bytes, session))?
        }
    };
    session.screen.json("install", value);
    Ok(Outcome::Done)
}

/// Installs one license that holds here, and gives what to tell programs.
fn one(args: &Install, home: &Home, bytes: &[u8], session: &mut Session) -> Result<Value> {
    let named = trust::named(session, &args.trust)?;
    let trusted = trust::with(session, Some(home), &named)?;
    if trusted.is_empty() {
        return Err(trust::nobody().into());
    }
    let root = session.root.clone();
    let facts = home.facts(&root)?;
    let question = Question { now: session.now, supposed: false, product: None, features: Vec::new() };
    let name = input::name(&args.file);
    let mut judged = host::verify(bytes, &trusted, &facts, &question).map_err(|trouble| trouble.at(&name))?;
    input::say_repairs(session, &args.file, &judged.repairs);
    let before = home.licenses()?.into_iter().filter_map(|(_, bytes)| bytes.ok());
    let before = before.filter_map(|bytes| host::verify(&bytes, &trusted, &facts, &question).ok());
    let replaced = beside(&mut judged, before.collect());
    let license = judged.license.get();
    if let Verdict::Refused(reasons) = &judged.judgement.verdict {
        let stops = reasons.iter().find(|trouble| trouble.reason() != Reason::NotYetValid);
        if let Some(trouble) = stops {
            return Err(trouble.clone().at(&name).into());
        }
        session.screen.talk(&format!("note: this license begins at {}", license.term.from));
    }
    if let Verdict::Grace(trouble) = &judged.judgement.verdict {
        answer::warn(trouble.clone().at(&name), session);
    }
    for id in replaced {
        session.screen.talk(&format!("note: it takes the place of license {id}"));
    }
    for key in named {
        home.keep_trusted(key)?;
    }
    let text = format::license_text(license, &judged.sealed);
    let id = judged.license.document_id();
    let path = home.keep_license(id, &text)?;
    session.screen.line(&format!("installed license {id}"));
    describe::license(license, session.now).iter().for_each(|line| session.screen.line(line));
    Ok(json!({
        "id": id.to_string(),
        "file": input::name(&path),
        "license": describe::license_json(license),
        "repairs": describe::repairs_json(&judged.repairs),
    }))
}

/// Judges the license beside those that are installed, and gives those whose place it takes.
fn beside(judged: &mut Judged, mut before: Vec<Judged>) -> Vec<DocumentId> {
    let was = |judged: &&mut Judged| !host::is_superseded(judged);
    let mut others: Vec<&mut Judged> = before.iter_mut().collect();
    host::supersede(&mut others);
    let mut others: Vec<&mut Judged> = before.iter_mut().filter(was).collect();
    others.push(judged);
    host::supersede(&mut others);
    others
        .iter()
        .filter(|judged| host::is_superseded(judged))
        .map(|judged| judged.license.document_id())
        .collect()
}
