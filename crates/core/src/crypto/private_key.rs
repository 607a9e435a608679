//! Private keys: signing, and their PKCS#8 text.

use std::fmt;

use ed25519_dalek::SigningKey;
use ed25519_dalek::ed25519::signature::MultipartSigner;
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::pem::{LineEnding, encode_string};
use zeroize::Zeroizing;

use super::{PublicKey, foreign};
use crate::model::{Error, Reason, Result};

/// An Ed25519 private key. Its seed is never printed, and its memory is wiped when the key is dropped.
pub struct PrivateKey {
    // Boxed: moving the key leaves no copy of the seed behind.
    signing: Box<SigningKey>,
    public: PublicKey,
}

impl PrivateKey {
    /// The key of a 32-byte seed (RFC 8032, 5.1.5), which has to come from a good source of randomness.
    ///
    /// # Errors
    /// `weak-key` for a seed of zeros, the result of a failed source of randomness.
    pub fn from_seed(seed: &Zeroizing<[u8; 32]>) -> Result<Self> {
        if seed.iter().all(|byte| *byte == 0) {
            return Err(Error::new(Reason::WeakKey, "this private key is all zeros"));
        }
        let signing = Box::new(SigningKey::from_bytes(seed));
        let public = PublicKey::from_signing_key(&signing);
        Ok(Self { signing, public })
    }

    /// The public key.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    /// The key as PEM `PRIVATE KEY`: PKCS#8 version 1, since OpenSSL before 3.5 can't read version 2.
    pub fn to_pem(&self) -> Zeroizing<String> {
        // Only length and label can make it fail, and both are constant: the tests show that it succeeds.
        let pem = encode_string("PRIVATE KEY", LineEnding::LF, self.to_der().as_slice());
        Zeroizing::new(pem.unwrap_or_default())
    }

    /// A key from the DER of PKCS#8, version 1 or 2 (RFC 8410, section 7).
    pub(super) fn from_der(der: &[u8]) -> Result<Self> {
        let bad = |message| Error::new(Reason::BadKey, message);
        let info = PrivateKeyInfoRef::try_from(der)
            .map_err(|_| bad("the private key is damaged: no PKCS#8 in it"))?;
        foreign::expect_ed25519(&info.algorithm)?;
        let Some(bytes) = info.private_key.as_bytes().strip_prefix(&SEED_HEAD) else {
            return Err(bad("the private key is damaged: no Ed25519 seed in it"));
        };
        let mut seed = Zeroizing::new([0; 32]);
        if bytes.len() != seed.len() {
            return Err(bad("the private key is damaged: its seed is not 32 bytes long"));
        }
        seed.copy_from_slice(bytes);
        let key = Self::from_seed(&seed)?;
        match info.public_key {
            Some(public) if public.as_bytes() != Some(key.public.as_bytes()) => Err(Error::new(
                Reason::KeyMismatch,
                "the public key inside the private key does not belong to it",
            )),
            _ => Ok(key),
        }
    }

    pub(super) fn sign(&self, label: &[u8], payload: &[u8]) -> [u8; 64] {
        self.signing.multipart_sign(&[label, payload]).to_bytes()
    }

    pub(super) fn to_der(&self) -> Zeroizing<Vec<u8>> {
        let mut der = Zeroizing::new(Vec::with_capacity(PKCS8_HEAD.len() + 32));
        der.extend(PKCS8_HEAD);
        der.extend(self.signing.as_bytes());
        der
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public.key_id())
    }
}

/// The inner `OCTET STRING` of 32 bytes that RFC 8410 calls `CurvePrivateKey`.
const SEED_HEAD: [u8; 2] = [0x04, 0x20];

/// `SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING of 32 bytes } }` up to the seed.
const PKCS8_HEAD: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

#[cfg(test)]
mod tests {
    use super::super::{KeyFile, read_key};
    use super::*;

    /// The examples of RFC 8410, section 10.3: version 1.
    const EXAMPLE: &str = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
        -----END PRIVATE KEY-----\n";

    #[test]
    fn pem_is_that_of_the_standard() {
        let KeyFile::Private(key) = read_key(EXAMPLE.as_bytes()).unwrap() else { panic!("not private") };
        assert_eq!(*key.to_pem(), EXAMPLE);
        assert_eq!(key.public().as_bytes()[..4], [0x19, 0xbf, 0x44, 0x09]);
    }

    #[test]
    fn a_private_key_shows_its_name_only() {
        let key = PrivateKey::from_seed(&Zeroizing::new([9; 32])).unwrap();
        assert_eq!(format!("{key:?}"), format!("PrivateKey({})", key.public().key_id()));
    }

    #[test]
    fn zeros_are_no_seed() {
        let error = PrivateKey::from_seed(&Zeroizing::new([0; 32])).unwrap_err();
        assert_eq!(error.reason(), Reason::WeakKey);
    }
}
