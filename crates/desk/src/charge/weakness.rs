//! What makes a lock weak: a desk gives one only where somebody accepts it for this one license.

use std::collections::BTreeSet;

use crate::catalog::GrantLock;
use airlatch_core::model::{Cause, ComponentKind, Error, Reason, Result, Tolerance};

use super::tolerance::ShownComponents;

const NEEDED: usize = ComponentKind::HARDWARE_NEEDED;
/// The values that one component may have: more cards or disks than most hosts have.
const USUAL_VALUES: usize = 4;

/// Checks that the lock of a host with these components, by this tolerance, is not weak.
///
/// # Errors
/// `weak-host`.
pub(super) fn check(rule: &GrantLock, shown: &ShownComponents, tolerance: &Tolerance) -> Result<()> {
    let weak = |message: String| Error::new(Reason::WeakHost, message).at("fingerprint");
    if let Some((kind, count)) = shown.values().find(|(_, count)| *count > USUAL_VALUES) {
        let message = format!(
            "the request has {count} values of the component {kind}, more than {USUAL_VALUES}: it may name the parts of \
             several hosts"
        );
        return Err(weak(message).because(Cause::ManyValues));
    }
    if shown.is_bare_metal() {
        let (hardware, others): (Vec<_>, Vec<_>) = shown.kinds().iter().partition(|kind| kind.is_hardware());
        if hardware.len() >= NEEDED {
            return Ok(());
        }
        let message = format!(
            "the host shows {} of the {NEEDED} components of hardware that a lock needs",
            hardware.len()
        );
        let detail = |label: &str, kinds: &[&ComponentKind]| {
            let words: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
            let words = if words.is_empty() { "none".into() } else { words.join(", ") };
            format!("{label:<10}  {words}")
        };
        return Err(weak(message).detail(detail("hardware", &hardware)).detail(detail("others", &others)));
    }
    if tolerance.is_met_by(&BTreeSet::from([ComponentKind::Instance])) {
        let message = "the instance id alone would be the lock, and whoever runs the host chooses it";
        return Err(weak(message.into()).because(Cause::WeakVirtualHost));
    }
    if rule.tolerance.is_none() && tolerance.required().len() + tolerance.minimum() < 2 {
        let message = format!("one component alone would be the lock: {tolerance}");
        return Err(weak(message).because(Cause::WeakVirtualHost));
    }
    Ok(())
}

/// The error for a unit named by its System ID alone, which no hardware stands behind.
pub(super) fn system_id_alone() -> Error {
    let message =
        "a System ID alone binds to a file: whoever copies host.key has the license on any hardware";
    Error::new(Reason::WeakHost, message).at("system-id").because(Cause::SystemIdAlone)
}
