//! What is asked of a license: at which time, for which product and features.

use crate::model::{FeatureName, Quantity, Time};

/// What is asked of a license.
#[derive(Debug, Clone)]
pub struct Question {
    /// The time to judge at; there is no default.
    pub now: Time,
    /// It is a supposed time, not that of a clock: then nothing is held against it.
    pub supposed: bool,
    /// The product the asker is, if it says so.
    pub product: Option<String>,
    /// The features needed, and how much of each.
    pub features: Vec<(FeatureName, Quantity)>,
}

impl Question {
    /// Whether a license holds at all, of whatever product, at the time of a clock.
    pub fn now(now: Time) -> Self {
        Self { now, supposed: false, product: None, features: Vec::new() }
    }
}
