//! The verdict on a license, and the comparison of components it is based on.

use super::{ComponentKind, Error};

/// The answer to "is this license valid for this host at this time". It is never a bool: grace needs action, and a refusal
/// has its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It is valid.
    Valid,
    /// It is valid for a limited number of days; the warning says why.
    Grace(Error),
    /// It is not valid: all reasons, in the order in which they were found. A reason with exit code 2 among them means that
    /// something could not be read, so the true answer is unknown: the program then says `unable` and exits 2. A caller treats
    /// both alike, as not licensed.
    Refused(Vec<Error>),
}

/// How a component of this host compares with the one in a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentMatch {
    /// The same value.
    Same,
    /// Another value.
    Changed,
    /// The license has it, this host does not.
    AbsentHere,
    /// The license has it, and this user may not read that of this host: neither the same nor changed.
    Unreadable,
    /// The license was issued without it.
    AbsentInLicense,
}

/// One row of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// Which component.
    pub kind: ComponentKind,
    /// How it compares.
    pub result: ComponentMatch,
}
