//! The periods of a license, from the terms of all codes the unit holds something from.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::FeatureKind;
use crate::orders::Lines;
use airlatch_core::model::{Error, Features, Period, Quantity, Reason, Result, Term, Time};

use super::details::with_details;
use super::inventory::{Inventory, add, count};
use super::level;
use super::plan::{Charge, ChargeLine, ChargePlan};

/// What the unit has from one code, and for which term.
struct CodeGrant {
    term: Term,
    lines: Lines,
}

/// A time span with the same features throughout.
struct Span {
    begin: Time,
    end: Option<Time>,
    features: Features,
}

/// The charge with its periods.
pub(super) fn with_periods(
    inventory: &Inventory<'_>,
    charged: Vec<ChargeLine>,
    plan: ChargePlan,
) -> Result<Charge> {
    let ChargePlan { shown, mut notes, .. } = plan;
    let grants = grants(inventory, &charged, shown);
    let spans = spans(inventory, &grants)?;
    let Some((first, later)) = spans.split_first() else {
        return Err(Error::new(
            Reason::NotBooked,
            "the unit has nothing from any code, and nothing is charged",
        )
        .at(inventory.unit));
    };
    if later.len() > Period::MAX {
        let message = "the license would have too many periods: the terms of its codes begin and end on too many different days";
        let rows = [("periods", spans.len().to_string()), ("limit", (Period::MAX + 1).to_string())];
        return Err(with_details(Error::new(Reason::TooLarge, message), &rows));
    }
    if first.begin > inventory.today {
        notes.push(format!("nothing is licensed before {}", first.begin));
    }
    for gap in later.iter().filter(|span| span.features.is_empty()) {
        let end = gap.end.map(|end| format!(" until {end}")).unwrap_or_default();
        notes.push(format!("nothing is licensed from {}{end}", gap.begin));
    }
    let begins = grants.iter().filter(|grant| in_force(grant.term, first.begin)).map(|grant| grant.term.from);
    let term = Term { from: begins.min().unwrap_or(first.begin), until: first.end };
    let after = later.iter().map(|span| Period { until: span.end, features: span.features.clone() });
    Ok(Charge { charged, term, features: first.features.clone(), after: after.collect(), notes })
}

/// What the unit has from each code after the charge. If the license shows less than it holds, the codes named first count first.
fn grants(inventory: &Inventory<'_>, charged: &[ChargeLine], mut shown: Lines) -> Vec<CodeGrant> {
    let mut grants = Vec::new();
    for active in &inventory.active_codes {
        let mut lines = active.source.held.clone();
        for line in charged.iter().filter(|line| line.code == active.code()) {
            add(&mut lines, &line.article, line.quantity);
        }
        for (name, line) in lines.iter_mut().filter(|_| active.named) {
            if let Some(rest) = shown.get_mut(name) {
                *line = (*line).min(*rest);
                *rest -= *line;
            }
        }
        lines.retain(|_, quantity| *quantity > 0);
        grants.push(CodeGrant { term: active.term, lines });
    }
    // A code without lines ends no period. If no code has lines, free features are licensed for the terms of the named codes.
    if grants.iter().any(|grant| !grant.lines.is_empty()) {
        grants.retain(|grant| !grant.lines.is_empty());
    }
    grants
}

/// The time spans from today on, including gaps without features, but none at the start or end.
fn spans(inventory: &Inventory<'_>, grants: &[CodeGrant]) -> Result<Vec<Span>> {
    let edges = grants.iter().flat_map(|grant| [Some(grant.term.from), grant.term.until]).flatten();
    let mut edges: BTreeSet<Time> = edges.filter(|edge| *edge > inventory.today).collect();
    edges.insert(inventory.today);
    let mut spans: Vec<Span> = Vec::new();
    for begin in &edges {
        let features = features(inventory, grants, *begin)?;
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

/// The features at one time: counts add up, a switch is on if any code has it, a level is what the steps in force reach.
fn features(inventory: &Inventory<'_>, grants: &[CodeGrant], at: Time) -> Result<Features> {
    let mut features = Features::default();
    let mut sum: Lines = BTreeMap::new();
    let mut any = false;
    for grant in grants.iter().filter(|grant| in_force(grant.term, at)) {
        any = true;
        grant.lines.iter().for_each(|(name, quantity)| add(&mut sum, name, *quantity));
    }
    for rule in inventory.product.features.iter().filter(|_| any) {
        let total = count(&sum, &rule.name);
        let quantity = match rule.kind {
            FeatureKind::Switch if total > 0 || rule.is_free_on(inventory.model) => Quantity::On,
            FeatureKind::Switch => continue,
            FeatureKind::Count if total > 0 => Quantity::count(total)?,
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
