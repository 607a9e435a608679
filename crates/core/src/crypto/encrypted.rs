//! Private keys encrypted with a passphrase; the cost of the key derivation is checked before it runs.

use std::fmt;

use pkcs8::der::asn1::{AnyRef, OctetStringRef, UintRef};
use pkcs8::der::{Decode, Reader, SliceReader};
use pkcs8::{AlgorithmIdentifierRef, ObjectIdentifier};

use super::{Passphrase, PrivateKey};
use crate::model::{Error, Reason, Result};

/// The most memory scrypt may take, 128·N·r bytes: 64 MiB, twice the limit of OpenSSL.
pub const MAX_SCRYPT_MEMORY: u128 = 64 << 20;

/// The most work scrypt may take, N·r·p: about one second.
pub const MAX_SCRYPT_WORK: u128 = 1 << 21;

/// The most rounds of PBKDF2: about one second with SHA-512.
pub const MAX_PBKDF2_ROUNDS: u128 = 2_000_000;

/// A private key encrypted with a passphrase (PKCS#8, PBES2 of RFC 8018), at a cost within the limits.
pub struct EncryptedKey {
    #[cfg(feature = "passphrase")]
    der: Vec<u8>,
    /// The memory that decryption takes.
    #[cfg(feature = "passphrase")]
    memory_bytes: u128,
}

impl EncryptedKey {
    /// Decrypts the key. It takes up to about a second.
    ///
    /// # Errors
    /// `no-memory`; `wrong-passphrase`; then those of a private key in [`read_key`](super::read_key).
    #[cfg(feature = "passphrase")]
    pub fn open(&self, passphrase: &Passphrase) -> Result<PrivateKey> {
        use pkcs8::EncryptedPrivateKeyInfoRef;
        let wrong = || Error::new(Reason::WrongPassphrase, "the passphrase does not open this key");
        let info = EncryptedPrivateKeyInfoRef::try_from(self.der.as_slice()).map_err(|_| damaged())?;
        check_memory(self.memory_bytes)?;
        // One wrong passphrase in 256 gives valid padding; then the DER inside is invalid, which is an error here too.
        let document = info.decrypt(passphrase.as_bytes()).map_err(|_| wrong())?;
        PrivateKey::from_der(document.as_bytes())
    }

    /// This build has no decryption.
    ///
    /// # Errors
    /// Always `bad-key`.
    #[cfg(not(feature = "passphrase"))]
    pub fn open(&self, _passphrase: &Passphrase) -> Result<PrivateKey> {
        Err(bad("this key is encrypted, and this build can't open encrypted keys"))
    }

    /// Reads `EncryptedPrivateKeyInfo` (RFC 5958, section 3) and checks the cost of its parameters.
    pub(super) fn from_der(der: &[u8]) -> Result<Self> {
        let _memory_bytes = check_cost(der)?;
        Ok(Self {
            #[cfg(feature = "passphrase")]
            der: der.to_vec(),
            #[cfg(feature = "passphrase")]
            memory_bytes: _memory_bytes,
        })
    }
}

impl fmt::Debug for EncryptedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptedKey(…)")
    }
}

#[cfg(feature = "passphrase")]
impl PrivateKey {
    /// The key as PEM `ENCRYPTED PRIVATE KEY`: PBES2 with scrypt (N = 2^14, r = 8, p = 5) and AES-256-CBC.
    ///
    /// A larger N would need more memory than OpenSSL allows, so p sets the cost: about a quarter of a second. Salt and
    /// initialization vector have to be random and used once.
    ///
    /// # Errors
    /// `internal` if the key can't be encoded.
    pub fn to_encrypted_pem(
        &self,
        passphrase: &Passphrase,
        salt: [u8; 16],
        iv: [u8; 16],
    ) -> Result<zeroize::Zeroizing<String>> {
        encrypt(&self.to_der(), passphrase, &salt, iv)
    }
}

/// See [`PrivateKey::to_encrypted_pem`].
#[cfg(feature = "passphrase")]
fn encrypt(
    der: &[u8],
    passphrase: &Passphrase,
    salt: &[u8; 16],
    iv: [u8; 16],
) -> Result<zeroize::Zeroizing<String>> {
    use pkcs5::pbes2::Parameters;
    use pkcs8::{LineEnding, PrivateKeyInfoRef};
    let failed = |_| Error::new(Reason::Internal, "the private key can't be encrypted");
    check_memory(128 << (14 + 3))?;
    let cost = scrypt::Params::new(14, 8, 5).map_err(|_| failed(()))?;
    let parameters = Parameters::generate_scrypt_aes256cbc(cost, salt, iv).map_err(|_| failed(()))?;
    let document = PrivateKeyInfoRef::try_from(der)
        .and_then(|info| info.encrypt_with_params(parameters, passphrase.as_bytes()))
        .map_err(|_| failed(()))?;
    document.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).map_err(|_| failed(()))
}

