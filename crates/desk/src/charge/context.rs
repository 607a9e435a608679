//! The input of a charge: codes, unit, and what is wanted.

use crate::catalog::Product;
use crate::orders::{Lines, Pool};
use airlatch_core::model::{Features, Term, Time, Unit};

/// A code, and what the unit holds from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeSource {
    /// The pool of the code.
    pub pool: Pool,
    /// The articles that the unit holds from it.
    pub held: Lines,
    /// When the unit first took from it; a term that is a length starts on that day.
    pub since: Option<Time>,
}

/// What the previous license gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousLicense {
    /// The number of its entry: codes had the terms of that time.
    pub entry: u64,
    /// Its periods that are not over, or else the last one; never empty.
    pub periods: Vec<(Term, Features)>,
}

/// Everything that a charge is decided from.
#[derive(Debug, Clone)]
pub struct ChargeContext<'a> {
    /// The product.
    pub product: &'a Product,
    /// The unit that is licensed.
    pub unit: Unit,
    /// The id of its model, if known; ignored if the product has no models.
    pub model: Option<&'a str>,
    /// The version of the license; `None` if no code, request or previous license names one.
    pub version: Option<&'a str>,
    /// The time of the charge.
    pub now: Time,
    /// The features of the previous license at this time, or at its end if that is over; empty without one.
    pub signed: Features,
    /// The previous license; `None` without one, or if it is for another version.
    pub previous: Option<PreviousLicense>,
    /// The codes to take from, in the order given.
    pub named: Vec<ChargeSource>,
    /// Other codes from which the unit holds something; those that ended or are for another product or version are ignored.
    pub others: Vec<ChargeSource>,
}

/// How much is wanted from the named codes. Quantities are totals, including what the unit already holds from these codes.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// Not stated: all available switches and levels, and counts as the previous license shows them.
    Unspecified,
    /// Everything that is available.
    All,
    /// These features: a switch is on, a count has a number, a level is the number to reach (`PBX` 30) or its articles.
    Features(&'a Features),
    /// The same for each of many units: this number of each count, one of each switch, all steps of a level.
    PerUnit(u64),
}
