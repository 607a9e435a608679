//! What somebody wants activated.

use crate::charge::{Applicant, Wanted};
use airlatch_core::model::OrderCode;

/// For whom, from which codes, and how much.
#[derive(Debug, Clone)]
pub struct ActivationRequest<'a> {
    /// For whom.
    pub applicant: Applicant<'a>,
    /// The product, where no code names it: for an evaluation.
    pub product: Option<&'a str>,
    /// The codes, in the order they are used up; none asks for an evaluation.
    pub codes: Vec<OrderCode>,
    /// How much.
    pub wanted: Wanted<'a>,
    /// The hardware model, where somebody named it.
    pub model: Option<&'a str>,
    /// Take more than was ordered where the order allows it.
    pub may_overdraw: bool,
    /// The host's hardware is another one than before, and that is meant so.
    pub other_hardware: bool,
    /// What is written down beside it.
    pub particulars: ActivationNotes,
}

/// What is written down beside an activation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivationNotes {
    /// The vendor's license number; stands in the license.
    pub number: Option<String>,
    /// The end user; stands in the license in place of the customer.
    pub end_user: Option<String>,
    /// Where the unit stands.
    pub location: Option<String>,
    /// A comment.
    pub comment: Option<String>,
}
