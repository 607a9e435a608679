//! The state of a license's terms at a moment: in term, in grace or outside, and the features that apply.

use std::borrow::Cow;

use crate::model::{Error, FeatureName, Features, License, Quantity, Reason, Term, Time};

use super::days;

/// The terms of a license at a moment.
pub(super) struct Moment<'a> {
    /// The features at this moment; outside of all terms those of the next term, or else of the last.
    pub(super) features: Cow<'a, Features>,
    /// Whether the moment is in a term.
    pub(super) state: TermState,
}

/// Where a moment lies in the terms of a license.
pub(super) enum TermState {
    /// In a term.
    InTerm,
    /// After the last term, in the days of grace.
    Grace(Error),
    /// After the end of a term of a license that only advises.
    Exceeded(Error),
    /// Before the first term, in a gap between terms, or after the end.
    OutOfTerm(Error),
}

/// The terms of a license at `now`.
pub(super) fn moment(license: &License, now: Time) -> Moment<'_> {
    let first = license.term.from;
    if now < first {
        let error = not_yet("this license begins later", "from", now, ("begins", first));
        return Moment { features: Cow::Borrowed(&license.features), state: TermState::OutOfTerm(error) };
    }
    if license.advisory {
        return advisory_moment(license, now);
    }
    // A first term without features is a valid license; a later period without features is a gap.
    let spans: Vec<_> = license
        .spans()
        .enumerate()
        .filter(|(at, (_, features))| *at == 0 || !features.is_empty())
        .map(|(_, span)| span)
        .collect();
    if let Some((_, features)) = spans.iter().find(|(term, _)| term.contains(now)) {
        return Moment { features: Cow::Borrowed(features), state: TermState::InTerm };
    }
    if let Some((term, features)) = spans.iter().find(|(term, _)| term.from > now) {
        let error = not_yet("this license allows nothing at this time", "after", now, ("again", term.from));
        return Moment { features: Cow::Borrowed(features), state: TermState::OutOfTerm(error) };
    }
    let (term, features) = spans.last().copied().unwrap_or((license.term, &license.features));
    Moment { features: Cow::Borrowed(features), state: ended(license, term.until.unwrap_or(now), now) }
}

/// A license that only advises: what has begun goes on, each feature with the largest quantity it has had.
fn advisory_moment(license: &License, now: Time) -> Moment<'_> {
    let begun: Vec<_> = license.spans().take_while(|(term, _)| term.from <= now).collect();
    let features = begun.iter().fold(Features::default(), |all, (_, features)| all.larger(features));
    let current = begun.last().filter(|(term, _)| term.contains(now)).map(|(_, features)| *features);
    let over = features.beyond(current);
    let end = begun.iter().rev().find_map(|(term, _)| term.until.filter(|end| *end <= now));
    let state = match end.filter(|_| current.is_none() || !over.is_empty()) {
        None => TermState::InTerm,
        Some(end) => {
            let what = if current.is_none() { "this license" } else { "a part of this license" };
            let message = format!("{what} has expired; it is advisory, and works on");
            let error = Error::new(Reason::Expired, message).at("until");
            let error = error.detail(format!("checked at {now}")).detail(format!("ended      {end}"));
            let over = (!over.is_empty()).then(|| format!("over       {over}"));
            TermState::Exceeded(over.into_iter().fold(error, Error::detail))
        }
    };
    Moment { features: Cow::Owned(features), state }
}

/// Another period with at least `wanted` of `name`: the begin of the next one, or else the end of the last one before.
pub(super) fn other_period_with(
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

fn not_yet(message: &str, field: &str, now: Time, (word, from): (&str, Time)) -> Error {
    let error = Error::new(Reason::NotYetValid, message).at(field);
    error.detail(format!("checked at {now}")).detail(format!("{word:<10} {from}"))
}

fn ended(license: &License, end: Time, now: Time) -> TermState {
    let grace_end = license.grace_end().filter(|_| license.grace_days > 0);
    let days_left = grace_end.filter(|end| now < *end).map(|end| now.days_until(end));
    let message = match days_left {
        None => "this license has expired".into(),
        Some(left) => format!("this license has expired and works for {} more", days::in_words(left)),
    };
    let error = Error::new(Reason::Expired, message).at("until");
    let error = error.detail(format!("checked at {now}")).detail(format!("ended      {end}"));
    let error = grace_end.into_iter().fold(error, |error, end| error.detail(format!("grace ends {end}")));
    if days_left.is_some() { TermState::Grace(error) } else { TermState::OutOfTerm(error) }
}
