//! Finds the reversals of an entry, and checks that a reversal fits the entry it names.

use std::collections::BTreeMap;

use airlatch_core::model::{DocumentId, Error, FeatureName, Reason, Result};

use super::{Act, Book, Entry, Query, Reversal, Reversed};

/// The reversals of an entry, in order: at most two, of a license that was reversed while it was valid and ended later.
///
/// # Errors
/// `damaged-ledger`, and those of storage.
pub fn reversals(book: &dyn Book, number: u64) -> Result<Vec<(Entry, Reversal)>> {
    let query = Query { acts: vec!["reversed"], after: number, ..Query::default() };
    let reversal = |entry: Entry| match entry.act.clone() {
        Act::Reversed(reversal) if reversal.entry == number => Some((entry, reversal)),
        _ => None,
    };
    Ok(book.entries(&query)?.into_iter().filter_map(reversal).collect())
}

/// What is wrong with a reversal, compared with the entry it names: another act, more than that entry moved, or reversed twice.
///
/// # Errors
/// `damaged-ledger` if that entry can't be read, and those of storage.
pub(super) fn fault(book: &dyn Book, entry: &Entry) -> Result<Option<Error>> {
    let Act::Reversed(reversal) = &entry.act else { return Ok(None) };
    let fault = |message: &str| Some(Error::new(Reason::DamagedLedger, message));
    let Some(named) = book.entry(reversal.entry)?.filter(|named| named.number < entry.number) else {
        return Ok(fault("a reversal names no earlier entry"));
    };
    if !fits(&reversal.of, &named.act, named.license.map(|license| license.id)) {
        return Ok(fault("a reversal doesn't fit the entry that it names"));
    }
    if !matches!(reversal.of, Reversed::Order { .. }) && moves_more(entry, &named) {
        return Ok(fault("a reversal moves more than the entry that it names"));
    }
    let before = reversals(book, named.number)?.into_iter().find(|(other, _)| other.number < entry.number);
    let completes = |other: &Entry| {
        matches!(reversal.of, Reversed::License { .. })
            && other.transfers.is_empty()
            && !entry.transfers.is_empty()
    };
    Ok(match before {
        Some((other, _)) if !completes(&other) => fault("an entry is reversed twice"),
        _ => None,
    })
}

/// Whether a reversal moves more of an article than the entry did.
fn moves_more(reversal: &Entry, entry: &Entry) -> bool {
    let mut moved: BTreeMap<&FeatureName, u64> = BTreeMap::new();
    for transfer in &entry.transfers {
        let sum = moved.entry(&transfer.article).or_default();
        *sum = sum.saturating_add(transfer.quantity);
    }
    reversal.transfers.iter().any(|transfer| {
        let rest = moved.get_mut(&transfer.article);
        match rest.and_then(|rest| Some((rest.checked_sub(transfer.quantity)?, rest))) {
            Some((less, rest)) => {
                *rest = less;
                false
            }
            None => true,
        }
    })
}

/// Whether this is what the act was about.
fn fits(of: &Reversed, act: &Act, license: Option<DocumentId>) -> bool {
    match (of, act) {
        (Reversed::Order { code }, Act::Ordered { code: booked, .. })
        | (Reversed::Cancellation { code }, Act::Cancelled { code: booked, .. })
        | (Reversed::Renewal { code, .. }, Act::Renewed { code: booked, .. }) => code == booked,
        (Reversed::Addition { code, account }, Act::Added { code: added, account: owner }) => {
            (code, account) == (added, owner)
        }
        (Reversed::Passing { from, to }, Act::Passed { from: giver, to: taker, .. }) => {
            (from, to) == (giver, taker)
        }
        (Reversed::License { unit, product, license: id }, Act::Activated(it)) => {
            (unit, product, Some(*id)) == (&it.unit, &it.product, license)
        }
        _ => false,
    }
}
