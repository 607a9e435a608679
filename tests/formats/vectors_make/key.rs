//! Key files: what a reader takes, and what it names and refuses.

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{HOST, VENDOR, code, key_id, pem, public, spki, system_id};
use super::key_text as text;

/// The passphrase of every encrypted key.
const PASSPHRASE: &str = "correct horse é";

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = good();
    vectors.extend(layout());
    vectors.extend(broken());
    vectors.extend(weak());
    vectors.extend(private());
    vectors.extend(encrypted());
    vectors.extend(foreign());
    vectors
}

fn vector(condition: &str, expect: &str, comment: &str, file: impl Into<Vec<u8>>) -> Vector {
    Vector::new(format!("key/{condition}"), expect, comment).body(file)
}

/// A valid one, and what it is: `public`, `private` or `encrypted`; with the id of the vendor's key.
fn valid(condition: &str, is: &str, comment: &str, file: impl Into<Vec<u8>>) -> Vector {
    vector(condition, "valid", comment, file).with("is", is).with("key-id", key_id(&public(VENDOR)))
}

/// A public key that was damaged in transfer; a reader may refuse it.
fn mended(condition: &str, repair: &str, comment: &str, file: impl Into<Vec<u8>>) -> Vector {
    valid(condition, "public", comment, file).with("repairs", repair).with("or", "bad-key")
}

fn public_pem() -> String {
    pem("PUBLIC KEY", &spki(&public(VENDOR)))
}

/// A value of DER: tag, length, content.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = match content.len() {
        short @ 0..=127 => vec![short as u8],
        middle @ 128..=255 => vec![0x81, middle as u8],
        long => vec![0x82, (long >> 8) as u8, long as u8],
    };
    [&[tag], &length[..], &content].concat()
}

const ED25519: &[u8] = &[0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70];

/// PKCS#8 with the vendor's seed; what follows the seed makes it version 2.
fn pkcs8(version: u8, seed: &[u8], rest: &[u8]) -> String {
    let seed = der(0x04, &[&der(0x04, &[seed])]);
    pem("PRIVATE KEY", &der(0x30, &[&[2, 1, version], ED25519, &seed, rest]))
}

fn public_half(seed: u8) -> Vec<u8> {
    der(0x81, &[&[0], &public(seed)])
}

fn good() -> Vec<Vector> {
    let host = vector(
        "public-host",
        "valid",
        "The key of a host, and the System ID it names",
        pem("PUBLIC KEY", &spki(&public(HOST))),
    );
    vec![
        valid("public", "public", "A public key as OpenSSL writes it", public_pem()),
        host.with("is", "public").with("key-id", key_id(&public(HOST))).with("system-id", system_id(HOST)),
        valid("private", "private", "A private key as OpenSSL writes it: PKCS#8, version 1", text::PLAIN),
        valid("private-v2", "private", "PKCS#8, version 2, with the public half", {
            pkcs8(1, &[VENDOR; 32], &public_half(VENDOR))
        }),
    ]
}

fn layout() -> Vec<Vector> {
    let plain = public_pem();
    let fine = |condition, comment, file: Vec<u8>| valid(condition, "public", comment, file);
    vec![
        fine("crlf", "Line ends are CR LF", plain.replace('\n', "\r\n").into()),
        fine("byte-order-mark", "A byte order mark in front", format!("\u{feff}{plain}").into()),
        fine("no-last-line-end", "The last line has no line end", plain.trim_end().into()),
        fine(
            "blank-lines-around",
            "Blank lines before and after the block",
            format!("\n\n{plain}\n \n").into(),
        ),
        mended(
            "label-in-lower-case",
            "label",
            "The label is in lower case",
            plain.replace("PUBLIC KEY", "public key"),
        ),
        mended("same-key-twice", "repeated", "The same key twice in one file", plain.repeat(2)),
        mended("text-before", "", "Text before the block", format!("my key:\n{plain}")),
        mended("text-after", "text-after", "Text after the block", format!("{plain}that was my key\n")),
        mended(
            "trailing-blank",
            "trailing-blanks",
            "A blank at the end of a line",
            plain.replacen('\n', " \n", 1),
        ),
        mended(
            "quoted",
            "quoting",
            "Quoted in a mail",
            plain.replace("-----B", "> -----B").replace("\nM", "\n> M").replace("\n-", "\n> -"),
        ),
        mended("control-z", "padding-bytes", "^Z at the end", format!("{plain}\u{1a}")),
        mended("utf-16", "utf-16", "UTF-16 text", utf16(&plain)).with("or", "not-text"),
    ]
}

