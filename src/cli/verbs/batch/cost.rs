//! The totals of a list: what the licenses allow and what they cost, shown before anything is charged.

use std::collections::BTreeMap;

use crate::view;
use airlatch_core::model::{FeatureName, License, OrderCode, Time};
use airlatch_desk::charge::{ChargeLine, Unavailable};
use airlatch_desk::desk::ActivationPlan;

use super::list::Codes;

/// The totals of the plans of a list; the plans themselves are not kept.
#[derive(Default)]
pub(super) struct Totals {
    /// Licenses to issue.
    pub(super) new: usize,
    first: Option<License>,
    /// Whether the new licenses differ from the first one.
    differs: bool,
    /// Each note, with the number of lines it is about.
    notes: BTreeMap<String, usize>,
    /// What models can't have, with the number of lines.
    unavailable: BTreeMap<(Codes, Unavailable), u64>,
    /// By code and article: the quantity charged, and how much of it is overdraft.
    charged: BTreeMap<(OrderCode, FeatureName), (u64, u64)>,
}

impl Totals {
    /// Adds the plan of one line.
    pub(super) fn add(&mut self, plan: ActivationPlan, codes: Codes) {
        let (notes, unavailable) = match plan {
            ActivationPlan::Found(found) => (found.notes, found.unavailable),
            ActivationPlan::New(planned) => {
                self.new += 1;
                for charge in planned.charged {
                    let sum = self.charged.entry((charge.code, charge.article)).or_default();
                    sum.0 += charge.quantity;
                    sum.1 += charge.overdrawn;
                }
                match &self.first {
                    Some(first) => self.differs |= !grants_same(first, &planned.license),
                    None => self.first = Some(planned.license),
                }
                (planned.notes, planned.unavailable)
            }
        };
        notes.into_iter().for_each(|note| *self.notes.entry(note).or_default() += 1);
        for mut unavailable in unavailable {
            // It is counted over all lines.
            unavailable.stays = 0;
            *self.unavailable.entry((codes, unavailable)).or_default() += 1;
        }
    }

    /// What each new license allows, if all allow the same.
    pub(super) fn lines(&self, now: Time) -> Vec<String> {
        match &self.first {
            None => Vec::new(),
            Some(_) if self.differs => {
                vec!["  each gets  different features, by line".to_owned()]
            }
            Some(first) => vec![
                format!("  each gets  {}: {}", first.title(), first.features),
                format!("  ends       {}", view::License::of(first).end(now)),
            ],
        }
    }

    /// The notes of all lines, each once.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        self.notes.iter().map(|(note, count)| match count {
            1 => format!("{note} (1 line)"),
            count => format!("{note} ({count} lines)"),
        })
    }

    /// What stays on the codes because models can't have it; `left` is how much of an article is left on the codes of a line
    /// after the batch.
    pub(super) fn stays(&self, left: impl Fn(Codes, &FeatureName) -> u64) -> Vec<view::Stays<'_>> {
        let mut stays: BTreeMap<&Unavailable, u64> = BTreeMap::new();
        for ((codes, unavailable), lines) in &self.unavailable {
            let left = left(*codes, &unavailable.article);
            // A device takes one; how many it would take of what is counted, nobody said.
            let number = if unavailable.counted { left } else { left.min(*lines) };
            *stays.entry(unavailable).or_default() += number;
        }
        let stays = stays.into_iter().filter(|(_, number)| *number > 0);
        stays.map(|(unavailable, number)| view::Stays::of(unavailable, number)).collect()
    }

    /// The charge of all lines, by code and article.
    pub(super) fn charges(&self) -> Vec<ChargeLine> {
        let line = |((code, article), (quantity, overdrawn)): (&(OrderCode, FeatureName), &(u64, u64))| {
            ChargeLine { code: *code, article: article.clone(), quantity: *quantity, overdrawn: *overdrawn }
        };
        self.charged.iter().map(line).collect()
    }
}

fn grants_same(first: &License, other: &License) -> bool {
    (&other.product, &other.version, &other.features, other.term, &other.after)
        == (&first.product, &first.version, &first.features, first.term, &first.after)
}
