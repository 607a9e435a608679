//! The operator of the desk, and how its acts are posted to the ledger.

use crate::catalog::{Catalog, Product};
use crate::ledger::{Act, Book, Draft, Entry, LicenseRef, Transfer};
use airlatch_core::crypto::{Sealed, TrustedSet, Verified};
use airlatch_core::format;
use airlatch_core::model::{
    Cause, ClockReset, DocumentId, Error, Kind, License, Reason, Result, Subject, Time, Unit,
};

/// A document as the ledger stores it: its id and its sealed bytes.
pub(super) type StoredBytes = (DocumentId, Vec<u8>);

/// How far the clocks of two desks may differ.
const CLOCK_TOLERANCE_SECONDS: i64 = 600;

/// Who acts at the desk, when, with which catalog and keys.
#[derive(Debug, Clone, Copy)]
pub struct Operator<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The current time, read once.
    pub now: Time,
    /// The desk's own public keys, current and former; documents signed by them count as the desk's.
    pub trusted: &'a TrustedSet,
    /// The person or job, as recorded in the ledger; 1 to 100 characters.
    pub actor: &'a str,
}

impl<'a> Operator<'a> {
    /// The product with this id.
    ///
    /// # Errors
    /// `not-sold`.
    pub fn product(&self, id: &str) -> Result<&'a Product> {
        self.catalog.product(id).ok_or_else(|| {
            let sold: Vec<_> = self.catalog.products.iter().map(|product| product.id.as_str()).collect();
            Error::new(Reason::NotSold, format!("the catalog has no product `{id}`"))
                .detail(format!("it has  {}", sold.join(", ")))
        })
    }

    /// A unit as people read it, its MAC spelled as the product takes it.
    pub fn unit_name(&self, unit: Unit, product: &str) -> String {
        match (unit, self.catalog.product(product)) {
            (Unit::Device(mac), Some(product)) => format!("device {}", product.mac.spelled(mac)),
            _ => unit.to_string(),
        }
    }

    /// The stored license of an entry, verified, with its bytes.
    ///
    /// # Errors
    /// `damaged-ledger` if the entry has none or it is missing; those of [`format::read_license`].
    pub(super) fn stored(&self, book: &dyn Book, entry: &Entry) -> Result<(Verified<License>, Sealed)> {
        let (named, bytes) = self.bytes(book, entry)?;
        self.read(&named, bytes)
    }

    /// The bytes of the document of an entry.
    ///
    /// # Errors
    /// `damaged-ledger` if it has none, or the bytes are missing.
    pub(super) fn bytes(&self, book: &dyn Book, entry: &Entry) -> Result<(LicenseRef, Vec<u8>)> {
        let damaged = |message: String| Error::new(Reason::DamagedLedger, message);
        let none = || damaged(format!("entry {} names no document", entry.number));
        let named = entry.license.ok_or_else(none)?;
        let lost = || damaged(format!("the document {} is missing in the ledger", named.id));
        Ok((named, book.sealed(entry)?.ok_or_else(lost)?))
    }

    /// The license in these bytes, verified with the desk's own keys.
    ///
    /// # Errors
    /// Those of [`format::read_license`].
    pub(super) fn read(&self, named: &LicenseRef, bytes: Vec<u8>) -> Result<(Verified<License>, Sealed)> {
        let sealed = Sealed::from_parts(Kind::License, bytes)?;
        let verified = format::read_license(&sealed, self.trusted)
            .map_err(|error| error.at(format!("license {} in the ledger", named.id)))?;
        Ok((verified, sealed))
    }

    /// The clock reset in these bytes, verified with the desk's own keys.
    ///
    /// # Errors
    /// Those of [`format::read_reset`].
    pub(super) fn read_reset(
        &self,
        named: &LicenseRef,
        bytes: Vec<u8>,
    ) -> Result<(Verified<ClockReset>, Sealed)> {
        let sealed = Sealed::from_parts(Kind::ClockReset, bytes)?;
        let verified = format::read_reset(&sealed, self.trusted)
            .map_err(|error| error.at(format!("clock reset {} in the ledger", named.id)))?;
        Ok((verified, sealed))
    }

    /// Posts an act to the ledger.
    pub(super) fn post(
        &self,
        book: &mut dyn Book,
        act: Act,
        transfers: Vec<Transfer>,
        sealed: Option<StoredBytes>,
    ) -> Result<Entry> {
        let time = self.time(book)?;
        book.post(Draft { time, actor: self.actor.to_owned(), act, transfers, sealed })
    }

    /// The same operator, but with the time of the next entry, so that a plan and its entry never have different days when
    /// clocks differ a little.
    pub(super) fn at_ledger_time(&self, book: &dyn Book) -> Result<Self> {
        let last = book.head()?.time.filter(|last| *last <= self.now.plus_seconds(CLOCK_TOLERANCE_SECONDS));
        Ok(Self { now: last.map_or(self.now, |last| self.now.max(last)), ..*self })
    }

    /// The time of the next entry: now, or that of the last entry if this clock is slightly behind.
    ///
    /// # Errors
    /// `clock-rollback` if it is behind by more than ten minutes.
    pub(super) fn time(&self, book: &dyn Book) -> Result<Time> {
        let last = book.head()?.time.unwrap_or(self.now);
        if last > self.now.plus_seconds(CLOCK_TOLERANCE_SECONDS) {
            let message = "this desk's clock is behind the last entry of the ledger";
            return Err(Error::new(Reason::ClockRollback, message)
                .detail(format!("this desk   {}", self.now))
                .detail(format!("last entry  {last}")));
        }
        Ok(self.now.max(last))
    }
}

/// The error if the ledger has no account, code or license with this name.
pub(super) fn not_booked(cause: Cause, noun: &str, name: impl std::fmt::Display) -> Error {
    Error::new(Reason::NotBooked, format!("the ledger has no {noun} `{name}`")).because(cause)
}

/// The error for a license that was released, with both entries.
pub(super) fn released(message: &str, product: &str, entry: &Entry, back: &Entry) -> Error {
    let license = entry.license.map(|named| named.id.to_string()).unwrap_or_default();
    Error::new(Reason::Released, message)
        .about(Subject::Product(product.to_owned()))
        .detail(format!("license     {license}, issued {}", entry.time))
        .detail(format!("released    {}, by entry {}", back.time, back.number))
}
