//! What this host remembers of the time: whether it is there, in both places, its own, and the same.

use crate::here::LoadedMemory;
use airlatch_core::host::JudgedLicense;
use airlatch_core::model::{ClockMark, Error, Reason, Time};
use airlatch_core::rules::remember;

use super::{Check, Finding, State};

/// The mark of both places.
pub(super) fn look(recall: &LoadedMemory, judged: &[&JudgedLicense], now: Time, findings: &mut Vec<Finding>) {
    for error in &recall.notes {
        findings.push(match recall.mark {
            // The next check writes it anew from the other place.
            Some(_) => Finding { cause: None, ..Finding::of(Check::Mark, State::Note, error.clone()) },
            None => Finding::of(Check::Mark, State::Look, error.clone()),
        });
    }
    let Some(mark) = &recall.mark else {
        if recall.is_gone() {
            let what =
                "what this host remembered of the time is gone: nothing that is counted here begins anew";
            findings.push(Finding::of(Check::Mark, State::Look, Error::new(Reason::LostMark, what)));
        }
        return;
    };
    let rows = judged.iter().map(|judged| (&judged.license, &judged.judgement));
    if let Some(since) = mark.memory.lost_at.filter(|_| remember::is_lost(&mark.memory, rows)) {
        let what = "what this host remembered of the time was lost: nothing that is counted here begins anew";
        let error = Error::new(Reason::LostMark, what).detail(format!("noticed    {since}"));
        findings.push(Finding::of(Check::Mark, State::Look, error));
    }
    findings.push(kept(recall, mark, now));
}

/// Where it lies, and whether both places say the same.
fn kept(recall: &LoadedMemory, mark: &ClockMark, now: Time) -> Finding {
    let memory = recall.memory(now);
    let latest = memory.latest_time.map_or_else(|| "no time yet".into(), |latest| latest.to_string());
    let there: Vec<&ClockMark> = recall.places.iter().filter_map(|(_, mark)| mark.as_ref()).collect();
    let finding = match there.as_slice() {
        [one, other] if (one.nonce, one.resets) != (other.nonce, other.resets) => {
            let what = format!("remembers {latest}; one of the two places has not heard of a reset");
            Finding::note(Check::Mark, what).saying("one of the two places has not heard of a reset")
        }
        [one, other] if remember::differs(&one.memory, &other.memory, i64::MAX) => {
            let what = format!("remembers {latest}; the two places differ, and what is more counts");
            Finding::note(Check::Mark, what).saying("the two places differ, and what is more counts")
        }
        [_, _] => {
            Finding::ok(Check::Mark, format!("remembers {latest}, in both places")).saying("in both places")
        }
        _ => Finding::note(Check::Mark, format!("remembers {latest}, in one place only"))
            .saying("in one place only"),
    };
    let finding = recall.places.iter().fold(finding, |finding, (path, there)| {
        let what = there.as_ref().map_or("nothing of this host's", |_| "kept");
        finding.detail(format!("{what:<10} {}", path.display()))
    });
    let counts = [
        (memory.first_installed.len(), "activation periods begun"),
        (
            memory.drifts.values().filter(|drift| drift.used_seconds > 0).count(),
            "licenses on changed hardware",
        ),
        (memory.released.len(), "licenses given back"),
    ];
    let finding = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .fold(finding, |finding, (count, what)| finding.detail(format!("{count:<10} {what}")));
    if mark.resets == 0 {
        finding
    } else {
        finding.detail(format!("{:<10} resets of the clock", mark.resets))
    }
}
