//! Holds the features of a signed license against what its unit held.
//!
//! Nobody can change what was signed, while somebody who removes a transfer can compute all hashes again.

use crate::ledger::{self, Book, Entry, Holder};
use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, License, Quantity, Reason, Result, Unit};

/// A license that grants more than its own entry moved to the unit: the rest has to be of earlier entries.
#[derive(Debug)]
pub(super) struct Unexplained {
    pub(super) entry: u64,
    pub(super) unit: Unit,
    pub(super) license: License,
}

/// What an entry moved to units.
pub(super) fn moved_to_unit(entry: &Entry) -> Lines {
    let mut lines = Lines::new();
    for transfer in entry.transfers.iter().filter(|it| matches!(it.to, Holder::Unit(..))) {
        add(&mut lines, &transfer.article, transfer.quantity);
    }
    lines
}

/// The error if the unit held less than the license grants, right after its entry.
///
/// # Errors
/// Those of the ledger.
pub(super) fn check(book: &dyn Book, it: &Unexplained) -> Result<Option<Error>> {
    let mut held = Lines::new();
    for holding in ledger::holdings_at(book, it.unit, &it.license.product, it.entry)? {
        holding.lines.iter().for_each(|(article, quantity)| add(&mut held, article, *quantity));
    }
    Ok(excess(&it.license, &held).map(|(name, quantity)| {
        let message = format!("the stored license grants `{name}`, of which its unit held less");
        let granted = match quantity {
            Quantity::On => "yes".to_owned(),
            Quantity::Count(number) => number.to_string(),
        };
        Error::new(Reason::DamagedLedger, message)
            .at(format!("entry {}", it.entry))
            .detail(format!("granted  {granted}"))
            .detail(format!("held     {}", held.get(&name).copied().unwrap_or_default()))
    }))
}

/// The first feature of which a license grants more than a unit holds with these lines. The terms of the codes are left out:
/// only fewer lines are in force than the unit holds.
pub(super) fn excess(license: &License, held: &Lines) -> Option<(FeatureName, Quantity)> {
    let all = license.spans().flat_map(|(_, features)| features.iter());
    let mut more = all.filter(|(name, quantity)| !is_held(license, name, *quantity, held));
    more.next().map(|(name, quantity)| (name.clone(), quantity))
}

fn is_held(license: &License, name: &FeatureName, quantity: Quantity, held: &Lines) -> bool {
    let number = held.get(name).copied().unwrap_or_default();
    match quantity {
        // A model may have had it without a license, by the catalog of that day.
        Quantity::On => number > 0 || license.model.is_some(),
        // The catalog of today may no longer know whether it is a count or a level, but its steps are named for it.
        Quantity::Count(granted) => number >= granted || highest_step(name, held) >= granted,
    }
}

/// The highest level to which a step of these lines leads: `NAME#TO` or `NAME#TO@FROM`.
fn highest_step(level: &FeatureName, held: &Lines) -> u64 {
    let reached = |article: &FeatureName| -> Option<u64> {
        let step = article.as_str().strip_prefix(level.as_str())?.strip_prefix('#')?;
        step.split('@').next()?.parse().ok()
    };
    held.keys().filter_map(reached).max().unwrap_or_default()
}

fn add(lines: &mut Lines, article: &FeatureName, quantity: u64) {
    let line = lines.entry(article.clone()).or_default();
    *line = line.saturating_add(quantity);
}
