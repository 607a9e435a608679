//! Updates a host's memory, from its clock and the licenses that were judged.

use std::collections::BTreeMap;

use crate::crypto::Verified;
use crate::model::{
    Cause, ClockJump, ClockMark, ClockReading, ClockReset, DocumentId, Drift, Error, HostMemory, License,
    Lock, Reason, ReleasedLicense, SECONDS_PER_DAY, Time, Verdict,
};

use super::compare::{is_undecided, matching};
use super::drift::is_issued_before;
use super::set_back::{known_time, observe};
use super::{Judgement, clock};

/// The most licenses whose hardware drift a host remembers; beyond that, those that used least are forgotten.
pub const MAX_DRIFTS: usize = 256;
/// The most released licenses that a host remembers; beyond that, the oldest are forgotten.
pub const MAX_RELEASED: usize = 1024;

/// From how many seconds on a clock that was set back is written at once.
const SET_BACK_SECONDS: i64 = 60;

/// A license that was judged here.
pub type Judged<'a> = (&'a Verified<License>, &'a Judgement);

/// The memory with its latest time raised to the latest of these signed times.
#[must_use]
pub fn with_signed_times(memory: &HostMemory, signed: impl IntoIterator<Item = Time>) -> HostMemory {
    let signed = signed.into_iter().max();
    let latest_time = signed.max(memory.latest_time);
    // So much had passed anyway.
    let known = memory.latest_time.map(|latest| latest.plus_seconds(memory.set_back_seconds));
    let set_back_seconds = if signed > known { 0 } else { memory.set_back_seconds };
    // What a vendor signed is no jump of this host's clock.
    let from = |jump: ClockJump| signed.map_or(jump.from, |signed| signed.max(jump.from));
    let jump = memory.jump.map(|jump| ClockJump { from: from(jump), ..jump });
    let signed_time = signed.max(memory.signed_time);
    HostMemory { latest_time, signed_time, set_back_seconds, jump, ..memory.clone() }
}

/// The memory after licenses were judged at `now`, by this host's clock.
///
/// A signed time raises the latest time unless it is more than the tolerance ahead of the clock. The clock itself raises it
/// to the last end of these licenses at most, so a clock that was far ahead once does no further damage. While the clock is
/// behind the latest time, only the grace for that is counted.
#[must_use]
pub fn remember(before: &HostMemory, reading: impl Into<ClockReading>, judged: &[Judged<'_>]) -> HostMemory {
    let reading = reading.into();
    let Ok(now) = reading.time.in_range() else { return before.clone() };
    let plausible = |issued: &Time| !clock::is_behind(now, *issued);
    let signed = judged.iter().map(|(license, _)| license.get().issued).filter(plausible);
    let mut next = with_signed_times(before, signed);
    let known = known_time(&observe(&next, reading), now);
    let is_behind = known.is_some_and(|known| clock::is_behind(now, known));
    count_clock_graces(&mut next, judged, now, is_behind);
    if is_behind {
        limit_size(&mut next, judged);
        return next;
    }
    next.set_back_seconds = observe(&next, reading).set_back_seconds;
    for (license, judgement) in judged {
        count_drift(&mut next, license, judgement, now);
    }
    // Once a license was valid, the activation period is over, even if the license is removed again.
    for (license, judgement) in judged {
        let content = license.get();
        if !matches!(content.lock, Lock::Starter(_)) && !judgement.base_verdict.is_refused() {
            let start = next.first_installed.entry(content.product.clone()).or_insert(content.issued);
            *start = content.issued.min(*start);
        }
    }
    let limit = judged.iter().filter_map(|judged| clock_limit(judged, &next, now)).max();
    let before = next.latest_time;
    next.latest_time = before.max(limit.map(|limit| limit.min(now)));
    // What the clock shows beyond that may be wrong, and is not held against it later.
    next.seen = Some(reading).filter(|_| next.latest_time >= Some(now));
    next.jump = clock::jump(next.jump, before, next.latest_time);
    limit_size(&mut next, judged);
    next
}

/// The memory after a license is installed: the activation period of its product begins, if it has not begun before.
///
/// If the memory [was lost](is_lost), no activation period begins.
#[must_use]
pub fn install(memory: &HostMemory, license: &License, now: Time, lost: bool) -> HostMemory {
    let mut next = memory.clone();
    if let (Lock::Starter(_), false, Ok(now)) = (&license.lock, lost, now.in_range()) {
        next.first_installed.entry(license.product.clone()).or_insert(now);
    }
    next
}

/// The memory of a host that lost it, where licenses issued at these times are there: none of them is news.
#[must_use]
pub fn lose(memory: &HostMemory, signed: Option<Time>) -> HostMemory {
    let after = signed.map(|signed| signed.plus_seconds(1));
    HostMemory {
        lost_at: memory.lost_at.map(|lost_at| after.map_or(lost_at, |after| lost_at.max(after))),
        ..memory.clone()
    }
}

/// Whether this host's memory was lost, and no license is valid here that was issued after the loss was noticed.
///
/// Without a ledger `issued` is the beginning of the day, so only a license of a later day counts. A license for an
/// activation period does not count: every host gets the same one, without an answer from the vendor.
pub fn is_lost<'a>(memory: &HostMemory, judged: impl IntoIterator<Item = Judged<'a>>) -> bool {
    let Some(lost_at) = memory.lost_at else { return false };
    !judged.into_iter().any(|(license, judgement)| {
        let content = license.get();
        let is_valid = !judgement.base_verdict.is_refused();
        is_valid && !matches!(content.lock, Lock::Starter(_)) && !is_issued_before(content, lost_at)
    })
}

