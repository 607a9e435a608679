//! What an entry records that reverses another one.

use crate::catalog::GrantTerm;
use crate::orders::AccountName;
use airlatch_core::model::{DocumentId, OrderCode, Unit};

use super::labels::Labels;

/// The facts of an entry that reverses an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// The number of the entry that is reversed.
    pub entry: u64,
    /// What that entry was about.
    pub of: Reversed,
    /// Why.
    pub because: String,
}

/// What is reversed; repeats enough of the entry to be found by the same labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reversed {
    /// The booking of an order; what is left on its code: pool → returned.
    Order {
        /// The code.
        code: OrderCode,
    },
    /// The addition of a code to an account.
    Addition {
        /// The code.
        code: OrderCode,
        /// The account.
        account: AccountName,
    },
    /// A passing on; what is left on the new code: pool → pool.
    Passing {
        /// The code it came from.
        from: OrderCode,
        /// The new code.
        to: OrderCode,
    },
    /// A cancellation; all of it: returned → pool.
    Cancellation {
        /// The code.
        code: OrderCode,
    },
    /// A renewal.
    Renewal {
        /// The code.
        code: OrderCode,
        /// The former term, which applies again.
        term: GrantTerm,
    },
    /// A license. What was charged for it stays with the unit while the license may be valid somewhere; after its end:
    /// unit → pool.
    License {
        /// The unit.
        unit: Unit,
        /// The product.
        product: String,
        /// The license.
        license: DocumentId,
    },
}

impl Reversed {
    /// The word of the act that is reversed; for a trial license too it is `activated`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Order { .. } => "ordered",
            Self::Addition { .. } => "added",
            Self::Passing { .. } => "passed",
            Self::Cancellation { .. } => "cancelled",
            Self::Renewal { .. } => "renewed",
            Self::License { .. } => "activated",
        }
    }

    /// The labels by which the reversal is found.
    pub(super) fn labels(&self) -> Labels {
        let about = Labels::of_code;
        match self {
            Self::Order { code } | Self::Cancellation { code } | Self::Renewal { code, .. } => about(code),
            Self::Addition { code, account } => Labels { account: Some(account.to_string()), ..about(code) },
            Self::Passing { from, to } => Labels { parent: Some(from.to_string()), ..about(to) },
            Self::License { unit, product, .. } => {
                Labels { unit: Some(unit.key()), product: Some(product.clone()), ..Labels::default() }
            }
        }
    }
}
