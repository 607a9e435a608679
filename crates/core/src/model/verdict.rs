//! The verdict on a license, and the comparison of components it is based on.

use super::{ComponentKind, Error};

/// The answer to "is this license valid for this host at this time". It is never a bool: a warning needs action, and a
/// refusal has its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It is valid.
    Valid,
    /// It is valid for a limited number of days; the warning says why.
    Grace(Error),
    /// A limit of it is exceeded, but its vendor lets it only advise: it works on, for ever, and the warning says why.
    Advisory(Error),
    /// It is not valid: all reasons, in the order in which they were found. A reason with exit code 2 among them means that
    /// something could not be read, so the true answer is unknown: the program then says `unable` and exits 2. A caller treats
    /// both alike, as not licensed.
    Refused(Vec<Error>),
}

impl Verdict {
    /// The word in results: `valid`, `grace`, `advisory` or `refused`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Grace(_) => "grace",
            Self::Advisory(_) => "advisory",
            Self::Refused(_) => "refused",
        }
    }

    /// Whether the product is not licensed.
    pub const fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// The warning of a license that works all the same.
    pub const fn warning(&self) -> Option<&Error> {
        match self {
            Self::Grace(error) | Self::Advisory(error) => Some(error),
            Self::Valid | Self::Refused(_) => None,
        }
    }
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
