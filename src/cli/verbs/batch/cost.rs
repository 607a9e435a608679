//! What a whole list gives and costs, shown before anything is charged.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cli::describe;
use crate::cli::session::Session;
use crate::desk::{Plan, Pools};
use crate::model::{FeatureName, License, OrderCode};

use super::code::Line;

/// What a code gives to the whole list of an article.
pub(super) struct Cost {
    code: OrderCode,
    article: FeatureName,
    quantity: u64,
    overdrawn: u64,
    left: u64,
}

impl Cost {
    /// A line for people.
    pub(super) fn line(&self) -> String {
        let beyond = match self.overdrawn {
            0 => String::new(),
            beyond => format!(", {beyond} of them beyond the order, to be invoiced"),
        };
        format!(
            "  charge     {} {} from {}, leaves {}{beyond}",
            self.article, self.quantity, self.code, self.left
        )
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        json!({
            "code": self.code.to_string(),
            "article": self.article.as_str(),
            "quantity": self.quantity,
            "overdrawn": self.overdrawn,
            "left": self.left,
        })
    }
}

/// Shows what each new license gives, where all give the same.
pub(super) fn preview(lines: &[Line], session: &mut Session) {
    let mut new = lines.iter().filter_map(|line| match &line.plan {
        Plan::New(planned) => Some(&planned.license),
        Plan::Found(_) => None,
    });
    let Some(first) = new.next() else { return };
    let alike = |other: &License| {
        (&other.product, &other.version, &other.features, other.term, &other.after)
            == (&first.product, &first.version, &first.features, first.term, &first.after)
    };
    let lines = if new.all(alike) {
        vec![
            format!("  each gets  {}: {}", first.title(), first.features),
            format!("  ends       {}", describe::end(first, session.now)),
        ]
    } else {
        vec!["  each gets  what its line says; not all get the same".to_owned()]
    };
    lines.iter().for_each(|line| session.screen.line(line));
}

/// What a person should know of the lines, each note once.
pub(super) fn notes(lines: &[Line]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines {
        let notes = match &line.plan {
            Plan::New(planned) => &planned.notes,
            Plan::Found(found) => &found.notes,
        };
        notes.iter().for_each(|note| *counts.entry(note).or_default() += 1);
    }
    let said = |(note, count): (&str, usize)| match count {
        1 => format!("note: {note} (1 line)"),
        count => format!("note: {note} ({count} lines)"),
    };
    counts.into_iter().map(said).collect()
}

/// What these lines cost, by code and article; `pools` stand as they will after it.
pub(super) fn costs(lines: &[Line], pools: &Pools) -> Vec<Cost> {
    let mut sums: BTreeMap<(OrderCode, FeatureName), (u64, u64)> = BTreeMap::new();
    for line in lines {
        let Plan::New(planned) = &line.plan else { continue };
        for take in &planned.takes {
            let sum = sums.entry((take.code, take.article.clone())).or_default();
            sum.0 += take.quantity;
            sum.1 += take.overdrawn;
        }
    }
    let cost = |((code, article), (quantity, overdrawn)): ((OrderCode, FeatureName), (u64, u64))| {
        let pool = pools.iter().find(|pool| pool.code == code);
        let left = pool.and_then(|pool| pool.left.get(&article)).copied().unwrap_or(0);
        Cost { code, article, quantity, overdrawn, left }
    };
    sums.into_iter().map(cost).collect()
}
