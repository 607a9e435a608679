//! The hand-written part of the format page names every field of a document, and every reason why a license is refused.

use std::collections::BTreeSet;

use crate::common::place::repository;
use crate::common::vector::{Vector, expected, on_disk};

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap()
}

/// The fields of the wire struct in this file, as they are spelled in documents.
fn fields(path: &str) -> Vec<String> {
    let source = read(path);
    let (_, body) = source.split_once("\nstruct Wire<'a> {\n").unwrap();
    let (body, _) = body.split_once("\n}").unwrap();
    let lines = body.lines().map(str::trim).filter(|line| !line.starts_with(['#', '/']));
    lines.map(|line| line.split_once(':').unwrap().0.replace('_', "-")).collect()
}

/// The names in the heads of a subsection's entries: `a`, `b` and `c` of `.BR a ", " b` and `.B [c]`.
fn heads(page: &str, subsection: &str) -> BTreeSet<String> {
    let (_, rest) = page.split_once(&format!("\n.SS {subsection}\n")).unwrap();
    let inside = rest.split("\n.S").next().unwrap();
    let heads = inside.split(".TP\n.B").skip(1).map(|entry| entry.lines().next().unwrap());
    let words = heads.flat_map(|head| head.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>());
    words.map(|word| word.trim_matches(['[', ']', '"', ',']).to_owned()).collect()
}

#[test]
fn every_field_of_a_document_has_an_entry() {
    let page = read("man/airlatch-format.5");
    for (subsection, path) in [
        ("Request", "crates/core/src/format/request.rs"),
        ("License", "crates/core/src/format/license/mod.rs"),
        ("Release receipt", "crates/core/src/format/receipt.rs"),
    ] {
        let (heads, fields) = (heads(&page, subsection), fields(path));
        assert!(fields.len() > 4, "{path}: {fields:?}");
        let missing: Vec<&String> = fields.iter().filter(|field| !heads.contains(*field)).collect();
        assert!(missing.is_empty(), "man/airlatch-format.5, {subsection}: no `.B` entry for {missing:?}");
    }
}

#[test]
fn every_reason_of_a_license_vector_is_explained() {
    let page = read("man/airlatch-format.5");
    let (before, rest) = page.split_once(".\\\" reasons: begin\n").unwrap();
    let (_, after) = rest.split_once(".\\\" reasons: end\n").unwrap();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    // In bold: `empty` and `expired` are words of the text too.
    let bold =
        before.lines().chain(after.lines()).filter(|line| line.starts_with(".B") || line.starts_with(".RB"));
    let explained: BTreeSet<&str> = bold.flat_map(|line| line.split(|c| !is_part(c))).collect();
    let mut missing = BTreeSet::new();
    for (path, bytes) in on_disk().iter().filter(|(path, _)| path.starts_with("document/")) {
        let mut vector = Vector::parse(bytes).unwrap();
        if vector.take("wanted").as_deref() != Some("license") {
            continue;
        }
        let reasons = expected(&vector.must("expect").unwrap()).unwrap();
        let words = reasons.iter().map(|reason| reason.word()).filter(|word| !explained.contains(word));
        missing.extend(words.map(|word| format!("{word} ({path})")));
    }
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(missing.is_empty(), "no rule in man/airlatch-format.5 names {}", missing.join(", "));
}
