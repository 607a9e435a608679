//! Check digits of a MAC address, written in brackets behind it: `00-90-33-01-02-03 (7a)`.

use super::mac::bad_mac;
use super::mac_mistake::wrong_character;
use super::{Cause, Error, Mac, Result};

/// The initial value of the CRC register, chosen such that `00-90-33-01-02-03` has the digits `7a`.
const START: u8 = 0xd0;
/// x^8 + x^2 + x + 1, without its highest term.
const POLYNOMIAL: u8 = 0x07;

impl Mac {
    /// Two lower-case hexadecimal digits: a CRC-8 over the six bytes (polynomial 0x07, initial value 0xd0, not reflected,
    /// no final XOR).
    ///
    /// They find every mistake in one digit or in two neighbouring digits, swaps included; of other mistakes one in 256 is
    /// missed.
    ///
    /// ```
    /// use airlatch_core::model::Mac;
    /// assert_eq!("00-90-33-01-02-03".parse::<Mac>()?.check_digits(), "7a");
    /// # Ok::<(), airlatch_core::model::Error>(())
    /// ```
    pub fn check_digits(&self) -> String {
        let sum = self.0.iter().fold(START, |register, byte| {
            (0..8).fold(register ^ byte, |register, _| {
                let carry = if register & 0x80 == 0 { 0 } else { POLYNOMIAL };
                register << 1 ^ carry
            })
        });
        format!("{sum:02x}")
    }

    /// The address with its check digits, for people who copy it: `00:90:33:01:02:03 (7a)`.
    pub fn with_check_digits(&self) -> String {
        format!("{self} ({})", self.check_digits())
    }

    /// Reads an address in any of the usual spellings, with or without check digits behind it.
    ///
    /// # Errors
    /// `bad-mac` with the column.
    pub fn parse_with_check(text: &str) -> Result<Self> {
        Self::parse_with_check_and_column(text)
            .map(|(mac, _)| mac)
            .map_err(|(column, message)| Self::bad_mac_with_check(text, column, message))
    }

    /// The error at this column of a text that [`parse_with_check_and_column`](Self::parse_with_check_and_column) refused; where the address
    /// is right, its check digits are not.
    pub fn bad_mac_with_check(text: &str, column: usize, message: String) -> Error {
        // The digits may have lost their bracket.
        let is_mac = |address: &str| {
            let address = address.trim_end();
            let before_digits = address.rsplit_once(' ').map_or(address, |(address, _)| address);
            [address, before_digits].iter().any(|it| Self::parse_with_column(it).is_ok())
        };
        let error = bad_mac((column, message));
        match text.split_once(['(', ')']) {
            Some((address, _)) if is_mac(address) => error.because(Cause::CheckDigits),
            _ => error,
        }
    }

    /// Reads an address as [`parse_with_check`](Self::parse_with_check) does, and also returns the part of the text
    /// before the check digits.
    ///
    /// # Errors
    /// The column of the mistake, counted in characters from 1, and the message.
    pub fn parse_with_check_and_column(text: &str) -> Result<(Self, &str), (usize, String)> {
        let Some((address, rest)) = text.split_once('(') else {
            return match text.find(')') {
                Some(at) => Err((
                    column(text, at),
                    "a bracket is closed that is not open: check digits are (7a)".into(),
                )),
                None => Self::parse_with_column(text).map(|mac| (mac, text)),
            };
        };
        let mac = Self::parse_with_column(address)?;
        let open = column(text, address.len());
        let Some((digits, more)) = rest.split_once(')') else {
            return Err((open, "the bracket of the check digits is not closed".into()));
        };
        if let Some(at) = more.find(|c: char| !c.is_whitespace()) {
            let at = column(text, text.len() - more.len() + at);
            return Err((at, "nothing may follow the check digits".into()));
        }
        let digits = digits.trim();
        let wrong = |message| Err((open, message));
        if let Some(c) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
            return wrong(format!("in the check digits {}", wrong_character(c)));
        }
        match digits.len() {
            2 if digits.eq_ignore_ascii_case(&mac.check_digits()) => Ok((mac, address)),
            2 => wrong(format!(
                "the check digits ({digits}) don't fit {}: an address with one mistyped digit",
                address.trim()
            )),
            count => wrong(format!("two check digits belong in the bracket, not {count}")),
        }
    }
}

