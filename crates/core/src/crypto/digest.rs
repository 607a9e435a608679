//! SHA-256 under a label, so that a digest made for one use never stands for another.

use sha2::{Digest, Sha256};

use crate::model::Result;

/// SHA-256 over `airlatch <purpose> v1`, a line feed, and the parts one after the other (FIPS 180-4).
///
/// The parts are not separated: where two of them vary in length, the caller puts a separator between them.
pub fn digest(purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [b"airlatch ", purpose.as_bytes(), b" v1\n"] {
        hasher.update(part);
    }
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Plain SHA-256 of what `next` gives piece by piece until a piece is empty, as `sha256sum` prints it of a file.
///
/// # Errors
/// Those of `next`.
pub fn sha256(next: &mut dyn FnMut() -> Result<Vec<u8>>) -> Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    loop {
        let piece = next()?;
        if piece.is_empty() {
            return Ok(hasher.finalize().into());
        }
        hasher.update(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_hash_as_the_whole() {
        let mut pieces = [b"abc".to_vec(), b"def".to_vec(), Vec::new()].into_iter();
        let expected: [u8; 32] = Sha256::digest(b"abcdef").into();
        assert_eq!(sha256(&mut || Ok(pieces.next().unwrap())).unwrap(), expected);
    }

    #[test]
    fn the_label_is_part_of_the_hashed_bytes() {
        let expected: [u8; 32] = Sha256::digest(b"airlatch key v1\nabc").into();
        assert_eq!(digest("key", &[b"a", b"", b"bc"]), expected);
        assert_ne!(digest("system", &[b"abc"]), expected);
    }
}
