//! A sealed document: payload, public key of the signer and signature, not verified yet.

use super::{PrivateKey, digest};
use crate::model::{DocumentId, Error, Kind, Reason, Result};

/// The largest payload of a sealed document, in bytes: 256 KiB.
pub const MAX_PAYLOAD: usize = 256 * 1024;

const KEY_LENGTH: usize = 32;
const SIGNATURE_LENGTH: usize = 64;
/// What stands behind the payload: key and signature.
pub(super) const SIGNED_LENGTH: usize = KEY_LENGTH + SIGNATURE_LENGTH;

/// An unverified document. [`check`](super::check) makes a [`Verified`](super::Verified) payload of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    kind: Kind,
    bytes: Vec<u8>,
    payload_length: usize,
    signer: [u8; KEY_LENGTH],
    signature: [u8; SIGNATURE_LENGTH],
}

impl Sealed {
    /// Splits the sealed bytes from an armor of `kind`: payload, 32 bytes public key, 64 bytes signature.
    ///
    /// # Errors
    /// `truncated` if there are fewer than 96 bytes, `too-large` if the payload is beyond [`MAX_PAYLOAD`].
    pub fn from_parts(kind: Kind, sealed_bytes: Vec<u8>) -> Result<Self> {
        let word = kind.word();
        let Some((rest, signature)) = sealed_bytes.split_last_chunk() else {
            return Err(truncated(kind, sealed_bytes.len()));
        };
        let Some((payload, signer)) = rest.split_last_chunk() else {
            return Err(truncated(kind, sealed_bytes.len()));
        };
        if payload.len() > MAX_PAYLOAD {
            let message = format!("this {word} holds {} bytes, the limit is {MAX_PAYLOAD}", payload.len());
            return Err(Error::new(Reason::TooLarge, message));
        }
        let (payload_length, signer, signature) = (payload.len(), *signer, *signature);
        Ok(Self { kind, bytes: sealed_bytes, payload_length, signer, signature })
    }

    /// The kind named by its armor; proven only by [`check`](super::check).
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Payload, public key and signature: the bytes inside the armor.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The id of this document, the same in every copy of it.
    pub fn document_id(&self) -> DocumentId {
        let kind = self.kind.word().as_bytes();
        DocumentId::from_digest(&digest("document", &[kind, b"\n", &self.bytes]))
    }

    /// The unverified payload: only for views that say so.
    pub fn unverified_payload(&self) -> &[u8] {
        &self.bytes[..self.payload_length]
    }

    /// The public key in the document, which claims to be the signer's. It is not verified, and never trusted by itself.
    pub fn named_signer(&self) -> &[u8; 32] {
        &self.signer
    }

    pub(super) fn signature(&self) -> &[u8; 64] {
        &self.signature
    }
}

/// Signs `airlatch <kind> v1`, a line feed, and the payload.
///
/// Every reader refuses a payload beyond [`MAX_PAYLOAD`]; the caller has to check that limit.
pub fn seal(kind: Kind, payload: &[u8], key: &PrivateKey) -> Sealed {
    let signer = *key.public().as_bytes();
    let signature = key.sign(label(kind, 1).as_bytes(), payload);
    let mut bytes = Vec::with_capacity(payload.len() + KEY_LENGTH + SIGNATURE_LENGTH);
    bytes.extend(payload);
    bytes.extend(signer);
    bytes.extend(signature);
    Sealed { kind, bytes, payload_length: payload.len(), signer, signature }
}

/// The line before the payload in the signed bytes.
pub(super) fn label(kind: Kind, version: u8) -> String {
    format!("airlatch {} v{version}\n", kind.word())
}

fn truncated(kind: Kind, length: usize) -> Error {
    let message = format!(
        "this {} is cut off: {length} bytes are fewer than a key and a signature, {}",
        kind.word(),
        KEY_LENGTH + SIGNATURE_LENGTH
    );
    Error::new(Reason::Truncated, message)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn sealed_bytes_are_split_as_they_were_joined() {
        let key = PrivateKey::from_seed(&Zeroizing::new([1; 32])).unwrap();
        let sealed = seal(Kind::License, b"payload", &key);
        assert_eq!(sealed.bytes().len(), 7 + 96);
        assert_eq!(Sealed::from_parts(Kind::License, sealed.bytes().to_vec()).unwrap(), sealed);
        assert_eq!(sealed.unverified_payload(), b"payload");
        assert_eq!(sealed.named_signer(), key.public().as_bytes());
        let other = Sealed::from_parts(Kind::Request, sealed.bytes().to_vec()).unwrap();
        assert_ne!(other.document_id(), sealed.document_id());
    }

    #[test]
    fn too_short_and_too_long_are_named() {
        let reason = |length| Sealed::from_parts(Kind::License, vec![0; length]).map_err(|t| t.reason());
        for length in 0..96 {
            assert_eq!(reason(length), Err(Reason::Truncated), "{length}");
        }
        assert!(reason(96).is_ok());
        assert!(reason(MAX_PAYLOAD + 96).is_ok());
        assert_eq!(reason(MAX_PAYLOAD + 97), Err(Reason::TooLarge));
    }
}
