//! What in the ledger looks like cheating: one machine under several names, many releases and moves, times that don't fit.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{self, Act, Activation, Book, Entry, Query};
use airlatch_core::crypto::Sealed;
use airlatch_core::format;
use airlatch_core::model::{ComponentKind, Kind, Result, Time, Unit};

use super::Operator;
use super::machines::{Machines, moves};

/// The days that are counted back.
const YEAR: i64 = 365;
/// From how many releases, moves or clock resets within a year on they are shown.
const FREQUENT: usize = 2;

/// What stands out. Each may have an honest reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuspicionKind {
    /// Several units have licenses for one machine.
    SameHardware,
    /// One machine showed several ids of its operating system.
    OsIds,
    /// Licenses of one machine were released often within a year.
    Releases,
    /// A license moved to other machines often within a year.
    Moves,
    /// The clock of a host was reset often within a year.
    ClockResets,
    /// A host signed a release at a time that doesn't fit the desk's.
    Times,
}

impl SuspicionKind {
    /// The word in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SameHardware => "same-hardware",
            Self::OsIds => "os-ids",
            Self::Releases => "releases",
            Self::Moves => "moves",
            Self::ClockResets => "clock-resets",
            Self::Times => "times",
        }
    }
}

/// Something that stands out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suspicion {
    /// What it is.
    pub kind: SuspicionKind,
    /// The units it is about, in order.
    pub units: Vec<Unit>,
    /// How many units, ids, releases, moves or resets; of times 1.
    pub count: usize,
    /// When it was seen last.
    pub latest: Time,
}

/// Everything that stands out, in the order of its kinds. Nothing is refused because of it.
///
/// # Errors
/// `damaged-ledger`, and those of the ledger.
pub fn suspicions(operator: &Operator<'_>, book: &dyn Book) -> Result<Vec<Suspicion>> {
    let activations = ledger::activations(book, Query { any_hardware: true, ..Query::default() })?;
    let since = operator.now.plus_days(-YEAR);
    let mut found = on_machines(book, &activations, since)?;
    found.extend(moved(&activations, since));
    found.extend(resets(book, since)?);
    found.extend(times(operator, book)?);
    found.sort();
    Ok(found)
}

/// What was seen of one machine.
#[derive(Default)]
struct Seen {
    units: BTreeSet<Unit>,
    os_ids: BTreeSet<u32>,
    released: Vec<Time>,
    latest: Option<Time>,
}

/// Machines with several units or ids, and with many releases.
fn on_machines(book: &dyn Book, activations: &[(Entry, Activation)], since: Time) -> Result<Vec<Suspicion>> {
    let machines = Machines::of(activations.iter().filter_map(|(_, it)| it.hardware).collect());
    let mut seen: BTreeMap<usize, Seen> = BTreeMap::new();
    // The machine of each unit and product, entry by entry.
    let mut at: BTreeMap<(Unit, &str), Vec<(u64, usize)>> = BTreeMap::new();
    for (entry, activation) in activations {
        let Some(id) = activation.hardware else { continue };
        let Some(machine) = machines.machine(&id) else { continue };
        let it = seen.entry(machine).or_default();
        it.units.insert(activation.unit);
        it.os_ids.extend(id.group(ComponentKind::Os).filter(|_| id.told_profile().is_none()));
        it.latest = it.latest.max(Some(entry.time));
        at.entry((activation.unit, &activation.product)).or_default().push((entry.number, machine));
    }
    for entry in book.entries(&Query { acts: vec!["released"], from: Some(since), ..Query::default() })? {
        let Act::Released { unit, product, .. } = &entry.act else { continue };
        let Some(history) = at.get(&(*unit, product.as_str())) else { continue };
        let before = history.iter().rev().find(|(number, _)| *number < entry.number);
        if let Some(it) = before.and_then(|(_, machine)| seen.get_mut(machine)) {
            it.released.push(entry.time);
        }
    }
    Ok(seen.into_values().flat_map(of_machine).collect())
}

fn of_machine(seen: Seen) -> Vec<Suspicion> {
    let units: Vec<Unit> = seen.units.into_iter().collect();
    let Some(latest) = seen.latest else { return Vec::new() };
    let is_shown = |(_, count, _): &(SuspicionKind, usize, Time)| *count >= FREQUENT;
    let released = seen.released.iter().copied().max().unwrap_or(latest);
    let all = [
        (SuspicionKind::SameHardware, units.len(), latest),
        (SuspicionKind::OsIds, seen.os_ids.len(), latest),
        (SuspicionKind::Releases, seen.released.len(), released),
    ];
    let shown = all.into_iter().filter(is_shown);
    shown.map(|(kind, count, latest)| Suspicion { kind, units: units.clone(), count, latest }).collect()
}

/// Units whose license moved often.
fn moved(activations: &[(Entry, Activation)], since: Time) -> Vec<Suspicion> {
    let mut of_unit: BTreeMap<(Unit, &str), Vec<(&Entry, &Activation)>> = BTreeMap::new();
    for (entry, it) in activations {
        of_unit.entry((it.unit, &it.product)).or_default().push((entry, it));
    }
    let of_unit = of_unit.into_iter().map(|((unit, _), history)| (unit, moves(history)));
    of_unit.filter_map(|(unit, times)| frequent(SuspicionKind::Moves, unit, times, since)).collect()
}

/// Units whose clock was reset often.
fn resets(book: &dyn Book, since: Time) -> Result<Vec<Suspicion>> {
    let mut of_unit: BTreeMap<Unit, Vec<Time>> = BTreeMap::new();
    for entry in book.entries(&Query { acts: vec!["clock-reset"], from: Some(since), ..Query::default() })? {
        if let Act::ClockReset { unit, .. } = entry.act {
            of_unit.entry(unit).or_default().push(entry.time);
        }
    }
    let frequent = |(unit, times)| frequent(SuspicionKind::ClockResets, unit, times, since);
    Ok(of_unit.into_iter().filter_map(frequent).collect())
}

fn frequent(kind: SuspicionKind, unit: Unit, times: Vec<Time>, since: Time) -> Option<Suspicion> {
    let times: Vec<Time> = times.into_iter().filter(|time| *time >= since).collect();
    let latest = times.iter().copied().max().filter(|_| times.len() >= FREQUENT)?;
    Some(Suspicion { kind, units: vec![unit], count: times.len(), latest })
}

/// Receipts dated more than a day after they were booked, or before their license was issued.
fn times(operator: &Operator<'_>, book: &dyn Book) -> Result<Vec<Suspicion>> {
    let mut found = Vec::new();
    for entry in book.entries(&Query { acts: vec!["released"], ..Query::default() })? {
        let Act::Released { unit, license, .. } = entry.act else { continue };
        let (_, bytes) = operator.bytes(book, &entry)?;
        let made = format::read_receipt(&Sealed::from_parts(Kind::ReleaseReceipt, bytes)?)?.get().made;
        let issued = super::reprint::issued(book, license)?.map(|(entry, _)| entry.time);
        if made > entry.time.plus_days(1) || issued.is_some_and(|issued| made < issued.plus_days(-1)) {
            let latest = entry.time;
            found.push(Suspicion { kind: SuspicionKind::Times, units: vec![unit], count: 1, latest });
        }
    }
    Ok(found)
}
