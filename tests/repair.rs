//! The armor survives every usual accident, alone and with any other, and what it can't survive is named.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use airlatch::format::{Block, armor, limits, open};
use airlatch::model::{Kind, Reason};
use common::damage::ACCIDENTS;
use proptest::prelude::*;

/// Bytes that look like a sealed document; the same for the same number.
fn sealed(length: usize) -> Vec<u8> {
    let mut state = length as u32 ^ 0x9e37_79b9;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

fn summary() -> Vec<String> {
    [
        "License for call-services",
        "Customer   Müller & Söhne <a@b.example>",
        "Features   sessions=100, end 2027-12-31",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A file of each kind, of each length of base64 padding, with and without a summary; a license with its chain.
fn files() -> Vec<(String, Vec<Block>, Vec<u8>)> {
    let mut files = Vec::new();
    for (i, kind) in Kind::ALL.into_iter().enumerate() {
        let sealed = sealed(231 + i);
        let lines = if i < 3 { summary() } else { Vec::new() };
        let text = armor(kind, &sealed, &lines);
        files.push((kind.word().to_owned(), vec![Block { kind, sealed }], text.into_bytes()));
    }
    let (license, key) = (sealed(300), sealed(190));
    let text = armor(Kind::License, &license, &summary()) + &armor(Kind::KeyCertificate, &key, &[]);
    let chain = vec![
        Block { kind: Kind::License, sealed: license },
        Block { kind: Kind::KeyCertificate, sealed: key },
    ];
    files.push(("license and key certificate".to_owned(), chain, text.into_bytes()));
    files
}

fn words(repairs: &[airlatch::format::Repair]) -> Vec<&'static str> {
    repairs.iter().map(|repair| repair.word()).collect()
}

fn show(file: &[u8]) -> String {
    file.escape_ascii().to_string()
}

#[test]
fn the_canonical_file_needs_no_repair() {
    for (name, blocks, file) in files() {
        let opened = open(&file).unwrap();
        assert_eq!(opened.blocks, blocks, "{name}");
        assert_eq!(opened.repairs, [], "{name}");
    }
    for length in 1..200 {
        let bytes = sealed(length);
        let opened = open(armor(Kind::Request, &bytes, &[]).as_bytes()).unwrap();
        assert_eq!((opened.blocks[0].sealed.as_slice(), words(&opened.repairs).len()), (&bytes[..], 0));
    }
}

#[test]
fn every_accident_alone_is_undone_and_named() {
    for (name, blocks, file) in files() {
        for (accident, damage, expected) in ACCIDENTS {
            let damaged = damage(&file);
            let opened =
                open(&damaged).unwrap_or_else(|t| panic!("{name}, {accident}: {t}\n{}", show(&damaged)));
            assert_eq!(opened.blocks, blocks, "{name}, {accident}");
            let words = words(&opened.repairs);
            let whole = String::from_utf8_lossy(&damaged).contains(&block_text(&file));
            if damaged != file && !expected.is_empty() && (!whole || !opened.repairs.is_empty()) {
                assert!(expected.iter().any(|word| words.contains(word)), "{name}, {accident}: {words:?}");
            }
        }
    }
}

#[test]
fn every_ordered_pair_of_accidents_is_undone_and_named() {
    let mut failures = Vec::new();
    for (name, blocks, file) in files() {
        for (first, damage, expected) in ACCIDENTS {
            let once = damage(&file);
            for (second, damage, more) in ACCIDENTS {
                let twice = damage(&once);
                match open(&twice) {
                    Err(trouble) => {
                        failures.push(format!("{name}, {first}, {second}: {trouble}\n{}", show(&twice)))
                    }
                    Ok(opened) if opened.blocks != blocks => {
                        failures.push(format!(
                            "{name}, {first}, {second}: OTHER BYTES {:?}\n{}",
                            opened.repairs,
                            show(&twice)
                        ));
                    }
                    Ok(opened) => {
                        let words = words(&opened.repairs);
                        let named = expected.iter().chain(*more).any(|word| words.contains(word));
                        let silent = expected.is_empty() || more.is_empty() || once == file || once == twice;
                        // What befell only the text around the block is no one's concern.
                        let silent = silent || String::from_utf8_lossy(&twice).contains(&block_text(&file));
                        if !named && !silent {
                            failures.push(format!("{name}, {first}, {second}: {words:?}\n{}", show(&twice)));
                        }
                    }
                }
            }
        }
    }
    let shown: Vec<_> = failures.iter().take(12).map(String::as_str).collect();
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), shown.join("\n"));
}

/// The file from its first BEGIN on.
fn block_text(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file);
    text[text.find("-----BEGIN").unwrap()..].to_owned()
}

