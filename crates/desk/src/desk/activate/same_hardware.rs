//! Notes for a licensed unit which other units are licensed for the same Locking ID: copies of its machine.

use std::collections::BTreeSet;

use crate::ledger::{self, Book, Query};
use airlatch_core::model::{Lock, Result, Unit};

use super::same_unit::spellings;

/// A note on other units with a license of the product for the hardware of this lock. Hosts can't detect this offline, but the
/// desk that issued both licenses can.
pub(super) fn note(book: &dyn Book, unit: Unit, product: &str, lock: &Lock) -> Result<Option<String>> {
    let Some(hardware) = lock.hardware() else { return Ok(None) };
    let spellings = spellings(hardware);
    let mut others = BTreeSet::new();
    for hardware in &spellings {
        let query =
            Query { hardware: Some(*hardware), product: Some(product.to_owned()), ..Query::default() };
        others.extend(ledger::activations(book, query)?.into_iter().map(|(_, activation)| activation.unit));
    }
    others.remove(&unit);
    let mut same = Vec::new();
    for other in others {
        // It may have released its license since, or moved to other hardware.
        let latest = ledger::latest(book, other, product)?;
        if latest.is_some_and(|(_, latest)| latest.hardware.is_some_and(|it| spellings.contains(&it))) {
            same.push(other);
        }
    }
    let Some(first) = same.first() else { return Ok(None) };
    let more = match same.len() {
        1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let cause = match first {
        Unit::Host(_) => "a copy of that machine, or that machine reinstalled without its old host.key",
        _ => "by a typed id, so that it would have two licenses",
    };
    Ok(Some(format!("the same hardware is already licensed as {first}{more}: {cause}")))
}
