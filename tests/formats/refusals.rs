//! What can't be mended or is no document at all is named, with its line in the file as it came.

use airlatch_core::format::{armor, limits, open};
use airlatch_core::model::{Kind, Reason};

use crate::common::damage::ACCIDENTS;
use crate::common::samples::{sealed, short, summary};
use crate::common::slow;

/// The reason, the place and the words of the error with a file.
#[track_caller]
fn refusal(file: &[u8]) -> (Reason, String) {
    let error = open(file).expect_err("refused");
    let place = error.place().unwrap_or_default();
    (error.reason(), format!("{} @ {place} | {}", error.message(), error.details().join("; ")))
}

#[track_caller]
fn assert_refused(file: &[u8], reason: Reason, parts: &[&str]) {
    let (found, words) = refusal(file);
    assert_eq!(found, reason, "{words}");
    assert!(parts.iter().all(|part| words.contains(part)), "{words:?} lacks one of {parts:?}");
}

#[test]
fn what_is_no_document_is_named() {
    let zip = |part: &str| [b"PK\x03\x04\0\0", part.as_bytes()].concat();
    assert_refused(b"", Reason::Empty, &["empty"]);
    for blank in
        [&b" \r\n\t\n"[..], b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\xff\xfe", b"\xfe\xff\0\n", b"\0\0\x1a"]
    {
        assert_refused(blank, Reason::Empty, &["blank"]);
    }
    assert_refused(&[0; 4096], Reason::Empty, &["all bytes are zero: copy it again"]);
    let files: &[(&[u8], &str)] = &[
        (&zip("x"), "ZIP"),
        (&zip("word/document.xml"), "Word"),
        (&zip("xl/workbook.xml"), "Excel"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x7fELF\x02\x01", "ELF"),
        (b"SQLite format 3\0", "SQLite"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"{\\rtf1 text}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "web page"),
        (b"\x00\x05\x16\x07\x00\x02", "Mac"),
    ];
    for (file, what) in files {
        assert_refused(file, Reason::NotText, &[what]);
    }
    assert_refused(
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        Reason::NoDocument,
        &["private key"],
    );
    assert_refused(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n", Reason::NoDocument, &["private key"]);
    assert_refused(b"-----BEGIN OPENSSH PRIVATE KEY-----\n", Reason::NoDocument, &["private key"]);
    assert_refused(b"-----BEGIN PUBLIC KEY-----\n", Reason::NoDocument, &["public key"]);
    assert_refused(b"-----BEGIN PGP MESSAGE-----\n", Reason::NoDocument, &["PGP MESSAGE"]);
    assert_refused(b"just a letter\n", Reason::NoDocument, &["no AIRLATCH block"]);
    assert_refused(b"-----BEGIN AIRLATCH ORDER-----\n", Reason::NoDocument, &["not known here", "line 1"]);
}

#[test]
fn the_whole_file_in_base64_once_more_is_read() {
    use base64::Engine as _;
    let (bytes, plain) = short();
    for before in 0..3 {
        let shifted = format!("{}{plain}", " ".repeat(before));
        let encoded = base64::engine::general_purpose::STANDARD.encode(shifted);
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let mail = format!("Content-Transfer-Encoding: base64\r\n\r\n{}\r\n", lines.join("\r\n"));
        let opened = open(mail.as_bytes()).unwrap();
        assert_eq!((&opened.blocks[0].sealed, opened.repairs[0].word()), (&bytes, "base64-text"));
        // A character that was lost leaves the encoded text recognizable.
        let damaged = mail.replacen("\r\n\r\n", "\r\n\r\n*", 1);
        assert_refused(damaged.as_bytes(), Reason::NoDocument, &["base64 once more"]);
    }
}

#[test]
fn damage_that_can_not_be_repaired_is_reported_with_its_line() {
    let text = short().1;
    let lines: Vec<&str> = text.lines().collect();
    let with = |i: usize, line: &str| {
        let mut lines = lines.clone();
        lines[i] = line;
        lines.join("\n") + "\n"
    };
    assert_eq!((lines[2], lines.len()), ("-----BEGIN AIRLATCH LICENSE-----", 8));
    // A wrong character, also if the file was converted and quoted in transfer.
    let star = format!("{}*{}", &lines[4][..11], &lines[4][12..]);
    let wrong = with(4, &star);
    assert_refused(wrong.as_bytes(), Reason::BadCharacter, &["`*` is not base64 @ line 5, column 12"]);
    let crlf = wrong.replace('\n', "\r\n");
    assert_refused(crlf.as_bytes(), Reason::BadCharacter, &["line 5, column 12"]);
    let wide: Vec<u8> = crlf.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_refused(&wide, Reason::BadCharacter, &["line 5, column 12"]);
    let quoted = wrong.replace('\n', "\n> ");
    assert_refused(quoted.as_bytes(), Reason::BadCharacter, &["line 5, column 14"]);
    let hole = with(4, &"\0".repeat(64));
    assert_refused(hole.as_bytes(), Reason::BadCharacter, &["zero byte", "line 5", "copy it again"]);
    // A lost or doubled character, and one that can't be the last.
    assert_refused(with(4, &lines[4][1..]).as_bytes(), Reason::BadBase64, &["missing in or before line 5"]);
    assert_refused(
        with(3, &format!("A{}", lines[3])).as_bytes(),
        Reason::BadBase64,
        &["too many in or before line 4"],
    );
    let last = lines[6].trim_end_matches('=');
    assert_refused(
        with(6, &format!("{}B==", &last[..last.len() - 1])).as_bytes(),
        Reason::BadBase64,
        &["can't end with `B`"],
    );
    // Cut off, or pieces of several.
    let cut = lines[..5].join("\n");
    assert_refused(cut.as_bytes(), Reason::Truncated, &["stops after line 5"]);
    let zeros = [cut.as_bytes(), &[0; 300]].concat();
    assert_refused(&zeros, Reason::Truncated, &["stops after line 5"]);
    assert_refused(
        with(7, "-----ENX AIRLATCH LICENSE-----").as_bytes(),
        Reason::Truncated,
        &["no END line", "line 8"],
    );
    assert_refused(
        with(7, "-----END AIRLATCH REQUEST-----").as_bytes(),
        Reason::Truncated,
        &["ends as a request", "line 8"],
    );
    assert_refused(format!("{cut}\n{text}").as_bytes(), Reason::Truncated, &["no end before the next"]);
    assert_refused(
        lines[4..].join("\n").as_bytes(),
        Reason::NoDocument,
        &["BEGIN line is missing", "line 4"],
    );
    assert_refused([lines[2], lines[7]].join("\n").as_bytes(), Reason::Truncated, &["nothing between"]);
}

#[test]
fn a_lost_or_changed_character_does_not_pass_for_lost_padding() {
    // Without padding of its own, one character less leaves what looks like base64 that lost its `=`.
    let text = armor(Kind::License, &sealed(156), &[]);
    let begin = text.find('\n').unwrap() + 1;
    for at in (begin..begin + 3 * 65 - 1).filter(|at| &text[*at..=*at] != "\n") {
        let line = (at - begin) / 65 + 2;
        let mut lost = text.clone();
        lost.remove(at);
        assert_refused(lost.as_bytes(), Reason::BadBase64, &[&format!("missing in or before line {line}")]);
        for mark in [">", "|"] {
            let mut changed = text.clone();
            changed.replace_range(at..=at, mark);
            assert_refused(changed.as_bytes(), Reason::BadCharacter, &[mark, &format!("line {line}")]);
        }
    }
}

#[test]
fn damage_inside_an_encoding_is_reported() {
    let text = short().1;
    let wrong = text.replacen(&text[120..121], "*", 1);
    let star = wrong.lines().position(|line| line.contains('*')).unwrap() + 1;
    for (name, damage, _) in ACCIDENTS.iter().filter(|accident| accident.0.starts_with("html q")) {
        let damaged = damage(wrong.as_bytes());
        assert_refused(&damaged, Reason::BadCharacter, &["`*`", &format!("line {star}")]);
        assert!(open(&damage(text.as_bytes())).is_ok(), "{name}");
    }
}

#[test]
fn one_main_document_is_read() {
    let block = |kind: Kind| armor(kind, &sealed(100), &[]);
    let numbered = |(i, kind): (usize, &Kind)| armor(*kind, &sealed(100 + i), &[]);
    let joined = |kinds: &[Kind]| kinds.iter().enumerate().map(numbered).collect::<String>();
    for kind in Kind::ALL {
        assert_eq!(open(block(kind).as_bytes()).unwrap().blocks[0].kind, kind);
        for other in Kind::ALL {
            let chain = kind == Kind::License && other == Kind::KeyCertificate;
            match open(joined(&[kind, other]).as_bytes()) {
                Ok(opened) => assert!(chain && opened.blocks.len() == 2 && opened.repairs.is_empty()),
                Err(error) => assert!(!chain && error.reason() == Reason::TwoDocuments, "{error}"),
            }
        }
    }
    let long = joined(&[Kind::License, Kind::KeyCertificate, Kind::KeyCertificate]);
    assert_refused(long.as_bytes(), Reason::TwoDocuments, &["line"]);
}

#[test]
fn sizes_are_limited() {
    let most = limits::SEALED as usize;
    let largest = armor(Kind::License, &sealed(most), &summary());
    assert_eq!(open(largest.as_bytes()).unwrap().blocks[0].sealed.len(), most);
    let larger = armor(Kind::License, &sealed(most + 1), &[]);
    assert_refused(larger.as_bytes(), Reason::TooLarge, &["262240"]);
    assert_refused(&vec![b' '; limits::DOCUMENT_FILE as usize + 1], Reason::TooLarge, &["1048576"]);
}

#[allow(clippy::disallowed_methods)]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[test]
fn hostile_texts_take_no_long_time() {
    let size = slow::or(32, 128) * 1024;
    let parts: &[&[u8]] = &[
        b"<",
        b"&",
        b"=",
        b"=\n",
        b"-",
        b"> ",
        b"\x1b[200~",
        b"\x1b",
        b"AIRLATCH",
        b"BEGIN AIRLATCH LICENSE",
        b"\r",
        b"<b",
        b"-----BEGIN AIRLATCH LICENSE-----\nA\n-----END AIRLATCH LICENSE-----\n",
        b"END AIRLATCH LICENSE ",
        b"\xe2\x80\x8b",
        b"-----BEGIN AIRLATCH LICENSE-----=\n",
        b"=3D",
        b"&amp;",
        b"a\0",
        b"\0\n",
        b"\xff",
        b"=E2=80=\n",
        b"\xf0\x9f",
        b"PK\x03\x04",
    ];
    let start = now();
    for part in parts {
        for head in ["", "-----BEGIN AIRLATCH LICENSE-----\n"] {
            let mut file = head.as_bytes().to_vec();
            file.extend(part.iter().cycle().take(size - file.len()));
            assert!(open(&file).is_err());
        }
    }
    // Some 50 files in a second or a few, without optimisation; what is quadratic would take many minutes.
    assert!(start.elapsed().as_secs() < 100, "{:?}", start.elapsed());
}
