//! The one gate from a sealed document to content that may be believed.

use std::sync::OnceLock;

use super::sealed::label;
use super::{PublicKey, Sealed, TrustedSet};
use crate::model::{DocumentId, Error, Kind, Reason, Result};

/// Content with a good signature; only [`check`] and [`check_host_signed`] make one.
#[derive(Debug, Clone)]
pub struct Verified<T> {
    content: T,
    signer: PublicKey,
    sealed: Sealed,
    // Most checks of a license need no name for it.
    document: OnceLock<DocumentId>,
}

impl<T> Verified<T> {
    /// The content.
    pub fn get(&self) -> &T {
        &self.content
    }

    /// Whose signature it is.
    pub fn signer(&self) -> PublicKey {
        self.signer
    }

    /// The document it came from.
    pub fn sealed(&self) -> &Sealed {
        &self.sealed
    }

    /// The name of that document.
    pub fn document_id(&self) -> DocumentId {
        *self.document.get_or_init(|| self.sealed.document_id())
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.sealed.kind()
    }

    /// Reads the content into something else, which stays as verified as the content was.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn parse<U>(self, read: impl FnOnce(&T) -> Result<U>) -> Result<Verified<U>> {
        let content = read(&self.content)?;
        Ok(Verified { content, signer: self.signer, sealed: self.sealed, document: self.document })
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
/// `wrong-kind`, `bad-signature`; `untrusted-key` when the signature is good but its key is not in the set.
pub fn check(sealed: &Sealed, wanted: Kind, trusted: &TrustedSet) -> Result<Verified<Vec<u8>>> {
    let known = trusted.find(sealed.named_signer());
    let verified = genuine(sealed, wanted, known)?;
    if known.is_some() {
        return Ok(verified);
    }
    let id = verified.signer.key_id();
    let what = format!("this {} is signed by a key that is not trusted here: {id}", wanted.word());
    let error = Error::new(Reason::UntrustedKey, what);
    if trusted.is_empty() {
        return Err(error.detail("no key is trusted here"));
    }
    Err(trusted.iter().fold(error, |error, key| error.detail(format!("trusted: {}", key.key_id()))))
}

/// The payload of a document that a host signed with its own key, whatever key that is.
///
/// It proves that the document is whole, and that its signer is the host whose System ID is
/// [`PublicKey::system_id`] of [`Verified::signer`]: the caller compares it with the one in the content.
///
/// # Errors
/// `wrong-kind`, `bad-signature`; `internal` when `wanted` is not [signed by hosts](Kind::is_signed_by_host).
pub fn check_host_signed(sealed: &Sealed, wanted: Kind) -> Result<Verified<Vec<u8>>> {
    if !wanted.is_signed_by_host() {
        let what = format!("a {} is not signed by a host and needs a trusted key", wanted.word());
        return Err(Error::new(Reason::Internal, what));
    }
    genuine(sealed, wanted, None)
}

/// Later formats are told from damage up to this version, as far as they keep this label and algorithm.
const LAST_VERSION: u8 = 9;

/// Checks kind and signature, but not whether anybody trusts the key; `known` is the key that is named as the signer, if
/// it is at hand.
fn genuine(sealed: &Sealed, wanted: Kind, known: Option<PublicKey>) -> Result<Verified<Vec<u8>>> {
    let (kind, word) = (sealed.kind(), wanted.word());
    if kind != wanted {
        return Err(Error::new(Reason::WrongKind, format!("this is a {}, not a {word}", kind.word())));
    }
    let bad = |what: String| Error::new(Reason::BadSignature, what);
    let signer = known.map_or_else(|| PublicKey::from_bytes(sealed.named_signer()), Ok).map_err(|weak| {
        bad(format!("this {word} names no usable key as its signer")).detail(weak.message())
    })?;
    let fits = |kind: Kind, version: u8| {
        let label = label(kind, version);
        let mut message = Vec::with_capacity(label.len() + sealed.unverified_payload().len());
        message.extend(label.as_bytes());
        message.extend(sealed.unverified_payload());
        signer.signed(&message, sealed.signature())
    };
    if !fits(wanted, 1) {
        if let Some(signed) = Kind::ALL.into_iter().find(|kind| *kind != wanted && fits(*kind, 1)) {
            let what = format!("this is a {} that was relabelled as a {word}", signed.word());
            return Err(Error::new(Reason::WrongKind, what));
        }
        if let Some(version) = (2..=LAST_VERSION).find(|version| fits(wanted, *version)) {
            let what =
                format!("this {word} is of format version {version}, and this airlatch reads version 1");
            return Err(Error::new(Reason::NewerVersion, what));
        }
        return Err(bad(format!("the signature does not fit: this {word} was changed or damaged")));
    }
    Ok(Verified {
        content: sealed.unverified_payload().to_vec(),
        signer,
        sealed: sealed.clone(),
        document: OnceLock::new(),
    })
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
    fn a_trusted_signature_opens_the_payload_and_its_name_stays() {
        let sealed = seal(Kind::License, b"features", &key(1));
        let verified = check(&sealed, Kind::License, &TrustedSet::new([key(1).public()])).unwrap();
        assert_eq!(verified.get(), b"features");
        assert_eq!((verified.signer(), verified.kind()), (key(1).public(), Kind::License));
        let length = verified.parse(|payload| Ok(payload.len())).unwrap();
        assert_eq!((*length.get(), length.document_id()), (8, sealed.document_id()));
    }

    #[test]
    fn a_stranger_is_named_beside_those_who_are_trusted() {
        let sealed = seal(Kind::License, b"x", &key(1));
        let error = check(&sealed, Kind::License, &TrustedSet::new([key(2).public()])).unwrap_err();
        assert_eq!(error.reason(), Reason::UntrustedKey);
        assert!(error.message().contains(&key(1).public().key_id().to_string()));
        assert!(error.details()[0].contains(&key(2).public().key_id().to_string()));
        let error = check(&sealed, Kind::License, &TrustedSet::default()).unwrap_err();
        assert_eq!(error.reason(), Reason::UntrustedKey);
    }

    #[test]
    fn a_later_format_is_named_and_not_believed() {
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
    fn a_host_vouches_only_for_what_hosts_sign() {
        for kind in Kind::ALL {
            let verified = check_host_signed(&seal(kind, b"x", &key(3)), kind);
            assert_eq!(verified.is_ok(), kind.is_signed_by_host(), "{}", kind.word());
        }
    }
}
