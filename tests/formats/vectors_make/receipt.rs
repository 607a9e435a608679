//! Release receipts: what a host signs when it gives a license back.

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{HOST, OTHER_HOST, VENDOR, changed, code, license_sealed, of_sealed, sealed, system_id};
use super::request::request_sealed;

/// The payload of a receipt of this installation for the plain license.
fn payload(system_id: &str) -> String {
    let license = [b"license\n", &license_sealed()[..]].concat();
    format!(
        "made = \"2026-11-21T12:00:00Z\"\nproduct = \"call-services\"\nsystem-id = \"{system_id}\"\n\
         license = \"{}\"\n",
        code(CodeKind::Document, "airlatch document v1", &license)
    )
}

/// A vector for a receipt; the body is still missing.
fn vector(condition: &str, expect: &str, comment: &str) -> Vector {
    Vector::new(format!("document/{condition}"), expect, comment).with("wanted", "receipt")
}

fn signed(condition: &str, expect: &str, comment: &str, payload: &str, seed: u8) -> Vector {
    let sealed = sealed("release receipt", payload.as_bytes(), seed);
    of_sealed(vector(condition, expect, comment), "RELEASE RECEIPT", &sealed)
}

pub(crate) fn vectors() -> Vec<Vector> {
    let plain = payload(&system_id(HOST));
    let with = |condition, expect, comment, from: &str, to: &str| {
        signed(condition, expect, comment, &changed(&plain, from, to), HOST)
    };
    let note = |length: usize| plain.clone() + &format!("note = \"{}\"\n", "x".repeat(length));
    let mut vectors = vec![
        signed("receipt", "valid", "A receipt as it was written", &plain, HOST),
        signed("receipt-note", "valid", "With a word to the desk", &note(20), HOST),
        signed("receipt-note-4096-bytes", "valid", "A note as long as may be", &note(4096), HOST),
        signed("receipt-note-4097-bytes", "bad-field", "A note a byte too long", &note(4097), HOST),
        with(
            "receipt-unknown-field",
            "valid",
            "A field nobody knows",
            "license =",
            "why = \"sold\"\nlicense =",
        ),
        with(
            "receipt-critical-unknown",
            "unknown-critical",
            "A critical field nobody knows",
            "license =",
            "critical = [\"why\"]\nwhy = \"sold\"\nlicense =",
        ),
        signed("receipt-foreign", "foreign-request", "Another host signed it", &plain, OTHER_HOST),
        signed("receipt-vendor", "foreign-request", "The vendor signed it", &plain, VENDOR),
        signed(
            "receipt-renamed",
            "foreign-request",
            "It names another host than the one that signed it",
            &payload(&system_id(OTHER_HOST)),
            HOST,
        ),
        with(
            "receipt-license-mistyped",
            "bad-code",
            "A license id that is none",
            "license = \"",
            "license = \"1",
        ),
        with(
            "receipt-license-other-code",
            "wrong-code",
            "A System ID where a document id belongs",
            "license =",
            &format!("license = \"{}\"\nwas =", system_id(HOST)),
        ),
        with("receipt-not-toml", "bad-payload", "A quotation mark is missing", "services\"", "services"),
        with("receipt-made-in-10000", "bad-time", "Made after the last year", "2026-11", "10000-11"),
        of_sealed(
            vector("receipt-relabelled-request", "wrong-kind", "A request that calls itself a receipt"),
            "RELEASE RECEIPT",
            &request_sealed(),
        ),
        of_sealed(
            vector("receipt-is-request", "wrong-kind", "A request, where a receipt is asked for"),
            "REQUEST",
            &request_sealed(),
        ),
        flipped(&plain),
    ];
    for field in ["made", "product", "system-id", "license"] {
        let line = plain.lines().find(|line| line.starts_with(&format!("{field} = "))).unwrap();
        let (condition, comment) = (format!("receipt-{field}-missing"), format!("There is no `{field}`"));
        let without = changed(&plain, &format!("{line}\n"), "");
        vectors.push(signed(&condition, "bad-field", &comment, &without, HOST));
    }
    vectors
}

fn flipped(payload: &str) -> Vector {
    let mut sealed = sealed("release receipt", payload.as_bytes(), HOST);
    sealed[9] ^= 1;
    let vector = vector("receipt-flipped-bit", "bad-signature", "One bit of the payload has changed");
    of_sealed(vector, "RELEASE RECEIPT", &sealed)
}
