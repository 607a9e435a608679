//! The labels by which entries are found.

use airlatch_core::model::OrderCode;

/// The labels by which an entry is found; they follow from its act alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// The account.
    pub account: Option<String>,
    /// The vendor's order number; for a part that was passed on, the recipient's reference.
    pub order: Option<String>,
    /// The code the act is about; for a part that was passed on, the new code.
    pub code: Option<String>,
    /// The code a part was passed on from.
    pub parent: Option<String>,
    /// The unit's key.
    pub unit: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// The request answered.
    pub request: Option<String>,
    /// The end user named.
    pub end_user: Option<String>,
    /// The Locking ID of the license.
    pub hardware: Option<String>,
}

impl Labels {
    /// Those of an act about a code.
    pub(super) fn of_code(code: &OrderCode) -> Self {
        Self { code: Some(code.to_string()), ..Self::default() }
    }
}
