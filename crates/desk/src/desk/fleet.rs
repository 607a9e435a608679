//! All that the devices of an order go by, for one file that each of them takes its own from.

use std::collections::BTreeSet;

use crate::ledger::{self, Book};
use crate::orders::AccountName;
use airlatch_core::crypto::Sealed;
use airlatch_core::model::{Mac, OrderCode, Result, Unit};

use super::{Operator, ViewFilter, activations};

/// The licenses of many devices.
#[derive(Debug, Clone, Default)]
pub struct Fleet {
    /// By device, then by product.
    pub licenses: Vec<(Mac, Sealed)>,
    /// How many devices these are.
    pub devices: usize,
    /// Units that took from the codes too, but have no MAC to find them by: hosts and sites.
    pub left_out: Vec<Unit>,
}

/// The license that each device goes by, for each of its products, whatever code it came from (row P4): of the devices that
/// took something from one of `codes`, or from a code of `account` and its group.
///
/// # Errors
/// `not-booked`, and those of the ledger.
pub fn fleet(
    operator: &Operator<'_>,
    book: &dyn Book,
    codes: &[OrderCode],
    account: Option<&AccountName>,
) -> Result<Fleet> {
    let mut units = BTreeSet::new();
    let of_codes = codes.iter().map(|code| ViewFilter { code: Some(*code), ..ViewFilter::default() });
    let of_account = account.map(|name| ViewFilter { account: Some(name.clone()), ..ViewFilter::default() });
    for scope in of_codes.chain(of_account) {
        units.extend(activations(book, &scope)?.into_iter().map(|(_, activation)| activation.unit));
    }
    let mut fleet = Fleet::default();
    for unit in units {
        let Unit::Device(mac) = unit else {
            fleet.left_out.push(unit);
            continue;
        };
        fleet.devices += 1;
        for (entry, _) in ledger::latest_of_each(book, unit)?.values() {
            fleet.licenses.push((mac, operator.stored(book, entry)?.1));
        }
    }
    Ok(fleet)
}
