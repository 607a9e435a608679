//! From when to when a license holds.

use std::fmt;

use super::Time;

/// A span of validity: `from` is the first second in it, `until` the first second after it; no end means permanent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The first second that is inside.
    pub from: Time,
    /// The first second that is outside; `None` is permanent.
    pub until: Option<Time>,
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(until) => write!(f, "from {} until {until}", self.from),
            None => write!(f, "from {}, permanent", self.from),
        }
    }
}
