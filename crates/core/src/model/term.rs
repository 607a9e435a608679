//! The term of a license.

use std::fmt;

use super::Time;

/// A half-open interval of time in which a license is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The first second of it.
    pub from: Time,
    /// The first second after it; `None` is permanent.
    pub until: Option<Time>,
}

impl Term {
    /// Whether this time is in it: it has begun, and not ended.
    pub fn contains(self, time: Time) -> bool {
        self.from <= time && self.until.is_none_or(|end| time < end)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(until) => write!(f, "from {} until {until}", self.from),
            None => write!(f, "from {}, permanent", self.from),
        }
    }
}
