//! A license.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use airlatch_core::model::{
    self, AllowedClasses, ComponentKind, LedgerMark, Lock, LockingId, Time, Tolerance, hex,
};

use super::{Rows, View, features, locking_id, text, unknown, when};

/// Marks a license whose lock is weaker than a desk gives by default.
const WEAK_LOCK: &str = "accepted for this license: other hosts may meet its lock";

/// Marks a license that was not charged.
pub(super) const UNMETERED: &str = "issued from a grant, not charged to any order in a ledger";

/// What a license does that only advises.
pub(super) const ADVISORY: &str =
    "advisory: after its end, on changed hardware or with a wrong clock it warns and works on";

/// The word for whether its limits are enforced.
pub(super) fn enforcement(advisory: bool) -> &'static str {
    if advisory { "advisory" } else { "strict" }
}

view! {
    /// The content of a license.
    License<'a>(license: &'a model::License) {
        product: &'a str = &license.product,
        version: Option<&'a str> = license.version.as_deref(),
        unit: Option<String> = license.lock.unit().map(text),
        number: Option<&'a str> = license.number.as_deref(),
        customer: Option<&'a str> = license.customer.as_deref(),
        order: Option<&'a str> = license.order.as_deref(),
        unmetered: bool = license.unmetered,
        request: Option<String> = license.request.map(text),
        issued: String = text(license.issued),
        from: String = text(license.term.from),
        until: Option<String> = license.term.until.map(text),
        permanent: bool = license.term.until.is_none(),
        features: Map<String, Value> = features(&license.features),
        after: Vec<Period<'a>> = license.after.iter().map(Period::of).collect(),
        ends: Option<String> = license.end().map(text),
        grace_days: u32 = license.grace_days,
        drift_days: u32 = license.drift_days,
        enforcement: &'static str = enforcement(license.advisory),
        memory_days: u32 = license.memory_days,
        allow: Vec<&'static str> = license.allow.words().collect(),
        transferable: bool = !license.not_transferable,
        model: Option<&'a str> = license.model.as_deref(),
        weak_lock: bool = license.weak_lock,
        ledger: Option<Mark<'a>> = license.ledger.as_ref().map(Mark::of),
        lock: Bound<'a> = Bound::of(&license.lock),
        unknown: Map<String, Value> = unknown(&license.unknown),
    }
}

view! {
    /// Its later periods.
    Period<'a>(period: &'a model::Period) {
        until: Option<String> = period.until.map(text),
        permanent: bool = period.until.is_none(),
        features: Map<String, Value> = features(&period.features),
    }
}

view! {
    /// Where the ledger stood.
    Mark<'a>(mark: &'a LedgerMark) {
        id: String = hex::write(&mark.ledger),
        entry: u64 = mark.number,
        head: String = hex::write(&mark.hash),
    }
}

view! {
    /// Its lock.
    Bound<'a>(lock: &'a Lock) {
        kind: &'static str = lock.word(),
        locking_id: Option<String> = hardware(lock).and_then(|(id, _)| locking_id(id)),
        required: Option<Vec<&'static str>> = hardware(lock).map(|(_, it)| words(it.required())),
        optional: Option<Vec<&'static str>> = hardware(lock).map(|(_, it)| words(it.optional())),
        minimum: Option<usize> = hardware(lock).map(|(_, it)| it.minimum()),
    }
}

fn hardware(lock: &Lock) -> Option<(LockingId, &Tolerance)> {
    match lock {
        Lock::Fingerprint { locking_id, tolerance, .. } | Lock::LockingId { locking_id, tolerance } => {
            Some((*locking_id, tolerance))
        }
        _ => None,
    }
}

fn words(kinds: &BTreeSet<ComponentKind>) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.word()).collect()
}

