//! A sealed document: payload, signer's key and signature in one run of bytes, of which nothing is believed yet.

use super::{PrivateKey, digest};
use crate::model::{DocumentId, Error, Kind, Reason, Result};

/// The largest payload of a sealed document: 256 KiB.
pub const MAX_PAYLOAD: usize = 256 * 1024;

const KEY: usize = 32;
const SIGNATURE: usize = 64;

/// A document as it travels. [`check`](super::check) makes a [`Verified`](super::Verified) payload of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    kind: Kind,
    bytes: Vec<u8>,
    payload: usize,
    signer: [u8; KEY],
    signature: [u8; SIGNATURE],
}

impl Sealed {
    /// Takes apart the sealed bytes that stood in an armor of `kind`: payload, 32 bytes key, 64 bytes signature.
    ///
    /// # Errors
    /// `truncated` when there are less than 96 bytes, `too-large` when the payload is beyond [`MAX_PAYLOAD`].
    pub fn from_parts(kind: Kind, sealed_bytes: Vec<u8>) -> Result<Self> {
        let word = kind.word();
        let Some((rest, signature)) = sealed_bytes.split_last_chunk() else {
            return Err(truncated(kind, sealed_bytes.len()));
        };
        let Some((payload, signer)) = rest.split_last_chunk() else {
            return Err(truncated(kind, sealed_bytes.len()));
        };
        if payload.len() > MAX_PAYLOAD {
            let what = format!("this {word} holds {} bytes, the limit is {MAX_PAYLOAD}", payload.len());
            return Err(Error::new(Reason::TooLarge, what));
        }
        let (payload, signer, signature) = (payload.len(), *signer, *signature);
        Ok(Self { kind, bytes: sealed_bytes, payload, signer, signature })
    }

    /// The kind its armor says; proven only by [`check`](super::check).
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Payload, key and signature, as they are armored.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The name of this document, whatever text it came in.
    pub fn document_id(&self) -> DocumentId {
        let kind = self.kind.word().as_bytes();
        DocumentId::from_digest(&digest("document", &[kind, b"\n", &self.bytes]))
    }

    /// The payload, of which nothing is proven: only for views that say so.
    pub fn unverified_payload(&self) -> &[u8] {
        &self.bytes[..self.payload]
    }

    /// The key the document says it was signed with: only a name until the signature is checked, and no trust then.
    pub fn named_signer(&self) -> &[u8; 32] {
        &self.signer
    }

    pub(super) fn signature(&self) -> &[u8; 64] {
        &self.signature
    }
}

/// Signs `airlatch <kind> v1`, a line feed, and the payload.
///
/// A payload beyond [`MAX_PAYLOAD`] would be refused by every reader: the room that writes payloads keeps that limit.
pub fn seal(kind: Kind, payload: &[u8], key: &PrivateKey) -> Sealed {
    let signer = *key.public().as_bytes();
    let signature = key.sign(label(kind, 1).as_bytes(), payload);
    let mut bytes = Vec::with_capacity(payload.len() + KEY + SIGNATURE);
    bytes.extend(payload);
    bytes.extend(signer);
    bytes.extend(signature);
    Sealed { kind, bytes, payload: payload.len(), signer, signature }
}

/// The line before the payload in what is signed.
pub(super) fn label(kind: Kind, version: u8) -> String {
    format!("airlatch {} v{version}\n", kind.word())
}

fn truncated(kind: Kind, length: usize) -> Error {
    let what = format!(
        "this {} is cut off: {length} bytes are fewer than a key and a signature, {}",
        kind.word(),
        KEY + SIGNATURE
    );
    Error::new(Reason::Truncated, what)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn sealed_bytes_come_apart_as_they_were_put_together() {
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
