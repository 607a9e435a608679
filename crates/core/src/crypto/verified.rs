//! Signature checks: the only way from a sealed document to verified content.

use std::sync::OnceLock;

use super::sealed::{SIGNED_LENGTH, label};
use super::{PublicKey, Sealed, TrustedSet};
use crate::model::{Cause, DocumentId, Error, Kind, Reason, Result};

/// Content with a valid signature; only [`check`] and [`check_host_signed`] make one.
#[derive(Debug, Clone)]
pub struct Verified<T> {
    content: T,
    signer: PublicKey,
    sealed: Sealed,
    // Computed when needed: most checks of a license don't need its id.
    document_id: OnceLock<DocumentId>,
}

impl<T> Verified<T> {
    /// The content.
    pub fn get(&self) -> &T {
        &self.content
    }

    /// The key that signed it.
    pub fn signer(&self) -> PublicKey {
        self.signer
    }

    /// The document it came from.
    pub fn sealed(&self) -> &Sealed {
        &self.sealed
    }

    /// The id of that document.
    pub fn document_id(&self) -> DocumentId {
        *self.document_id.get_or_init(|| self.sealed.document_id())
    }

    /// The kind of document.
    pub fn kind(&self) -> Kind {
        self.sealed.kind()
    }

    /// Parses the content; the result counts as verified too.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn parse<U>(self, read: impl FnOnce(&T) -> Result<U>) -> Result<Verified<U>> {
        let content = read(&self.content)?;
        Ok(Verified { content, signer: self.signer, sealed: self.sealed, document_id: self.document_id })
    }
}

impl<T: PartialEq> PartialEq for Verified<T> {
    fn eq(&self, other: &Self) -> bool {
        (&self.content, &self.sealed) == (&other.content, &other.sealed)
    }
}

impl<T: Eq> Eq for Verified<T> {}

/// The payload of a document of kind `wanted` that a trusted key signed.
///
/// # Errors
/// `wrong-kind`, `bad-signature`; `untrusted-key` if the signature is valid but its key is not in the set.
pub fn check(sealed: &Sealed, wanted: Kind, trusted: &TrustedSet) -> Result<Verified<Vec<u8>>> {
    let known = trusted.find(sealed.named_signer());
    let verified = check_signature(sealed, wanted, known)?;
    if known.is_some() {
        return Ok(verified);
    }
    let id = verified.signer.key_id();
    let message = format!("this {} is signed by a key that is not trusted here: {id}", wanted.word());
    let error = Error::new(Reason::UntrustedKey, message);
    if trusted.is_empty() {
        return Err(error.detail("no key is trusted here"));
    }
    Err(trusted.iter().fold(error, |error, key| error.detail(format!("trusted: {}", key.key_id()))))
}

/// The payload of a document that a host signed with its own key; any key is accepted.
///
/// It proves that the document is unchanged, and that its signer is the host whose System ID is
/// [`PublicKey::system_id`] of [`Verified::signer`]. The caller has to compare that with the System ID in the content.
///
/// # Errors
/// `wrong-kind`, `bad-signature`; `internal` if `wanted` is not [signed by hosts](Kind::is_signed_by_host).
pub fn check_host_signed(sealed: &Sealed, wanted: Kind) -> Result<Verified<Vec<u8>>> {
    if !wanted.is_signed_by_host() {
        let message = format!("a {} is not signed by a host and needs a trusted key", wanted.word());
        return Err(Error::new(Reason::Internal, message));
    }
    check_signature(sealed, wanted, None)
}

/// The kind under whose label the key in the document signed it; `None` if the signature fits none. Whether the key is
/// trusted makes no difference: a kind can't be guessed from bytes, but only one can have been signed.
pub fn signed_kind(sealed_bytes: &[u8]) -> Option<Kind> {
    let sealed = Sealed::from_parts(Kind::License, sealed_bytes.to_vec()).ok()?;
    let signer = PublicKey::from_bytes(sealed.named_signer()).ok()?;
    Kind::ALL.into_iter().find(|kind| has_signed(&signer, &sealed, *kind, 1))
}

