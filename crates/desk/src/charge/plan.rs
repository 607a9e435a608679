//! What came of a charge: what can be had, what is taken, and what the unit has afterwards.

use std::fmt;

use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, Features, OrderCode, Period, Term};

/// An article on the named codes, and how much of it the unit can still have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The article: a switch, a count, or a step of a level.
    pub feature: FeatureName,
    /// How much the unit may hold, by its model and by the feature that bounds it; 1 of a switch or step. `None`: any number.
    pub limit: Option<u64>,
    /// How much it holds, from every code.
    pub held: u64,
    /// How much is left on the named codes.
    pub left: u64,
    /// How much can still be had, all offers taken together: no more than `limit` less `held`, and no more than `left`.
    pub rest: u64,
    /// Why nothing can be had.
    pub why_not: Option<Error>,
}

impl fmt::Display for Offer {
    /// `up to 100 (limit 200, held 50, left on the code 100)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = self.limit.map(|limit| format!("limit {limit}, ")).unwrap_or_default();
        write!(f, "up to {} ({limit}held {}, left on the code {})", self.rest, self.held, self.left)
    }
}

/// What moves from a code to the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeLine {
    /// The code.
    pub code: OrderCode,
    /// The article.
    pub article: FeatureName,
    /// How many.
    pub quantity: u64,
    /// So many of them were never left on the code: they go beyond the order, to be invoiced.
    pub overdrawn: u64,
}

/// A charge that may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// What it costs, in the order of the codes named, then of the catalog; nothing when all is held already.
    pub charged: Vec<ChargeLine>,
    /// From when to when `features` holds.
    pub term: Term,
    /// What the unit has in that term, from every code.
    pub features: Features,
    /// What it has afterwards.
    pub after: Vec<Period>,
    /// What a person should know before saying yes, one line each.
    pub notes: Vec<String>,
}

/// What is going to be taken, before it is told from which code.
#[derive(Debug, Default)]
pub(super) struct ChargePlan {
    /// On top of what the unit holds.
    pub(super) more: Lines,
    /// Counts that the license shows less of than the unit holds from the named codes.
    pub(super) shown: Lines,
    pub(super) notes: Vec<String>,
}
