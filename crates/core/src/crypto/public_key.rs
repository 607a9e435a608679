//! Public keys: their bytes, their ids, and strict Ed25519 verification.

use std::cmp::Ordering;
use std::fmt;

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use pkcs8::der::pem::{LineEnding, encode_string};

use super::digest;
use crate::model::{Error, KeyId, Reason, Result, SystemId};

/// An Ed25519 public key in its canonical encoding, not of small order.
///
/// It holds the decoded curve point: decoding takes an eighth of the time of a verification.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// A key from its 32 bytes (RFC 8032, 5.1.2).
    ///
    /// # Errors
    /// `weak-key` if the bytes are no point of the curve, not its canonical encoding, or a point of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self> {
        let weak = |message| Error::new(Reason::WeakKey, message);
        if !is_canonical(bytes) {
            return Err(weak("this public key is not in its canonical encoding"));
        }
        let key =
            VerifyingKey::from_bytes(bytes).map_err(|_| weak("this public key is no point of the curve"))?;
        // The only other non-canonical encodings, x = 0 with the sign bit set, are of small order too.
        if key.is_weak() {
            return Err(weak("this public key is a point of small order: anybody can sign for it"));
        }
        Ok(Self(key))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The id people use for this key.
    pub fn key_id(&self) -> KeyId {
        KeyId::from_digest(&digest("key", &[self.as_bytes()]))
    }

    /// The System ID of the installation whose own key this is.
    pub fn system_id(&self) -> SystemId {
        SystemId::from_digest(&digest("system", &[self.as_bytes()]))
    }

    /// The key as PEM `PUBLIC KEY` (RFC 8410, section 4), as OpenSSL reads it.
    pub fn to_pem(&self) -> String {
        let mut der = SPKI_HEAD.to_vec();
        der.extend(self.as_bytes());
        // Only length and label can make it fail, and both are constant: the tests show that it succeeds.
        encode_string("PUBLIC KEY", LineEnding::LF, &der).unwrap_or_default()
    }

    /// The public key of a private key, which is never weak.
    pub(super) fn from_signing_key(key: &SigningKey) -> Self {
        Self(key.verifying_key())
    }

    /// Whether the signature is valid under strict verification.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

/// Keys are in the order of their bytes.
impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.key_id())
    }
}

/// Verifies `signature` over `message` under `key` with strict Ed25519, as for every document.
///
/// Strict: more than RFC 8032 requires, it refuses keys and signatures with points of small order, and non-canonical
/// encodings of a signature.
///
/// # Errors
/// `weak-key` for a key that [`PublicKey::from_bytes`] refuses, otherwise `bad-signature`.
pub fn verify_bytes(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<()> {
    if PublicKey::from_bytes(key)?.has_signed(message, signature) {
        return Ok(());
    }
    Err(Error::new(Reason::BadSignature, "the signature does not fit these bytes"))
}

/// Whether the y coordinate, the low 255 bits, is below the prime 2^255 - 19. The curve library does not check it.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let reaches_prime =
        bytes[31] & 0x7f == 0x7f && bytes[1..31].iter().all(|byte| *byte == 0xff) && bytes[0] >= 0xed;
    !reaches_prime
}

/// `SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }` up to the key itself: RFC 8410, section 4.
const SPKI_HEAD: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 8410, section 10.1.
    const EXAMPLE: &str = "-----BEGIN PUBLIC KEY-----\n\
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
        -----END PUBLIC KEY-----\n";

    #[test]
    fn pem_is_that_of_the_standard() {
        let key = PublicKey::from_pem(EXAMPLE).unwrap();
        assert_eq!(key.as_bytes()[..4], [0x19, 0xbf, 0x44, 0x09]);
        assert_eq!(key.to_pem(), EXAMPLE);
    }

    #[test]
    fn names_are_digests_under_their_own_labels() {
        let key = PublicKey::from_pem(EXAMPLE).unwrap();
        assert_eq!(key.key_id(), KeyId::from_digest(&digest("key", &[key.as_bytes()])));
        assert_eq!(key.system_id(), SystemId::from_digest(&digest("system", &[key.as_bytes()])));
        assert_ne!(key.key_id().to_string()[..5], key.system_id().to_string()[..5]);
    }

    #[test]
    fn the_prime_and_all_above_it_are_not_canonical() {
        let mut bytes = [0xff; 32];
        for (last, sign, canonical) in
            [(0xec, 0x7f, true), (0xed, 0x7f, false), (0xff, 0x7f, false), (0xed, 0xff, false)]
        {
            (bytes[0], bytes[31]) = (last, sign);
            assert_eq!(is_canonical(&bytes), canonical, "{last:x} {sign:x}");
        }
        (bytes[0], bytes[31], bytes[17]) = (0xff, 0x7f, 0xfe);
        assert!(is_canonical(&bytes));
    }
}
