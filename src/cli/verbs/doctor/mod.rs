//! `doctor`: looks at this host and at given files, and says what to check and do, in order.

mod bundle;
mod file;
mod names;
mod other;
mod repair;
mod step;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, input, trust};
use crate::view::{self, Step};
use airlatch_machine::here::{
    doctor::Examined, doctor::Finding, doctor::Patient, doctor::State, doctor::examine,
};
use airlatch_machine::platform::Homes;

/// Look at this host and at files: what is wrong, and what to do first
///
/// One line a check, with `ok`, `note`, `look` or `bad` in front, in the order worth checking; then what to do, the likeliest
/// first. Nothing is changed, not even what the host remembers of the time. Exit 0 when all is well, 1 when something was
/// found, 2 when something could not be looked at; with --repair and --bundle, 0 when the file was written.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch doctor                                          this host
  airlatch doctor stick/host.license                       and a file that makes trouble
  airlatch doctor mail.txt --repair clean.license          a clean copy of a damaged document
  airlatch doctor --bundle support.txt                     what a vendor asks for, without secrets; read it first")]
pub(in crate::cli) struct Doctor {
    /// Files to look at as well, of any kind; `-` is stdin
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Believe licenses by this vendor's public key, beside those trusted on this host
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    /// Write a clean copy of the one damaged document named; it has to be whole under its own signature; `-` is stdout
    #[arg(long, value_name = "OUT", requires = "files", conflicts_with = "bundle")]
    repair: Option<PathBuf>,

    /// Write the facts that may leave the site as a text to send to the vendor, without secrets; `-` is stdout
    #[arg(long, value_name = "OUT")]
    bundle: Option<PathBuf>,

    /// Put host name and user name into the bundle
    #[arg(long, requires = "bundle")]
    with_names: bool,

    /// Replace the file that OUT names
    #[arg(long)]
    force: bool,
}

pub(in crate::cli) fn run(args: &Doctor, session: &mut Session) -> Result<Outcome> {
    input::refuse_two_streams(args.files.iter().map(PathBuf::as_path))?;
    if let Some(out) = &args.repair {
        return repair::run(&args.files, out, args.force, session);
    }
    let host = look(&args.trust, session)?;
    let mut files = Vec::new();
    for path in &args.files {
        files.push((input::name(path), file::look(path, &host, session)));
    }
    if let Some(out) = &args.bundle {
        return bundle::run(args, out, &host, &files, session);
    }
    let findings = all(&host, &files);
    session.screen.each(&view::Finding::all(&findings), session.now);
    let steps = step::steps(&findings);
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

/// A file's name, and what was found about it.
type File = (String, Vec<Finding>);

/// Looks at the host; whatever is broken is a finding.
///
/// # Errors
/// Those of the keys named, since they are no part of the host.
fn look(named: &[PathBuf], session: &Session) -> Result<Examined> {
    let named = trust::named(session, named)?;
    let homes = Homes::new(&session.env, session.home.as_deref(), None);
    let built_in = (!session.built_in.is_empty()).then(|| trust::built_in(session, &named));
    Ok(examine(&Patient {
        home: homes.host(),
        state: session.env.state.clone(),
        instance: session.env.instance.clone(),
        files: &session.files,
        root: &session.root,
        now: session.now,
        named,
        built_in,
        machine: &(session.machine)(),
    }))
}

/// What was found about the files before what was found about the host.
fn all(host: &Examined, files: &[File]) -> Vec<Finding> {
    files.iter().flat_map(|(_, findings)| findings).chain(&host.findings).cloned().collect()
}

fn outcome(findings: &[Finding]) -> Outcome {
    if findings.iter().any(|finding| finding.unseen) {
        Outcome::Unable
    } else if findings.iter().any(|finding| finding.state >= State::Look) {
        Outcome::No
    } else {
        Outcome::Done
    }
}
