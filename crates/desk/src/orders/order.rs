//! The order, its lines, and the pool of an authorization code.

use std::collections::{BTreeMap, BTreeSet};

use airlatch_core::model::{FeatureName, OrderCode, Time};

use crate::catalog::{GrantEnd, GrantTerm};

use super::AccountName;

/// Quantities by article; an article is a feature, or a step of a level such as `PBX#15` or `PBX#30@15`.
pub type Lines = BTreeMap<FeatureName, u64>;

/// A booked order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The vendor's order number, unique in the ledger.
    pub number: String,
    /// The customer's reference.
    pub reference: Option<String>,
    /// The customer's name, printed on order sheet and license.
    pub customer: Option<String>,
    /// The id of the product.
    pub product: String,
    /// Its version.
    pub version: Option<String>,
    /// The term; a length starts with the first activation of each unit.
    pub term: GrantTerm,
    /// The articles bought.
    pub lines: Lines,
    /// The overdraft: how many percent of each line may be taken on top and invoiced later; 0 to 100.
    pub overdraft: u8,
}

/// An authorization code with its order and everything booked on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// The authorization code.
    pub code: OrderCode,
    /// When it was booked or passed on.
    pub booked: Time,
    /// The original order, but with `lines` of this code alone.
    pub order: Order,
    /// The account it was added to.
    pub account: Option<AccountName>,
    /// The code it was passed on from, and the recipient.
    pub parent: Option<(OrderCode, String)>,
    /// Whether it is closed: it was cancelled, or its booking or passing on was reversed.
    pub cancelled: bool,
    /// Whether its booking or passing on was reversed.
    pub reversed: bool,
    /// The overdraft taken so far, to be invoiced.
    pub overdrawn: Lines,
    /// What was passed on to other codes.
    pub passed: Lines,
    /// What was left on the code when it was closed.
    pub returned: Lines,
    /// What is left.
    pub left: Lines,
    /// The terms it had before it was renewed, each with the number of the entry that renewed it.
    pub former_terms: Vec<(u64, GrantTerm)>,
}

/// How much of an article on a code is where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// Booked on the code.
    pub added: u64,
    /// Taken as overdraft, to be invoiced.
    pub overdrawn: u64,
    /// Passed on to other codes.
    pub passed: u64,
    /// Taken back by the cancellation or reversal.
    pub returned: u64,
    /// Held by units.
    pub used: u64,
    /// Left on the code.
    pub left: u64,
}

impl Pool {
    /// The term that the code had at the time of this entry.
    pub fn term_at(&self, entry: u64) -> &GrantTerm {
        let former = self.former_terms.iter().find(|(renewed, _)| *renewed > entry);
        former.map_or(&self.order.term, |(_, term)| term)
    }

    /// The length for which the code was sold first, to renew it by as much; a year where it was sold without one.
    pub fn sold_length(&self) -> &str {
        match &self.former_terms.first().map_or(&self.order.term, |(_, term)| term).end {
            GrantEnd::For(length) => length,
            GrantEnd::Until(_) | GrantEnd::Permanent => "1 year",
        }
    }

    /// How a code was closed.
    pub fn closed_word(&self) -> &'static str {
        if self.reversed { "reversed" } else { "cancelled" }
    }

    /// All articles that the code has or had.
    pub fn articles(&self) -> BTreeSet<&FeatureName> {
        self.order.lines.keys().chain(self.left.keys()).collect()
    }

    /// How much of an article is where.
    pub fn amounts(&self, article: &FeatureName) -> Amounts {
        let of = |lines: &Lines| lines.get(article).copied().unwrap_or(0);
        let (added, overdrawn) = (of(&self.order.lines), of(&self.overdrawn));
        let (passed, left) = (of(&self.passed), of(&self.left));
        let returned = of(&self.returned);
        let used = (added + overdrawn).saturating_sub(passed + left + returned);
        Amounts { added, overdrawn, passed, returned, used, left }
    }
}
