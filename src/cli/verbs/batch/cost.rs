//! What a whole list gives and costs, shown before anything is charged.

use std::collections::BTreeMap;

use crate::view;
use airlatch_core::model::{FeatureName, License, OrderCode, Time};
use airlatch_desk::charge::ChargeLine;
use airlatch_desk::desk::ActivationPlan;

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
    charged: BTreeMap<(OrderCode, FeatureName), (u64, u64)>,
}

impl Sums {
    /// Adds the plan of one line.
    pub(super) fn add(&mut self, plan: ActivationPlan) {
        let notes = match plan {
            ActivationPlan::Found(found) => found.notes,
            ActivationPlan::New(planned) => {
                self.new += 1;
                for take in planned.charged {
                    let sum = self.charged.entry((take.code, take.article)).or_default();
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
            1 => format!("{note} (1 line)"),
            count => format!("{note} ({count} lines)"),
        };
        self.notes.iter().map(said).collect()
    }

    /// What the lines take in all, by code and article.
    pub(super) fn takes(&self) -> Vec<ChargeLine> {
        let take = |((code, article), (quantity, overdrawn)): (&(OrderCode, FeatureName), &(u64, u64))| {
            ChargeLine { code: *code, article: article.clone(), quantity: *quantity, overdrawn: *overdrawn }
        };
        self.charged.iter().map(take).collect()
    }
}

fn alike(first: &License, other: &License) -> bool {
    (&other.product, &other.version, &other.features, other.term, &other.after)
        == (&first.product, &first.version, &first.features, first.term, &first.after)
}