/// Blocks that are cut off, damaged, or of something else.
fn broken() -> Vec<Vector> {
    let plain = public_pem();
    let bad = |condition, comment, file: String| vector(condition, "bad-key", comment, file);
    let lines: Vec<&str> = plain.split_inclusive('\n').collect();
    let header = format!("{}Proc-Type: 4,ENCRYPTED\n\n{}{}", lines[0], lines[1], lines[2]);
    vec![
        bad("truncated-after-begin", "The file stops after BEGIN", lines[0].into()),
        bad("truncated-in-the-middle", "The file stops inside the base64", plain[..60].into()),
        bad("truncated-before-end", "The END line is missing", lines[..2].concat()),
        bad("truncated-inside-end", "The file stops inside the END line", plain[..plain.len() - 8].into()),
        bad(
            "end-of-another-label",
            "It begins as a public key and ends as a private one",
            plain.replace("END PUBLIC", "END PRIVATE"),
        ),
        bad(
            "label-of-another-key",
            "A public key that calls itself a private one",
            plain.replace("PUBLIC", "PRIVATE"),
        ),
        vector(
            "label-unknown",
            "foreign-key",
            "A block that is no key",
            plain.replace("PUBLIC KEY", "SHARED KEY"),
        ),
        bad("two-keys", "Two keys in one file", plain.clone() + &pem("PUBLIC KEY", &spki(&public(HOST)))),
        bad(
            "private-text-before",
            "Text before a private key, which is not searched for",
            format!("my key:\n{}", text::PLAIN),
        ),
        bad("header-lines", "Header lines inside the block", header),
        bad("character-changed", "A character that is no base64", plain.replace("MCow", "MC*w")),
        bad("character-missing", "A character is missing", plain.replace("MCow", "MCo")),
        bad("byte-missing", "The key is 31 bytes long", pem("PUBLIC KEY", &short_spki())),
        bad(
            "byte-added",
            "A byte follows the structure",
            pem("PUBLIC KEY", &[&spki(&public(VENDOR))[..], &[0]].concat()),
        ),
        bad("no-key", "A text without a key", "no key here\n".into()),
        vector("empty", "empty", "A file of 0 bytes", ""),
        vector("empty-blank", "empty", "Blanks and line ends only", " \r\n\n"),
        vector("empty-all-zero", "empty", "Zero bytes only", [0; 48]),
        vector("der-not-pem", "not-text", "The DER without its PEM", spki(&public(VENDOR))),
        vector(
            "too-large",
            "too-large",
            "16 KiB and a byte",
            plain.clone() + &"\n".repeat(16 * 1024 + 1 - plain.len()),
        ),
    ]
}

