//! Releases in a history: by the right and wrong hosts, once and repeatedly, of current and older licenses.

use std::collections::{BTreeMap, BTreeSet};

use airlatch_core::crypto::{self, Sealed};
use airlatch_core::format;
use airlatch_core::model::{DocumentId, Kind, Reason, Receipt, Unit};
use airlatch_desk::desk;
use airlatch_desk::ledger::{Holder, Transfer};

use super::history::History;
use crate::scene::key;

/// The licenses of all units, and which were released.
#[derive(Debug, Clone, Default)]
pub struct Releases {
    /// The unit of each license.
    owners: BTreeMap<DocumentId, (Unit, String)>,
    latest: BTreeMap<(Unit, String), DocumentId>,
    /// For each license that ended, the one whose release ended it.
    gone: BTreeMap<DocumentId, DocumentId>,
}

impl Releases {
    pub fn issued(&mut self, license: DocumentId, unit: Unit, product: &str) {
        self.owners.insert(license, (unit, product.into()));
        self.latest.insert((unit, product.into()), license);
    }

    pub fn is_gone(&self, license: DocumentId) -> bool {
        self.gone.contains_key(&license)
    }

    fn returned(&mut self, license: DocumentId) {
        let owner = self.owners[&license].clone();
        self.latest.remove(&owner);
        let of_owner = self.owners.iter().filter(|(_, other)| **other == owner);
        for (other, _) in of_owner {
            self.gone.entry(*other).or_insert(license);
        }
    }

    /// Why a receipt for this license from this signer has to be refused.
    fn refusal(&self, license: DocumentId, signer: Unit) -> Option<Reason> {
        let owner = &self.owners[&license];
        match self.gone.get(&license) {
            _ if !matches!(owner.0, Unit::Host(_)) => Some(Reason::NotReleasable),
            _ if owner.0 != signer => Some(Reason::WrongHost),
            Some(returned) => (*returned != license).then_some(Reason::StaleReceipt),
            None => (self.latest.get(owner) != Some(&license)).then_some(Reason::StaleReceipt),
        }
    }
}

pub fn receipt(seed: u8, receipt: &Receipt) -> Sealed {
    crypto::seal(Kind::ReleaseReceipt, &format::write_receipt(receipt).unwrap(), &key(seed))
}

impl History {
    /// A random host presents a receipt for a license.
    pub fn release(&mut self) {
        let mut licenses: Vec<_> = self.sealed.keys().copied().collect();
        if !self.dice.one_in(3) {
            // Hosts have their latest licenses.
            licenses.retain(|id| self.back.latest.values().any(|latest| latest == id));
        }
        if !self.dice.one_in(8) {
            licenses.retain(|id| matches!(self.back.owners[id].0, Unit::Host(_)));
        }
        if licenses.is_empty() {
            return;
        }
        let license = self.dice.pick(&licenses);
        let owner = self.back.owners[&license].clone();
        let hosts = (10..14).map(|seed| (seed, Unit::Host(key(seed).public().system_id())));
        let known = hosts.clone().find(|(_, unit)| *unit == owner.0);
        let seed = match known {
            Some((seed, _)) if !self.dice.one_in(8) => seed,
            _ => 10 + self.dice.below(4) as u8,
        };
        let system_id = key(seed).public().system_id();
        let sealed = receipt(
            seed,
            &Receipt { made: self.now, system_id, product: owner.1.clone(), license, note: None },
        );
        let (expected, before) = (self.back.refusal(license, Unit::Host(system_id)), self.ledger.clone());
        let done = self.work("release", |operator, book| {
            let done = desk::release(operator, book, &sealed, None)?;
            let again = desk::release(operator, book, &sealed, None)?;
            assert!(again.already && again.booked == done.booked && again.transfers == done.transfers);
            Ok(done)
        });
        match done {
            Err(error) if error.reason() == Reason::ClockRollback => {}
            Err(error) => assert_eq!(Some(error.reason()), expected, "{error}"),
            Ok(done) if done.already => {
                assert_eq!((expected, self.back.gone.get(&license)), (None, Some(&license)));
                assert!(self.ledger == before, "booked back twice");
                *self.tally.entry("release already".into()).or_default() += 1;
            }
            Ok(done) => {
                assert_eq!((expected, self.back.is_gone(license)), (None, false));
                self.back.returned(license);
                let orders = &self.orders;
                self.model.given_back(owner.0, |code| orders[&code].product == owner.1);
                // Activating again after a release is charged again.
                for (requested, done) in
                    self.requests.iter_mut().filter(|(requested, _)| requested.unit() == owner.0)
                {
                    if std::mem::take(done) && !requested.requested().codes.is_empty() {
                        *self.tally.entry("release again".into()).or_default() += 1;
                    }
                }
                // Some wait for it.
                let code = |give: &Transfer| if let Holder::Pool(code) = give.to { Some(code) } else { None };
                let codes: BTreeSet<_> = done.transfers.iter().filter_map(code).collect();
                for code in codes {
                    let requested = self.request_all(code);
                    let done = self.issue(&requested, None);
                    self.requests.push((requested, done));
                }
            }
        }
    }
}
