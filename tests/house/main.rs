//! Holds the code to the map in `src/README.md`: walls between rooms, and the habits of every file.
//!
//! Every finding reads `path:line: what is wrong, what to do instead`. Each rule has tests of its own, on small
//! snippets it must report, so each is shown to be able to fail.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop, reads the repository, and says what it skipped"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use std::{fmt, fs};

#[path = "../common"]
#[allow(dead_code)]
mod common {
    pub mod place;
    pub mod slow;
}

mod circles;
mod dependencies;
mod error_texts;
mod habits;
mod map;
mod reach;
mod source;
mod tokens;
#[allow(dead_code, reason = "the main of a build script runs only when cargo builds")]
mod trusted_keys;
mod walls;

use map::House;
use source::Source;

/// Put on a line, it lets a quotation or example stand.
const ALLOW: &str = "house: allow";

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.into(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Read once for all tests.
static REPOSITORY: LazyLock<Repository> = LazyLock::new(Repository::read);

/// The repository: every text file, and those that are Rust code of `src` and `tests`.
struct Repository {
    texts: BTreeMap<String, String>,
    sources: BTreeMap<String, Source>,
    unreached: Vec<Finding>,
}

impl Repository {
    fn read() -> Self {
        let mut texts = BTreeMap::new();
        collect(&common::place::repository(), "", &mut texts);
        let code =
            |path: &str| (inside(path).is_some() || path.starts_with("tests/")) && path.ends_with(".rs");
        let rust = texts.iter().filter(|(path, _)| code(path));
        let mut sources = rust.map(|(path, text)| (path.clone(), Source::new(path, text))).collect();
        let unreached = reach::unreached(&mut sources);
        Self { texts, sources, unreached }
    }

    fn house(&self) -> House {
        let manifests = self.texts.iter().filter(|(path, _)| {
            *path == "Cargo.toml" || (path.starts_with("crates/") && path.ends_with("/Cargo.toml"))
        });
        House::new(&self.texts["src/README.md"], manifests.map(|(_, text)| text.as_str()))
    }

    fn walls(&self, rule: fn(&Source, &House) -> Vec<Finding>) -> Vec<Finding> {
        let house = self.house();
        self.sources.values().flat_map(|source| rule(source, &house)).collect()
    }

    fn habit(&self, rule: fn(&Source) -> Vec<Finding>) -> Vec<Finding> {
        self.sources.values().flat_map(rule).collect()
    }

    fn text(&self, rule: fn(&str, &str) -> Vec<Finding>) -> Vec<Finding> {
        self.texts.iter().flat_map(|(path, text)| rule(path, text)).collect()
    }
}

/// The path of a file within the sources of its crate: `model/mac.rs` of `crates/core/src/model/mac.rs`.
fn inside(path: &str) -> Option<&str> {
    match path.strip_prefix("crates/") {
        Some(rest) => rest.split_once('/')?.1.strip_prefix("src/"),
        None => path.strip_prefix("src/"),
    }
}

/// Reads every UTF-8 file below `folder`, without what is built, fuzzed or hidden; `.ci` is not hidden.
fn collect(folder: &Path, prefix: &str, texts: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let skipped = ["target", "fuzz/target", "fuzz/corpus", "fuzz/artifacts"].contains(&path.as_str());
        let kind = entry.file_type().unwrap();
        if skipped || (path.starts_with('.') && path != ".ci") {
            continue;
        }
        if kind.is_dir() {
            collect(&entry.path(), &format!("{path}/"), texts);
        } else if let (true, Ok(text)) = (kind.is_file(), fs::read_to_string(entry.path())) {
            texts.insert(path, text);
        }
    }
}

#[track_caller]
fn none(mut findings: Vec<Finding>) {
    findings.sort();
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n\n{}\n", lines.join("\n"));
}

#[test]
fn the_map_is_sound() {
    none(REPOSITORY.house().faults());
    none(REPOSITORY.walls(walls::rooms));
}

#[test]
fn rooms_import_only_what_the_map_allows() {
    none(REPOSITORY.walls(walls::imports));
}

#[test]
fn outside_names_stay_in_their_rooms() {
    none(REPOSITORY.walls(walls::outside));
}

#[test]
fn every_permission_is_used() {
    none(walls::unused(REPOSITORY.sources.values(), &REPOSITORY.house()));
}

#[test]
fn files_stand_in_no_circle() {
    none(circles::circles(REPOSITORY.sources.values()));
}

#[test]
fn there_are_no_side_doors() {
    none(REPOSITORY.walls(walls::side_doors));
}

#[test]
fn every_file_is_reached() {
    none(REPOSITORY.unreached.clone());
}

#[test]
fn files_and_functions_stay_short() {
    none(REPOSITORY.habit(habits::length));
}

#[test]
fn every_file_says_what_it_owns() {
    none(REPOSITORY.habit(habits::head));
}

#[test]
fn nothing_is_left_unfinished() {
    none(REPOSITORY.habit(habits::unfinished));
}

#[test]
fn no_decision_reads_the_text_of_an_error() {
    none(REPOSITORY.habit(error_texts::looked_into));
}

#[test]
fn there_is_one_spelling() {
    none(REPOSITORY.text(habits::spelling));
}

#[test]
fn no_path_of_one_machine_is_left() {
    none(REPOSITORY.text(habits::machine_paths));
}
