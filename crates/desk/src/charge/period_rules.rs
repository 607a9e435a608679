//! Holds what is charged against the rules in every period, and says what the rules cut.

use std::collections::BTreeSet;
use std::fmt;

use crate::catalog::{Article, FeatureRule};
use airlatch_core::model::{Error, FeatureName, OrderCode, Reason, Time};

use super::details::with_details;
use super::in_force::{CodeGrant, Cut, State};
use super::inventory::Inventory;
use super::level;
use super::plan::ChargeLine;

/// Something that is charged and breaks a rule in every period of its code.
pub(super) struct Unfit<'a> {
    pub(super) rule: &'a FeatureRule,
    /// How much of it is too much.
    pub(super) excess: u64,
    /// `needs-feature`, `over-limit` or `already-held`.
    pub(super) why: Error,
}

/// The first that is charged although a rule cuts it in every period of its code, or the unit would have it twice at one time.
pub(super) fn unfit<'a>(
    inventory: &Inventory<'a>,
    grants: &[CodeGrant],
    charged: &[ChargeLine],
    states: &[State],
) -> Option<Unfit<'a>> {
    inventory.product.features.iter().find_map(|rule| {
        let of_rule = |name: &FeatureName| inventory.sold_of(rule).any(|(sold, _)| sold == name);
        let codes: BTreeSet<OrderCode> =
            charged.iter().filter(|line| of_rule(&line.article)).map(|line| line.code).collect();
        if codes.is_empty() {
            return None;
        }
        let paid = |state: &&State| {
            grants.iter().any(|grant| codes.contains(&grant.code) && grant.term.contains(state.begin))
        };
        let paid: Vec<&State> = states.iter().filter(paid).collect();
        let twice = || if rule.not_twice { twice(inventory, rule, grants, charged, states) } else { None };
        useless(inventory, rule, &paid).or_else(twice)
    })
}

/// What is charged has to be there whole in some period.
fn useless<'a>(inventory: &Inventory<'_>, rule: &'a FeatureRule, states: &[&State]) -> Option<Unfit<'a>> {
    let cut_of = |state: &State| state.cuts.iter().find(|cut| cut.feature == rule.name).cloned();
    let is_whole = |state: &&State| state.amounts.contains_key(&rule.name) && cut_of(state).is_none();
    if states.iter().any(is_whole) {
        return None;
    }
    let cut = states.iter().filter_map(|state| cut_of(state)).max_by_key(|cut| cut.left)?;
    let (name, by) = (&cut.feature, &cut.by);
    let error = |reason, message: String| Error::new(reason, message).at(inventory.unit);
    let why = match rule.bounded_by.as_ref() == Some(by) {
        true => with_details(
            error(
                Reason::OverLimit,
                format!("`{name}` is bounded by `{by}`, and is above it in every period"),
            ),
            &[("wanted", cut.held.to_string()), ("at most", cut.left.to_string())],
        ),
        false => error(
            Reason::NeedsFeature,
            format!("`{name}` requires `{by}`, which is there in no period of it"),
        ),
    };
    Some(Unfit { rule, excess: cut.held - cut.left, why })
}

/// A feature that can't be had twice comes from one code at any time.
fn twice<'a>(
    inventory: &Inventory<'_>,
    rule: &'a FeatureRule,
    grants: &[CodeGrant],
    charged: &[ChargeLine],
    states: &[State],
) -> Option<Unfit<'a>> {
    // Without the last of the codes it comes from one code less.
    let last = charged.iter().rev().find(|line| line.article == rule.name);
    let excess = last.map_or(u64::MAX, |line| line.quantity);
    states.iter().find_map(|state| {
        let has =
            |grant: &&CodeGrant| grant.term.contains(state.begin) && grant.lines.contains_key(&rule.name);
        let codes: Vec<String> = grants.iter().filter(has).map(|grant| grant.code.to_string()).collect();
        if codes.len() < 2 {
            return None;
        }
        let message = format!("the unit would have `{}` twice from {} on", rule.name, state.begin);
        let error = Error::new(Reason::AlreadyHeld, message).at(inventory.unit);
        let why = with_details(error, &[("from", codes.join(", "))]);
        Some(Unfit { rule, excess, why })
    })
}

/// Notes on what the rules cut, and from when to when.
pub(super) fn notes(states: &[State]) -> Vec<String> {
    let mut spans: Vec<Span<&Cut>> = Vec::new();
    for state in states {
        state.cuts.iter().for_each(|cut| add_span(&mut spans, cut, state));
    }
    let line = |span: &Span<&Cut>| match span.of {
        Cut { feature, left: 0, by, .. } => format!("`{feature}` is not licensed {span}: it needs `{by}`"),
        Cut { feature, held, left, by } => {
            format!("`{feature}` is {left} instead of {held} {span}: `{by}` bounds it")
        }
    };
    spans.iter().map(line).collect()
}

/// A time span in which something is so without a break.
struct Span<T> {
    of: T,
    begin: Time,
    end: Option<Time>,
}

impl<T> fmt::Display for Span<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {}", self.begin)?;
        self.end.map_or(Ok(()), |end| write!(f, " until {end}"))
    }
}

/// Adds a state to the span of the same thing that ends where it begins, else begins a new one.
fn add_span<T: PartialEq>(spans: &mut Vec<Span<T>>, of: T, state: &State) {
    match spans.iter_mut().find(|span| span.of == of && span.end == Some(state.begin)) {
        Some(span) => span.end = state.end,
        None => spans.push(Span { of, begin: state.begin, end: state.end }),
    }
}

/// Notes on upgrades that are charged and count for nothing in some periods, because the level they start from isn't there.
pub(super) fn upgrade_notes(
    inventory: &Inventory<'_>,
    grants: &[CodeGrant],
    charged: &[ChargeLine],
    states: &[State],
) -> Vec<String> {
    let mut notes = Vec::new();
    for line in charged {
        let Some((_, step)) = inventory.sold().find(|(name, _)| *name == line.article) else { continue };
        let Article::Upgrade { from, .. } = *step else { continue };
        let stands = |state: &State| {
            let here = |grant: &&CodeGrant| grant.term.contains(state.begin);
            let held = |name: &FeatureName| grants.iter().filter(here).any(|it| it.lines.contains_key(name));
            level::levels(&inventory.steps_where(step.rule(), held)).contains(&from)
        };
        let from_code = |state: &&State| {
            grants.iter().any(|grant| grant.code == line.code && grant.term.contains(state.begin))
        };
        let mut idle = Vec::new();
        let idle_states = states.iter().filter(from_code).filter(|state| !stands(state));
        idle_states.for_each(|state| add_span(&mut idle, (), state));
        let (article, level) = (&line.article, &step.rule().name);
        let note = |span| format!("`{article}` gives nothing {span}: the unit has no `{level}` {from} then");
        notes.extend(idle.iter().map(note));
    }
    notes
}
