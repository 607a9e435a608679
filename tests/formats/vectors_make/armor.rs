//! Documents: armor whole and broken, and files that hold something else.

use super::Vector;
use super::cast::{VENDOR, armor, license_sealed, license_vector, of_sealed, pem, public, sealed, spki};
use super::request::request_sealed;

const BEGIN: &str = "-----BEGIN AIRLATCH LICENSE-----\n";
const END: &str = "-----END AIRLATCH LICENSE-----\n";

pub(crate) fn vectors() -> Vec<Vector> {
    let whole = armor("LICENSE", &license_sealed());
    let mut vectors = whole_files(&whole);
    vectors.extend(truncated(&whole));
    vectors.extend(bad_base64(&whole));
    vectors.extend(how_many(&whole));
    vectors.extend(something_else());
    vectors
}

/// The condition with these bytes as the file.
fn file(condition: &str, expect: &str, comment: &str, bytes: impl Into<Vec<u8>>) -> Vector {
    license_vector(condition, expect, comment).body(bytes)
}

fn whole_files(whole: &str) -> Vec<Vector> {
    let plain = |condition, comment| {
        of_sealed(license_vector(condition, "valid", comment), "LICENSE", &license_sealed())
    };
    let summary = format!("Product:   call-services\nFor:       whom it may concern\n\n{whole}");
    let lying = format!("Features:  sessions 1000000\nEnds:      never\n\n{whole}");
    vec![
        plain("plain", "A license as it was written, without a summary"),
        plain("summary-above", "Readable lines above the block are not read").body(summary),
        plain("summary-lies", "Whatever the readable lines say, only the block counts").body(lying),
        plain("no-last-line-end", "The last line has no line end").body(whole.trim_end()),
    ]
}

fn truncated(whole: &str) -> Vec<Vector> {
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let cut = |condition, comment, text: String| file(condition, "truncated", comment, text);
    let short = |condition, comment, length| {
        let armored = armor("LICENSE", &license_sealed()[..length]);
        file(condition, "truncated", comment, armored)
    };
    vec![
        cut("truncated-after-begin", "The text stops after BEGIN", BEGIN.into()),
        cut("truncated-in-the-middle", "The text stops at the end of a line", lines[..4].concat()),
        cut("truncated-inside-a-line", "The text stops inside a line", whole[..200].into()),
        cut("truncated-before-end", "Only the END line is missing", whole.replace(END, "")),
        cut("truncated-inside-end", "The text stops inside the END line", whole[..whole.len() - 22].into()),
        cut(
            "end-of-another-kind",
            "It begins as a license and ends as a request",
            whole.replace("END AIRLATCH LICENSE", "END AIRLATCH REQUEST"),
        ),
        cut("nothing-between", "There is no base64 between BEGIN and END", format!("{BEGIN}{END}")),
        cut(
            "cut-off-by-the-next",
            "A second document begins before the first one ends",
            format!("{}{whole}", lines[..4].concat()),
        ),
        short("sealed-95-bytes", "One byte less than a key and a signature", 95),
        short("sealed-1-byte", "One byte between BEGIN and END", 1),
        file("begin-missing", "no-document", "The BEGIN line is missing", lines[1..].concat()),
        file(
            "line-missing",
            "bad-signature",
            "One whole line of the base64 is missing",
            [&lines[..2], &lines[3..]].concat().concat(),
        ),
        file(
            "line-missing-at-the-end",
            "bad-signature",
            "The last whole line of the base64 is missing, with a part of the signature",
            [&lines[..lines.len() - 3], &lines[lines.len() - 2..]].concat().concat(),
        ),
        file("lower-case", "bad-base64", "All letters became lower case", whole.to_lowercase())
            .with("or", "bad-signature")
            .with("or", "no-document"),
        file(
            "lines-swapped",
            "bad-signature",
            "Two lines of the base64 have changed places",
            [lines[0], lines[2], lines[1], &lines[3..].concat()].concat(),
        ),
        file(
            "character-missing",
            "bad-base64",
            "One character of the base64 is missing",
            [lines[0], &lines[1][1..], &lines[2..].concat()].concat(),
        ),
        file(
            "character-added",
            "bad-base64",
            "One character of the base64 stands there twice",
            [lines[0], &lines[1][..1], &lines[1..].concat()].concat(),
        ),
    ]
}

/// The license with one character of its base64, counted from 0, changed.
fn with_character(whole: &str, at: usize, c: &str) -> String {
    let at = BEGIN.len() + at;
    format!("{}{c}{}", &whole[..at], &whole[at + 1..])
}

