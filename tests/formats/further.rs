//! Letters beside the lines of a block, copies of a document, base64 without markers: undone without loss, or named.

use airlatch_core::crypto::KeyFile;
use airlatch_core::format::{armor, open, open_key};
use airlatch_core::model::{Kind, Reason};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::common::damage::ACCIDENTS;
use crate::common::further_damage::FURTHER;
use crate::common::samples::{files, sealed, short};
use crate::common::vector::{Vector, on_disk};

/// Damage that a text with letters beside its lines survives as well.
const USUAL: [&str; 10] = [
    "utf-8 bom",
    "utf-16le with bom",
    "utf-16be",
    "crlf",
    "trailing blanks",
    "quoted",
    "indented",
    "mail around",
    "zeros at the end",
    "blank lines",
];

#[test]
fn letters_beside_lines_are_taken_off_and_named() {
    let mut failures = Vec::new();
    for (name, blocks, file) in files() {
        for (accident, damage, expected) in FURTHER {
            let once = damage(&file);
            let usual = ACCIDENTS.iter().filter(|(name, ..)| USUAL.contains(name));
            let twice = usual.map(|(second, damage, _)| (*second, damage(&once)));
            for (second, damaged) in std::iter::once(("alone", once.clone())).chain(twice) {
                let place = format!("{name}, {accident}, {second}");
                match open(&damaged) {
                    Err(error) => failures.push(format!("{place}: {error}")),
                    Ok(opened) if opened.blocks != blocks => failures.push(format!("{place}: OTHER BYTES")),
                    Ok(opened) => {
                        let words: Vec<_> = opened.repairs.iter().map(|repair| repair.word()).collect();
                        if !expected.iter().any(|word| words.contains(word)) {
                            failures.push(format!("{place}: {words:?}"));
                        }
                    }
                }
            }
        }
    }
    let text = failures.iter().take(12).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} failures\n{text}", failures.len());
}

/// The edge of a line is taken off only if every line has it.
#[test]
fn an_edge_of_some_lines_only_is_no_edge() {
    let (bytes, text) = short();
    for (edge, digit) in [("AB ", ""), ("x: ", ""), ("7 ", "7")] {
        let lines: Vec<String> = text.lines().map(|line| format!("{edge}{line}")).collect();
        let all = lines.join("\n");
        assert_eq!(open(all.as_bytes()).unwrap().blocks[0].sealed, bytes, "{edge}");
        for missing in 3..6 {
            let mut lines = lines.clone();
            lines[missing] = lines[missing][edge.len()..].to_owned();
            let opened = open(lines.join("\n").as_bytes());
            assert!(opened.is_err_and(|error| error.reason() != Reason::NoDocument), "{edge}{digit}");
        }
    }
}

#[test]
fn copies_of_a_document_are_one_and_others_are_named() {
    let (one, other) = (armor(Kind::License, &sealed(100), &[]), armor(Kind::License, &sealed(101), &[]));
    let opened = open(format!("{one}\n{one}\n{one}").as_bytes()).unwrap();
    assert_eq!(opened.blocks.len(), 1);
    assert_eq!(
        opened.repairs.iter().map(|it| (it.word(), it.line())).collect::<Vec<_>>(),
        [("repeated", Some(7))]
    );
    let error = open(format!("{one}\n{other}\n{one}").as_bytes()).unwrap_err();
    assert_eq!((error.reason(), error.line()), (Reason::TwoDocuments, Some(7)));
    let details = error.details().join("\n");
    assert!(
        details.contains("line 1      a license of 100 bytes")
            && details.contains("line 7      a license of 101")
    );
    let chain = armor(Kind::KeyCertificate, &sealed(90), &[]);
    let twice = format!("{one}{chain}\nOn Monday you wrote:\n{one}{chain}");
    assert_eq!(open(twice.as_bytes()).unwrap().blocks.len(), 2);
    // A copy that is damaged is no copy.
    let damaged = format!("{one}\n{}*{}", &one[..60], &one[61..]);
    assert_eq!(open(damaged.as_bytes()).unwrap_err().reason(), Reason::TwoDocuments);
}

