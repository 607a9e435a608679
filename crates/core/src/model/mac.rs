//! A MAC address, read from any of its spellings.

use std::fmt;
use std::str::FromStr;

use super::mac_mistake::{layout_mistake, spreadsheet_damage, wrong_character};
use super::spelling::{Spelling, without_label};
use super::{Error, Place, Reason, Result};

/// A 48-bit MAC address, shown as `00:04:f1:14:4b:d4`.
///
/// ```
/// use airlatch_core::model::Mac;
/// let mac: Mac = "0004.F114.4BD4".parse()?;
/// assert_eq!(mac.to_string(), "00:04:f1:14:4b:d4");
/// assert_eq!(mac.bare(), "0004f1144bd4");
/// # Ok::<(), airlatch_core::model::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// Twelve lower-case digits without separators.
    pub fn bare(&self) -> String {
        super::hex::write(&self.0)
    }

    /// The address in this spelling.
    pub fn spelled_as(&self, spelling: Spelling) -> String {
        let bare = self.bare();
        let groups = |length: usize, mark: &str| {
            let starts = (0..bare.len()).step_by(length);
            starts.map(|at| &bare[at..at + length]).collect::<Vec<_>>().join(mark)
        };
        match spelling {
            Spelling::Colons => groups(2, ":"),
            Spelling::Hyphens => groups(2, "-"),
            Spelling::Dots => groups(4, "."),
            Spelling::Bare => groups(12, ""),
        }
    }

    /// Reads any of the usual spellings, and tells where a mistake is.
    ///
    /// # Errors
    /// The column of the mistake, counted in characters from 1, and the message.
    pub fn parse_with_column(text: &str) -> Result<Self, (usize, String)> {
        let address = without_label(text).trim();
        let lead = text.chars().count() - without_label(text).trim_start().chars().count();
        if let Some(message) = spreadsheet_damage(address) {
            return Err((lead + 1, message.into()));
        }
        let chars: Vec<char> = address.chars().collect();
        if let Some(at) = chars.iter().position(|c| !c.is_ascii_hexdigit() && !matches!(c, ':' | '-' | '.')) {
            return Err((lead + at + 1, wrong_character(chars[at])));
        }
        let digits: Vec<u8> = chars.iter().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
        if let Some((column, message)) = layout_mistake(&chars, digits.len()) {
            return Err((lead + column, message));
        }
        let mut mac = [0; 6];
        for (byte, pair) in mac.iter_mut().zip(digits.chunks(2)) {
            *byte = pair.iter().fold(0, |value, digit| value << 4 | digit);
        }
        Ok(Self(mac))
    }

    /// Whether the address is locally administered: set by the operator or a hypervisor, not by the manufacturer.
    pub fn is_local(&self) -> bool {
        self.0[0] & 2 != 0
    }

    /// Refuses an address that no single device can have.
    ///
    /// # Errors
    /// `not-unicast` for multicast, broadcast and zero.
    pub fn unicast(self) -> Result<Self> {
        let why = match self.0 {
            [0, 0, 0, 0, 0, 0] => "is all zero",
            [255, 255, 255, 255, 255, 255] => "is the broadcast address",
            [first, ..] if first & 1 != 0 => "is a multicast address",
            _ => return Ok(self),
        };
        Err(Error::new(Reason::NotUnicast, format!("{self} {why}, no device has it")))
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl FromStr for Mac {
    type Err = Error;

    /// Reads `00:04:f1:14:4b:d4`, `00-04-F1-14-4B-D4`, `0004.f114.4bd4` and `0004f1144bd4`, the forms `0004f1-144bd4` and
    /// `0004-f114-4bd4` of some switches, in any case, also behind the word `MAC`.
    fn from_str(text: &str) -> Result<Self> {
        Self::parse_with_column(text).map_err(bad_mac)
    }
}

/// The error with a text of which column and cause are known.
pub fn bad_mac((column, what): (usize, String)) -> Error {
    Error::new(Reason::BadMac, what).at(Place::Column(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_spelling_is_read() {
        for text in [
            "00:04:f1:14:4b:d4",
            "00-04-F1-14-4B-D4",
            "0004.f114.4bd4",
            "0004F1144bd4",
            " 0004f1144bd4 ",
            "\u{a0}0004f1144bd4",
            "0004f1-144bd4",
            "0004-F114-4BD4",
            "MAC:0004f1144bd4",
            " mac 00:04:f1:14:4b:d4",
            "MAC = 00-04-f1-14-4b-d4",
        ] {
            assert_eq!(text.parse::<Mac>().unwrap().bare(), "0004f1144bd4", "{text}");
        }
    }

    #[test]
    fn damage_is_explained_with_its_column() {
        for (text, column, words) in [
            ("004f1144bd4", 1, "leading zero"),
            ("0:04:f1:14:4b:d4", 1, "leading zero"),
            ("00:04:f1:14:4b:4", 16, "leading zero"),
            ("01-02:03-04-05-06", 6, "mixed"),
            ("00:04:f1:14:4b:d4:", 19, "0 digits"),
            ("0123:4567:89AF", 1, "4 digits"),
            ("00:04:f1:14:4b", 1, "10 digits"),
            ("4112345678", 1, "10 digits where 12 belong: 2 leading zeros may have been lost"),
            ("412345678", 1, "9 digits where 12 belong: 3 leading zeros may have been lost"),
            ("4f1-144bd4", 1, "3 digits between separators where 6 belong"),
            ("0004f1-44bd4", 8, "5 digits between separators where 6 belong: a leading zero"),
            ("MAC: 004f1144bd4", 6, "11 digits"),
            ("MAC", 4, "missing"),
            ("00:04:f1:14:4b:d4:00:01", 1, "16 digits where 12 belong: this is an EUI-64"),
            ("00-04-f1-ff-fe-14-4b-d4", 1, "16 digits where 12 belong: this is an EUI-64"),
            ("0004f1fffe144bd4", 1, "16 digits where 12 belong: this is an EUI-64"),
            (
                "80:00:00:48:fe:80:00:00:00:00:00:00:00:04:9f:03:00:11:4b:d4",
                1,
                "40 digits where 12 belong: this is an InfiniBand",
            ),
            ("O004f1144bd4", 1, "letter O"),
            ("0004fl144bd4", 6, "letter l"),
            ("0004f1144\u{431}d4", 10, "U+0431"),
            ("0004f1144\u{ff10}d4", 10, "U+FF10"),
            ("1.23E+11", 1, "into a number"),
            ("1E+12", 1, "into a number"),
            ("=\"0004f1144bd4\"", 1, "marks"),
            ("'0004f1144bd4", 1, "marks"),
            ("10-Mar", 4, "`M`"),
            ("", 1, "missing"),
            ("00\u{2013}04\u{2013}f1", 3, "plain hyphen"),
        ] {
            let error = text.parse::<Mac>().unwrap_err();
            assert_eq!(error.reason(), Reason::BadMac, "{text}");
            assert!(error.message().contains(words), "{text}: {error}");
            assert_eq!(error.place().unwrap(), format!("column {column}"), "{text}");
        }
    }

    #[test]
    fn only_single_devices_pass() {
        for text in ["000000000000", "ffffffffffff", "01005e000001", "333300000001"] {
            assert_eq!(text.parse::<Mac>().unwrap().unicast().unwrap_err().reason(), Reason::NotUnicast);
        }
        assert!("020000000001".parse::<Mac>().unwrap().is_local());
    }
}