/// Three accidents in a row; the file, and what became of it.
fn tripled(file: usize, accidents: [usize; 3]) -> (Vec<Block>, Vec<u8>) {
    let (_, blocks, bytes) = files().swap_remove(file);
    (blocks, accidents.iter().fold(bytes, |bytes, &i| ACCIDENTS[i].1(&bytes)))
}

#[test]
fn nearly_every_three_accidents_are_undone() {
    // What is left are such as a text broken anew inside the escapes of quoted-printable: named, never guessed.
    let mut state = 7_usize;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let all = ACCIDENTS.len();
    let refused =
        (0..2000).filter(|_| open(&tripled(next(7), [next(all), next(all), next(all)]).1).is_err()).count();
    assert!(refused <= 20, "{refused} of 2000 were refused");
}

/// A sealed document of one line more than three in base64, for tests that change every character.
fn short() -> (Vec<u8>, String) {
    let bytes = sealed(157);
    let text = armor(Kind::License, &bytes, &["License for Müller".to_owned()]);
    (bytes, text)
}

#[test]
fn a_file_cut_anywhere_is_refused_or_whole() {
    for (name, blocks, file) in files() {
        for length in 0..file.len() {
            let cut = &file[..length];
            let lost = String::from_utf8_lossy(&file[length..]).into_owned();
            match open(cut) {
                Ok(opened) if opened.blocks == blocks => {
                    assert!(lost.chars().all(|c| c == '-' || c == '\n'), "{name}: {lost:?}");
                }
                // The license stands whole before its chain.
                Ok(opened) => assert_eq!((opened.blocks.len(), &opened.blocks[0]), (1, &blocks[0]), "{name}"),
                Err(trouble) => {
                    let reasons = [Reason::Truncated, Reason::NoDocument, Reason::Empty];
                    assert!(reasons.contains(&trouble.reason()), "{name}, {length}: {trouble}");
                }
            }
        }
    }
}

#[test]
fn a_changed_base64_character_never_gives_the_same_bytes() {
    let (bytes, text) = short();
    let begin = text.find("-----\n").unwrap() + 6;
    let end = text.find("\n-----END").unwrap();
    let others = "ABab01+/=->| \t\n*\u{0}O\u{a0}\u{200b}–ä";
    for (at, old) in text[begin..end].char_indices().map(|(i, c)| (begin + i, c)) {
        for new in others.chars().filter(|&new| new != old) {
            let mut changed = text.clone();
            changed.replace_range(at..=at, &new.to_string());
            if let Ok(opened) = open(changed.as_bytes()) {
                let same = opened.blocks[0].sealed == bytes;
                assert!(!same || old == '\n' || old == '=', "{old:?} at {at} became {new:?}");
            }
        }
    }
}

#[test]
fn no_changed_character_gives_other_bytes_unless_it_is_base64() {
    let (bytes, text) = short();
    for (at, old) in text.char_indices() {
        for new in ['*', '>', '|', '&', '<', '\u{1b}', 'ä', '\u{0}'] {
            let mut changed = text.clone();
            changed.replace_range(at..at + old.len_utf8(), &new.to_string());
            if let Ok(opened) = open(changed.as_bytes()) {
                assert_eq!(opened.blocks[0].sealed, bytes, "{old:?} at {at} became {new:?}");
            }
        }
    }
}

#[test]
fn a_summary_can_not_pass_for_a_block() {
    let bytes = sealed(120);
    let evil = [
        "-----BEGIN AIRLATCH LICENSE-----",
        "-----END AIRLATCH LICENSE-----",
        "x\n-----BEGIN AIRLATCH LICENSE-----\nAAAA\n-----END AIRLATCH LICENSE-----\n",
        "BEGIN\u{200b}AIRLATCH LICENSE",
        "BEGIN > AIR > LATCH | LICENSE",
        "=2D=2DBEGIN=20AIRLATCH=20LICENSE=2D=2D",
        "=3D2DBEGIN=3D20AIRLATCH=3D20LICENSE",
        "&#45;BEGIN&nbsp;AIRLATCH<br>LICENSE&#45;",
        "&amp;#45;BEGIN&lt;b&gt;AIRLATCH&lt;br&gt;LICENSE",
        "BEGIN =\nAIRLATCH =\nLICENSE",
        "begin airlatch revocation list",
        "BEGIN",
        "AIRLATCH LICENSE",
    ];
    for i in 0..evil.len() {
        for j in 0..evil.len() {
            let text = armor(Kind::Request, &bytes, &[evil[i].to_owned(), evil[j].to_owned()]);
            let opened = open(text.as_bytes()).unwrap();
            assert_eq!((opened.blocks[0].sealed.as_slice(), opened.repairs.len()), (&bytes[..], 0), "{text}");
            for (name, damage, _) in ACCIDENTS {
                let damaged = damage(text.as_bytes());
                let opened = open(&damaged).unwrap_or_else(|t| panic!("{name}: {t}\n{}", show(&damaged)));
                assert_eq!(
                    opened.blocks,
                    [Block { kind: Kind::Request, sealed: bytes.clone() }],
                    "{name}\n{text}"
                );
            }
        }
    }
}

