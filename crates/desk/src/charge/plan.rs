//! The result of a charge: offers, charge lines, and the features of the license.

use std::collections::BTreeSet;
use std::fmt;

use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, Features, OrderCode, Period, Term};

/// An article on the named codes, and how much of it the unit can still take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The article: a switch, a count, or a step of a level.
    pub feature: FeatureName,
    /// How much the unit may hold, by its model and by the feature that bounds it; 1 for a switch or step, `None` for no limit.
    pub limit: Option<u64>,
    /// How much it holds, from all codes.
    pub held: u64,
    /// How much of that is from other codes than the named ones.
    pub elsewhere: u64,
    /// How much is left on the named codes.
    pub left: u64,
    /// How much can still be taken if all offers are taken: at most `limit` minus `held`, and at most `left`.
    pub rest: u64,
    /// Why nothing can be taken.
    pub why_not: Option<Error>,
}

impl fmt::Display for Offer {
    /// `at most 100 (limit 200, held from other codes 50, left on the code 100)`: what is asked for leaves those out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = self.limit.map(|limit| format!("limit {limit}, ")).unwrap_or_default();
        let held = match (self.held - self.elsewhere, self.elsewhere) {
            (here, 0) => format!("held {here}"),
            (0, elsewhere) => format!("held from other codes {elsewhere}"),
            (here, elsewhere) => format!("held {here}, from other codes {elsewhere}"),
        };
        write!(f, "at most {} ({limit}{held}, left on the code {})", self.rest, self.left)
    }
}

/// A quantity that moves from a code to the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeLine {
    /// The code.
    pub code: OrderCode,
    /// The article.
    pub article: FeatureName,
    /// The quantity, including `overdrawn`.
    pub quantity: u64,
    /// How much of it is overdraft, to be invoiced.
    pub overdrawn: u64,
}

/// An article that stays on the codes because the model of the unit can't have it, or no more of its feature.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unavailable {
    /// The article.
    pub article: FeatureName,
    /// The model, if known.
    pub model: Option<String>,
    /// How much of the feature the model can have: 0 for none.
    pub limit: u64,
    /// Whether a unit could have more than one of the article.
    pub counted: bool,
    /// How much of it stays on the codes after the charge.
    pub stays: u64,
}

impl Unavailable {
    /// `not available for model IP24`, `model IP24 has at most 15`.
    pub fn why(&self) -> String {
        match (self.limit, &self.model) {
            (0, Some(model)) => format!("not available for model {model}"),
            (0, None) => "not available for any model".into(),
            (limit, Some(model)) => format!("model {model} has at most {limit}"),
            (limit, None) => format!("a unit has at most {limit}"),
        }
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { article, stays, .. } = self;
        match self.counted {
            true if *stays == 1 => write!(f, "1 of `{article}` stays on the code: {}", self.why()),
            true => write!(f, "{stays} of `{article}` stay on the code: {}", self.why()),
            false => write!(f, "`{article}` stays on the code: {}", self.why()),
        }
    }
}

/// A charge that breaks no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// What is taken, ordered by named code, then by catalog; empty if the unit already holds everything.
    pub charged: Vec<ChargeLine>,
    /// The term of `features`.
    pub term: Term,
    /// What the unit has in that term, from all codes.
    pub features: Features,
    /// The later periods.
    pub after: Vec<Period>,
    /// The orders of all codes that the unit has something from: the named ones first.
    pub orders: Vec<String>,
    /// What the model can't have, if everything was wanted that it can.
    pub unavailable: Vec<Unavailable>,
    /// Notes for the person who confirms, one line each.
    pub notes: Vec<String>,
}

/// What will be taken, before it is distributed over the codes.
#[derive(Debug, Default)]
pub(super) struct ChargePlan {
    /// Quantities in addition to what the unit holds.
    pub(super) added: Lines,
    /// Counts for which the license shows less than the unit holds from the named codes.
    pub(super) shown: Lines,
    /// Counts that were stated, so that a quantity lowered before no longer holds.
    pub(super) stated: BTreeSet<FeatureName>,
    pub(super) unavailable: Vec<Unavailable>,
    pub(super) notes: Vec<String>,
}
