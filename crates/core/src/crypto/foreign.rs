//! Recognizes keys of other tools and algorithms, so the error can name them.

use pkcs8::{AlgorithmIdentifierRef, ObjectIdentifier};

use crate::model::{Error, Reason, Result};

/// Refuses the key format of another tool, recognized by its first characters.
///
/// # Errors
/// `foreign-key` with the name of the format.
pub(super) fn refuse_format(text: &str) -> Result<()> {
    foreign_file(text).map_or(Ok(()), |name| Err(foreign(&name)))
}

/// What a text is that another tool wrote: a key, a signature, a certificate, another block of PEM. `None` for a key of
/// airlatch, and for what is not known.
pub fn foreign_file(text: &str) -> Option<String> {
    let known = PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix));
    let name = match known {
        Some((_, name)) => *name,
        None if text.starts_with("untrusted comment:") => minisign(text),
        // JSON of any other kind is no key.
        None if text.starts_with(['{', '[']) && text.contains("\"kty\"") => "a JWK, a key in JSON",
        // The bare second line of a minisign public key: 42 bytes that begin with the letters `Ed`.
        None if text.len() == 56 && text.starts_with("RW") => "a minisign key",
        None if text.contains("AGE-SECRET-KEY-") => "an age secret key",
        None if text.contains(" ssh-ed25519 AAAA") || text.contains(" ssh-rsa AAAA") => {
            "an OpenSSH public key"
        }
        None => return foreign_block(text),
    };
    Some(name.to_owned())
}

/// Minisign and signify write keys and signatures below the same comment; a signature has 74 bytes.
fn minisign(text: &str) -> &'static str {
    match text.lines().nth(1).map(|line| line.trim().len()) {
        Some(100) => "a minisign or signify signature, not a key",
        _ => "a minisign or signify key",
    }
}

/// A block of PEM that begins the text, with a label that airlatch does not use.
fn foreign_block(text: &str) -> Option<String> {
    let (label, _) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let is_plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ';
    let is_own = OWN_LABELS.contains(&label) || label.contains("AIRLATCH");
    (label.len() <= 40 && label.bytes().all(is_plain) && !is_own).then(|| format!("a {label} block"))
}

const OWN_LABELS: [&str; 3] = ["PUBLIC KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"];

/// Refuses a key of another algorithm than Ed25519, whose identifier has no parameters (RFC 8410, section 3).
///
/// # Errors
/// `foreign-key` with the name of the algorithm, `bad-key` for parameters.
pub(super) fn expect_ed25519(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<()> {
    if algorithm.oid != ED25519 {
        let known = ALGORITHMS.iter().find(|(oid, _)| *oid == algorithm.oid);
        return Err(match known {
            Some((_, name)) => foreign(name),
            None => foreign(&format!("a key of the algorithm {}", algorithm.oid)),
        });
    }
    if algorithm.parameters.is_some() {
        return Err(Error::new(Reason::BadKey, "the key is damaged: Ed25519 takes no parameters"));
    }
    Ok(())
}

fn foreign(name: &str) -> Error {
    Error::new(Reason::ForeignKey, format!("this is {name}; an Ed25519 key in PEM text is needed"))
}

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const ALGORITHMS: [(ObjectIdentifier, &str); 10] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"), "an RSA key"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"), "an RSA key"),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"), "an elliptic curve (ECDSA) key"),
    (ObjectIdentifier::new_unwrap("1.2.840.10040.4.1"), "a DSA key"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.3.1"), "a Diffie-Hellman key"),
    (ObjectIdentifier::new_unwrap("1.2.840.10046.2.1"), "a Diffie-Hellman key"),
    (ObjectIdentifier::new_unwrap("1.3.101.110"), "an X25519 key"),
    (ObjectIdentifier::new_unwrap("1.3.101.111"), "an X448 key"),
    (ObjectIdentifier::new_unwrap("1.3.101.113"), "an Ed448 key"),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18"), "an ML-DSA key"),
];

const PREFIXES: [(&str, &str); 26] = [
    ("-----BEGIN OPENSSH PRIVATE KEY", "an OpenSSH private key"),
    ("---- BEGIN SSH2 ", "an SSH public key"),
    ("ssh-", "an OpenSSH public key"),
    ("ecdsa-sha2-", "an OpenSSH public key"),
    ("sk-ssh-", "an OpenSSH public key"),
    ("sk-ecdsa-", "an OpenSSH public key"),
    ("-----BEGIN RSA ", "an RSA key"),
    ("-----BEGIN EC ", "an elliptic curve (ECDSA) key"),
    ("-----BEGIN DSA ", "a DSA key"),
    ("-----BEGIN DH ", "a file of Diffie-Hellman parameters"),
    ("-----BEGIN CERTIFICATE REQUEST", "an X.509 certificate request"),
    ("-----BEGIN NEW CERTIFICATE REQUEST", "an X.509 certificate request"),
    ("-----BEGIN CERTIFICATE", "an X.509 certificate"),
    ("-----BEGIN X509 ", "an X.509 certificate"),
    ("-----BEGIN TRUSTED CERTIFICATE", "an X.509 certificate"),
    ("-----BEGIN PKCS7", "a PKCS#7 bundle"),
    ("-----BEGIN PGP PUBLIC KEY", "a PGP key"),
    ("-----BEGIN PGP PRIVATE KEY", "a PGP key"),
    ("-----BEGIN AGE ENCRYPTED FILE", "a file encrypted with age"),
    ("AGE-", "an age secret key"),
    ("age1", "an age public key"),
    ("PuTTY-User-Key-File", "a PuTTY private key"),
    ("k2.", "a PASERK key"),
    ("k3.", "a PASERK key"),
    ("k4.", "a PASERK key"),
    ("-----BEGIN AIRLATCH ", "a sealed document, not a key"),
];
