//! `doctor`: examines this host and files, and prints findings and next steps in order.

mod args;
mod bundle;
mod file;
mod findings;
mod names;
mod next_step;
mod other_file;
mod repair;

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, input, trust};
use crate::view::{self, Step};
use airlatch_machine::here::{
    doctor::ExamContext, doctor::Examination, doctor::Finding, doctor::State, doctor::examine,
};
use airlatch_machine::platform::Homes;

pub(in crate::cli) use args::Doctor;
use findings::all_findings;

pub(in crate::cli) fn run(args: &Doctor, session: &mut Session) -> Result<Outcome> {
    input::refuse_two_streams(args.files.iter().map(PathBuf::as_path))?;
    if let Some(out) = &args.repair {
        return repair::run(&args.files, out, args.force, session);
    }
    let host = examine_host(&args.trust, session)?;
    let mut files = Vec::new();
    for path in &args.files {
        files.push((input::name(path), file::examine_file(path, &host, session)));
    }
    if let Some(out) = &args.bundle {
        return bundle::run(args, out, &host, &files, session);
    }
    let findings = all_findings(&host, &files);
    session.screen.each(&view::Finding::all(&findings), session.now);
    let steps = next_step::steps(&findings, &session.known);
    Step::lines(&steps).iter().for_each(|line| session.screen.line(line));
    let outcome = outcome(&findings);
    let value = json!({
        "well": outcome == Outcome::Done,
        "files": files.iter().map(|(name, findings)| {
            json!({ "file": name, "checks": view::Finding::all(findings) })
        }).collect::<Vec<_>>(),
        "checks": view::Finding::all(&host.findings),
        "steps": steps,
    });
    session.screen.json("doctor", value);
    Ok(outcome)
}

/// Examines the host; anything broken is a finding, not an error.
///
/// # Errors
/// Those of reading the keys named with --trust, which are no part of the host.
fn examine_host(named: &[PathBuf], session: &mut Session) -> Result<Examination> {
    let named = trust::named(session, named)?;
    let homes = Homes::new(&session.env, session.home.as_deref(), None);
    let built_in = (!session.built_in.is_empty()).then(|| trust::built_in(session, &named));
    Ok(examine(&ExamContext {
        home: homes.host(),
        state: session.env.state.clone(),
        instance: session.env.instance.clone(),
        boot: (session.boot)(),
        files: &session.files,
        root: &session.root,
        now: session.now,
        named,
        built_in,
        machine: &(session.machine)(),
    }))
}

fn outcome(findings: &[Finding]) -> Outcome {
    if findings.iter().any(|finding| finding.unreadable) {
        Outcome::Unable
    } else if findings.iter().any(|finding| finding.state >= State::Look) {
        Outcome::No
    } else {
        Outcome::Done
    }
}
