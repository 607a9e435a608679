//! `what-if`: predicts whether the licenses of this host survive a hardware change.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::args::RootArgs;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, checked_file, fleet, host_home, input, trust};
use crate::view;
use airlatch_core::host::{self, JudgedLicense, Replacement};
use airlatch_core::model::{ComponentKind, Error, HostFacts};
use airlatch_core::rules::{self, Question};
use airlatch_machine::here::{self, Bytes, Home, ThisHost};

/// Predict whether this host's licenses survive a hardware change
///
/// Verifies each license for the host as it is, and for the host with these parts replaced by unknown ones. Nothing is
/// changed or recorded. Name all parts you want to replace: a license that survives each change may not survive both.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch what-if --replace nic
  airlatch what-if --replace nic --replace disk
  airlatch what-if --replace nic=00:04:f1:14:4b:d4    one of several cards

Exit codes: 0 every license that is valid now stays valid, 1 one does not, 2 could not tell.")]
pub(in crate::cli) struct WhatIf {
    /// License files [default: all installed licenses]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Part to replace: os, system, board, nic, disk, name, net or instance; =VALUE names one of several
    #[arg(long, value_name = "PART[=VALUE]", required = true, value_parser = part)]
    replace: Vec<Replacement>,

    /// Trust this vendor's public key too, for this run
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    #[command(flatten)]
    root: RootArgs,
}

fn part(text: &str) -> Result<Replacement, String> {
    let (kind, value) = match text.split_once('=') {
        Some((_, "")) => {
            return Err("expected the value of the part after `=`, as in nic=00:04:f1:14:4b:d4".into());
        }
        Some((kind, value)) => (kind, Some(value.to_owned())),
        None => (text, None),
    };
    let kind: ComponentKind = kind.parse().map_err(|error: Error| error.message().to_owned())?;
    Ok(Replacement { kind, value })
}

pub(in crate::cli) fn run(args: &WhatIf, session: &mut Session) -> Result<Outcome> {
    let home = host_home::locate(session)?;
    let trusted = trust::set(session, Some(&home), &args.trust)?;
    let root = session.facts_root(args.root.root.as_deref())?;
    let mut host = ThisHost::read(&home, &root)?;
    let files = files(args, &home, &host.facts, session)?;
    if files.is_empty() {
        return Err(here::none_installed(&home, &root).into());
    }
    if trusted.is_empty() {
        return Err(trust::no_trusted_key().into());
    }
    // Verified at the latest time this host has recorded: a clock that is behind is not the question here.
    let seen = host.recall.memory(session.now).latest_time;
    let at = seen.map_or(session.now, |seen| seen.max(session.now));
    if rules::is_behind(session.now, at) {
        let (seen, clock) = (view::when::at(at, session.now), view::when::at(session.now, session.now));
        session.screen.talk(&format!(
            "note: verified at {seen}, the latest time recorded on this host: its clock says {clock}"
        ));
    }
    let question = Question { now: at, supposed: true, product: None, features: Vec::new() };
    let now = host.check(files.clone(), &trusted, &question, &mut *session.entropy);
    now.answers.iter().for_each(|answer| checked_file::say_repairs(answer, session));
    now.notes.iter().for_each(|note| checked_file::warn(note, session));
    host.facts = host::replace(&host.facts, &args.replace)?;
    let then = host.check(files, &trusted, &question, &mut *session.entropy);
    let (mut shown, mut outcome) = (Vec::new(), Outcome::Done);
    for (now, then) in now.answers.iter().zip(&then.answers) {
        match (&now.found, &then.found) {
            // A later license of the unit supersedes it.
            (Ok(judged), _) if host::is_superseded(judged) => {}
            (Ok(before), Ok(after)) => {
                let survival = show(&now.path, before, after, session);
                if survival.is_lost() {
                    outcome = Outcome::No;
                }
                shown.push(json!(survival));
            }
            (Err(error), _) | (_, Err(error)) => {
                let report = Report::new(error.clone(), "what-if", &session.known);
                if !session.screen.is_json() {
                    report.lines().iter().for_each(|line| session.screen.talk(line));
                }
                shown.push(json!({ "file": input::name(&now.path), "reasons": [report.reason()] }));
                if matches!(outcome, Outcome::Done) {
                    outcome = Outcome::Unable;
                }
            }
        }
    }
    let replaced: Vec<&str> = args.replace.iter().map(|part| part.kind.word()).collect();
    let value =
        json!({ "replaced": replaced, "survives": matches!(outcome, Outcome::Done), "licenses": shown });
    session.screen.json("what-if", value);
    Ok(outcome)
}

fn files(args: &WhatIf, home: &Home, facts: &HostFacts, session: &mut Session) -> Result<Vec<Bytes>> {
    if args.files.is_empty() {
        return Ok(home.licenses()?);
    }
    input::refuse_two_streams(args.files.iter().map(PathBuf::as_path))?;
    Ok(args.files.iter().flat_map(|path| fleet::documents(session, path, facts)).collect())
}

fn show<'a>(
    path: &Path,
    now: &'a JudgedLicense,
    then: &'a JudgedLicense,
    session: &mut Session,
) -> view::Survival<'a> {
    let shown = view::Survival::of((now, then), input::name(path));
    session.screen.each([&shown], session.now);
    if shown.is_lost() {
        session.screen.talk(
            "hint: after the change, ask to move the license: airlatch request --move --out host.request",
        );
    }
    shown
}