/// Tries to allocate this much memory. Inside the key derivation, a failed allocation would abort the process.
#[cfg(feature = "passphrase")]
fn check_memory(bytes: u128) -> Result<()> {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    // One MiB for the smaller buffers of the derivation.
    let mut buffer: Vec<u8> = Vec::new();
    let reserved = buffer.try_reserve_exact(bytes.saturating_add(1 << 20));
    // Without it the compiler may remove the unused allocation.
    std::hint::black_box(&buffer);
    reserved.map_err(|_| {
        Error::new(Reason::NoMemory, "there is too little memory for the key's passphrase")
            .detail(format!("needed  {} MiB", bytes.div_ceil(1 << 20)))
    })
}

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const SCRYPT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");

/// HMAC with SHA-256, SHA-384 and SHA-512.
const HASHES: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.2.9"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.2.10"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.2.11"),
];

/// AES-CBC and the length of its key in bytes.
const CIPHERS: [(ObjectIdentifier, u128); 3] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2"), 16),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.22"), 24),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42"), 32),
];

/// The longest salt that the decryption accepts, in bytes.
const MAX_SALT: usize = 32;

/// Refuses a key that can't be read or costs too much; returns the bytes of memory that decryption takes.
fn check_cost(der: &[u8]) -> Result<u128> {
    let (scheme, data) = sequence(der, |reader| {
        Ok((AlgorithmIdentifierRef::decode(reader)?, <&OctetStringRef>::decode(reader)?))
    })?;
    if scheme.oid != PBES2 {
        return Err(unknown("the scheme", scheme.oid));
    }
    let (derivation, cipher) = fields(scheme.parameters, |reader| {
        Ok((AlgorithmIdentifierRef::decode(reader)?, AlgorithmIdentifierRef::decode(reader)?))
    })?;
    let Some((_, key_length)) = CIPHERS.iter().find(|(oid, _)| *oid == cipher.oid) else {
        return Err(unknown("the cipher", cipher.oid));
    };
    let iv = cipher.parameters.and_then(|any| any.decode_as::<&OctetStringRef>().ok());
    let data = data.as_bytes().len();
    if iv.is_none_or(|iv| iv.as_bytes().len() != 16) || data == 0 || data % 16 != 0 {
        return Err(damaged());
    }
    match derivation.oid {
        SCRYPT => check_scrypt(derivation.parameters, *key_length),
        PBKDF2 => check_pbkdf2(derivation.parameters, *key_length),
        other => Err(unknown("the key derivation", other)),
    }
}

/// `scrypt-params`: RFC 7914, section 7.1.
fn check_scrypt(parameters: Option<AnyRef<'_>>, key_length: u128) -> Result<u128> {
    let (salt, [n, r, p], length) = fields(parameters, |reader| {
        let salt = <&OctetStringRef>::decode(reader)?;
        Ok((salt, [number(reader)?, number(reader)?, number(reader)?], optional_number(reader)?))
    })?;
    let cost = format!("scrypt with N = {}, r = {}, p = {}", shown(n), shown(r), shown(p));
    // The limit on r·p keeps the second buffer of scrypt, 128·r·p bytes, at 1 MiB or less.
    let memory = n.saturating_mul(r).saturating_mul(128);
    let work = n.saturating_mul(r).saturating_mul(p);
    if memory > MAX_SCRYPT_MEMORY || work > MAX_SCRYPT_WORK || r.saturating_mul(p) > 8192 {
        return Err(costly(&cost)
            .detail(format!("memory {} of {MAX_SCRYPT_MEMORY} bytes", shown(memory)))
            .detail(format!("work N·r·p {} of {MAX_SCRYPT_WORK}", shown(work))));
    }
    if n < 2 || !n.is_power_of_two() || r == 0 || p == 0 {
        return Err(bad(format!("the key is damaged: {cost} is not valid")));
    }
    expect_lengths(salt, length, key_length)?;
    Ok(memory)
}