fn bad_base64(whole: &str) -> Vec<Vector> {
    let odd =
        |condition, comment, c| file(condition, "bad-character", comment, with_character(whole, 100, c));
    let mut holed = whole.as_bytes().to_vec();
    holed[150..180].fill(0);
    // With one byte more the base64 ends in `==` and four unused bits.
    let longer = armor("LICENSE", &padded(1));
    let end = longer.find("==\n-").unwrap();
    let unused = format!("{}{}{}", &longer[..end - 1], next(&longer[end - 1..end]), &longer[end..]);
    vec![
        odd("bad-character-star", "A * in the base64", "*"),
        odd("bad-character-dot", "A . in the base64", "."),
        odd("bad-character-url-alphabet", "A _ as in the alphabet for URLs", "_"),
        odd("bad-character-cyrillic", "A Cyrillic letter that looks like a Latin one", "\u{410}"),
        odd("bad-character-full-width", "A full-width digit", "\u{ff11}"),
        odd("bad-character-padding-inside", "A = in the middle of the base64", "="),
        file("bad-character-hole", "bad-character", "Zero bytes where a part was never written", holed),
        file(
            "bad-base64-unused-bits",
            "bad-base64",
            "The last character has unused bits that are not 0",
            unused,
        ),
        file(
            "bad-base64-too-many-pads",
            "bad-base64",
            "Three = at the end",
            longer.replace("==\n-", "===\n-"),
        ),
    ]
}

/// A sealed license whose length, divided by three, leaves `rest`.
pub(crate) fn padded(rest: usize) -> Vec<u8> {
    let payload = super::cast::license_payload();
    let longer =
        |blanks: usize| sealed("license", format!("{payload}{}", "\n".repeat(blanks)).as_bytes(), VENDOR);
    (0..3).map(longer).find(|sealed| sealed.len() % 3 == rest).unwrap()
}

fn next(c: &str) -> char {
    char::from(c.as_bytes()[0] + 1)
}

fn how_many(whole: &str) -> Vec<Vector> {
    let request = armor("REQUEST", &request_sealed());
    let certificate =
        armor("KEY CERTIFICATE", &sealed("key certificate", b"note = \"not read yet\"\n", VENDOR));
    let two = |condition, comment, text: String| file(condition, "two-documents", comment, text);
    let followed =
        license_vector("license-and-certificate", "valid", "A license followed by a key certificate");
    vec![
        two("two-licenses", "Two licenses in one file", format!("{whole}\n{}", armor("LICENSE", &padded(1)))),
        of_sealed(
            license_vector("same-license-twice", "valid", "The same license twice is one"),
            "LICENSE",
            &license_sealed(),
        )
        .with("or", "two-documents")
        .body(format!("{whole}\n{whole}")),
        two("license-and-request", "A license and a request in one file", format!("{whole}\n{request}")),
        two("certificate-first", "A key certificate before the license", format!("{certificate}{whole}")),
        two(
            "two-certificates",
            "A license and two key certificates",
            format!(
                "{whole}{certificate}{}",
                armor("KEY CERTIFICATE", &sealed("key certificate", b"", VENDOR))
            ),
        ),
        of_sealed(followed, "LICENSE", &license_sealed()).body(format!("{whole}{certificate}")),
    ]
}

fn something_else() -> Vec<Vector> {
    let no = |condition, comment, text: &str| file(condition, "no-document", comment, text);
    let binary = |condition, comment, magic: &[u8]| {
        file(condition, "not-text", comment, [magic, &[0x14, 0, 0, 0, 8, 0, 0xff, 0x10, 0x80, 3]].concat())
    };
    let nothing = |condition, comment, bytes: &[u8]| file(condition, "empty", comment, bytes);
    let key = pem("PUBLIC KEY", &spki(&public(VENDOR)));
    vec![
        no(
            "no-document",
            "A letter about a license, without the license",
            "Dear desk,\nhere is no license.\n",
        ),
        no("public-key-instead", "A public key instead of a document", &key),
        no("private-key-instead", "A private key instead of a document", super::key_text::PLAIN),
        no("certificate-instead", "An X.509 certificate instead of a document", super::key_text::CERTIFICATE),
        no(
            "unknown-kind",
            "A block of a kind that does not exist",
            &armor("VOUCHER", &sealed("voucher", b"", VENDOR)),
        ),
        nothing("empty", "A file of 0 bytes", b""),
        nothing("empty-blank", "Blanks and line ends only", b" \r\n\t\n"),
        nothing("empty-byte-order-mark", "A byte order mark and nothing else", b"\xef\xbb\xbf"),
        nothing("empty-all-zero", "Zero bytes only", &[0; 64]),
        binary("not-text-zip", "A ZIP archive", b"PK\x03\x04"),
        binary("not-text-gzip", "A gzip archive", b"\x1f\x8b\x08"),
        binary("not-text-pdf", "A PDF document", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        binary("not-text-png", "A PNG picture", b"\x89PNG\r\n\x1a\n"),
        binary("not-text-jpeg", "A JPEG picture", b"\xff\xd8\xff\xe0"),
        binary("not-text-elf", "A program", b"\x7fELF\x02\x01\x01"),
        file(
            "not-text-web-page",
            "not-text",
            "A web page without a document",
            "<!DOCTYPE html>\n<html><body><p>Please log in</p></body></html>\n",
        ),
    ]
}