/// The clock mark after a clock reset: all its times are at or before the reset, and `nonce` replaces the used one.
///
/// # Errors
/// `wrong-host` if the reset is for another installation, `used-reset` if it is for another clock mark.
pub fn reset(mark: &ClockMark, reset: &ClockReset, nonce: [u8; 16]) -> Result<ClockMark, Error> {
    if reset.system_id != mark.system_id {
        let what = "this reset of the clock is for another installation";
        let error = Error::new(Reason::WrongHost, what).at("system-id").because(Cause::ResetForOtherHost);
        let error = error.detail(format!("this host  {}", mark.system_id));
        return Err(error.detail(format!("reset      {}", reset.system_id)));
    }
    if reset.nonce != mark.nonce {
        let message = "this reset was used already, or is for a clock mark that this host no longer has";
        return Err(Error::new(Reason::UsedReset, message).at("nonce"));
    }
    let mut memory = mark.memory.clone();
    memory.latest_time = Some(reset.issued);
    memory.signed_time = Some(reset.issued).max(memory.signed_time);
    (memory.seen, memory.set_back_seconds) = (None, 0);
    memory.jump = None;
    memory.clock_graces.values_mut().for_each(|grace| grace.last_seen = None);
    memory.lost_at = memory.lost_at.map(|lost_at| lost_at.min(reset.issued));
    memory.first_installed.values_mut().for_each(|start| *start = reset.issued.min(*start));
    for drift in memory.drifts.values_mut() {
        let ahead = drift.last_seen.map_or(0, |last| (last.seconds() - reset.issued.seconds()).max(0));
        drift.used_seconds = (drift.used_seconds - ahead).max(0);
        drift.last_seen = drift.last_seen.map(|last| last.min(reset.issued));
    }
    Ok(ClockMark { nonce, resets: mark.resets.saturating_add(1), memory, ..mark.clone() })
}

/// Merges two copies of one host's clock mark: the larger sums, and the released licenses of both.
///
/// Times and hardware drift come entirely from the copy with more resets, so an old copy undoes no reset. The operation is
/// commutative and idempotent.
#[must_use]
pub fn merge_marks(one: &ClockMark, other: &ClockMark) -> ClockMark {
    let memory = merge(&one.memory, &other.memory);
    let (times, nonce) = match one.resets.cmp(&other.resets) {
        std::cmp::Ordering::Greater => (&one.memory, one.nonce),
        std::cmp::Ordering::Less => (&other.memory, other.nonce),
        std::cmp::Ordering::Equal => (&memory, one.nonce.max(other.nonce)),
    };
    let HostMemory { latest_time, seen, set_back_seconds, jump, lost_at, .. } = *times;
    let (drifts, clock_graces) = (times.drifts.clone(), times.clock_graces.clone());
    let memory =
        HostMemory { latest_time, seen, set_back_seconds, jump, lost_at, drifts, clock_graces, ..memory };
    ClockMark { system_id: one.system_id, nonce, resets: one.resets.max(other.resets), memory }
}

