//! The operator of the desk, and how its acts are posted to the ledger.

use crate::catalog::{Catalog, Product};
use crate::ledger::{self, Act, Book, Draft, Entry, LicenseRef, Transfer};
use airlatch_core::crypto::{Sealed, TrustedSet, Verified};
use airlatch_core::format;
use airlatch_core::model::{
    Cause, ClockReset, DocumentId, Error, Kind, License, Reason, Result, Subject, Time, Unit, near,
};

/// A document as the ledger stores it: its id and its sealed bytes.
pub(super) type StoredBytes = (DocumentId, Vec<u8>);

/// How far the clocks of two desks may differ.
pub(super) const CLOCK_TOLERANCE_SECONDS: i64 = 600;
/// How long after the last entry the clock is no longer believed unasked: less than the year by which one is easily wrong.
const LONGEST_GAP_DAYS: i64 = 300;

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
    /// What was said about a clock that differs much from the ledger.
    pub clock: ClockPolicy<'a>,
}

/// What may be booked although the clock is far from the last entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClockPolicy<'a> {
    /// The clock is right, although the last entry is long ago.
    pub is_right: bool,
    /// The last entry is in the future: book right after it, for this reason.
    pub override_because: Option<&'a str>,
}

/// When the next entry is booked.
struct NextTime {
    time: Time,
    /// The reason of the override that has to be booked before it.
    because: Option<String>,
}

impl<'a> Operator<'a> {
    /// The product with this id.
    ///
    /// # Errors
    /// `not-sold`.
    pub fn product(&self, id: &str) -> Result<&'a Product> {
        self.catalog.product(id).ok_or_else(|| {
            let sold: Vec<_> = self.catalog.products.iter().map(|product| product.id.as_str()).collect();
            Error::new(Reason::NotSold, format!("the catalog has no product `{id}`")).detail(
                match near::nearest(sold.iter().copied(), id) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has  {}", sold.join(", ")),
                },
            )
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

    /// Posts an act to the ledger; if the ledger's time is in the future and may be overridden, after an entry that says so.
    pub(super) fn post(
        &self,
        book: &mut dyn Book,
        act: Act,
        transfers: Vec<Transfer>,
        sealed: Option<StoredBytes>,
    ) -> Result<Entry> {
        let NextTime { time, because } = self.next_time(book)?;
        let actor = || self.actor.to_owned();
        if let Some(because) = because {
            let act = Act::ClockOverride { clock: self.now, because };
            book.post(Draft { time, actor: actor(), act, transfers: Vec::new(), sealed: None })?;
        }
        book.post(Draft { time, actor: actor(), act, transfers, sealed })
    }

    /// The same operator, but with the time of the next entry, so that a plan and its entry never have different days when
    /// clocks differ a little.
    pub(super) fn at_ledger_time(&self, book: &dyn Book) -> Result<Self> {
        let last = book.head()?.time.filter(|last| *last <= self.now.plus_seconds(CLOCK_TOLERANCE_SECONDS));
        Ok(Self { now: last.map_or(self.now, |last| self.now.max(last)), ..*self })
    }

    /// The time of the next entry: now, or that of the last entry if this clock is slightly behind, or just after it under an
    /// override.
    ///
    /// # Errors
    /// `clock-rollback` if it is behind by more than ten minutes, `clock-ahead` if the last entry is long ago.
    pub(super) fn time(&self, book: &dyn Book) -> Result<Time> {
        Ok(self.next_time(book)?.time)
    }

    fn next_time(&self, book: &dyn Book) -> Result<NextTime> {
        let last = book.head()?.time.unwrap_or(self.now);
        if last > self.now.plus_seconds(CLOCK_TOLERANCE_SECONDS) {
            return self.overridden(book, last);
        }
        if !self.clock.is_right && self.now > last.plus_days(LONGEST_GAP_DAYS) {
            let message = "this desk's clock is far ahead of the last entry of the ledger";
            return Err(clocks(Error::new(Reason::ClockAhead, message), self.now, last));
        }
        Ok(NextTime { time: self.now.max(last), because: None })
    }

    /// The time after a last entry in the future: the one of the override that is in force, else a second later.
    fn overridden(&self, book: &dyn Book, last: Time) -> Result<NextTime> {
        let in_force = ledger::override_in_force(book)?;
        if let Some((clock, _)) = &in_force
            && (self.now.seconds() - clock.seconds()).abs() <= CLOCK_TOLERANCE_SECONDS
        {
            return Ok(NextTime { time: last, because: None });
        }
        let because = self.clock.override_because.map(str::to_owned);
        let Some(because) = because.or_else(|| in_force.map(|(_, because)| because)) else {
            let message = "this desk's clock is behind the last entry of the ledger";
            return Err(clocks(Error::new(Reason::ClockRollback, message), self.now, last));
        };
        Ok(NextTime { time: last.plus_seconds(1), because: Some(because) })
    }
}

/// How this desk's clock relates to the last entry, before anything is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockState {
    /// Nothing stands out.
    Near,
    /// The last entry, of this time, is so long ago that the clock may be wrong.
    FarAhead(Time),
    /// The last entry, of this time, is in the future, and nobody has overridden that.
    Behind(Time),
    /// The last entry, of this time, is in the future, and an override is in force.
    Overridden(Time),
}

/// How the clock of this operator relates to the last entry, whatever the operator says about it.
///
/// # Errors
/// Those of the ledger.
pub fn clock_state(operator: &Operator<'_>, book: &dyn Book) -> Result<ClockState> {
    let operator = Operator { clock: ClockPolicy::default(), ..*operator };
    let last = book.head()?.time.unwrap_or(operator.now);
    match operator.next_time(book) {
        Ok(_) if last > operator.now.plus_seconds(CLOCK_TOLERANCE_SECONDS) => {
            Ok(ClockState::Overridden(last))
        }
        Ok(_) => Ok(ClockState::Near),
        Err(error) if error.reason() == Reason::ClockAhead => Ok(ClockState::FarAhead(last)),
        Err(error) if error.reason() == Reason::ClockRollback => Ok(ClockState::Behind(last)),
        Err(error) => Err(error),
    }
}

fn clocks(error: Error, now: Time, last: Time) -> Error {
    error.detail(format!("this desk   {now}")).detail(format!("last entry  {last}"))
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