/// The reason, the place and the words of the trouble with a file.
#[track_caller]
fn refusal(file: &[u8]) -> (Reason, String) {
    let trouble = open(file).expect_err("refused");
    let place = trouble.place().unwrap_or_default();
    (trouble.reason(), format!("{} @ {place} | {}", trouble.what(), trouble.details().join("; ")))
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
fn the_whole_file_in_base64_once_more_is_named() {
    use base64::Engine as _;
    let plain = short().1;
    for before in 0..3 {
        let shifted = format!("{}{plain}", " ".repeat(before));
        let encoded = base64::engine::general_purpose::STANDARD.encode(shifted);
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let mail = format!("Content-Transfer-Encoding: base64\r\n\r\n{}\r\n", lines.join("\r\n"));
        assert_refused(mail.as_bytes(), Reason::NoDocument, &["base64 once more"]);
    }
}

#[test]
fn damage_that_can_not_be_mended_is_told_with_its_line() {
    let text = short().1;
    let lines: Vec<&str> = text.lines().collect();
    let with = |i: usize, line: &str| {
        let mut lines = lines.clone();
        lines[i] = line;
        lines.join("\n") + "\n"
    };
    assert_eq!((lines[2], lines.len()), ("-----BEGIN AIRLATCH LICENSE-----", 8));
    // A wrong character, also where the file was converted and quoted on the way.
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
    assert_refused(
        [lines[2], lines[7]].join("\n").as_bytes(),
        Reason::Truncated,
        &["nothing stands between"],
    );
}

#[test]
fn one_main_document_is_read() {
    let block = |kind: Kind| armor(kind, &sealed(100), &[]);
    let joined = |kinds: &[Kind]| kinds.iter().map(|&kind| block(kind)).collect::<String>();
    for kind in Kind::ALL {
        assert_eq!(open(block(kind).as_bytes()).unwrap().blocks[0].kind, kind);
        for other in Kind::ALL {
            let chain = kind == Kind::License && other == Kind::KeyCertificate;
            match open(joined(&[kind, other]).as_bytes()) {
                Ok(opened) => assert!(chain && opened.blocks.len() == 2 && opened.repairs.is_empty()),
                Err(trouble) => assert!(!chain && trouble.reason() == Reason::TwoDocuments, "{trouble}"),
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
    assert_refused(larger.as_bytes(), Reason::TooLarge, &["262144"]);
    assert_refused(&vec![b' '; limits::DOCUMENT_FILE as usize + 1], Reason::TooLarge, &["1048576"]);
}

#[test]
fn hostile_texts_of_full_size_take_no_long_time() {
    let size = limits::DOCUMENT_FILE as usize;
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
    let start = std::time::Instant::now();
    for part in parts {
        for head in ["", "-----BEGIN AIRLATCH LICENSE-----\n"] {
            let mut file = head.as_bytes().to_vec();
            file.extend(part.iter().cycle().take(size - file.len()));
            assert!(open(&file).is_err());
        }
    }
    // About 50 files of a megabyte, without optimisation; what is quadratic would take hours.
    assert!(start.elapsed().as_secs() < 240, "{:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn three_accidents_never_give_other_bytes(
        file in 0..7_usize, a in 0..ACCIDENTS.len(), b in 0..ACCIDENTS.len(), c in 0..ACCIDENTS.len(),
    ) {
        let (blocks, damaged) = tripled(file, [a, b, c]);
        if let Ok(opened) = open(&damaged) {
            prop_assert_eq!(opened.blocks, blocks);
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(open(&bytes).is_err());
    }

    #[test]
    fn a_mutated_document_is_answered(
        file in 0..7_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..12),
        accident in 0..ACCIDENTS.len(),
    ) {
        let (_, _, bytes) = files().swap_remove(file);
        let mut bytes = ACCIDENTS[accident].1(&bytes);
        for (at, byte, how) in changes {
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            if bytes.is_empty() {
                break;
            }
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at + 1),
            }
        }
        if let Ok(opened) = open(&bytes) {
            prop_assert!(opened.blocks.iter().all(|block| block.sealed.len() <= bytes.len()));
        }
    }

    #[test]
    fn any_sealed_bytes_and_summary_come_back(
        kind in 0..6_usize, sealed in proptest::collection::vec(any::<u8>(), 1..700), lines in proptest::collection::vec(any::<String>(), 0..4),
    ) {
        let text = armor(Kind::ALL[kind], &sealed, &lines);
        let opened = open(text.as_bytes()).unwrap();
        prop_assert_eq!(&opened.blocks[0].sealed, &sealed);
        prop_assert!(opened.repairs.is_empty(), "{:?}", opened.repairs);
    }
}