/// The column of the byte at `at`, counted in characters from 1.
fn column(text: &str, at: usize) -> usize {
    text[..at].chars().count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reason;

    const SAMPLES: [[u8; 6]; 4] = [
        [0, 0x90, 0x33, 1, 2, 3],
        [0, 4, 0xf1, 0x14, 0x4b, 0xd4],
        [0xff, 0, 0xff, 0, 0xff, 0],
        [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc],
    ];

    fn nibbles(mac: [u8; 6]) -> [u8; 12] {
        std::array::from_fn(|at| mac[at / 2] >> (4 * (1 - at % 2)) & 15)
    }

    fn mac(nibbles: [u8; 12]) -> Mac {
        Mac(std::array::from_fn(|at| nibbles[2 * at] << 4 | nibbles[2 * at + 1]))
    }

    #[test]
    fn the_documented_pair_fits() {
        let mac = Mac([0, 0x90, 0x33, 1, 2, 3]);
        assert_eq!(mac.with_check_digits(), "00:90:33:01:02:03 (7a)");
        for text in [
            "00-90-33-01-02-03 (7a)",
            "00-90-33-01-02-03(7A)",
            " 0090.3301.0203  ( 7a ) ",
            "009033010203\u{a0}(7a)",
            "00:90:33:01:02:03",
        ] {
            assert_eq!(Mac::parse_with_check(text).unwrap(), mac, "{text}");
        }
    }

    /// The claim of the documentation, tried on every such mistake.
    #[test]
    fn every_mistake_in_two_neighbouring_digits_is_found() {
        for right in SAMPLES {
            let digits = Mac(right).check_digits();
            for at in 0..11 {
                for change in 1..=255u8 {
                    let mut wrong = nibbles(right);
                    wrong[at] ^= change >> 4;
                    wrong[at + 1] ^= change & 15;
                    assert_ne!(mac(wrong).check_digits(), digits, "{right:x?} at {at}, {change:x}");
                }
            }
        }
    }

    #[test]
    fn mistakes_anywhere_pass_one_time_in_256() {
        let base = Mac(SAMPLES[0]).check_digits();
        let same = (0..=0xffff_u16).filter(|low| {
            let [a, b] = low.to_be_bytes();
            Mac([0, 0x90, 0x33, a, 2, b]).check_digits() == base
        });
        assert_eq!(same.count(), 256);
    }

    #[test]
    fn damage_is_explained_with_its_column() {
        for (text, column, words) in [
            (
                "00-90-33-01-02-03 (7b)",
                19,
                "the check digits (7b) don't fit 00-90-33-01-02-03: an address with one mistyped digit",
            ),
            ("00-90-33-01-02-04 (7a)", 19, "one mistyped digit"),
            ("00-90-33-01-02-03 (7a", 19, "not closed"),
            ("00-90-33-01-02-03 7a)", 21, "not open"),
            ("00-90-33-01-02-03 ()", 19, "not 0"),
            ("00-90-33-01-02-03 (7)", 19, "not 1"),
            ("00-90-33-01-02-03 (7a7)", 19, "not 3"),
            ("00-90-33-01-02-03 (7g)", 19, "in the check digits `g`"),
            ("00-90-33-01-02-03 (7O)", 19, "letter O"),
            ("00-90-33-01-02-03 (\u{667}a)", 19, "U+0667"),
            ("00-90-33-01-02-03 (7a) x", 24, "nothing may follow"),
            ("00-90-33-01-02-03 (7a)(7a)", 23, "nothing may follow"),
            ("(7a)", 1, "missing"),
            ("00-90-33-01-02 (7a)", 1, "10 digits"),
            ("(7a) 00-90-33-01-02-03", 1, "missing"),
            ("00-90-33-01-02-03 [7a]", 18, "` `"),
        ] {
            let error = Mac::parse_with_check(text).unwrap_err();
            assert_eq!(error.reason(), Reason::BadMac, "{text}");
            assert!(error.message().contains(words), "{text}: {error}");
            assert_eq!(error.place().unwrap(), format!("column {column}"), "{text}");
        }
    }
}
