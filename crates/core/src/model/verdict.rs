//! The answer to "does this license hold here and now": never a bool.

use super::{ComponentKind, Error};

/// What a license is worth here and now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It holds.
    Valid,
    /// It holds for some more days, and something has to be done.
    Grace(Error),
    /// It does not hold; every reason, the first found first.
    Refused(Vec<Error>),
}

/// How a component of this host compares with the one in a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The same.
    Same,
    /// Another one.
    Changed,
    /// The license has it, this host does not show it.
    AbsentHere,
    /// The license was made without it.
    AbsentThen,
}

/// One row of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// Which component.
    pub kind: ComponentKind,
    /// How it compares.
    pub seen: Seen,
}
