//! The holders of articles: the accounts of the double-entry ledger.

use std::fmt;
use std::str::FromStr;

use airlatch_core::model::{Error, OrderCode, Reason, Result, Unit};

/// A holder of articles, an account in the sense of double-entry bookkeeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// The origin of everything sold; its balance is negative.
    Source,
    /// What is left on a code.
    Pool(OrderCode),
    /// What a unit holds from a code.
    Unit(Unit, OrderCode),
    /// What was left on a code when it was cancelled.
    Returned,
    /// What expired unused.
    Expired,
}

impl fmt::Display for Holder {
    /// Writes the stored name: `source`, `pool/CODE`, `unit/UNIT/CODE`, `returned` or `expired`.
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
            _ => Err(Error::new(Reason::DamagedLedger, "the name of a holder is invalid")),
        }
    }
}
