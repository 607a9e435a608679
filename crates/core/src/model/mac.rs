//! A MAC address and the spellings it is read from.

use std::fmt;
use std::str::FromStr;

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
        let trimmed = text.trim();
        let lead = text.chars().take_while(|c| c.is_whitespace()).count();
        if let Some(message) = spreadsheet_damage(trimmed) {
            return Err((lead + 1, message.into()));
        }
        let chars: Vec<char> = trimmed.chars().take(41).collect();
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

/// How a MAC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `00:04:f1:14:4b:d4`
    Colons,
    /// `00-04-f1-14-4b-d4`
    Hyphens,
    /// `0004.f114.4bd4`
    Dots,
    /// `0004f1144bd4`
    Bare,
}

impl Spelling {
    /// All spellings.
    pub const ALL: [Self; 4] = [Self::Colons, Self::Hyphens, Self::Dots, Self::Bare];

    /// The word in a grant file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Colons => "colons",
            Self::Hyphens => "hyphens",
            Self::Dots => "dots",
            Self::Bare => "bare",
        }
    }

    /// The spelling of a valid address.
    pub fn detect(text: &str) -> Self {
        match text.chars().find(|c| matches!(c, ':' | '-' | '.')) {
            Some(':') => Self::Colons,
            Some('-') => Self::Hyphens,
            Some(_) => Self::Dots,
            None => Self::Bare,
        }
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

    /// Reads `00:04:f1:14:4b:d4`, `00-04-F1-14-4B-D4`, `0004.f114.4bd4` and `0004f1144bd4`, in any case.
    fn from_str(text: &str) -> Result<Self> {
        Self::parse_with_column(text).map_err(bad_mac)
    }
}

/// The error with a text of which column and cause are known.
pub fn bad_mac((column, what): (usize, String)) -> Error {
    Error::new(Reason::BadMac, what).at(Place::Column(column))
}

/// Whether a character is a hyphen, or a dash that a word processor puts in its place.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{AD}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// The message if a spreadsheet damaged the address: it took it for a number, a date or a formula.
fn spreadsheet_damage(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("the MAC address is missing");
    }
    if text.starts_with('=') || text.starts_with('\'') || text.starts_with('"') {
        return Some("a spreadsheet left its own marks around the MAC address: format the column as text");
    }
    let upper = text.to_ascii_uppercase();
    let exponent = upper.split_once("E+").is_some_and(|(number, power)| {
        number.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
            && power.bytes().all(|b| b.is_ascii_digit())
    });
    exponent.then_some(
        "a spreadsheet turned the MAC address into a number: format the column as text and enter it again",
    )
}

pub(super) fn wrong_character(c: char) -> String {
    let point = u32::from(c);
    match c {
        'o' | 'O' => "the letter O stands where a zero belongs".into(),
        'l' | 'I' | 'i' => format!("the letter {c} stands where a one belongs"),
        c if is_dash(c) => format!("`{c}` (U+{point:04X}) is not the plain hyphen"),
        c if c.is_control() => format!("a control character (U+{point:04X}) is in the MAC address"),
        c => format!("`{c}` (U+{point:04X}) is not a hexadecimal digit"),
    }
}

fn digit_count(count: usize) -> String {
    if count == 1 { "1 digit".into() } else { format!("{count} digits") }
}

/// Column and message if digits and separators don't form one of the four spellings.
fn layout_mistake(chars: &[char], digits: usize) -> Option<(usize, String)> {
    let separators: Vec<(usize, char)> =
        chars.iter().copied().enumerate().filter(|(_, c)| !c.is_ascii_hexdigit()).collect();
    let lost_zero = "a leading zero may have been lost by a spreadsheet";
    let Some((_, first)) = separators.first().copied() else {
        return match digits {
            12 => None,
            11 => Some((1, format!("11 digits where 12 belong: {lost_zero}"))),
            n => Some((1, format!("{n} digits where 12 belong"))),
        };
    };
    if let Some((at, c)) = separators.iter().find(|(_, c)| *c != first) {
        return Some((at + 1, format!("`{c}` after `{first}`: separators are mixed")));
    }
    let (length, count) = if first == '.' { (4, 3) } else { (2, 6) };
    let mut column = 1;
    let text: String = chars.iter().collect();
    let parts: Vec<&str> = text.split(first).collect();
    for part in &parts {
        if part.len() != length {
            let hint = if part.len() + 1 == length { format!(": {lost_zero}") } else { String::new() };
            return Some((
                column,
                format!("{} between separators where {length} belong{hint}", digit_count(part.len())),
            ));
        }
        column += length + 1;
    }
    (parts.len() != count).then(|| (1, format!("{digits} digits where 12 belong")))
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
            ("00:04:f1:14:4b:d4:00:01", 1, "16 digits"),
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
