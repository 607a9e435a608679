//! What a customer bought: the order, its lines, and the pool of what is left on its code.

use std::collections::{BTreeMap, BTreeSet};

use airlatch_core::model::{FeatureName, OrderCode};

use crate::catalog::GrantTerm;

use super::AccountName;

/// Articles and how many of each; an article is a feature, or a step of a level such as `PBX#15` or `PBX#30@15`.
pub type Lines = BTreeMap<FeatureName, u64>;

/// An order as it was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The vendor's order number; one order has one number for ever.
    pub number: String,
    /// The customer's reference.
    pub reference: Option<String>,
    /// The customer's name, as it stands on sheet and license.
    pub customer: Option<String>,
    /// The product that was bought.
    pub product: String,
    /// Its version.
    pub version: Option<String>,
    /// For how long what was bought may be used; a length begins with each unit's first activation.
    pub term: GrantTerm,
    /// What was bought.
    pub lines: Lines,
    /// How many percent of each line may be taken beyond it, to be invoiced; 0 to 100.
    pub overdraft: u8,
}

/// A code with all that is known of it: the order behind it and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// The authorization code.
    pub code: OrderCode,
    /// The order it stems from; `lines` are what this very code was booked with.
    pub order: Order,
    /// The account it was added to.
    pub account: Option<AccountName>,
    /// The code it was passed on from, and for whom.
    pub parent: Option<(OrderCode, String)>,
    /// What was left has been taken back.
    pub cancelled: bool,
    /// What was taken beyond the order, to be invoiced.
    pub overdrawn: Lines,
    /// What was passed on to other codes.
    pub passed: Lines,
    /// What was taken back when it was cancelled.
    pub returned: Lines,
    /// What is left.
    pub left: Lines,
}

/// What became of an article on a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// What the code was booked with.
    pub added: u64,
    /// What was taken beyond that, to be invoiced.
    pub overdrawn: u64,
    /// What was passed on to other codes.
    pub passed: u64,
    /// What was taken back when the code was cancelled.
    pub returned: u64,
    /// What units hold.
    pub used: u64,
    /// What is left.
    pub left: u64,
}

impl Pool {
    /// Every article the code has or had.
    pub fn articles(&self) -> BTreeSet<&FeatureName> {
        self.order.lines.keys().chain(self.left.keys()).collect()
    }

    /// What became of an article.
    pub fn amounts(&self, article: &FeatureName) -> Amounts {
        let of = |lines: &Lines| lines.get(article).copied().unwrap_or(0);
        let (added, overdrawn) = (of(&self.order.lines), of(&self.overdrawn));
        let (passed, left) = (of(&self.passed), of(&self.left));
        let returned = of(&self.returned);
        let used = (added + overdrawn).saturating_sub(passed + left + returned);
        Amounts { added, overdrawn, passed, returned, used, left }
    }
}
