//! `install`: stores a license that is valid on this host in its home, and applies a clock reset.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::fleet::Fleet;
use crate::cli::session::Session;
use crate::cli::{Outcome, beside, checked_file, host_home, host_log, input, trust};
use crate::view::{self, when};
use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::format::{self, Repair};
use airlatch_core::model::{Cause, Error, Kind, Verdict};
use airlatch_core::rules::{self, Question};
use airlatch_machine::here::{Home, ThisHost};

/// Install a license or a clock reset, from a file or pasted on stdin
///
/// Refuses a license that is not valid on this host, or that an installed later license supersedes. A license that begins in the
/// future is installed with a note. A clock reset works once. --trust also stores the vendor's key, so that later commands
/// need no --trust.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch install stick/host.license --trust keys/acme.pub
  airlatch install -   paste the license, then Ctrl-D")]
pub(in crate::cli) struct Install {
    /// License, clock reset, or fleet file (only the licenses of this host are taken); `-` is stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Vendor's public key, trusted on this host from now on
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
}

pub(in crate::cli) fn run(args: &Install, session: &mut Session) -> Result<Outcome> {
    let home = host_home::locate(session)?;
    let named = trust::named(session, &args.trust)?;
    let trusted = trust::with(session, Some(&home), &named)?;
    let fleet = Fleet::open(session, &args.file);
    let bytes = match &fleet {
        None => read(args, &home, &trusted, session)?,
        Some(_) => Vec::new(),
    };
    if trusted.is_empty() && fleet.is_some() {
        return Err(trust::no_trusted_key().into());
    }
    home.refuse_lost_key()?;
    let mut host = ThisHost::read(&home, &session.root)?;
    let run = InstallRun {
        name: input::name(&args.file),
        path: &args.file,
        host: &host,
        home: &home,
        named,
        trusted,
    };
    let value = match fleet {
        None => match reset_repairs(&bytes) {
            Some(repairs) => {
                input::say_repairs(session, &args.file, &repairs);
                apply_reset(&run, &bytes, session)
            }
            None => install_license(&run, &bytes, session),
        },
        Some(fleet) => {
            fleet.install(&host.facts, session, |bytes, session| install_license(&run, bytes, session))
        }
    };
    if let Err(error) = &value {
        note_not_kept(&run, session);
        host_log::not_installed(&home, session.now, &run.name, error);
        let is_moved = |error: &Error| error.cause() == Some(Cause::OtherHardware);
        if error.downcast_ref().is_some_and(is_moved) && !bytes.is_empty() {
            let InstallRun { trusted, .. } = run;
            let files = vec![(args.file.clone(), Ok(bytes))];
            let question = Question::now(session.now);
            let checked = host.check(files, &trusted, &question, &mut *session.entropy);
            checked_file::say_move_request(&host, &checked, session);
        }
    }
    session.screen.json("install", value?);
    Ok(Outcome::Done)
}

/// Reads the file; if it is not there, the error names the licenses that are.
fn read(args: &Install, home: &Home, trusted: &TrustedSet, session: &mut Session) -> Result<Vec<u8>> {
    let error = match input::document(session, &args.file) {
        Ok(bytes) => return Ok(bytes),
        Err(error) => error,
    };
    let host = ThisHost::read(home, &session.root)?;
    Err(beside::name_fitting(error, &args.file, &host, trusted, session).into())
}

/// The values of one run.
struct InstallRun<'a> {
    name: String,
    path: &'a Path,
    host: &'a ThisHost,
    home: &'a Home,
    named: Vec<PublicKey>,
    trusted: TrustedSet,
}

/// Installs one license, and returns its JSON.
fn install_license(run: &InstallRun<'_>, bytes: &[u8], session: &mut Session) -> Result<Value> {
    let considered = run.host.judge_candidate(bytes, &run.trusted, session.now);
    let considered = considered.map_err(|error| {
        beside::name_fitting(error, run.path, run.host, &run.trusted, session).at(&run.name)
    })?;
    let judged = &considered.judged;
    input::say_repairs(session, run.path, &judged.repairs);
    let license = judged.license.get();
    let trusted = trust_named(run, session)?;
    let (path, notes) = run.host.install(&considered, session.now, &mut *session.entropy)?;
    match &judged.judgement.verdict {
        Verdict::Valid => {}
        Verdict::Grace(error) | Verdict::Advisory(error) => {
            checked_file::warn(&error.clone().at(&run.name), session)
        }
        Verdict::Refused(_) => {
            session
                .screen
                .talk(&format!("note: this license begins {}", when::since(license.term.from, session.now)));
        }
    }
    for id in &considered.replaced {
        session.screen.talk(&format!("note: it supersedes license {id}"));
    }
    notes.iter().for_each(|note| checked_file::warn(note, session));
    if considered.was_lost && !considered.is_lost {
        session.screen.talk("note: this host's clock mark was lost; it starts again with this license");
    }
    let id = judged.license.document_id();
    host_log::installed(run.home, session.now, id, license);
    session.screen.line(&format!("installed license {id}"));
    let shown = view::License::of(license);
    session.screen.each([&shown], session.now);
    Ok(json!({
        "id": id.to_string(),
        "file": input::name(&path),
        "trusted": trusted,
        "license": shown,
        "repairs": view::Repair::all(&judged.repairs),
    }))
}

/// Stores the named keys, and says which of them are new; returns those.
fn trust_named(run: &InstallRun<'_>, session: &mut Session) -> Result<Vec<String>> {
    let mut new = Vec::new();
    for key in &run.named {
        if run.home.add_trusted(*key)? {
            let id = key.key_id().to_string();
            session.screen.line(&format!("trusts the vendor key {id} from now on"));
            new.push(id);
        }
    }
    Ok(new)
}

/// Notes after a failure that a named key was not kept, unless this host trusts it already.
fn note_not_kept(run: &InstallRun<'_>, session: &mut Session) {
    let kept = run.home.trusted().map(|(keys, _)| keys).unwrap_or_default();
    for key in run.named.iter().filter(|key| !kept.contains(key)) {
        let id = key.key_id();
        session.screen.talk(&format!("note: the vendor key {id} is not kept, since nothing was installed"));
    }
}

/// The repairs that a clock reset needed; `None` for any other file.
fn reset_repairs(bytes: &[u8]) -> Option<Vec<Repair>> {
    let (sealed, repairs) = format::open_one(bytes).ok()?;
    (sealed.kind() == Kind::ClockReset).then_some(repairs)
}

/// Applies a clock reset, and returns its JSON.
fn apply_reset(run: &InstallRun<'_>, bytes: &[u8], session: &mut Session) -> Result<Value> {
    let (reset, memory) = run
        .host
        .reset(bytes, &run.trusted, session.now, &mut *session.entropy)
        .map_err(|error| error.at(&run.name))?;
    let trusted = trust_named(run, session)?;
    let (id, issued, now) = (reset.document_id(), reset.get().issued, session.now);
    host_log::reset(run.home, now, id, issued);
    session.screen.line(&format!("installed clock reset {id}"));
    session.screen.line(&format!("  known      {}: the clock mark now starts here", when::at(issued, now)));
    session.screen.line(&format!("  clock      {}", when::at(now, now)));
    if rules::is_behind(now, issued) {
        session
            .screen
            .talk("note: this host's clock is still behind; set it, or licenses with an end stay refused");
    }
    Ok(json!({
        "id": id.to_string(),
        "trusted": trusted,
        "reset": { "issued": issued.to_string(), "latest": memory.latest_time.map(|latest| latest.to_string()) },
        "clock": now.to_string(),
    }))
}
