//! What a host remembers next: from what it knew, its clock, and the licenses that were judged.

use std::collections::BTreeMap;

use crate::crypto::Verified;
use crate::model::{
    ClockMark, ClockReset, DocumentId, Drift, Error, HostMemory, License, Lock, Reason, ReleasedLicense,
    SECONDS_PER_DAY, Time, Verdict,
};

use super::compare::matching;
use super::{CLOCK_TOLERANCE, Judgement};

/// The most licenses whose days on changed hardware a host remembers; of more, those that used least are forgotten.
pub const MOST_DRIFTS: usize = 256;
/// The most licenses given back that a host remembers; of more, the first are forgotten.
pub const MOST_RELEASED: usize = 1024;

/// A license that was judged here.
pub type Judged<'a> = (&'a Verified<License>, &'a Judgement);

/// The same memory, with the latest time that any of these signed times proves.
#[must_use]
pub fn known(memory: &HostMemory, signed: impl IntoIterator<Item = Time>) -> HostMemory {
    HostMemory { latest_time: signed.into_iter().chain(memory.latest_time).max(), ..memory.clone() }
}

/// What to remember after licenses were judged at `now`, by this host's clock.
///
/// Something signed counts for the latest time unless it is more than the tolerance ahead of the clock. The clock itself
/// counts no further than to the last end of these licenses, so that one jump ahead poisons no more than that. While it is
/// behind what is known nothing is counted by it.
#[must_use]
pub fn remember(before: &HostMemory, now: Time, judged: &[Judged<'_>]) -> HostMemory {
    let Ok(now) = now.in_range() else { return before.clone() };
    let believable = |issued: &Time| *issued <= now.plus_seconds(CLOCK_TOLERANCE);
    let signed = judged.iter().map(|(license, _)| license.get().issued).filter(believable);
    let mut next = known(before, signed);
    if next.latest_time.is_some_and(|latest| now.plus_seconds(CLOCK_TOLERANCE) < latest) {
        return next;
    }
    for (license, judgement) in judged {
        drift(&mut next, license, judgement, now);
    }
    // Where a license holds the first days are over, also if it is taken away again.
    for (license, judgement) in judged {
        let content = license.get();
        if !matches!(content.lock, Lock::Starter(_)) && !matches!(judgement.standing, Verdict::Refused(_)) {
            let start = next.first_installed.entry(content.product.clone()).or_insert(content.issued);
            *start = content.issued.min(*start);
        }
    }
    let cap = judged.iter().filter_map(|judged| counts_to(judged, &next, now)).max();
    next.latest_time = next.latest_time.max(cap.map(|cap| cap.min(now)));
    bound(&mut next, judged);
    next
}

/// The memory with a license that is being installed: the activation period of its product begins, if it never has.
///
/// Where something is [lost](is_lost), none begins.
#[must_use]
pub fn install(memory: &HostMemory, license: &License, now: Time, lost: bool) -> HostMemory {
    let mut next = memory.clone();
    if let (Lock::Starter(_), false, Ok(now)) = (&license.lock, lost, now.in_range()) {
        next.first_installed.entry(license.product.clone()).or_insert(now);
    }
    next
}

/// Whether what this host remembered is gone, and no license holds here that was issued since that was noticed.
///
/// Without a ledger `issued` is the beginning of the day, so that only a license of a later day counts. One that starts an
/// activation period is no sign of the vendor's: every host gets the same.
pub fn is_lost<'a>(memory: &HostMemory, judged: impl IntoIterator<Item = Judged<'a>>) -> bool {
    let Some(noticed) = memory.lost_at else { return false };
    !judged.into_iter().any(|(license, judgement)| {
        let content = license.get();
        let holds = !matches!(judgement.standing, Verdict::Refused(_));
        holds && !matches!(content.lock, Lock::Starter(_)) && !is_from_before(content, noticed)
    })
}

