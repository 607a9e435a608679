//! Who plays in the vectors: keys from fixed seeds, one host, and the documents they make, built from the specification
//! and not by the writers under test.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};

use airlatch_core::model::{Code, CodeKind};

use super::Vector;

/// The seed of the vendor whom readers trust: 32 times this byte.
pub(crate) const VENDOR: u8 = 0x11;
/// The seed of a vendor nobody trusts.
pub(crate) const STRANGER: u8 = 0x22;
/// The seed of the host's own key.
pub(crate) const HOST: u8 = 0x33;
/// The seed of another host's key.
pub(crate) const OTHER_HOST: u8 = 0x44;

/// What the host shows.
pub(crate) const SHOWN: [(&str, &str); 5] = [
    ("os", "4c1f0b6f2d9e4f7c8a3b5d6e7f8091a2"),
    ("system", "4c4c4544-0042-3510-8054-b2c04f4d3732"),
    ("board", "CN7016354E00AB"),
    ("nic", "00049f114bd4"),
    ("disk", "S4EWNX0R512345"),
];

/// The salt of every fingerprint.
pub(crate) const SALT: [u8; 16] = *b"a fixed salt 016";

pub(crate) fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub(crate) fn public(seed: u8) -> [u8; 32] {
    signing_key(seed).verifying_key().to_bytes()
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    Sha256::digest(parts.concat()).into()
}

pub(crate) fn code(kind: CodeKind, label: &str, bytes: &[u8]) -> String {
    Code::from_digest(kind, &digest(&[label.as_bytes(), b"\n", bytes])).to_string()
}

pub(crate) fn system_id(seed: u8) -> String {
    code(CodeKind::System, "airlatch system v1", &public(seed))
}

pub(crate) fn key_id(public: &[u8]) -> String {
    code(CodeKind::Key, "airlatch key v1", public)
}

pub(crate) fn site(name: &str) -> String {
    code(CodeKind::Site, "a site", name.as_bytes())
}

/// The Locking ID of a host that shows these of its components.
pub(crate) fn locking_id(kinds: &[&str]) -> String {
    let group = |(kind, value): (&str, &str)| {
        let digest = digest(&[b"airlatch locking v1\n", kind.as_bytes(), b"\n", value.as_bytes()]);
        let bits = u32::from_be_bytes([0, digest[0], digest[1], digest[2]]) >> 4;
        if kinds.contains(&kind) { bits.max(1) } else { 0 }
    };
    Code::from_groups(CodeKind::Locking, SHOWN.map(group)).to_string()
}

/// The salted hash of one component, as hexadecimal digits.
pub(crate) fn component_hash(kind: &str, value: &str) -> String {
    hex(&digest(&[b"airlatch component v1\n", &SALT, kind.as_bytes(), b"\n", value.as_bytes()])[..16])
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Payload, signer and signature over the label of a kind.
pub(crate) fn sealed(kind: &str, payload: &[u8], seed: u8) -> Vec<u8> {
    labelled(&format!("airlatch {kind} v1\n"), payload, seed)
}

/// The same with a label line of one's own.
pub(crate) fn labelled(label: &str, payload: &[u8], seed: u8) -> Vec<u8> {
    let key = signing_key(seed);
    let signature = key.sign(&[label.as_bytes(), payload].concat()).to_bytes();
    [payload, &key.verifying_key().to_bytes(), &signature].concat()
}

/// The block that travels.
pub(crate) fn armor(kind: &str, sealed: &[u8]) -> String {
    format!("-----BEGIN AIRLATCH {kind}-----\n{}-----END AIRLATCH {kind}-----\n", base64_lines(sealed))
}

pub(crate) fn base64_lines(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect()
}

/// A PEM block of a key.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}-----END {label}-----\n", base64_lines(der))
}

/// `SubjectPublicKeyInfo` of RFC 8410.
pub(crate) fn spki(key: &[u8; 32]) -> Vec<u8> {
    [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00], &key[..]].concat()
}

/// What documents are checked with, for readers in other languages.
pub(crate) fn public_keys() -> Vec<(String, Vec<u8>)> {
    let file =
        |name: &str, seed| (format!("keys/{name}.pub"), pem("PUBLIC KEY", &spki(&public(seed))).into());
    vec![file("vendor", VENDOR), file("stranger", STRANGER), file("host", HOST)]
}

/// The payload of a plain license: a year, two features, bound to the System ID of the host.
pub(crate) fn license_payload() -> String {
    format!(
        "issued = \"2026-11-21T00:00:00Z\"\nproduct = \"call-services\"\ncustomer = \"Example Hospital\"\n\
         from = \"2026-11-21T00:00:00Z\"\nuntil = \"2027-11-21T00:00:00Z\"\n\n[features]\nsessions = 100\n\
         voicemail = true\n\n[lock]\nkind = \"system-id\"\nsystem-id = \"{}\"\n",
        system_id(HOST)
    )
}

/// A payload with one passage changed, which has to be there exactly once.
pub(crate) fn changed(payload: &str, from: &str, to: &str) -> String {
    assert_eq!(payload.matches(from).count(), 1, "`{from}` in\n{payload}");
    payload.replacen(from, to, 1)
}

/// The bytes of the plain license, sealed.
pub(crate) fn license_sealed() -> Vec<u8> {
    sealed("license", license_payload().as_bytes(), VENDOR)
}

/// A vector for a license asked for by the host it was made for, on a day inside its term; the body is still missing.
pub(crate) fn license_vector(condition: &str, expect: &str, comment: &str) -> Vector {
    Vector::new(format!("document/{condition}"), expect, comment)
        .with("wanted", "license")
        .with("trusted", "vendor")
        .with("at", "2027-01-01T00:00:00Z")
        .with("system-id", system_id(HOST))
}

/// The same with sealed bytes as the body, in armor.
pub(crate) fn of_sealed(vector: Vector, kind: &str, sealed: &[u8]) -> Vector {
    let word = kind.to_lowercase();
    let id = code(CodeKind::Document, "airlatch document v1", &[word.as_bytes(), b"\n", sealed].concat());
    vector.with("sealed-sha256", hex(&digest(&[sealed]))).with("id", id).body(armor(kind, sealed))
}

/// A license with this payload, signed by the vendor.
pub(crate) fn of_payload(vector: Vector, payload: impl AsRef<[u8]>) -> Vector {
    of_sealed(vector, "LICENSE", &sealed("license", payload.as_ref(), VENDOR))
}
