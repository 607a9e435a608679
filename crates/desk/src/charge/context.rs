//! What a charge is decided from: the codes, the unit, and what is wanted.

use crate::catalog::Product;
use crate::orders::{Lines, Pool};
use airlatch_core::model::{Features, Time, Unit};

/// A code with what this unit holds from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeSource {
    /// The code and what is left on it.
    pub pool: Pool,
    /// The articles that the unit holds from it.
    pub held: Lines,
    /// When the unit first got something from it: a length of time begins on that day.
    pub since: Option<Time>,
}

/// All that decides about a charge.
#[derive(Debug, Clone)]
pub struct ChargeContext<'a> {
    /// The product, with its rules.
    pub product: &'a Product,
    /// Who gets it.
    pub unit: Unit,
    /// The id of its model, if somebody said; of no account where the product has no models.
    pub model: Option<&'a str>,
    /// The version the license will be for; `None` where no code, host or license before names one.
    pub version: Option<&'a str>,
    /// The time of the charge.
    pub now: Time,
    /// The codes to take from, in the order in which they were named.
    pub named: Vec<ChargeSource>,
    /// The other codes from which the unit holds something; what is over, or of another product or version, is left out.
    pub others: Vec<ChargeSource>,
}

/// How much is wanted from the named codes: in all, not on top of what the unit holds from them.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// Nothing was said: switches and levels as they can be had, of counts what the unit holds.
    Unsaid,
    /// Everything on offer.
    All,
    /// These: switches are on, counts have a number; a level is a number to reach (`PBX` 30), or its articles are named.
    These(&'a Features),
    /// One of many units alike: so many of each count, one of each switch, all steps of a level.
    Each(u64),
}