/// Without its markers only the signature tells what a document is.
#[test]
fn base64_without_markers_is_read_if_a_signature_fits() {
    let mut read = 0;
    for (path, file) in on_disk().iter().filter(|(path, _)| path.starts_with("document/")) {
        let mut vector = Vector::parse(file).unwrap();
        let is_valid = vector.must("expect").unwrap() == "valid";
        let Ok(opened) = open(&vector.body) else { continue };
        let block = &opened.blocks[0];
        let base64 = STANDARD.encode(&block.sealed);
        let lines: Vec<&str> =
            base64.as_bytes().chunks(64).map(|it| std::str::from_utf8(it).unwrap()).collect();
        let text = format!("Here it is:\n\n{}\n\nRegards\n", lines.join("\n"));
        match open(text.as_bytes()) {
            Ok(found) => {
                assert_eq!(found.blocks[0].sealed, block.sealed, "{path}");
                assert!(!is_valid || found.blocks[0].kind == block.kind, "{path}");
                assert_eq!(found.repairs.iter().map(|it| it.word()).collect::<Vec<_>>(), ["missing-markers"]);
                read += 1;
            }
            Err(error) => assert!(!is_valid && error.reason() == Reason::NoDocument, "{path}: {error}"),
        }
    }
    assert!(read > 100);
    let other = STANDARD.encode(sealed(300));
    assert_eq!(open(other.as_bytes()).unwrap_err().reason(), Reason::NoDocument);
}

/// What holds a document in a form that is not decoded is named.
#[test]
fn other_forms_of_a_document_are_named() {
    let (_, text) = short();
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let url = text.replace('\n', "%0A").replace(' ', "%20").replace('+', "%2B").replace('=', "%3D");
    let full_width: String = text
        .chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c })
        .collect();
    let uuencoded =
        "begin 644 host.license\nM86ER;&%T8V@@;&EC96YS92X@5&AE<V4@;&EN97,@87)E(&9O<B!P96]P;&4[\n`\nend\n";
    let head =
        "airlatch license. These lines are for people; only the block below counts.\n\nProduct:   phone\n";
    for (form, words) in [
        (hex.as_str(), "hexadecimal digits"),
        (&url, "URL-encoded"),
        (&full_width, "full-width"),
        (uuencoded, "uuencoded"),
        (head, "only the readable lines of a license"),
    ] {
        let error = open(form.as_bytes()).unwrap_err();
        assert!(error.message().contains(words), "{error}");
        assert_eq!(error.reason(), Reason::NoDocument);
    }
}

#[test]
fn letters_in_one_case_are_named() {
    let (_, text) = short();
    for (folded, word) in [(text.to_lowercase(), "lower"), (text.to_uppercase(), "upper")] {
        let error = open(folded.as_bytes()).unwrap_err();
        assert_eq!(error.reason(), Reason::BadBase64);
        assert!(error.message().contains(&format!("are {word} case")), "{error}");
    }
    // The markers are whole, so only the body tells.
    let (begin, end) = (text.find("-----\n").unwrap() + 6, text.find("-----END").unwrap());
    let body = format!("{}{}{}", &text[..begin], text[begin..end].to_lowercase(), &text[end..]);
    assert!(open(body.as_bytes()).unwrap_err().message().contains("are lower case"));
}

/// No signature tells a wrong key from a right one, so no character of its base64 may change.
#[test]
fn a_public_key_survives_the_same_damage_or_is_refused() {
    let pem = on_disk().remove("keys/vendor.pub").unwrap();
    let other = on_disk().remove("keys/host.pub").unwrap();
    let key = |bytes: &[u8]| match open_key(bytes) {
        Ok((KeyFile::Public(key), repairs)) => Ok((key, repairs)),
        Ok(_) => panic!("no public key"),
        Err(error) => Err(error),
    };
    let (right, repairs) = key(&pem).unwrap();
    assert!(repairs.is_empty());
    for (name, damage, words) in ACCIDENTS.iter().chain(FURTHER) {
        let damaged = damage(&pem);
        let (found, repairs) = key(&damaged).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(found, right, "{name}");
        let named = repairs.iter().any(|repair| words.contains(&repair.word()));
        // The strict reader takes some of it, and text around a block is no damage.
        assert!(
            named || damaged == pem || words.is_empty() || repairs.is_empty() || *name == "pre",
            "{name}: {repairs:?}"
        );
    }
    let text = String::from_utf8(pem.clone()).unwrap();
    let begin = text.find("-----\n").unwrap() + 6;
    for at in begin..begin + 60 {
        for new in ["", "A", "*", "=", " "] {
            let mut changed = text.clone();
            changed.replace_range(at..=at, new);
            if let Ok((found, _)) = key(changed.as_bytes()) {
                let is_same = changed == text || &text[at..=at] == "=";
                assert!(if found == right { is_same } else { new == "A" }, "{at} {new:?}");
            }
        }
    }
    let two = key(&[&pem[..], &other].concat()).unwrap_err();
    assert_eq!((two.reason(), two.line()), (Reason::BadKey, Some(4)));
    let private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    for text in [format!("> {private}"), format!("{private}{text}"), format!("{text}{private}")] {
        assert_eq!(key(text.as_bytes()).unwrap_err().reason(), Reason::BadKey);
    }
}
