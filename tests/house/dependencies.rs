//! What a vendor links who embeds the verifier: `airlatch-core`, or `airlatch-machine` on top, and nothing of the program.

use std::env;
use std::process::Command;

use crate::common::place::repository;

/// What no vendor links: the program's crates and the desk's.
const PROGRAM: [&str; 8] =
    ["clap", "dialoguer", "indicatif", "anyhow", "rusqlite", "csv", "qrcode", "serde_json"];
/// What touches the machine, and comes with `airlatch-machine` alone.
const MACHINE: [&str; 2] = ["rustix", "getrandom"];

/// The names of the crates in the output of `cargo tree --prefix none --format {p}`.
fn names(tree: &str) -> Vec<&str> {
    tree.lines().filter_map(|line| line.split(' ').next()).collect()
}

fn found<'a>(tree: &str, never: &[&'a str]) -> Vec<&'a str> {
    let names = names(tree);
    never.iter().copied().filter(|name| names.contains(name)).collect()
}

#[test]
fn the_verifier_links_nothing_of_the_program_and_touches_no_machine() {
    links_none("airlatch-core", &[PROGRAM.as_slice(), &MACHINE].concat());
}

#[test]
fn the_check_of_this_host_links_nothing_of_the_program() {
    links_none("airlatch-machine", &PROGRAM);
}

fn links_none(package: &str, never: &[&str]) {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = repository().join("Cargo.toml");
    let arguments = ["tree", "-p", package, "-e", "normal", "--offline", "--locked"];
    let shape = ["--prefix", "none", "--format", "{p}", "--manifest-path"];
    let output = match Command::new(&cargo).args(arguments).args(shape).arg(&manifest).output() {
        Ok(output) => output,
        Err(error) => {
            let required = env::var_os("AIRLATCH_REQUIRE_TOOLS").is_some();
            assert!(!required, "{} can't be run: {error}", cargo.display());
            println!("skipped: cargo is not installed");
            return;
        }
    };
    assert!(output.status.success(), "cargo tree failed:\n{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(names(&tree).contains(&package), "this is no tree of {package}:\n{tree}");
    let found = found(&tree, never);
    assert!(found.is_empty(), "{package} links {found:?}: that belongs to another crate");
}

#[test]
fn a_crate_of_the_program_is_found() {
    let found = |tree| found(tree, &PROGRAM);
    assert_eq!(found("airlatch v0.1.0 (.)\nclap v4.6.0\nclap_lex v1.0.0\ncsv v1.4.0 (*)\n"), ["clap", "csv"]);
    assert!(found("airlatch v0.1.0 (.)\nclap_lex v1.0.0\ncsv-core v0.1.0\n").is_empty());
}
