//! Who can hold seats: the five kinds of account of the double entry.

use std::fmt;
use std::str::FromStr;

use airlatch_core::model::{Error, OrderCode, Reason, Result, Unit};

/// An account of the double entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// Where all seats come from: its balance is what was sold, below zero.
    Source,
    /// What is left on a code.
    Pool(OrderCode),
    /// What a unit holds from a code.
    Unit(Unit, OrderCode),
    /// What was taken back from a code before anybody used it.
    Returned,
    /// What ended unused.
    Expired,
}

impl fmt::Display for Holder {
    /// `source`, `pool/CODE`, `unit/UNIT/CODE`, `returned`, `expired`: the name in storage.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source => f.write_str("source"),
            Self::Pool(code) => write!(f, "pool/{code}"),
            Self::Unit(unit, code) => write!(f, "unit/{}/{code}", unit.key()),
            Self::Returned => f.write_str("returned"),
            Self::Expired => f.write_str("expired"),
        }
    }
}

impl FromStr for Holder {
    type Err = Error;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self> {
        let mut parts = text.split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("source"), None, None, None) => Ok(Self::Source),
            (Some("returned"), None, None, None) => Ok(Self::Returned),
            (Some("expired"), None, None, None) => Ok(Self::Expired),
            (Some("pool"), Some(code), None, None) => Ok(Self::Pool(code.parse()?)),
            (Some("unit"), Some(unit), Some(code), None) => Ok(Self::Unit(unit.parse()?, code.parse()?)),
            _ => Err(Error::new(Reason::DamagedLedger, "this names no holder")),
        }
    }
}
