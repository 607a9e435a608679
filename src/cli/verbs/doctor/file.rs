//! Examines a file: its kind, repairs, signer, and whether its license would be valid on this host.

use std::path::Path;

use crate::cli::fleet::Fleet;
use crate::cli::input;
use crate::cli::session::Session;
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Error, Reason};
use airlatch_machine::here::{doctor, doctor::Check, doctor::Examination, doctor::Finding, doctor::State};

/// Examines a file of any kind.
pub(super) fn examine_file(path: &Path, host: &Examination, session: &mut Session) -> Vec<Finding> {
    let name = input::name(path);
    if let Some(fleet) = Fleet::open(session, path) {
        return of_fleet(&name, fleet, host, session);
    }
    let bytes = match input::read(session, path, limits::LIST_FILE) {
        Ok(bytes) => bytes,
        Err(error) => return vec![Finding::unreadable(Check::File, error)],
    };
    // The next step names the file, also where several were given.
    let placed = |finding: Finding| Finding {
        cause: finding.cause.map(|cause| cause.at(input::place(path))),
        ..finding
    };
    of_bytes(&name, &bytes, host, session).into_iter().map(placed).collect()
}

fn of_bytes(name: &str, bytes: &[u8], host: &Examination, session: &Session) -> Vec<Finding> {
    let mut findings = match format::open_one(bytes) {
        Ok((sealed, repairs)) => doctor::document(name, &sealed, &repairs, host, session.now),
        Err(error) => super::other_file::identify(name, bytes, &error)
            .unwrap_or_else(|| vec![Finding::of(Check::File, State::Bad, error).named(name)]),
    };
    findings.extend(private_key(name, bytes));
    findings
}

/// The finding for a private key in the file of a document.
fn private_key(name: &str, bytes: &[u8]) -> Option<Finding> {
    let what = "the file also holds a private key, which must not leave the desk";
    format::holds_key_beside_document(bytes)
        .then(|| Finding::of(Check::File, State::Bad, Error::new(Reason::PrivateKeyGiven, what)).named(name))
}

/// Examines the lines of a fleet file for this host, each like a license file.
fn of_fleet(name: &str, mut fleet: Fleet, host: &Examination, session: &Session) -> Vec<Finding> {
    match fleet.licenses(&host.facts) {
        Ok(own) => {
            let noun = if own.len() == 1 { "license" } else { "licenses" };
            let what = format!("{name}: a fleet file with {} {noun} for this host", own.len());
            let mut findings = vec![Finding::ok(Check::File, what)];
            for bytes in own {
                let document = of_bytes(name, &bytes, host, session);
                // Lines of a fleet file need no repair findings: they were already decoded.
                let is_relevant = |finding: &Finding| !matches!(finding.check, Check::Damage);
                findings.extend(document.into_iter().filter(is_relevant));
            }
            findings
        }
        Err(error) => {
            let fleet = Finding::note(Check::File, format!("{name}: a fleet file"));
            vec![fleet, Finding::of(Check::Verdict, State::Bad, error)]
        }
    }
}
