//! The input of an activation.

use crate::charge::{Applicant, Wanted};
use airlatch_core::model::OrderCode;

/// Who is licensed, from which codes, and how much.
#[derive(Debug, Clone)]
pub struct ActivationRequest<'a> {
    /// The unit or host to license.
    pub applicant: Applicant<'a>,
    /// The product; needed for a trial license, where no code names it.
    pub product: Option<&'a str>,
    /// The codes, in the order in which they are used up; empty for a trial license.
    pub codes: Vec<OrderCode>,
    /// How much is wanted.
    pub wanted: Wanted<'a>,
    /// What is stated about the hardware model.
    pub model: ModelInput<'a>,
    /// Take overdraft, as far as the order allows it.
    pub may_overdraw: bool,
    /// Accept that the hardware of the host changed beyond the tolerance.
    pub other_hardware: bool,
    /// Accept a request that is dated in the future: the clock of its host is ahead.
    pub clock_ahead: bool,
    /// Accept a weak lock for this license.
    pub weak_lock: bool,
    /// What is recorded with it.
    pub notes: ActivationNotes,
}

/// What is stated about the model of a unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ModelInput<'a> {
    /// The model of this unit; must be that of the ledger, if the ledger has one.
    pub named: Option<&'a str>,
    /// The model if nothing else tells it: not the request, the ledger or the MAC.
    pub otherwise: Option<&'a str>,
    /// The model in the ledger was wrong: what is named, or what request or MAC say, or `otherwise`, replaces it.
    pub corrects: bool,
}

/// What is recorded with an activation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivationNotes {
    /// The vendor's license number, also in the license.
    pub number: Option<String>,
    /// The end user, in the license instead of the customer.
    pub end_user: Option<String>,
    /// The location of the unit.
    pub location: Option<String>,
    /// A comment.
    pub comment: Option<String>,
}