/// Whether merging `claimed` into `known` changes nothing; then its signature need not be checked.
pub fn adds_nothing(claimed: &ClockMark, known: &ClockMark) -> bool {
    claimed.system_id == known.system_id && merge_marks(known, claimed) == *known
}

/// Merges two memories: the later times, the larger sums, the earlier first installations, and the released licenses of
/// both.
#[must_use]
pub fn merge(one: &HostMemory, other: &HostMemory) -> HostMemory {
    let mut memory = one.clone();
    memory.latest_time = one.latest_time.max(other.latest_time);
    memory.signed_time = one.signed_time.max(other.signed_time);
    memory.seen = one.seen.max(other.seen);
    memory.set_back_seconds = one.set_back_seconds.max(other.set_back_seconds);
    memory.jump = one.jump.max(other.jump);
    memory.lost_at = one.lost_at.max(other.lost_at);
    merge_used(&mut memory.drifts, &other.drifts);
    merge_used(&mut memory.clock_graces, &other.clock_graces);
    for (product, start) in &other.first_installed {
        let known = memory.first_installed.entry(product.clone()).or_insert(*start);
        *known = (*known).min(*start);
    }
    let mut released: BTreeMap<DocumentId, ReleasedLicense> = BTreeMap::new();
    for found in one.released.iter().chain(&other.released) {
        let known = released.entry(found.license).or_insert_with(|| found.clone());
        known.at = known.at.min(found.at);
        // A release receipt names no ledger; the ledger known from the other memory is kept.
        known.ledger = known.ledger.max(found.ledger);
        if found.product < known.product {
            known.product.clone_from(&found.product);
        }
    }
    memory.released = released.into_values().collect();
    memory
}

/// The seconds used grow with each check, so the larger sum is the later check.
fn merge_used(memory: &mut BTreeMap<DocumentId, Drift>, other: &BTreeMap<DocumentId, Drift>) {
    for (license, drift) in other {
        let known = memory.entry(*license).or_insert(*drift);
        *known = (*known).max(*drift);
    }
}

/// Whether two memories differ in anything but the passing of at most `seconds`.
pub fn differs(one: &HostMemory, other: &HostMemory, seconds: i64) -> bool {
    let is_far = |one: Option<Time>, other: Option<Time>| match (one, other) {
        (Some(one), Some(other)) => (one.seconds() - other.seconds()).abs() > seconds,
        (one, other) => one != other,
    };
    // The seconds used follow from the time of the last check, so only that is compared.
    let is_same_used = |one: &BTreeMap<DocumentId, Drift>, other: &BTreeMap<DocumentId, Drift>| {
        let is_same = |(license, used): (&DocumentId, &Drift)| {
            other.get(license).is_some_and(|there| !is_far(used.last_seen, there.last_seen))
        };
        one.len() == other.len() && one.iter().all(is_same)
    };
    let released = |memory: &HostMemory| -> BTreeMap<DocumentId, ReleasedLicense> {
        memory.released.iter().map(|released| (released.license, released.clone())).collect()
    };
    let seen = |memory: &HostMemory| memory.seen.map(|seen| seen.time);
    is_far(one.latest_time, other.latest_time)
        || is_far(seen(one), seen(other))
        || (one.set_back_seconds - other.set_back_seconds).abs() > SET_BACK_SECONDS
        || (one.jump, one.lost_at, one.signed_time, &one.first_installed, released(one))
            != (other.jump, other.lost_at, other.signed_time, &other.first_installed, released(other))
        || !is_same_used(&one.drifts, &other.drifts)
        || !is_same_used(&one.clock_graces, &other.clock_graces)
}

