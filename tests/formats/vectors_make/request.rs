//! Requests: what a host signed with its own key.

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{
    HOST, OTHER_HOST, SALT, SHOWN, VENDOR, changed, code, component_hash, hex, locking_id, of_sealed, sealed,
    site, system_id,
};

/// A request that was sealed by its host.
pub(crate) fn request_sealed() -> Vec<u8> {
    sealed("request", request_payload(&system_id(HOST)).as_bytes(), HOST)
}

/// The payload of a request that names this installation.
pub(crate) fn request_payload(system_id: &str) -> String {
    let mut hashes = SHOWN;
    hashes.sort_unstable();
    let hash = |(kind, value): &(&str, &str)| format!("{kind} = [\"{}\"]\n", component_hash(kind, value));
    format!(
        "made = \"2026-11-21T12:00:00Z\"\ntool = \"airlatch 0.1.0\"\nproduct = \"call-services\"\n\
         system-id = \"{system_id}\"\nlocking-id = \"{}\"\nclass = \"bare-metal\"\n\n[wanted]\nsessions = 100\n\n\
         [fingerprint]\nsalt = \"{}\"\n\n[fingerprint.hashes]\n{}",
        locking_id(&SHOWN.map(|(kind, _)| kind)),
        hex(&SALT),
        hashes.iter().map(hash).collect::<String>()
    )
}

/// A vector for a request; the body is still missing.
pub(crate) fn request_vector(condition: &str, expect: &str, comment: &str) -> Vector {
    Vector::new(format!("document/{condition}"), expect, comment).with("wanted", "request")
}

fn signed(condition: &str, expect: &str, comment: &str, payload: &str, seed: u8) -> Vector {
    let sealed = sealed("request", payload.as_bytes(), seed);
    of_sealed(request_vector(condition, expect, comment), "REQUEST", &sealed)
}

pub(crate) fn vectors() -> Vec<Vector> {
    let plain = request_payload(&system_id(HOST));
    let with = |condition, expect, comment, from: &str, to: &str| {
        signed(condition, expect, comment, &changed(&plain, from, to), HOST)
    };
    let mut vectors = vec![
        signed("request", "valid", "A request as it was written", &plain, HOST),
        with(
            "request-all-fields",
            "valid",
            "Every optional field is there",
            "product = \"call-services\"\n",
            &format!(
                "product = \"call-services\"\nversion = \"3.6\"\ncodes = [\"{}\"]\nnote = \"for the north wing\"\n\
                 site = \"{}\"\n",
                code(CodeKind::Order, "some", b""),
                site("north")
            ),
        ),
        with(
            "request-wants-nothing",
            "valid",
            "It leaves to the desk what is granted",
            "[wanted]\nsessions = 100\n\n",
            "",
        ),
        signed(
            "request-shows-nothing",
            "valid",
            "A host without any usable component",
            &plain[..plain.find("board = [").unwrap()],
            HOST,
        ),
        with(
            "request-unknown-field",
            "valid",
            "A field nobody knows",
            "class =",
            "colour = \"red\"\nclass =",
        )
        .with("unknown", "colour"),
        with(
            "request-critical-unknown",
            "unknown-critical",
            "A critical field nobody knows",
            "class =",
            "critical = [\"colour\"]\ncolour = \"red\"\nclass =",
        ),
        signed("foreign-request", "foreign-request", "Another host signed it", &plain, OTHER_HOST),
        signed("foreign-request-vendor", "foreign-request", "The vendor signed it", &plain, VENDOR),
        signed(
            "foreign-request-renamed",
            "foreign-request",
            "It names another host than the one that signed it",
            &request_payload(&system_id(OTHER_HOST)),
            HOST,
        ),
        flipped(),
    ];
    vectors.extend(models(&plain));
    vectors.extend(asks(&plain));
    vectors.extend(unreadable(&plain));
    vectors.extend(missing(&plain));
    vectors
}

/// The model the host says it is.
fn models(plain: &str) -> Vec<Vector> {
    let with = |condition, expect, comment, from: &str, to: &str| {
        signed(condition, expect, comment, &changed(plain, from, to), HOST)
    };
    vec![
        with(
            "request-model",
            "valid",
            "The hardware model the host says it is",
            "product = \"call-services\"\n",
            "product = \"call-services\"\nmodel = \"IP800\"\n",
        ),
        with(
            "request-model-is-number",
            "bad-field",
            "A model without quotes",
            "product = \"call-services\"\n",
            "product = \"call-services\"\nmodel = 800\n",
        ),
    ]
}

