//! A passphrase: checked, never printed, and wiped from memory after use.

use std::fmt;

use zeroize::Zeroizing;

use crate::model::{Error, Reason, Result};

/// The longest passphrase, in bytes; OpenSSL reads no more than 1024 either.
pub const MAX_PASSPHRASE: usize = 1024;

/// A passphrase, used byte for byte. It is never printed, and its memory is wiped when it is dropped.
pub struct Passphrase(
    #[cfg_attr(not(feature = "passphrase"), expect(dead_code, reason = "only opening a key reads it"))]
    Zeroizing<String>,
);

impl Passphrase {
    /// Checks a passphrase; the caller has removed its line end.
    ///
    /// # Errors
    /// `bad-passphrase` if it is empty, longer than [`MAX_PASSPHRASE`] bytes, or has a NUL, where OpenSSL would cut it.
    pub fn new(text: impl Into<Zeroizing<String>>) -> Result<Self> {
        let text = text.into();
        let bad = |message: String| Err(Error::new(Reason::BadPassphrase, message));
        if text.is_empty() {
            return bad("the passphrase is empty".into());
        }
        if text.len() > MAX_PASSPHRASE {
            return bad(format!(
                "the passphrase is {} bytes long, the limit is {MAX_PASSPHRASE}",
                text.len()
            ));
        }
        if text.contains('\0') {
            return bad("the passphrase has a NUL character".into());
        }
        Ok(Self(text))
    }

    #[cfg(feature = "passphrase")]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_kept_and_nothing_is_shown() {
        for bad in [String::new(), "a".repeat(1025), "é".repeat(513), "a\0b".into()] {
            assert_eq!(Passphrase::new(bad).unwrap_err().reason(), Reason::BadPassphrase);
        }
        let longest = Passphrase::new("a".repeat(1024)).unwrap();
        assert_eq!(format!("{longest:?}"), "Passphrase(…)");
        assert!(Passphrase::new(" ".to_owned()).is_ok());
    }
}