/// Adds the time since the last check to the hardware drift of a license, in seconds.
///
/// While the hardware is changed, all the time since the last check counts. If this check finds the hardware in order
/// again, the time counts too, but at most a day, since it is unknown when the hardware was repaired.
fn count_drift(memory: &mut HostMemory, license: &Verified<License>, judgement: &Judgement, now: Time) {
    let content = license.get();
    let Lock::Fingerprint { tolerance, .. } = &content.lock else { return };
    let budget = i64::from(content.drift_days) * SECONDS_PER_DAY;
    if budget == 0 && !content.advisory {
        return;
    }
    let is_changed = !tolerance.is_met_by(&matching(&judgement.comparison));
    let is_valid = !judgement.base_verdict.is_refused();
    match memory.drifts.get_mut(&license.document_id()) {
        // What this user may not read is not known to have changed.
        Some(drift) if drift.last_seen.is_none() && is_undecided(tolerance, &judgement.comparison) => {}
        Some(drift) => {
            let gap = drift.last_seen.map_or(0, |last| (now.seconds() - last.seconds()).max(0));
            // The sum may exceed the budget: a reset subtracts what a clock that was ahead has added.
            add_gap(drift, gap, is_changed, now);
        }
        None if is_valid && !is_changed => {
            let is_used_up = memory.lost_at.is_some_and(|lost_at| is_issued_before(content, lost_at));
            let used_seconds = if is_used_up { budget } else { 0 };
            memory.drifts.insert(license.document_id(), Drift { used_seconds, last_seen: None });
        }
        None => {}
    }
}

/// Adds the time since the last check to the grace for the clock of each license that it lets work.
fn count_clock_graces(memory: &mut HostMemory, judged: &[Judged<'_>], now: Time, is_behind: bool) {
    if is_behind {
        let is_used = |(license, judgement): &&Judged<'_>| {
            !judgement.base_verdict.is_refused() && clock::is_in_grace(license, memory, now)
        };
        let used: Vec<_> = judged.iter().filter(is_used).map(|(license, _)| license.document_id()).collect();
        for license in used {
            memory.clock_graces.entry(license).or_default();
        }
    }
    for grace in memory.clock_graces.values_mut() {
        // The clock is no measure of its own progress, so its way back counts like its way ahead.
        let gap = grace.last_seen.map_or(0, |last| (now.seconds() - last.seconds()).abs());
        add_gap(grace, gap, is_behind, now);
    }
}

/// Adds the seconds since the last check: all of them while the state lasts, a day at most once it is over.
fn add_gap(used: &mut Drift, gap: i64, lasts: bool, now: Time) {
    let gap = if lasts { gap } else { gap.min(SECONDS_PER_DAY) };
    used.used_seconds = used.used_seconds.saturating_add(gap);
    used.last_seen = lasts.then_some(now);
}

/// Up to which time the host's clock may raise the latest time because of this license: the end of its term and grace, of
/// its drift days, or of its activation period. `None` for a license of another host.
fn clock_limit((license, judgement): &Judged<'_>, memory: &HostMemory, now: Time) -> Option<Time> {
    let content = license.get();
    // A license that was valid here is this host's, even if its drift days are used up.
    let drift = if memory.drifts.is_empty() { None } else { memory.drifts.get(&license.document_id()) };
    let is_other_host = |error: &Error| error.reason() == Reason::WrongHost && drift.is_none();
    if matches!(&judgement.base_verdict, Verdict::Refused(reasons) if reasons.iter().any(is_other_host)) {
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

/// Limits the size of the memory. Drifts of licenses that were not judged now are removed first, those that used least
/// before others.
fn limit_size(memory: &mut HostMemory, judged: &[Judged<'_>]) {
    let is_judged = |id: &DocumentId| judged.iter().any(|(license, _)| license.document_id() == *id);
    for all in [&mut memory.drifts, &mut memory.clock_graces] {
        while all.len() > MAX_DRIFTS {
            let least = all.iter().min_by_key(|(id, drift)| (is_judged(id), drift.used_seconds));
            let Some(least) = least.map(|(id, _)| *id) else { break };
            all.remove(&least);
        }
    }
    if memory.released.len() > MAX_RELEASED {
        memory.released.sort_by_key(|released| released.at);
        memory.released.drain(..memory.released.len() - MAX_RELEASED);
    }
}