/// The mark after a reset: nothing it knows of the time lies after the reset's. Its nonce is used up, `nonce` takes its place.
///
/// # Errors
/// `wrong-host` when the reset is for another installation, `used-reset` when it repairs another mark than this one.
pub fn reset(mark: &ClockMark, reset: &ClockReset, nonce: [u8; 16]) -> Result<ClockMark, Error> {
    if reset.system_id != mark.system_id {
        let what = "this reset of the clock is for another installation";
        let error = Error::new(Reason::WrongHost, what).at("system-id");
        let error = error.detail(format!("this host  {}", mark.system_id));
        return Err(error.detail(format!("reset      {}", reset.system_id)));
    }
    if reset.nonce != mark.nonce {
        let what = "this reset was used already, or is for a mark that this host has no more";
        return Err(Error::new(Reason::UsedReset, what).at("nonce"));
    }
    let mut memory = mark.memory.clone();
    memory.latest_time = Some(reset.issued);
    memory.lost_at = memory.lost_at.map(|noticed| noticed.min(reset.issued));
    memory.first_installed.values_mut().for_each(|start| *start = reset.issued.min(*start));
    for drift in memory.drifts.values_mut() {
        let ahead = drift.last_seen.map_or(0, |last| (last.seconds() - reset.issued.seconds()).max(0));
        drift.used_seconds = (drift.used_seconds - ahead).max(0);
        drift.last_seen = drift.last_seen.map(|last| last.min(reset.issued));
    }
    Ok(ClockMark { nonce, resets: mark.resets.saturating_add(1), memory, ..mark.clone() })
}

/// One mark of two copies of one host's: of what is counted the more, and what was given back in either.
///
/// What they know of the time and of changed hardware comes whole from the one that was reset more often, so that an old copy
/// undoes no reset. The order of the two makes no difference, nor does merging the same copy again.
#[must_use]
pub fn merge_marks(one: &ClockMark, other: &ClockMark) -> ClockMark {
    let memory = merge(&one.memory, &other.memory);
    let whole = |mark: &ClockMark| {
        let known = &mark.memory;
        (known.latest_time, known.lost_at, known.drifts.clone(), mark.nonce)
    };
    let (latest, lost, drifts, nonce) = match one.resets.cmp(&other.resets) {
        std::cmp::Ordering::Greater => whole(one),
        std::cmp::Ordering::Less => whole(other),
        std::cmp::Ordering::Equal => {
            (memory.latest_time, memory.lost_at, memory.drifts.clone(), one.nonce.max(other.nonce))
        }
    };
    let memory = HostMemory { latest_time: latest, lost_at: lost, drifts, ..memory };
    ClockMark { system_id: one.system_id, nonce, resets: one.resets.max(other.resets), memory }
}

/// Whether a mark of the same host says nothing that `known` does not say already: then it makes no difference whether it is
/// genuine.
pub fn adds_nothing(claimed: &ClockMark, known: &ClockMark) -> bool {
    claimed.system_id == known.system_id && merge_marks(known, claimed) == *known
}

/// One memory of two: the later times, the larger sums, the earlier starts, and what was given back in either.
#[must_use]
pub fn merge(one: &HostMemory, other: &HostMemory) -> HostMemory {
    let mut memory = one.clone();
    memory.latest_time = one.latest_time.max(other.latest_time);
    memory.lost_at = one.lost_at.max(other.lost_at);
    for (license, drift) in &other.drifts {
        let known = memory.drifts.entry(*license).or_insert(*drift);
        // What was used grows with each look at changed hardware, so the larger sum is the later look.
        *known = (*known).max(*drift);
    }
    for (product, start) in &other.first_installed {
        let known = memory.first_installed.entry(product.clone()).or_insert(*start);
        *known = (*known).min(*start);
    }
    let mut released: BTreeMap<DocumentId, ReleasedLicense> = BTreeMap::new();
    for found in one.released.iter().chain(&other.released) {
        let known = released.entry(found.license).or_insert_with(|| found.clone());
        known.at = known.at.min(found.at);
        // A receipt names no ledger, and takes none from what is known.
        known.ledger = known.ledger.max(found.ledger);
        if found.product < known.product {
            known.product.clone_from(&found.product);
        }
    }
    memory.released = released.into_values().collect();
    memory
}