/// `PBKDF2-params`: RFC 8018, appendix A.2.
fn check_pbkdf2(parameters: Option<AnyRef<'_>>, key_length: u128) -> Result<u128> {
    let (salt, rounds, length, hash) = fields(parameters, |reader| {
        let (salt, rounds) = (<&OctetStringRef>::decode(reader)?, number(reader)?);
        Ok((salt, rounds, optional_number(reader)?, Option::<AlgorithmIdentifierRef<'_>>::decode(reader)?))
    })?;
    let Some(hash) = hash else {
        return Err(
            bad("this key is encrypted with PBKDF2 and SHA-1, which is not supported").detail(SUPPORTED)
        );
    };
    if !HASHES.contains(&hash.oid) {
        return Err(unknown("the hash", hash.oid));
    }
    if rounds > MAX_PBKDF2_ROUNDS {
        return Err(costly(&format!("{} rounds of PBKDF2", shown(rounds)))
            .detail(format!("{MAX_PBKDF2_ROUNDS} rounds are allowed")));
    }
    if rounds == 0 {
        return Err(bad("the key is damaged: PBKDF2 with 0 rounds is not valid"));
    }
    expect_lengths(salt, length, key_length)?;
    Ok(0)
}

fn expect_lengths(salt: &OctetStringRef, length: Option<u128>, key_length: u128) -> Result<()> {
    if salt.as_bytes().len() > MAX_SALT || length.is_some_and(|length| length != key_length) {
        return Err(bad("the key is damaged: salt or key length of its encryption is not valid"));
    }
    Ok(())
}

const SUPPORTED: &str = "supported: PBES2 with scrypt or PBKDF2 (HMAC-SHA-256, -384, -512) and AES-CBC";

fn bad(message: impl Into<String>) -> Error {
    Error::new(Reason::BadKey, message)
}

fn damaged() -> Error {
    bad("the encrypted key is damaged: no EncryptedPrivateKeyInfo in it")
}

fn unknown(part: &str, oid: ObjectIdentifier) -> Error {
    bad(format!("{part} of this encrypted key, {oid}, is not supported")).detail(SUPPORTED)
}

fn costly(cost: &str) -> Error {
    Error::new(Reason::CostlyKey, format!("opening this key takes too much time or memory: {cost}"))
}

/// A number for people; `u128::MAX` stands for any number that did not fit.
fn shown(number: u128) -> String {
    if number == u128::MAX { "a huge number".into() } else { number.to_string() }
}

type Der<T> = pkcs8::der::Result<T>;

fn sequence<'a, T>(der: &'a [u8], read: impl FnOnce(&mut SliceReader<'a>) -> Der<T>) -> Result<T> {
    fields(AnyRef::from_der(der).ok(), read)
}

/// All fields of a sequence; a field left over is an error.
fn fields<'a, T>(any: Option<AnyRef<'a>>, read: impl FnOnce(&mut SliceReader<'a>) -> Der<T>) -> Result<T> {
    any.ok_or_else(damaged)?.sequence(read).map_err(|_| damaged())
}

/// An `INTEGER` of any length; one beyond 128 bits becomes `u128::MAX`.
fn number<'a>(reader: &mut impl Reader<'a>) -> Der<u128> {
    let value = UintRef::decode(reader)?;
    Ok(as_number(&value))
}

fn optional_number<'a>(reader: &mut impl Reader<'a>) -> Der<Option<u128>> {
    Ok(Option::<UintRef<'a>>::decode(reader)?.as_ref().map(as_number))
}

fn as_number(value: &UintRef<'_>) -> u128 {
    let bytes = value.as_bytes();
    if bytes.len() > 16 {
        return u128::MAX;
    }
    bytes.iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}

#[cfg(all(test, feature = "passphrase"))]
mod tests {
    use super::*;

    #[test]
    fn missing_memory_is_an_error() {
        assert_eq!(check_memory(16 << 20), Ok(()));
        let error = check_memory(1 << 60).unwrap_err();
        assert_eq!(error.reason(), Reason::NoMemory);
        assert_eq!(error.details(), ["needed  1099511627776 MiB"]);
    }
}

#[cfg(all(test, not(feature = "passphrase")))]
mod without_passphrases {
    use crate::crypto::{Passphrase, expect_private, read_key};

    #[test]
    fn a_build_without_passphrases_says_so() {
        let vector = include_str!("../../../../tests/vectors/key/encrypted-scrypt");
        let (_, pem) = vector.split_once("\n\n").unwrap();
        let passphrase = || Passphrase::new("x".to_owned());
        let error = expect_private(read_key(pem.as_bytes()).unwrap(), passphrase).unwrap_err();
        assert!(error.message().contains("this build can't open"), "{error}");
    }
}
