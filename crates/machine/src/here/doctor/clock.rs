//! Checks the clock against all times this host knows.

use airlatch_core::host::JudgedLicense;
use airlatch_core::model::{HostFacts, Time};
use airlatch_core::rules;

use super::{Check, Finding, State};

/// Compares the clock with the latest known time.
pub(super) fn examine(now: Time, facts: &HostFacts, judged: &[&JudgedLicense], findings: &mut Vec<Finding>) {
    let issued = judged.iter().map(|judged| judged.license.get().issued).max();
    let known =
        [(facts.memory.latest_time, "what this host has seen"), (issued, "when a license was issued")];
    let known = known.into_iter().filter_map(|(time, source)| Some((time?, source))).max_by_key(|it| it.0);
    findings.push(match known {
        None => Finding::ok(Check::Clock, format!("{now}, with nothing to compare it to")),
        Some((time, _)) if now >= time => Finding::ok(Check::Clock, format!("{now}; nothing known is later"))
            .fixed("nothing known is later"),
        Some((time, source)) if !rules::is_behind(now, time) => {
            Finding::note(Check::Clock, format!("{now}: less than a day behind {time}, {source}"))
                .fixed("less than a day behind a known time")
        }
        Some((time, source)) => {
            Finding::of(Check::Clock, State::Bad, rules::clock_rollback(now, time, source))
        }
    });
}