fn short_spki() -> Vec<u8> {
    der(0x30, &[ED25519, &der(0x03, &[&[0], &public(VENDOR)[..31]])])
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn weak() -> Vec<Vector> {
    let point = |condition, comment, first: u8, middle: u8, last: u8| {
        let mut key = [middle; 32];
        (key[0], key[31]) = (first, last);
        vector(condition, "weak-key", comment, pem("PUBLIC KEY", &spki(&key)))
    };
    vec![
        point("small-order-1", "The neutral point: y = 1", 1, 0, 0),
        point("small-order-2", "The point of order 2: y = -1", 0xec, 0xff, 0x7f),
        point("small-order-4", "A point of order 4: y = 0", 0, 0, 0),
        point("not-canonical-p", "y = p instead of 0", 0xed, 0xff, 0x7f),
        point("not-canonical-p-plus-1", "y = p + 1 instead of 1", 0xee, 0xff, 0x7f),
        point("not-canonical-sign", "x = 0 with its sign bit set", 1, 0, 0x80),
        point("not-on-the-curve", "y = 2 belongs to no point", 2, 0, 0),
        vector("seed-all-zero", "weak-key", "A seed of 32 zero bytes", pkcs8(0, &[0; 32], &[])),
    ]
}

fn private() -> Vec<Vector> {
    let seed = [VENDOR; 32];
    let bad = |condition, comment, file: String| vector(condition, "bad-key", comment, file);
    vec![
        vector(
            "public-half-of-another",
            "key-mismatch",
            "The public half belongs to another seed",
            pkcs8(1, &seed, &public_half(HOST)),
        ),
        bad("seed-31-bytes", "A seed of 31 bytes", pkcs8(0, &seed[..31], &[])),
        bad(
            "seed-64-bytes",
            "Seed and public key in one string, as some programs keep them",
            pkcs8(0, &[seed, public(VENDOR)].concat(), &[]),
        ),
        bad("private-byte-added", "A byte follows the structure", {
            let plain = der(0x30, &[&[2, 1, 0], ED25519, &der(0x04, &[&der(0x04, &[&seed])])]);
            pem("PRIVATE KEY", &[&plain[..], &[0]].concat())
        }),
        vector(
            "private-where-public-belongs",
            "private-key-given",
            "A private key where the public one is asked for",
            text::PLAIN,
        )
        .with("wanted", "public"),
        vector(
            "encrypted-where-public-belongs",
            "private-key-given",
            "An encrypted private key, likewise",
            text::SCRYPT,
        )
        .with("wanted", "public"),
        vector(
            "public-where-private-belongs",
            "public-key-given",
            "A public key where the private one is asked for",
            public_pem(),
        )
        .with("wanted", "private"),
    ]
}

/// Object identifiers of PBES2, scrypt and AES-256-CBC; RFC 8018, RFC 7914.
const PBES2: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
const SCRYPT: &[u8] = &[6, 9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11];
const PBKDF2: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
const HMAC_SHA256: &[u8] = &[0x30, 12, 6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9, 5, 0];
const AES256: &[u8] = &[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42];

/// A private key behind a key derivation that nobody should even begin.
fn behind(oid: &[u8], parameters: &[&[u8]]) -> String {
    let salt = der(0x04, &[&[7; 16]]);
    let parameters = der(0x30, &[&[&salt[..]], parameters].concat());
    let derivation = der(0x30, &[oid, &parameters]);
    let cipher = der(0x30, &[AES256, &der(0x04, &[&[8; 16]])]);
    let scheme = der(0x30, &[PBES2, &der(0x30, &[&derivation, &cipher])]);
    pem("ENCRYPTED PRIVATE KEY", &der(0x30, &[&scheme, &der(0x04, &[&[9; 64]])]))
}

fn scrypt(n: &[u8], r: &[u8], p: &[u8]) -> String {
    behind(SCRYPT, &[&der(2, &[n]), &der(2, &[r]), &der(2, &[p])])
}

fn encrypted() -> Vec<Vector> {
    let opens = |condition, comment, file: &str| {
        valid(condition, "encrypted", comment, file).with("passphrase", PASSPHRASE)
    };
    let with = |condition, expect, comment, passphrase: &str| {
        vector(condition, expect, comment, text::SCRYPT).with("passphrase", passphrase)
    };
    let costly = |condition, comment, file: String| vector(condition, "costly-key", comment, file);
    let bad = |condition, comment, file: String| vector(condition, "bad-key", comment, file);
    let rounds = |rounds: &[u8]| behind(PBKDF2, &[&der(2, &[rounds]), HMAC_SHA256]);
    vec![
        opens("encrypted-scrypt", "scrypt with N = 16384, r = 8, p = 1", text::SCRYPT),
        opens("encrypted-pbkdf2", "PBKDF2 with 2048 rounds of HMAC-SHA-256", text::PBKDF2),
        with("passphrase-wrong", "wrong-passphrase", "Another passphrase", "correct horse e"),
        with(
            "passphrase-decomposed",
            "wrong-passphrase",
            "The é as two characters: a passphrase is bytes",
            "correct horse e\u{301}",
        ),
        with("passphrase-empty", "bad-passphrase", "No passphrase", ""),
        with(
            "passphrase-1025-bytes",
            "bad-passphrase",
            "A passphrase that is a byte too long",
            &"x".repeat(1025),
        ),
        with(
            "passphrase-1024-bytes",
            "wrong-passphrase",
            "A passphrase as long as may be",
            &"x".repeat(1024),
        ),
        vector(
            "passphrase-with-nul",
            "bad-passphrase",
            "A passphrase with a NUL, in hexadecimal",
            text::SCRYPT,
        )
        .with("passphrase-hex", "610062"),
        costly("costly-scrypt-n", "scrypt with N = 2^20 takes 1 GiB", scrypt(&[0x10, 0, 0], &[8], &[1])),
        costly("costly-scrypt-huge", "scrypt with an N of 160 bits", scrypt(&[0x40; 20], &[8], &[1])),
        costly("costly-scrypt-p", "scrypt with p = 2^16", scrypt(&[0x40, 0], &[8], &[1, 0, 0])),
        costly("costly-pbkdf2", "PBKDF2 with 2^31 - 1 rounds", rounds(&[0x7f, 0xff, 0xff, 0xff])),
        bad("scrypt-n-not-a-power", "scrypt with N = 16383", scrypt(&[0x3f, 0xff], &[8], &[1])),
        bad("scrypt-n-zero", "scrypt with N = 0", scrypt(&[0], &[8], &[1])),
        bad("scrypt-n-negative", "scrypt with N = -1", scrypt(&[0xff], &[8], &[1])),
        bad("pbkdf2-zero-rounds", "PBKDF2 with 0 rounds", rounds(&[0])),
        bad("encrypted-triple-des", "Triple DES", text::TRIPLE_DES.into()),
        bad("encrypted-hmac-sha1", "PBKDF2 with HMAC-SHA-1", text::PBKDF2_SHA1.into()),
        bad("encrypted-truncated", "The base64 of an encrypted key stops early", {
            let end = text::SCRYPT.find("\n-----END").unwrap();
            format!("{}{}", &text::SCRYPT[..end - 64], &text::SCRYPT[end..])
        }),
    ]
}

fn foreign() -> Vec<Vector> {
    let foreign = |condition, comment, file: &str| vector(condition, "foreign-key", comment, file);
    let id = code(CodeKind::Key, "airlatch key v1", &public(VENDOR));
    vec![
        foreign("rsa", "An RSA public key", text::RSA),
        foreign("ec", "A public key on P-256", text::EC),
        foreign("ec-private", "A private key on P-256", text::EC_PRIVATE),
        foreign("ec-sec1", "A private key on P-256 in the form of SEC 1", text::EC_SEC1),
        foreign("x25519", "A key for X25519, which does not sign", text::X25519),
        foreign("ed448", "A key for Ed448", text::ED448),
        foreign("openssh", "A private key of OpenSSH", text::OPENSSH),
        foreign("openssh-public", "A public key of OpenSSH", text::OPENSSH_PUBLIC),
        foreign("minisign", "A public key of minisign", text::MINISIGN),
        foreign("age", "A secret key of age", text::AGE),
        foreign("age-public", "A public key of age", text::AGE_PUBLIC),
        foreign("x509", "An X.509 certificate", text::CERTIFICATE),
        vector("key-id", "bad-key", "The id of a key is not the key", id + "\n"),
    ]
}