/// Whether this key signed the payload under the label of this kind and version.
fn has_signed(signer: &PublicKey, sealed: &Sealed, kind: Kind, version: u8) -> bool {
    let message = [label(kind, version).as_bytes(), sealed.unverified_payload()].concat();
    signer.has_signed(&message, sealed.signature())
}

/// The last format version that is tried before a document counts as damaged. A newer version is recognized only if it
/// keeps this label and algorithm.
const LAST_VERSION: u8 = 9;

/// Checks kind and signature, but not whether the key is trusted; `known` is the decoded key of the signer, if the caller
/// has it.
fn check_signature(sealed: &Sealed, wanted: Kind, known: Option<PublicKey>) -> Result<Verified<Vec<u8>>> {
    let (kind, word) = (sealed.kind(), wanted.word());
    if kind != wanted {
        let what = format!("this is a {}, not a {word}", kind.word());
        return Err(Error::new(Reason::WrongKind, what).because(Cause::DocumentGiven(kind)));
    }
    // Bytes that are no key come from damage, as a wrong signature does.
    let signer =
        known.map_or_else(|| PublicKey::from_bytes(sealed.named_signer()), Ok).map_err(|_| unfit(sealed))?;
    let fits = |kind: Kind, version: u8| has_signed(&signer, sealed, kind, version);
    if !fits(wanted, 1) {
        if let Some(signed) = Kind::ALL.into_iter().find(|kind| *kind != wanted && fits(*kind, 1)) {
            let message = format!("this is a {} that was relabelled as a {word}", signed.word());
            return Err(Error::new(Reason::WrongKind, message));
        }
        if let Some(version) = (2..=LAST_VERSION).find(|version| fits(wanted, *version)) {
            let message =
                format!("this {word} is of format version {version}, and this airlatch reads version 1");
            return Err(Error::new(Reason::NewerVersion, message));
        }
        return Err(unfit(sealed));
    }
    Ok(Verified {
        content: sealed.unverified_payload().to_vec(),
        signer,
        sealed: sealed.clone(),
        document_id: OnceLock::new(),
    })
}

/// The error of a signature that does not fit. If bytes are missing at the end, the text of the payload reaches beyond where
/// it should end, and the error says how many; a shorter gap may be chance, since the bytes of a key can be text too.
fn unfit(sealed: &Sealed) -> Error {
    const CHANCE: usize = 16;
    let (word, length) = (sealed.kind().word(), sealed.bytes().len());
    let expected = text_length(sealed.bytes()) + SIGNED_LENGTH;
    if length + CHANCE > expected {
        let message = format!("the signature does not fit: this {word} was changed or damaged");
        return Error::new(Reason::BadSignature, message);
    }
    let message = format!("this {word} is cut off: it has {length} bytes, where {expected} are expected");
    let missing = expected - length;
    Error::new(Reason::BadSignature, message)
        .detail(format!("{missing} bytes before the END line are missing, so the signature does not fit"))
}