/// Whether two memories differ in more than how far time has gone on: by `seconds` at most, where nothing else happened.
pub fn differs(one: &HostMemory, other: &HostMemory, seconds: i64) -> bool {
    let far = |one: Option<Time>, other: Option<Time>| match (one, other) {
        (Some(one), Some(other)) => (one.seconds() - other.seconds()).abs() > seconds,
        (one, other) => one != other,
    };
    // Going on with the same count says nothing new: it is the same sum from an earlier time.
    let goes_on = |(license, drift): (&DocumentId, &Drift)| {
        other.drifts.get(license).is_some_and(|there| !far(drift.last_seen, there.last_seen))
    };
    let released = |memory: &HostMemory| -> BTreeMap<DocumentId, ReleasedLicense> {
        memory.released.iter().map(|released| (released.license, released.clone())).collect()
    };
    far(one.latest_time, other.latest_time)
        || (one.lost_at, &one.first_installed, released(one))
            != (other.lost_at, &other.first_installed, released(other))
        || one.drifts.len() != other.drifts.len()
        || !one.drifts.iter().all(goes_on)
}

/// Counts what a license used of its days on changed hardware, to the second, from look to look.
///
/// While the hardware is changed all the time since the last look counts. When it is fine again that counts too, since
/// nobody saw when it was mended, but a day at most.
fn drift(memory: &mut HostMemory, license: &Verified<License>, judgement: &Judgement, now: Time) {
    let content = license.get();
    let Lock::Fingerprint { tolerance, .. } = &content.lock else { return };
    let budget = i64::from(content.drift_days) * SECONDS_PER_DAY;
    if budget == 0 {
        return;
    }
    let is_changed = !tolerance.is_met_by(&matching(&judgement.comparison));
    let holds = !matches!(judgement.standing, Verdict::Refused(_));
    match memory.drifts.get_mut(&license.document_id()) {
        Some(drift) => {
            let gap = drift.last_seen.map_or(0, |last| (now.seconds() - last.seconds()).max(0));
            let gap = if is_changed { gap } else { gap.min(SECONDS_PER_DAY) };
            // More than there is may be counted: a reset takes back what a clock that ran ahead has counted.
            drift.used_seconds = drift.used_seconds.saturating_add(gap);
            drift.last_seen = is_changed.then_some(now);
        }
        None if holds && !is_changed => {
            let used_up = memory.lost_at.is_some_and(|noticed| is_from_before(content, noticed));
            let used = if used_up { budget } else { 0 };
            memory.drifts.insert(license.document_id(), Drift { used_seconds: used, last_seen: None });
        }
        None => {}
    }
}

fn is_from_before(license: &License, noticed: Time) -> bool {
    license.issued < noticed
}

/// Up to when the host's own clock counts because of a license: to its end, or to that of the days it counts here.
fn counts_to((license, judgement): &Judged<'_>, memory: &HostMemory, now: Time) -> Option<Time> {
    let content = license.get();
    // One that has held here is this host's, also when its days on changed hardware are used up.
    let drift = if memory.drifts.is_empty() { None } else { memory.drifts.get(&license.document_id()) };
    let of_another = |error: &Error| error.reason() == Reason::WrongHost && drift.is_none();
    if matches!(&judgement.standing, Verdict::Refused(reasons) if reasons.iter().any(of_another)) {
        return None;
    }
    let drift_end = drift
        .filter(|drift| drift.last_seen.is_some())
        .map(|drift| now.plus_seconds(i64::from(content.drift_days) * SECONDS_PER_DAY - drift.used_seconds));
    let starter_end = match content.lock {
        Lock::Starter(days) => {
            memory.first_installed.get(&content.product).map(|start| start.plus_days(i64::from(days)))
        }
        _ => None,
    };
    content.grace_end().into_iter().chain(drift_end).chain(starter_end).max()
}

/// Keeps the memory small: of the licenses that were not looked at, those that used least go first.
fn bound(memory: &mut HostMemory, judged: &[Judged<'_>]) {
    let seen = |id: &DocumentId| judged.iter().any(|(license, _)| license.document_id() == *id);
    while memory.drifts.len() > MOST_DRIFTS {
        let least = memory.drifts.iter().min_by_key(|(id, drift)| (seen(id), drift.used_seconds));
        let Some(least) = least.map(|(id, _)| *id) else { break };
        memory.drifts.remove(&least);
    }
    if memory.released.len() > MOST_RELEASED {
        memory.released.sort_by_key(|released| released.at);
        memory.released.drain(..memory.released.len() - MOST_RELEASED);
    }
}
