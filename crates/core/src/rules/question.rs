//! The question for a verdict: time, product and features.

use crate::model::{FeatureName, Quantity, Time};

/// The question that a license is judged for.
#[derive(Debug, Clone)]
pub struct Question {
    /// The time to judge at; there is no default.
    pub now: Time,
    /// Whether `now` is a supposed time, not a clock's: then clock rollback is not checked.
    pub supposed: bool,
    /// The product that needs a license; `None` accepts any.
    pub product: Option<String>,
    /// The features needed, each with its quantity.
    pub features: Vec<(FeatureName, Quantity)>,
}

impl Question {
    /// The question for any product, without features, at the time of a clock.
    pub fn now(now: Time) -> Self {
        Self { now, supposed: false, product: None, features: Vec::new() }
    }
}
