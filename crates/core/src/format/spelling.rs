//! Values that a payload spells in one way only, while people may type them in several.

use std::str::FromStr;

use crate::model::{Error, Mac, Reason, Result};

/// A typed code in the one form that is printed: what is signed has only one spelling.
pub(super) struct PrintedCode<T>(pub(super) T);

impl<T: FromStr<Err = Error> + ToString> FromStr for PrintedCode<T> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let code: T = text.parse()?;
        let printed = code.to_string();
        if printed == text {
            return Ok(Self(code));
        }
        let message = format!("in a document this code is written {printed}, not {text}");
        Err(Error::new(Reason::BadCode, message))
    }
}

/// A MAC address as twelve lower-case digits.
pub(super) struct BareMac(pub(super) Mac);

impl FromStr for BareMac {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mac: Mac = text.parse()?;
        if mac.bare() == text {
            return Ok(Self(mac));
        }
        let message = format!("in a document this address is written {}, not {text}", mac.bare());
        Err(Error::new(Reason::BadMac, message))
    }
}