/// What a host asks for besides a new license: the one it has on other hardware, or a reset of its clock.
fn asks(plain: &str) -> Vec<Vector> {
    let moves = |condition, expect, comment, id: &str| {
        let to = format!("replaces = \"{id}\"\nclass =");
        signed(condition, expect, comment, &changed(plain, "class =", &to), HOST)
    };
    let clock = |condition, expect, comment, table: &str| {
        signed(condition, expect, comment, &format!("{plain}\n[clock]\n{table}"), HOST)
    };
    let nonce = format!("nonce = \"{}\"\n", hex(&SALT));
    let latest = "latest = \"2099-01-01T00:00:00Z\"\n";
    vec![
        moves(
            "request-replaces",
            "valid",
            "A license is to be put on this hardware",
            &code(CodeKind::Document, "license", b""),
        ),
        moves("request-replaces-other-code", "wrong-code", "A System ID replaces nothing", &system_id(HOST)),
        clock("request-clock", "valid", "The clock is to be reset", &format!("{nonce}{latest}")),
        clock("request-clock-nonce-missing", "bad-field", "A reset of which mark?", latest),
        clock("request-clock-latest-missing", "bad-field", "A reset from when?", &nonce),
        clock(
            "request-clock-nonce-short",
            "bad-field",
            "Fifteen bytes are no nonce",
            &format!("nonce = \"{}\"\n{latest}", "0".repeat(30)),
        ),
    ]
}

/// Fields at and beyond their limits.
fn unreadable(plain: &str) -> Vec<Vector> {
    let with = |condition, expect, comment, from: &str, to: &str| {
        signed(condition, expect, comment, &changed(plain, from, to), HOST)
    };
    vec![
        with("request-note-4096-bytes", "valid", "A note as long as may be", "class =", &note(4096)),
        with("request-note-4097-bytes", "bad-field", "A note a byte too long", "class =", &note(4097)),
        with(
            "request-code-mistyped",
            "bad-code",
            "A code that is no code",
            "class =",
            "codes = [\"12345\"]\nclass =",
        ),
        with(
            "request-site-other-code",
            "wrong-code",
            "A System ID where a site serial belongs",
            "class =",
            &format!("site = \"{}\"\nclass =", system_id(HOST)),
        ),
        with(
            "request-made-in-1969",
            "bad-time",
            "Made before the first second there is",
            "2026-11-21T12",
            "1969-11-21T12",
        ),
        with(
            "request-class-unknown",
            "bad-field",
            "A class of host that does not exist",
            "\"bare-metal\"",
            "\"unikernel\"",
        ),
        with(
            "request-hash-twice",
            "bad-field",
            "Two equal hashes would not be held against the Locking ID",
            "[fingerprint.hashes]\n",
            &format!("[fingerprint.hashes]\nnet = [{0}, {0}]\n", "\"00000000000000000000000000000000\""),
        ),
        with(
            "request-component-unknown",
            "bad-field",
            "The hash of a component nobody knows",
            "[fingerprint.hashes]\n",
            &format!("[fingerprint.hashes]\ngpu = [\"{}\"]\n", "0".repeat(32)),
        ),
        with(
            "request-code-lower-case",
            "bad-code",
            "A typed code has one spelling in a document",
            "class =",
            &format!("codes = [\"{}\"]\nclass =", code(CodeKind::Order, "some", b"").to_lowercase()),
        ),
        with("request-wants-zero", "bad-field", "A count of 0", "sessions = 100", "sessions = 0"),
        with(
            "request-not-toml",
            "bad-payload",
            "A quotation mark is missing",
            "\"bare-metal\"",
            "\"bare-metal",
        ),
    ]
}

fn note(length: usize) -> String {
    format!("note = \"{}\"\nclass =", "x".repeat(length))
}

fn flipped() -> Vector {
    let mut sealed = request_sealed();
    sealed[9] ^= 1;
    let vector = request_vector("request-flipped-bit", "bad-signature", "One bit of the payload has changed");
    of_sealed(vector, "REQUEST", &sealed)
}

/// Each field that has to be there, taken out.
fn missing(plain: &str) -> Vec<Vector> {
    let fields = ["made", "tool", "product", "system-id", "locking-id", "class", "salt"];
    let without = |field: &str| {
        let line = plain.lines().find(|line| line.starts_with(&format!("{field} = "))).unwrap();
        let (condition, comment) = (format!("request-{field}-missing"), format!("There is no `{field}`"));
        signed(&condition, "bad-field", &comment, &changed(plain, &format!("{line}\n"), ""), HOST)
    };
    let hashes = signed(
        "request-hashes-missing",
        "bad-field",
        "There is no [fingerprint.hashes]",
        &plain[..plain.find("\n[fingerprint.hashes]").unwrap()],
        HOST,
    );
    fields.into_iter().map(without).chain([hashes]).collect()
}
