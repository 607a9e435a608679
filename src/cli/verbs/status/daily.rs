//! `status --daily`: the daily check, which prints and logs what was gained and lost since the last one.

use crate::cli::session::Session;
use crate::view::{Daily, DailyResult};
use airlatch_core::host::{self, Change, JudgedLicense};
use airlatch_core::model::{DailyCheck, DailyTime, Error, HostMemory, Result, Time};
use airlatch_machine::here::{Home, daily, log};

/// Runs the check if it is due.
pub(super) fn run(
    at: DailyTime,
    home: &Home,
    judged: &[&JudgedLicense],
    memory: &HostMemory,
    session: &mut Session,
) -> DailyResult {
    let now = session.now;
    let mut known = daily::last(home);
    let mut guard = None;
    if is_due(at, &known, now) {
        guard = Some(daily::lock(home));
        // Read again under the lock: another process may have run the check meanwhile.
        known = daily::last(home);
    }
    let due = is_due(at, &known, now);
    let before = known.as_ref().ok().and_then(|known| known.as_ref().map(|check| check.checked));
    let mut daily = DailyResult { at, last: before, due, changes: None, recorded: false };
    if due {
        let check = host::daily_check(judged, now);
        let none = || DailyCheck { checked: now, licenses: Default::default() };
        match known {
            Ok(known) => {
                daily.changes = Some(host::changes(&known.unwrap_or_else(none), &check, judged, memory));
            }
            Err(error) => {
                note(session, "the record of the last check can't be read, so nothing is compared", &error)
            }
        }
        let kept = guard.transpose().and_then(|_guard| {
            log_and_record(daily.changes.as_deref().unwrap_or_default(), &check, home, session)
        });
        daily.recorded = kept.is_ok();
        if let Err(error) = kept {
            note(session, "this check can't be recorded", &error);
        }
    }
    session.screen.each([&Daily::of(&daily, now)], now);
    daily
}

fn is_due(at: DailyTime, known: &Result<Option<DailyCheck>>, now: Time) -> bool {
    known.as_ref().map_or(true, |known| at.is_due(known.as_ref().map(|check| check.checked), now))
}

/// Writes the log first: a check that is interrupted before its record is written logs its lines twice, instead of never.
fn log_and_record(changes: &[Change], check: &DailyCheck, home: &Home, session: &mut Session) -> Result<()> {
    let events: Vec<_> = changes.iter().map(|change| (change.event(), change.to_string())).collect();
    if let Err(error) = log::notes(home, session.now, &events) {
        note(session, "the host's log can't be written", &error);
    }
    daily::record(home, check)
}

fn note(session: &mut Session, what: &str, error: &Error) {
    session.screen.talk(&format!("note: {what}: {error}"));
}
