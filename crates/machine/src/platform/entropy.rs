//! Random bytes of the operating system, for keys, ids and salts.

use airlatch_core::model::{Error, Reason, Result};

/// Fills `bytes` with cryptographically secure random bytes.
///
/// # Errors
/// `io` if the operating system returns none.
pub fn fill_random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|e| Error::new(Reason::Io, format!("the operating system gives no random bytes: {e}")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_calls_differ() {
        let (mut one, mut two) = ([0; 32], [0; 32]);
        super::fill_random(&mut one).unwrap();
        super::fill_random(&mut two).unwrap();
        assert_ne!(one, two);
        assert_ne!(one, [0; 32]);
    }
}
