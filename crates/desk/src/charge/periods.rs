//! What the unit has from when to when, out of the terms of all codes it holds something from.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::FeatureKind;
use crate::orders::Lines;
use airlatch_core::model::{Features, Period, Quantity, Reason, Result, Term, Time, Trouble};

use super::level;
use super::plan::{Charge, Plan, Take};
use super::say::facts;
use super::stock::{Stock, add, count};

/// What a code gives, and when.
struct Gift {
    term: Term,
    lines: Lines,
}

/// A stretch of time in which nothing changes.
struct Span {
    begin: Time,
    end: Option<Time>,
    features: Features,
}

/// The charge with its periods.
pub(super) fn charge(stock: &Stock<'_>, takes: Vec<Take>, plan: Plan) -> Result<Charge> {
    let Plan { shown, mut notes, .. } = plan;
    let gifts = gifts(stock, &takes, shown);
    let spans = spans(stock, &gifts)?;
    let Some((first, later)) = spans.split_first() else {
        return Err(
            Trouble::new(Reason::NotBooked, "the unit holds nothing, and nothing was taken").at(stock.unit)
        );
    };
    if later.len() > Period::MAX {
        let what = "the license would have too many periods: its codes begin and end on too many days";
        let rows = [("periods", spans.len().to_string()), ("limit", (Period::MAX + 1).to_string())];
        return Err(facts(Trouble::new(Reason::TooLarge, what), &rows));
    }
    if first.begin > stock.today {
        notes.push(format!("nothing is licensed before {}", first.begin));
    }
    for gap in later.iter().filter(|span| span.features.is_empty()) {
        let end = gap.end.map(|end| format!(" until {end}")).unwrap_or_default();
        notes.push(format!("nothing is licensed from {}{end}", gap.begin));
    }
    let begins = gifts.iter().filter(|gift| in_force(gift.term, first.begin)).map(|gift| gift.term.from);
    let term = Term { from: begins.min().unwrap_or(first.begin), until: first.end };
    let after = later.iter().map(|span| Period { until: span.end, features: span.features.clone() });
    Ok(Charge { takes, term, features: first.features.clone(), after: after.collect(), notes })
}

/// What each code gives after the takes. Where less is shown than is held, the codes named first give first.
fn gifts(stock: &Stock<'_>, takes: &[Take], mut shown: Lines) -> Vec<Gift> {
    let mut gifts = Vec::new();
    for stake in &stock.stakes {
        let mut lines = stake.source.held.clone();
        for take in takes.iter().filter(|take| take.code == stake.code()) {
            add(&mut lines, &take.article, take.quantity);
        }
        for (name, line) in lines.iter_mut().filter(|_| stake.named) {
            if let Some(rest) = shown.get_mut(name) {
                *line = (*line).min(*rest);
                *rest -= *line;
            }
        }
        lines.retain(|_, quantity| *quantity > 0);
        gifts.push(Gift { term: stake.term, lines });
    }
    // A code that gives nothing ends nothing; where none gives anything, what is free holds as long as the named codes.
    if gifts.iter().any(|gift| !gift.lines.is_empty()) {
        gifts.retain(|gift| !gift.lines.is_empty());
    }
    gifts
}

/// The spans from today on in which something is licensed, and the gaps between them.
fn spans(stock: &Stock<'_>, gifts: &[Gift]) -> Result<Vec<Span>> {
    let edges = gifts.iter().flat_map(|gift| [Some(gift.term.from), gift.term.until]).flatten();
    let mut edges: BTreeSet<Time> = edges.filter(|edge| *edge > stock.today).collect();
    edges.insert(stock.today);
    let mut spans: Vec<Span> = Vec::new();
    for begin in &edges {
        let features = features(stock, gifts, *begin)?;
        match spans.last_mut() {
            Some(last) if last.features == features => {}
            Some(last) => {
                last.end = Some(*begin);
                spans.push(Span { begin: *begin, end: None, features });
            }
            None if features.is_empty() => {}
            None => spans.push(Span { begin: *begin, end: None, features }),
        }
    }
    if spans.last().is_some_and(|last| last.features.is_empty()) {
        spans.pop();
    }
    Ok(spans)
}

fn in_force(term: Term, at: Time) -> bool {
    term.from <= at && term.until.is_none_or(|end| at < end)
}

/// What holds at one time: counts add up, a switch is on, a level is as high as the steps in force reach (rows I11, P12).
fn features(stock: &Stock<'_>, gifts: &[Gift], at: Time) -> Result<Features> {
    let mut features = Features::default();
    let mut sum: Lines = BTreeMap::new();
    let mut any = false;
    for gift in gifts.iter().filter(|gift| in_force(gift.term, at)) {
        any = true;
        gift.lines.iter().for_each(|(name, quantity)| add(&mut sum, name, *quantity));
    }
    for rule in stock.product.features.iter().filter(|_| any) {
        let whole = count(&sum, &rule.name);
        let quantity = match rule.kind {
            FeatureKind::Switch if whole > 0 || rule.is_free_on(stock.model) => Quantity::On,
            FeatureKind::Switch => continue,
            FeatureKind::Count if whole > 0 => Quantity::count(whole)?,
            FeatureKind::Count => continue,
            FeatureKind::Level { .. } => {
                match level::reached(&stock.steps_where(rule, |name| count(&sum, name) > 0)) {
                    0 => continue,
                    level => Quantity::count(level)?,
                }
            }
        };
        features.add(rule.name.clone(), quantity)?;
    }
    Ok(features)
}