impl License<'_> {
    /// Product and version, as people name them.
    pub(super) fn title(&self) -> String {
        self.license.title()
    }

    /// The end of all its periods, with the days that are left.
    pub(crate) fn end(&self, now: Time) -> String {
        match self.license.end() {
            None => "never".into(),
            Some(end) => when::until_and_left(end, now),
        }
    }

    /// What it allows, a line for each stretch of its time; of one stretch alone no end is named.
    pub(super) fn timetable(&self, now: impl Into<Option<Time>>) -> Vec<String> {
        let (license, now) = (self.license, now.into());
        let line = |(term, features): (model::Term, &model::Features)| {
            let what = if features.is_empty() { "nothing".into() } else { text(features) };
            let how_long = term.until.map_or_else(|| "for ever".into(), |end| when::until(end, now));
            format!("{what} {how_long}")
        };
        match license.after.is_empty() {
            true => vec![text(&license.features)],
            false => license.spans().map(line).collect(),
        }
    }
}

impl View for License<'_> {
    fn rows(&self, now: Time) -> Rows {
        let license = self.license;
        let labels = std::iter::once("features").chain(std::iter::repeat("then"));
        let grace = license.grace_end().filter(|_| license.grace_days > 0);
        let allow = (license.allow != AllowedClasses::default()).then_some(license.allow);
        let drifts = license.drift_days > 0 && matches!(license.lock, Lock::Fingerprint { .. });
        let unmetered = license.unmetered && license.lock.unit().is_some();
        Rows::below()
            .row("product", license.title())
            .row("for", license.lock.unit_name())
            .each("number", self.number)
            .each("customer", self.customer)
            .each("order", self.order)
            .each("model", self.model)
            .pairs(labels.zip(self.timetable(now)))
            .row("begins", when::since(license.term.from, now))
            .row("ends", self.end(now))
            .each("grace", grace.map(|end| format!("works {}", when::until(end, now))))
            .row("lock", lock(&license.lock))
            .each("weak lock", license.weak_lock.then_some(WEAK_LOCK))
            .each("may run on", allow)
            .each(
                "no memory",
                (license.memory_days != model::MEMORY_DAYS).then(|| without_memory(license.memory_days)),
            )
            .each("limits", license.advisory.then_some(ADVISORY))
            .each("drift", drifts.then(|| drift(license.drift_days)))
            .each("transfer", license.not_transferable.then_some("not to another unit"))
            .each(
                "ledger",
                self.ledger.as_ref().map(|mark| format!("{}, issued after entry {}", mark.id, mark.entry)),
            )
            .each("unmetered", unmetered.then_some(UNMETERED))
            .each(
                "unknown",
                license.unknown.iter().map(|(name, value)| format!("{name} = {value} (ignored)")),
            )
    }
}

pub(super) fn drift(days: u32) -> String {
    format!("works {days} days in all on changed hardware")
}

/// How long it works on a host that lost its memory.
pub(super) fn without_memory(days: u32) -> String {
    format!("works {days} days where the host lost its clock mark or can't store one")
}

/// Whether the instance id of a virtual machine or container is compared, and nothing that may change.
fn is_by_instance(tolerance: &Tolerance) -> bool {
    tolerance.optional().is_empty() && tolerance.required().contains(&ComponentKind::Instance)
}

fn lock(lock: &Lock) -> String {
    match lock {
        // A container has no hardware of its own.
        Lock::Fingerprint { tolerance, .. } if is_by_instance(tolerance) => {
            tolerance.required().iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" and ")
        }
        Lock::Fingerprint { locking_id, tolerance, .. } => {
            format!("hardware {}, {tolerance}", locking_id.shown())
        }
        Lock::LockingId { tolerance, .. } => format!("hardware as typed, {tolerance}"),
        Lock::SystemId(_) => "System ID".into(),
        Lock::Mac(_) => "MAC".into(),
        Lock::Site(_) => "site serial".into(),
        Lock::Starter(days) => format!("none, for {days} days after the first installation"),
    }
}
