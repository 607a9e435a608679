//! The clock, against everything this host knows of the time.

use airlatch_core::host::JudgedLicense;
use airlatch_core::model::{Error, HostFacts, Reason, Time};
use airlatch_core::rules::CLOCK_TOLERANCE_SECONDS;

use super::{Check, Finding, State};

/// What is known to have been, and who says so.
pub(super) fn look(now: Time, facts: &HostFacts, judged: &[&JudgedLicense], findings: &mut Vec<Finding>) {
    let issued = judged.iter().map(|judged| judged.license.get().issued).max();
    let known =
        [(facts.memory.latest_time, "what this host has seen"), (issued, "when a license was issued")];
    let known = known.into_iter().filter_map(|(time, whence)| Some((time?, whence))).max_by_key(|it| it.0);
    findings.push(match known {
        None => Finding::ok(Check::Clock, format!("{now}, with nothing to hold it against")),
        Some((time, _)) if now >= time => Finding::ok(Check::Clock, format!("{now}; nothing known is later"))
            .saying("nothing known is later"),
        Some((time, whence)) if now.plus_seconds(CLOCK_TOLERANCE_SECONDS) >= time => {
            Finding::note(Check::Clock, format!("{now}: less than a day behind {time}, {whence}"))
                .saying("less than a day behind what is known")
        }
        Some((time, whence)) => {
            let what = "this host's clock is behind a time known to have passed";
            let error = Error::new(Reason::ClockRollback, what);
            let error = error.detail(format!("clock      {now}"));
            Finding::of(Check::Clock, State::Bad, error.detail(format!("known      {time}, {whence}")))
        }
    });
}
