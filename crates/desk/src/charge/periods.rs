//! What the unit has from when to when, out of the terms of all codes it holds something from.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::FeatureKind;
use crate::orders::Lines;
use airlatch_core::model::{Error, Features, Period, Quantity, Reason, Result, Term, Time};

use super::inventory::{Inventory, add, count};
use super::level;
use super::plan::{Charge, ChargeLine, ChargePlan};
use super::say::facts;

/// What a code gives, and when.
struct CodeGrant {
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
pub(super) fn charge(
    inventory: &Inventory<'_>,
    charged: Vec<ChargeLine>,
    plan: ChargePlan,
) -> Result<Charge> {
    let ChargePlan { shown, mut notes, .. } = plan;
    let gifts = gifts(inventory, &charged, shown);
    let spans = spans(inventory, &gifts)?;
    let Some((first, later)) = spans.split_first() else {
        return Err(
            Error::new(Reason::NotBooked, "the unit holds nothing, and nothing was taken").at(inventory.unit)
        );
    };
    if later.len() > Period::MAX {
        let what = "the license would have too many periods: its codes begin and end on too many days";
        let rows = [("periods", spans.len().to_string()), ("limit", (Period::MAX + 1).to_string())];
        return Err(facts(Error::new(Reason::TooLarge, what), &rows));
    }
    if first.begin > inventory.today {
        notes.push(format!("nothing is licensed before {}", first.begin));
    }
    for gap in later.iter().filter(|span| span.features.is_empty()) {
        let end = gap.end.map(|end| format!(" until {end}")).unwrap_or_default();
        notes.push(format!("nothing is licensed from {}{end}", gap.begin));
    }
    let begins = gifts.iter().filter(|gift| in_force(gift.term, first.begin)).map(|gift| gift.term.from);
    let term = Term { from: begins.min().unwrap_or(first.begin), until: first.end };
    let after = later.iter().map(|span| Period { until: span.end, features: span.features.clone() });
    Ok(Charge { charged, term, features: first.features.clone(), after: after.collect(), notes })
}

/// What each code gives after the takes. Where less is shown than is held, the codes named first give first.
fn gifts(inventory: &Inventory<'_>, charged: &[ChargeLine], mut shown: Lines) -> Vec<CodeGrant> {
    let mut gifts = Vec::new();
    for code_in_play in &inventory.codes_in_play {
        let mut lines = code_in_play.source.held.clone();
        for take in charged.iter().filter(|take| take.code == code_in_play.code()) {
            add(&mut lines, &take.article, take.quantity);
        }
        for (name, line) in lines.iter_mut().filter(|_| code_in_play.named) {
            if let Some(rest) = shown.get_mut(name) {
                *line = (*line).min(*rest);
                *rest -= *line;
            }
        }
        lines.retain(|_, quantity| *quantity > 0);
        gifts.push(CodeGrant { term: code_in_play.term, lines });
    }
    // A code that gives nothing ends nothing; where none gives anything, what is free holds as long as the named codes.
    if gifts.iter().any(|gift| !gift.lines.is_empty()) {
        gifts.retain(|gift| !gift.lines.is_empty());
    }
    gifts
}

/// The spans from today on in which something is licensed, and the gaps between them.
fn spans(inventory: &Inventory<'_>, gifts: &[CodeGrant]) -> Result<Vec<Span>> {
    let edges = gifts.iter().flat_map(|gift| [Some(gift.term.from), gift.term.until]).flatten();
    let mut edges: BTreeSet<Time> = edges.filter(|edge| *edge > inventory.today).collect();
    edges.insert(inventory.today);
    let mut spans: Vec<Span> = Vec::new();
    for begin in &edges {
        let features = features(inventory, gifts, *begin)?;
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
fn features(inventory: &Inventory<'_>, gifts: &[CodeGrant], at: Time) -> Result<Features> {
    let mut features = Features::default();
    let mut sum: Lines = BTreeMap::new();
    let mut any = false;
    for gift in gifts.iter().filter(|gift| in_force(gift.term, at)) {
        any = true;
        gift.lines.iter().for_each(|(name, quantity)| add(&mut sum, name, *quantity));
    }
    for rule in inventory.product.features.iter().filter(|_| any) {
        let whole = count(&sum, &rule.name);
        let quantity = match rule.kind {
            FeatureKind::Switch if whole > 0 || rule.is_free_on(inventory.model) => Quantity::On,
            FeatureKind::Switch => continue,
            FeatureKind::Count if whole > 0 => Quantity::count(whole)?,
            FeatureKind::Count => continue,
            FeatureKind::Level { .. } => {
                match level::reached(&inventory.steps_where(rule, |name| count(&sum, name) > 0)) {
                    0 => continue,
                    level => Quantity::count(level)?,
                }
            }
        };
        features.add(rule.name.clone(), quantity)?;
    }
    Ok(features)
}
