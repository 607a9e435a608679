//! Order numbers: one spelling for each, whatever keyboard or system they were typed on.

use airlatch_core::model::{Error, OrderCode, Reason, Result};
use unicode_normalization::UnicodeNormalization as _;

/// The number in composed characters (NFC): some systems write `ü` as `u` and a mark above it.
pub fn composed(number: &str) -> String {
    number.nfc().collect()
}

/// Checks that an order number can't be confused with another one or with an authorization code.
///
/// # Errors
/// `bad-field` at `field`.
pub fn check_number(number: &str, field: &str) -> Result<()> {
    let bad = |message: String| Error::new(Reason::BadField, message).at(field);
    // Digits of other scripts, combining marks and invisible characters would allow two numbers that look the same.
    let plain = |c: char| c == ' ' || c.is_ascii_graphic() || c.is_alphabetic() && !c.is_numeric();
    if let Some(c) = number.chars().find(|c| !plain(*c)) {
        let error = bad(format!("an order number can't contain U+{:04X}", u32::from(c)));
        return Err(error
            .detail("it may have letters, the digits 0 to 9, single blanks and the punctuation of ASCII"));
    }
    if number.is_empty() || number.trim() != number || number.contains("  ") {
        let message =
            "an order number can't be empty, begin or end with a blank, or have two blanks in a row";
        return Err(bad(message.into()));
    }
    if number.parse::<OrderCode>().is_ok() {
        return Err(bad("an order number can't look like an authorization code".into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_composed_number_is_the_same_however_it_was_typed() {
        assert_eq!(composed("Bu\u{308}ro-7"), "B\u{fc}ro-7");
        assert_eq!(composed("B\u{fc}ro-7"), "B\u{fc}ro-7");
        for good in ["4711", "B\u{fc}ro-7", "PO 2026/117 (A)", "\u{8ba2}\u{5355}-1"] {
            assert_eq!(check_number(&composed(good), "number"), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_may_stand_is_said() {
        for bad in ["x\u{301}", "\u{661}", "a\u{200b}b", "a\tb"] {
            let error = check_number(&composed(bad), "number").unwrap_err();
            assert!(error.details()[0].starts_with("it may have letters"), "{bad:?}: {error}");
        }
        for bad in ["", " 1", "1  2"] {
            assert_eq!(check_number(bad, "number").unwrap_err().reason(), Reason::BadField, "{bad:?}");
        }
    }
}
