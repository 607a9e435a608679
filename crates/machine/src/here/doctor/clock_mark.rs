//! Checks the clock mark: both copies exist, are this host's, and are the same.

use crate::here::LoadedMemory;
use airlatch_core::host::JudgedLicense;
use airlatch_core::model::{ClockMark, Error, Reason, Time};
use airlatch_core::rules::remember;

use super::{Check, Finding, State};

/// Checks both copies of the clock mark.
pub(super) fn examine(
    recall: &LoadedMemory,
    judged: &[&JudgedLicense],
    now: Time,
    findings: &mut Vec<Finding>,
) {
    for error in &recall.notes {
        findings.push(match recall.mark {
            // The next check writes this copy again from the other one.
            Some(_) => Finding { cause: None, ..Finding::of(Check::Mark, State::Note, error.clone()) },
            None => Finding::of(Check::Mark, State::Look, error.clone()),
        });
    }
    let Some(mark) = &recall.mark else {
        if recall.is_gone() {
            let message =
                "this host's clock mark is lost: its drift days and activation periods count as used up";
            findings.push(Finding::of(Check::Mark, State::Look, Error::new(Reason::LostMark, message)));
        }
        return;
    };
    let rows = judged.iter().map(|judged| (&judged.license, &judged.judgement));
    if let Some(since) = mark.memory.lost_at.filter(|_| remember::is_lost(&mark.memory, rows)) {
        let message =
            "this host's clock mark was lost: its drift days and activation periods count as used up";
        let error = Error::new(Reason::LostMark, message).detail(format!("noticed    {since}"));
        findings.push(Finding::of(Check::Mark, State::Look, error));
    }
    findings.push(copies(recall, mark, now));
}

/// The paths of the copies, and whether both are the same.
fn copies(recall: &LoadedMemory, mark: &ClockMark, now: Time) -> Finding {
    let memory = recall.memory(now);
    let latest = memory.latest_time.map_or_else(|| "none".into(), |latest| latest.to_string());
    let there: Vec<&ClockMark> = recall.places.iter().filter_map(|(_, mark)| mark.as_ref()).collect();
    let finding = match there.as_slice() {
        [one, other] if (one.nonce, one.resets) != (other.nonce, other.resets) => {
            let message = format!("latest time {latest}; one of the two copies is from before a clock reset");
            Finding::note(Check::Mark, message).fixed("one of the two copies is from before a clock reset")
        }
        [one, other] if remember::differs(&one.memory, &other.memory, i64::MAX) => {
            let message = format!("latest time {latest}; the two copies differ, and are merged");
            Finding::note(Check::Mark, message).fixed("the two copies differ, and are merged")
        }
        [_, _] => Finding::ok(Check::Mark, format!("latest time {latest}, two copies")).fixed("two copies"),
        _ => {
            Finding::note(Check::Mark, format!("latest time {latest}, one copy only")).fixed("one copy only")
        }
    };
    let finding = recall.places.iter().fold(finding, |finding, (path, copy)| {
        let label = copy.as_ref().map_or("no copy", |_| "copy");
        finding.detail(format!("{label:<10} {}", path.display()))
    });
    let counts = [
        (memory.first_installed.len(), "products installed here first"),
        (
            memory.drifts.values().filter(|drift| drift.used_seconds > 0).count(),
            "licenses with hardware drift",
        ),
        (memory.released.len(), "released licenses"),
    ];
    let finding = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .fold(finding, |finding, (count, noun)| finding.detail(format!("{count:<10} {noun}")));
    if mark.resets == 0 { finding } else { finding.detail(format!("{:<10} clock resets", mark.resets)) }
}
