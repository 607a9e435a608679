//! What a whole list gives and costs, shown before anything is charged.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::view;
use airlatch_core::model::{FeatureName, License, OrderCode, Time};
use airlatch_desk::desk::{Plan, Pools};

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

/// What is summed up of the plans of a list, so that they need not be kept.
#[derive(Default)]
pub(super) struct Sums {
    /// How many licenses will be issued.
    pub(super) new: usize,
    first: Option<License>,
    /// Not all new licenses give what the first does.
    unlike: bool,
    /// In how many lines a person should know this.
    notes: BTreeMap<String, usize>,
    /// What is taken from a code of an article, and how much of that goes beyond the order.
    takes: BTreeMap<(OrderCode, FeatureName), (u64, u64)>,
}

impl Sums {
    /// Adds the plan of one line.
    pub(super) fn add(&mut self, plan: Plan) {
        let notes = match plan {
            Plan::Found(found) => found.notes,
            Plan::New(planned) => {
                self.new += 1;
                for take in planned.takes {
                    let sum = self.takes.entry((take.code, take.article)).or_default();
                    sum.0 += take.quantity;
                    sum.1 += take.overdrawn;
                }
                match &self.first {
                    Some(first) => self.unlike |= !alike(first, &planned.license),
                    None => self.first = Some(planned.license),
                }
                planned.notes
            }
        };
        notes.into_iter().for_each(|note| *self.notes.entry(note).or_default() += 1);
    }

    /// What each new license gives, where all give the same.
    pub(super) fn lines(&self, now: Time) -> Vec<String> {
        match &self.first {
            None => Vec::new(),
            Some(_) if self.unlike => {
                vec!["  each gets  what its line says; not all get the same".to_owned()]
            }
            Some(first) => vec![
                format!("  each gets  {}: {}", first.title(), first.features),
                format!("  ends       {}", view::License::of(first).end(now)),
            ],
        }
    }

    /// What a person should know of the lines, each note once.
    pub(super) fn notes(&self) -> Vec<String> {
        let said = |(note, count): (&String, &usize)| match count {
            1 => format!("note: {note} (1 line)"),
            count => format!("note: {note} ({count} lines)"),
        };
        self.notes.iter().map(said).collect()
    }

    /// What the lines cost, by code and article; `pools` stand as they will after it.
    pub(super) fn costs(&self, pools: &Pools) -> Vec<Cost> {
        let cost = |((code, article), (quantity, overdrawn)): (&(OrderCode, FeatureName), &(u64, u64))| {
            let pool = pools.iter().find(|pool| pool.code == *code);
            let left = pool.and_then(|pool| pool.left.get(article)).copied().unwrap_or(0);
            Cost { code: *code, article: article.clone(), quantity: *quantity, overdrawn: *overdrawn, left }
        };
        self.takes.iter().map(cost).collect()
    }
}

fn alike(first: &License, other: &License) -> bool {
    (&other.product, &other.version, &other.features, other.term, &other.after)
        == (&first.product, &first.version, &first.features, first.term, &first.after)
}
