//! The current licenses of many devices, for a fleet file.

use std::collections::BTreeSet;

use crate::ledger::{self, Book};
use crate::orders::AccountName;
use airlatch_core::crypto::Sealed;
use airlatch_core::model::{Mac, OrderCode, Result, Unit};

use super::{Operator, Releases, ViewFilter, view};

/// The licenses of many devices.
#[derive(Debug, Clone, Default)]
pub struct Fleet {
    /// The number of licenses.
    pub licenses: usize,
    /// The number of devices.
    pub devices: usize,
    /// Other units that took from the codes, hosts and sites, which a fleet file can't address by MAC.
    pub left_out: Vec<Unit>,
    /// The devices with a license that was reversed and has to be replaced.
    pub reversed: Vec<Unit>,
}

/// The current licenses of all devices that took something from one of `codes`, or from a code of `account` and its group. A
/// device gets its licenses for all products, whatever code they came from, because a fleet file replaces the previous one.
/// `each` gets the licenses of one device at a time, in the order of devices.
///
/// # Errors
/// `not-booked`, and those of the ledger.
pub fn fleet(
    operator: &Operator<'_>,
    book: &dyn Book,
    codes: &[OrderCode],
    account: Option<&AccountName>,
    each: &mut dyn FnMut(Mac, Vec<Sealed>),
) -> Result<Fleet> {
    let mut units = BTreeSet::new();
    let by_codes = codes.iter().map(|code| ViewFilter { code: Some(*code), ..ViewFilter::default() });
    let by_account = account.map(|name| ViewFilter { account: Some(name.clone()), ..ViewFilter::default() });
    for scope in by_codes.chain(by_account) {
        units.extend(view::units(book, &scope)?.into_iter().map(|(unit, _)| unit));
    }
    let reversals = Releases::of(book)?;
    let mut fleet = Fleet::default();
    for unit in units {
        let Unit::Device(mac) = unit else {
            fleet.left_out.push(unit);
            continue;
        };
        fleet.devices += 1;
        let mut licenses = Vec::new();
        for (entry, _) in ledger::latest_of_each(book, unit)?.values() {
            if reversals.reversed_at(entry).is_some() {
                fleet.reversed.push(unit);
                continue;
            }
            licenses.push(operator.stored(book, entry)?.1);
        }
        fleet.licenses += licenses.len();
        each(mac, licenses);
    }
    Ok(fleet)
}
