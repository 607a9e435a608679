//! SHA-256 with a label for each purpose (domain separation): a digest for one purpose is never valid for another.

use sha2::{Digest, Sha256};

use crate::model::Result;

/// SHA-256 over `airlatch <purpose> v1`, a line feed, and the parts one after the other (FIPS 180-4).
///
/// The parts are not separated: if two of them vary in length, the caller has to put a separator between them.
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

/// Plain SHA-256 over the chunks that `next` returns, up to the first empty one; the same as `sha256sum` of a file.
///
/// # Errors
/// Those of `next`.
pub fn sha256(next: &mut dyn FnMut() -> Result<Vec<u8>>) -> Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    loop {
        let chunk = next()?;
        if chunk.is_empty() {
            return Ok(hasher.finalize().into());
        }
        hasher.update(chunk);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chunks_hash_as_the_whole() {
        let mut chunks = [b"abc".to_vec(), b"def".to_vec(), Vec::new()].into_iter();
        let expected: [u8; 32] = Sha256::digest(b"abcdef").into();
        assert_eq!(sha256(&mut || Ok(chunks.next().unwrap())).unwrap(), expected);
    }

    #[test]
    fn the_label_is_part_of_the_hashed_bytes() {
        let expected: [u8; 32] = Sha256::digest(b"airlatch key v1\nabc").into();
        assert_eq!(digest("key", &[b"a", b"", b"bc"]), expected);
        assert_ne!(digest("system", &[b"abc"]), expected);
    }
}
