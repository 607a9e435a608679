//! What a monitor is warned of: what ends soon, what was lost, a clock that is behind.

use crate::view::{NAMED, becomes, left};
use airlatch_core::host::{Decrease, JudgedLicense, LossReason, Outlook};
use airlatch_core::model::{Error, HostMemory, Reason, Time, Verdict};
use airlatch_core::rules::CLOCK_TOLERANCE_SECONDS;

/// What ends within so many days, a warning for each date.
pub(super) fn soon(outlook: &Outlook, now: Time, days: u32) -> Vec<Error> {
    let warning = |fall: Decrease| {
        let what = match fall.features.is_empty() {
            true => format!("{}: its license ends, {}", outlook.product, left(now, fall.at)),
            false => format!("{}: {}, {}", outlook.product, becomes(&fall), left(now, fall.at)),
        };
        Error::new(Reason::EndsSoon, what).detail(format!("on         {}", fall.at))
    };
    outlook.soon(now, days).into_iter().map(warning).collect()
}

/// What was lost, a warning for each reason; where it is the clock, that has a warning of its own.
pub(super) fn lost(outlook: &Outlook) -> Vec<Error> {
    let mut reasons: Vec<(&LossReason, Vec<String>)> = Vec::new();
    for (name, why) in outlook.lost().filter(|(_, why)| why.reason != Reason::ClockRollback) {
        let name = name.map(ToString::to_string);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.extend(name),
            None => reasons.push((why, name.into_iter().collect())),
        }
    }
    let warning = |(why, names): (&LossReason, Vec<String>)| {
        let more = match names.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let what = match names.as_str() {
            "" => format!("{}: not licensed any more", outlook.product),
            names => format!("{}: not licensed any more: {names}{more}", outlook.product),
        };
        let error =
            Error::new(why.reason, what).detail(format!("license    {} {}", why.license, why.message));
        why.place.iter().fold(error, Error::at)
    };
    reasons.into_iter().map(warning).collect()
}

/// The clock, when it is behind what is known to have been; a license that holds all the same warns of it itself.
pub(super) fn clock(judged: &[&JudgedLicense], memory: &HostMemory, now: Time) -> Option<Error> {
    let warns = |judged: &&JudgedLicense| {
        let verdict = &judged.judgement.verdict;
        matches!(verdict, Verdict::Grace(error) if error.reason() == Reason::ClockRollback)
    };
    if judged.iter().any(warns) {
        return None;
    }
    let signed = judged.iter().map(|judged| judged.license.get().issued);
    let known = signed
        .chain(memory.latest_time)
        .max()
        .filter(|known| now.plus_seconds(CLOCK_TOLERANCE_SECONDS) < *known)?;
    let error = Error::new(Reason::ClockRollback, "this host's clock is behind a time known to have passed");
    Some(error.at("clock").detail(format!("clock      {now}")).detail(format!("known      {known}")))
}
