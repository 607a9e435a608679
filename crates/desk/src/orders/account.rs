//! The name of a customer's account.

use std::fmt;
use std::str::FromStr;

use airlatch_core::model::{Error, Reason, Result};

/// The name of an account or of a group of accounts: 1 to 64 of `a-z 0-9 . _ -`, beginning with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(String);

impl AccountName {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let first = text.bytes().next().is_some_and(alphanumeric);
        if first && text.len() <= 64 && text.bytes().all(|b| alphanumeric(b) || b"._-".contains(&b)) {
            return Ok(Self(text.into()));
        }
        let message = "the name of an account has 1 to 64 of a-z 0-9 . _ - and begins with a letter or digit";
        Err(Error::new(Reason::BadField, message))
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain() {
        for good in ["acme", "9to5", "acme-berlin.2_a"] {
            assert_eq!(good.parse::<AccountName>().unwrap().as_str(), good);
        }
        for bad in ["", "Acme", "-a", "a b", "ä", &"a".repeat(65)] {
            assert_eq!(bad.parse::<AccountName>().unwrap_err().reason(), Reason::BadField, "{bad}");
        }
    }
}
