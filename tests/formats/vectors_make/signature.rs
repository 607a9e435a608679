//! Documents: signers, signatures and labels.

use airlatch_core::model::Kind;

use super::Vector;
use super::cast::{
    HOST, STRANGER, VENDOR, labelled, license_payload, license_sealed, license_vector, of_sealed, public,
    sealed, system_id,
};
use super::request::{request_payload, request_vector};

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = keys();
    vectors.extend(flipped());
    vectors.extend(labels());
    vectors.extend(kinds());
    vectors
}

fn license(condition: &str, expect: &str, comment: &str, sealed: &[u8]) -> Vector {
    of_sealed(license_vector(condition, expect, comment), "LICENSE", sealed)
}

fn keys() -> Vec<Vector> {
    let payload = license_payload();
    let by_stranger = sealed("license", payload.as_bytes(), STRANGER);
    let mut renamed = by_stranger.clone();
    let at = payload.len();
    renamed[at..at + 32].copy_from_slice(&public(VENDOR));
    let by_host = sealed("license", payload.as_bytes(), HOST);
    let plain = license_sealed();
    vec![
        license("untrusted-key", "untrusted-key", "A good signature of a key nobody trusts", &by_stranger),
        license("untrusted-host-key", "untrusted-key", "A host signed its own license", &by_host),
        license("untrusted-nobody", "untrusted-key", "No key is trusted at all", &plain).without("trusted"),
        license("untrusted-other-trusted", "untrusted-key", "Another vendor is trusted", &plain)
            .set("trusted", "stranger"),
        license("trusted-among-several", "valid", "Two vendors are trusted, and one of them signed", &plain)
            .with("trusted", "stranger"),
        license(
            "signer-renamed",
            "bad-signature",
            "A stranger's signature under the vendor's name",
            &renamed,
        ),
    ]
}

/// A license with its last 96 bytes replaced.
fn ending(signer: &[u8; 32], signature: &[u8; 64]) -> Vec<u8> {
    [license_payload().as_bytes(), signer, signature].concat()
}

/// The order of the base point, little-endian: 2^252 + 27742317777372353535851937790883648493 (RFC 8032, 5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The signature of the plain license with the group order added to S: the same number in a second spelling.
fn second_spelling() -> Vec<u8> {
    let mut sealed = license_sealed();
    let at = sealed.len() - 32;
    let mut carry = 0;
    for (byte, add) in sealed[at..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    sealed
}

fn flipped() -> Vec<Vector> {
    let plain = license_sealed();
    let (length, bad) = (plain.len(), "bad-signature");
    let flip = |at: usize, bit: u8| {
        let mut sealed = plain.clone();
        sealed[at] ^= 1 << bit;
        sealed
    };
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut beyond = [0xff; 32];
    (beyond[0], beyond[31]) = (0xee, 0x7f);
    // S = 0 and R the neutral point: for a key of order 1 this fits every message, unless the reader is strict.
    let anybody: [u8; 64] = std::array::from_fn(|i| u8::from(i == 0));
    let longer = [license_payload().as_bytes(), b"\n", &plain[license_payload().len()..]].concat();
    vec![
        license("flipped-payload-bit", bad, "One bit of the payload has changed", &flip(70, 0)),
        license("flipped-first-bit", bad, "The first bit of the payload has changed", &flip(0, 0)),
        license("flipped-signer-bit", bad, "One bit of the signer's key has changed", &flip(length - 96, 0)),
        license(
            "flipped-signer-sign",
            bad,
            "The sign bit of the signer's key has changed",
            &flip(length - 65, 7),
        ),
        license("flipped-r-bit", bad, "One bit of R has changed", &flip(length - 64, 3)),
        license("flipped-s-bit", bad, "One bit of S has changed", &flip(length - 32, 0)),
        license("flipped-last-bit", bad, "The last bit of the signature has changed", &flip(length - 1, 7)),
        license("byte-added", bad, "A line feed was added to the payload", &longer),
        license("signature-all-zero", bad, "The signature is all zeros", &ending(&public(VENDOR), &[0; 64])),
        license("s-not-below-the-order", bad, "S has the group order added to it", &second_spelling()),
        license(
            "signer-of-small-order",
            bad,
            "The signer is the neutral point: anybody can sign for it",
            &ending(&identity, &anybody),
        ),
        license(
            "signer-not-canonical",
            bad,
            "The signer's y is 2^255 - 18, the same point as y = 1",
            &ending(&beyond, &anybody),
        ),
        license(
            "signer-not-on-the-curve",
            bad,
            "The signer is no point of the curve",
            &ending(&[2; 32], &anybody),
        ),
    ]
}

fn labels() -> Vec<Vector> {
    let payload = license_payload();
    let label = |condition, comment, label: &str| {
        license(condition, "bad-signature", comment, &labelled(label, payload.as_bytes(), VENDOR))
    };
    vec![
        license(
            "label-v2",
            "newer-version",
            "Signed over the label of version 2, which does not exist yet",
            &labelled("airlatch license v2\n", payload.as_bytes(), VENDOR),
        ),
        license(
            "label-v2-by-stranger",
            "newer-version",
            "The same by a key nobody trusts, of which nothing more is read",
            &labelled("airlatch license v2\n", payload.as_bytes(), STRANGER),
        ),
        label("label-v0", "Signed over the label of version 0", "airlatch license v0\n"),
        label("label-v01", "Signed over a version with a leading zero", "airlatch license v01\n"),
        label("label-missing", "Signed over the payload alone", ""),
        label("label-with-crlf", "The label line ends in CR LF", "airlatch license v1\r\n"),
        label("label-without-line-end", "The label line has no line end", "airlatch license v1"),
        label(
            "label-in-capitals",
            "The kind stands in the label as it does in armor",
            "airlatch LICENSE v1\n",
        ),
        label("label-of-no-kind", "The label names a kind that does not exist", "airlatch voucher v1\n"),
    ]
}

/// Every kind where a license or a request is asked for: as it is, and relabelled in its armor.
fn kinds() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for wanted in [Kind::License, Kind::Request] {
        for signed in Kind::ALL.into_iter().filter(|signed| *signed != wanted) {
            let (word, name) = (wanted.word(), signed.word().replace(' ', "-"));
            // For a host-signed kind the payload is the host's own, so only the kind is wrong.
            let (payload, seed) = match wanted {
                Kind::License => (license_payload(), VENDOR),
                _ => (request_payload(&system_id(HOST)), HOST),
            };
            let sealed = sealed(signed.word(), payload.as_bytes(), seed);
            let vector = |condition: String, comment: String| match wanted {
                Kind::License => license_vector(&condition, "wrong-kind", &comment),
                _ => request_vector(&condition, "wrong-kind", &comment),
            };
            let honest = vector(
                format!("{name}-instead-of-{word}"),
                format!("A {} where a {word} is asked for", signed.word()),
            );
            let relabelled = vector(
                format!("{name}-relabelled-as-{word}"),
                format!("Signed as a {}, its armor says {word}", signed.word()),
            );
            vectors.push(of_sealed(honest, signed.armor(), &sealed));
            vectors.push(of_sealed(relabelled, wanted.armor(), &sealed));
        }
    }
    vectors
}