/// The length of the text that the bytes begin with: whole lines without control characters.
fn text_length(bytes: &[u8]) -> usize {
    let text = bytes.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
    let is_text = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let end = text.find(|c| !is_text(c)).unwrap_or(text.len());
    text[..end].rfind('\n').map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::super::{PrivateKey, seal};
    use super::*;

    fn key(seed: u8) -> PrivateKey {
        PrivateKey::from_seed(&Zeroizing::new([seed; 32])).unwrap()
    }

    #[test]
    fn a_trusted_signature_gives_the_payload_and_keeps_the_document_id() {
        let sealed = seal(Kind::License, b"features", &key(1));
        let verified = check(&sealed, Kind::License, &TrustedSet::new([key(1).public()])).unwrap();
        assert_eq!(verified.get(), b"features");
        assert_eq!((verified.signer(), verified.kind()), (key(1).public(), Kind::License));
        let length = verified.parse(|payload| Ok(payload.len())).unwrap();
        assert_eq!((*length.get(), length.document_id()), (8, sealed.document_id()));
    }

    #[test]
    fn an_untrusted_key_is_named_beside_the_trusted_ones() {
        let sealed = seal(Kind::License, b"x", &key(1));
        let error = check(&sealed, Kind::License, &TrustedSet::new([key(2).public()])).unwrap_err();
        assert_eq!(error.reason(), Reason::UntrustedKey);
        assert!(error.message().contains(&key(1).public().key_id().to_string()));
        assert!(error.details()[0].contains(&key(2).public().key_id().to_string()));
        let error = check(&sealed, Kind::License, &TrustedSet::default()).unwrap_err();
        assert_eq!(error.reason(), Reason::UntrustedKey);
    }

    /// Whatever is missing, the error does not blame the bytes that happen to stand where the key belongs.
    #[test]
    fn missing_bytes_are_counted() {
        let payload = "issued = \"2026-11-21T00:00:00Z\"\n".repeat(9);
        let whole = seal(Kind::License, payload.as_bytes(), &key(1));
        let trusted = TrustedSet::new([key(1).public()]);
        let error = |bytes: Vec<u8>| {
            check(&Sealed::from_parts(Kind::License, bytes).unwrap(), Kind::License, &trusted).unwrap_err()
        };
        let length = whole.bytes().len();
        for missing in 1..length - 96 {
            let error = error(whole.bytes()[..length - missing].to_vec());
            assert_eq!(error.reason(), Reason::BadSignature);
            let is_counted = error
                .message()
                .ends_with(&format!("it has {} bytes, where {length} are expected", length - missing));
            assert_eq!(is_counted, (16..=96).contains(&missing), "{missing}: {error}");
            assert!(!error.message().contains("key"), "{error}");
        }
        for at in payload.len()..length {
            let mut bytes = whole.bytes().to_vec();
            bytes[at] ^= 1;
            assert!(error(bytes).message().contains("was changed or damaged"), "{at}");
        }
    }

    #[test]
    fn a_later_format_is_named_and_not_accepted() {
        let (payload, key) = (b"product = 'x'\n", key(7));
        let signature = key.sign(label(Kind::License, 2).as_bytes(), payload);
        let bytes = [payload.as_slice(), key.public().as_bytes(), &signature].concat();
        let sealed = Sealed::from_parts(Kind::License, bytes).unwrap();
        let error = check(&sealed, Kind::License, &TrustedSet::new([key.public()])).unwrap_err();
        assert_eq!(error.reason(), Reason::NewerVersion);
    }

    #[test]
    fn no_kind_passes_as_another_by_name_or_by_label() {
        let trusted = TrustedSet::new([key(1).public()]);
        for made in Kind::ALL {
            let sealed = seal(made, b"same bytes", &key(1));
            for wanted in Kind::ALL.into_iter().filter(|wanted| *wanted != made) {
                let error = check(&sealed, wanted, &trusted).unwrap_err();
                assert_eq!(error.message(), format!("this is a {}, not a {}", made.word(), wanted.word()));
                let relabelled = Sealed::from_parts(wanted, sealed.bytes().to_vec()).unwrap();
                let error = check(&relabelled, wanted, &trusted).unwrap_err();
                assert_eq!(error.reason(), Reason::WrongKind);
                assert!(error.message().contains(&format!("this is a {} that was relabelled", made.word())));
            }
        }
    }

    #[test]
    fn a_host_key_is_accepted_only_for_kinds_signed_by_hosts() {
        for kind in Kind::ALL {
            let verified = check_host_signed(&seal(kind, b"x", &key(3)), kind);
            assert_eq!(verified.is_ok(), kind.is_signed_by_host(), "{}", kind.word());
        }
    }
}
