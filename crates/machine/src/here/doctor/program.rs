//! The program: its version, its platform, and the hash of its file.

use airlatch_core::crypto;
use airlatch_core::model::{Result, hex};

use super::{Check, ExamContext, Finding};

/// The number of bytes read at once.
const CHUNK: usize = 1024 * 1024;

/// Adds the finding, and returns the hash.
pub(super) fn examine(context: &ExamContext<'_>, findings: &mut Vec<Finding>) -> Option<String> {
    let machine = context.machine;
    let mut words = vec![format!("airlatch {}", env!("CARGO_PKG_VERSION"))];
    words.extend(machine.system.map(|system| format!("{system} {}", machine.processor.unwrap_or_default())));
    words.extend(machine.is_static.map(|is| if is { "static".into() } else { "not static".to_owned() }));
    words.extend(machine.user.map(|user| format!("user {user}")));
    let mut finding = Finding::ok(Check::Program, words.join(", "));
    let hash = machine.program.is_some().then(|| own_hash(context));
    finding.details.extend(hash.as_ref().map(|hash| match hash {
        Ok(hash) => format!("SHA-256    {hash}"),
        Err(error) => format!("SHA-256    its own file can't be read: {}", error.message()),
    }));
    findings.push(finding);
    hash?.ok()
}

/// The hash as `sha256sum` prints it.
fn own_hash(context: &ExamContext<'_>) -> Result<String> {
    let path = context.machine.program.clone().unwrap_or_default();
    let mut file = context.files.open(&path)?;
    let mut at = 0;
    let hash = crypto::sha256(&mut || {
        let chunk = file.read_at(at, CHUNK)?;
        at += chunk.len() as u64;
        Ok(chunk)
    })?;
    Ok(hex::write(&hash))
}
