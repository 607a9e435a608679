//! Where in the time of a license a moment lies, and what it allows then.

use crate::model::{Error, FeatureName, Features, License, Quantity, Reason, Term, Time};

/// A moment in the time of a license.
pub(super) struct Moment<'a> {
    /// What it allows; where it allows nothing, what it allows next or did at last.
    pub(super) features: &'a Features,
    /// Whether it holds.
    pub(super) standing: TermState,
}

/// Whether a license holds at a moment, as far as time goes.
pub(super) enum TermState {
    /// It does.
    Holds,
    /// Its end has come, and it still works.
    Grace(Error),
    /// It begins later, allows nothing for a while, or is over.
    Not(Error),
}

/// Finds the moment `now` in the time of a license.
pub(super) fn moment(license: &License, now: Time) -> Moment<'_> {
    let first = license.term.from;
    if now < first {
        let error = not_yet("this license begins later", "from", now, ("begins", first));
        return Moment { features: &license.features, standing: TermState::Not(error) };
    }
    // A term without features is a license all the same; a period without features is a gap.
    let spans: Vec<_> = license
        .spans()
        .enumerate()
        .filter(|(at, (_, features))| *at == 0 || !features.is_empty())
        .map(|(_, span)| span)
        .collect();
    if let Some((_, features)) = spans.iter().find(|(term, _)| holds(*term, now)) {
        return Moment { features, standing: TermState::Holds };
    }
    if let Some((term, features)) = spans.iter().find(|(term, _)| term.from > now) {
        let error = not_yet("this license allows nothing for a while", "after", now, ("again", term.from));
        return Moment { features, standing: TermState::Not(error) };
    }
    let (term, features) = spans.last().copied().unwrap_or((license.term, &license.features));
    Moment { features, standing: over(license, term.until.unwrap_or(now), now) }
}

/// When another period begins or ended that has as much of `name` as `wanted`: the next one, or the last one before.
pub(super) fn elsewhere(
    license: &License,
    name: &FeatureName,
    wanted: Quantity,
    now: Time,
) -> Option<(&'static str, Time)> {
    let has = |(_, features): &(Term, &Features)| features.get(name).is_some_and(|held| held.covers(wanted));
    let spans: Vec<Term> = license.spans().filter(has).map(|(term, _)| term).collect();
    let later = spans.iter().find(|term| term.from > now).map(|term| ("begins", term.from));
    let earlier = || spans.iter().rev().find_map(|term| term.until.filter(|end| *end <= now));
    later.or_else(|| earlier().map(|end| ("ended", end)))
}

fn holds(term: Term, now: Time) -> bool {
    term.from <= now && term.until.is_none_or(|end| now < end)
}

fn not_yet(what: &str, field: &str, now: Time, (word, from): (&str, Time)) -> Error {
    let error = Error::new(Reason::NotYetValid, what).at(field);
    error.detail(format!("judged at  {now}")).detail(format!("{word:<9}  {from}"))
}

fn over(license: &License, end: Time, now: Time) -> TermState {
    let last = license.grace_end().filter(|_| license.grace_days > 0);
    let left = last.filter(|last| now < *last).map(|last| now.days_until(last));
    let what = match left {
        None => "this license has expired".into(),
        Some(0) => "this license has expired and works for less than a day more".into(),
        Some(1) => "this license has expired and works for 1 day more".into(),
        Some(days) => format!("this license has expired and works for {days} days more"),
    };
    let error = Error::new(Reason::Expired, what).at("until");
    let error = error.detail(format!("judged at  {now}")).detail(format!("ended      {end}"));
    let error = last.into_iter().fold(error, |t, last| t.detail(format!("grace to   {last}")));
    if left.is_some() { TermState::Grace(error) } else { TermState::Not(error) }
}
