//! The warnings of `status --check`: licenses that end soon or were lost, and a clock that is behind.

use crate::view::when::left;
use crate::view::{NAMED, becomes};
use airlatch_core::host::{Decrease, JudgedLicense, LossReason, Outlook};
use airlatch_core::model::{Error, HostMemory, Reason, Subject, Time};
use airlatch_core::rules;

/// A warning for each date within `days` on which something ends.
pub(super) fn soon(outlook: &Outlook, now: Time, days: u32) -> Vec<Error> {
    let warning = |fall: Decrease| {
        let what = match fall.features.is_empty() {
            true => format!("{}: its license ends, {}", outlook.product, left(now, fall.at)),
            false => format!("{}: {}, {}", outlook.product, becomes(&fall), left(now, fall.at)),
        };
        let product = Subject::Product(outlook.product.clone());
        Error::new(Reason::EndsSoon, what).about(product).detail(format!("on         {}", fall.at))
    };
    outlook.soon(now, days).into_iter().map(warning).collect()
}

/// A warning for each reason of a loss; losses by clock rollback have their own warning.
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
        let error = error.about(Subject::Product(outlook.product.clone()));
        let error = why.cause.into_iter().fold(error, Error::because);
        why.place.iter().fold(error, Error::at)
    };
    reasons.into_iter().map(warning).collect()
}

/// A warning if the clock is behind the clock mark; not if a license in grace warns of it already.
pub(super) fn clock(judged: &[&JudgedLicense], memory: &HostMemory, now: Time) -> Option<Error> {
    let warns = |judged: &&JudgedLicense| {
        judged.judgement.verdict.warning().is_some_and(|it| it.reason() == Reason::ClockRollback)
    };
    if judged.iter().any(warns) {
        return None;
    }
    let issued = judged.iter().map(|judged| (judged.license.get().issued, "when a license was issued"));
    let (known, source) = issued
        .chain(memory.latest_time.map(|time| (time, "what this host has seen")))
        .max_by_key(|(time, _)| *time)
        .filter(|(known, _)| rules::is_behind(now, *known))?;
    Some(rules::clock_rollback(now, known, source).at("clock"))
}
