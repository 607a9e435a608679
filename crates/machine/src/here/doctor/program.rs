//! The program itself: what it is, what it runs on, and the hash of its own file.

use airlatch_core::crypto;
use airlatch_core::model::{Result, hex};

use super::{Check, ExamContext, Finding};

/// Read at once.
const PIECE: usize = 1024 * 1024;

/// One line, and below it the hash, which is given.
pub(super) fn look(patient: &ExamContext<'_>, findings: &mut Vec<Finding>) -> Option<String> {
    let machine = patient.machine;
    let mut words = vec![format!("airlatch {}", env!("CARGO_PKG_VERSION"))];
    words.extend(machine.system.map(|system| format!("{system} {}", machine.processor.unwrap_or_default())));
    words.extend(machine.is_static.map(|is| if is { "static".into() } else { "not static".to_owned() }));
    words.extend(machine.user.map(|user| format!("user {user}")));
    let mut finding = Finding::ok(Check::Program, words.join(", "));
    let hash = machine.program.is_some().then(|| own_hash(patient));
    finding.details.extend(hash.as_ref().map(|hash| match hash {
        Ok(hash) => format!("SHA-256    {hash}"),
        Err(error) => format!("SHA-256    its own file can't be read: {}", error.message()),
    }));
    findings.push(finding);
    hash?.ok()
}

/// The hash as `sha256sum` prints it.
fn own_hash(patient: &ExamContext<'_>) -> Result<String> {
    let path = patient.machine.program.clone().unwrap_or_default();
    let mut file = patient.files.open(&path)?;
    let mut at = 0;
    let hash = crypto::sha256(&mut || {
        let piece = file.read_at(at, PIECE)?;
        at += piece.len() as u64;
        Ok(piece)
    })?;
    Ok(hex::write(&hash))
}
