//! Fleet files: what a device finds, and files that are refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use airlatch_core::model::CodeKind;

use super::Vector;
use super::cast::{VENDOR, changed, code, license_payload, sealed, system_id};

/// The device that looks for its licenses.
const MAC: &str = "00049f114bd4";
const HEAD: &str = "airlatch fleet v1\n";

/// A license for a device, with a number that makes it another one.
fn license(mac: &str, number: u32) -> Vec<u8> {
    let lock = format!("kind = \"system-id\"\nsystem-id = \"{}\"", system_id(super::cast::HOST));
    let payload = changed(&license_payload(), &lock, &format!("kind = \"mac\"\nmac = \"{mac}\""));
    let payload = changed(&payload, "sessions = 100", &format!("sessions = {number}"));
    sealed("license", payload.as_bytes(), VENDOR)
}

fn line(mac: &str, number: u32) -> String {
    format!("{mac}\t{}\n", STANDARD.encode(license(mac, number)))
}

/// The device's lines number 1 and 2 between those of others; enough of them that nobody reads them all.
fn lines() -> Vec<String> {
    let others = (0..60).map(|at| line(&format!("00049f11{:02x}d4", at * 4), 7));
    let mut lines: Vec<String> = others.chain([line(MAC, 1), line(MAC, 2)]).collect();
    lines.sort_unstable();
    lines
}

fn of(condition: &str, expect: &str, comment: &str, file: impl Into<Vec<u8>>) -> Vector {
    Vector::new(format!("fleet/{condition}"), expect, comment).with("mac", MAC).body(file)
}

/// With the ids of the device's licenses of these numbers, in the order of their lines.
fn found(vector: Vector, numbers: &[u32]) -> Vector {
    let mut own: Vec<(String, Vec<u8>)> =
        numbers.iter().map(|number| (line(MAC, *number), license(MAC, *number))).collect();
    own.sort();
    own.iter().fold(vector, |vector, (_, sealed)| {
        let id = code(CodeKind::Document, "airlatch document v1", &[b"license\n", &sealed[..]].concat());
        vector.with("id", id)
    })
}

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = readable();
    vectors.extend(damaged());
    vectors.extend(disordered());
    vectors
}

fn readable() -> Vec<Vector> {
    let file = format!("{HEAD}{}", lines().concat());
    let others: Vec<String> = lines().into_iter().filter(|line| !line.starts_with(MAC)).collect();
    let own = line(MAC, 3);
    let two = |condition, comment, file| found(of(condition, "valid", comment, file), &[1, 2]);
    let one = |condition, comment, file| found(of(condition, "valid", comment, file), &[3]);
    vec![
        two("two-licenses", "Two lines among those of other devices", file.clone()),
        two("crlf", "Line ends are CR LF", file.replace('\n', "\r\n")),
        two("byte-order-mark", "A byte order mark in front", format!("\u{feff}{file}")),
        one("one-line", "A file of one line", format!("{HEAD}{own}")),
        of("not-there", "valid", "Other devices only", format!("{HEAD}{}", others.concat())),
        of("no-line", "valid", "The first line only", HEAD),
        of("newer-version", "newer-version", "A later version", file.replacen("v1", "v2", 1)),
        of("newer-version-two-digits", "newer-version", "Version 10", file.replacen("v1", "v10", 1)),
        two("garbage-elsewhere", "A line of others that the search does not need", elsewhere(&file))
            .with("or", "bad-list"),
    ]
}

/// The file with a line near its end that is none; the lines of the device, and the first and the last line, are whole.
fn elsewhere(file: &str) -> String {
    changed(file, "\n00049f11e8d4\t", "\n00049f11e8d4 ")
}

fn damaged() -> Vec<Vector> {
    let (own, other) = (line(MAC, 1), line("00049f110000", 7));
    let file = |lines: &str| format!("{HEAD}{lines}");
    let bad = |condition, comment, lines: &str| of(condition, "bad-list", comment, file(lines));
    let head = |condition, comment, head: &str| of(condition, "bad-list", comment, format!("{head}{own}"));
    let torn = |condition, comment, text: &str| of(condition, "truncated", comment, text);
    let base64 = |condition, comment, lines: &str| of(condition, "bad-base64", comment, file(lines));
    vec![
        of("no-head", "bad-list", "The first line is missing", own.clone()),
        of("no-fleet", "bad-list", "Another text", "no fleet file\n"),
        head("head-version-01", "A version has no zeros in front", "airlatch fleet v01\n"),
        head("head-version-0", "There is no version 0", "airlatch fleet v0\n"),
        head("head-blank-at-the-end", "A blank behind the version", "airlatch fleet v1 \n"),
        head("head-more", "More text behind the version", "airlatch fleet v1 of ACME\n"),
        bad("same-line-twice", "The device's line stands there twice", &format!("{own}{own}")),
        bad(
            "other-line-twice",
            "The line before the device's stands there twice",
            &format!("{other}{other}{own}"),
        ),
        base64("blank-at-the-end-of-line", "A blank behind the base64", &own.replace('\n', " \n")),
        bad("capitals", "The device's address in capitals", &own.replacen("f114bd4", "F114BD4", 1)),
        bad("colons", "Addresses with colons", "00:04:9f:11:4b:d4\tAAAA\n"),
        bad("blank-line", "A blank line", &format!("\n{own}")),
        bad("blank-for-tab", "A blank where the TAB belongs", &own.replace('\t', " ")),
        bad("zeros-at-the-end", "Zero bytes at the end", &"\0".repeat(100)),
        torn("torn-head", "The first line has no end", HEAD.trim_end()),
        torn("torn-in-own-line", "It ends in the device's line", file(&own).trim_end()),
        torn("torn-before-own-line", "It ends inside the line before", &file(&other[..other.len() - 9])),
        torn(
            "too-short",
            "The device's line holds less than a key and a signature",
            &file(&format!("{MAC}\tAAAA\n")),
        ),
        base64(
            "base64-damaged",
            "A character of the device's line is none of base64",
            &own.replacen("\ta", "\t*", 1),
        ),
        base64("base64-cut-off", "Characters of the device's line are missing", &format!("{MAC}\tAAAAA\n")),
    ]
}

fn disordered() -> Vec<Vector> {
    let bad = |condition, comment, lines: Vec<String>| {
        of(condition, "bad-list", comment, format!("{HEAD}{}", lines.concat()))
    };
    let mut moved = lines();
    moved.retain(|other| *other != line(MAC, 2));
    let (at, last) = (moved.iter().position(|line| line.starts_with(MAC)).unwrap(), moved.len() - 1);
    moved.swap(at, last);
    vec![
        bad("two-lines-swapped", "Two lines in the wrong order", vec![line("00049f11ecd4", 7), line(MAC, 1)]),
        bad("own-line-moved-to-the-end", "The device's line changed places with the last", moved),
        bad("reversed", "The greatest first", lines().into_iter().rev().collect()),
    ]
}
