//! The manual pages: what each of them holds, and that other tools can read them.

use std::process::Command;

use crate::common::place::repository;

/// Every page in man/: its name in the form that `airlatch man` takes, its file, and its text.
fn pages() -> Vec<(String, String, String)> {
    let entries = std::fs::read_dir(repository().join("man")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let page = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().trim_start_matches("airlatch-").to_owned();
        (name, path.to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
    };
    files.into_iter().map(page).collect()
}

/// Whether mandoc is here; where every tool is required, it has to be.
fn has_mandoc() -> bool {
    let found = Command::new("sh").args(["-c", "command -v mandoc"]).output();
    let found = found.is_ok_and(|output| output.status.success());
    assert!(found || std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "mandoc is not installed");
    if !found {
        println!("skipped: mandoc is not installed");
    }
    found
}

#[test]
fn no_page_holds_a_control_character() {
    for (_, file, text) in pages() {
        let wrong = text.lines().position(|line| line.chars().any(char::is_control));
        assert_eq!(wrong.map(|at| at + 1), None, "{file}: this line holds a control character");
        assert!(text.ends_with('\n') && !text.contains('\r'), "{file}");
    }
}

#[test]
fn mandoc_has_nothing_against_any_page() {
    if !has_mandoc() {
        return;
    }
    let mut lint = Command::new("mandoc");
    lint.args(["-Tlint", "-W", "warning"]).args(pages().into_iter().map(|(_, file, _)| file));
    let output = lint.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_page_of_a_verb_has_its_sections() {
    let all = pages();
    let head = |text: &str| text.lines().next().unwrap().split_once(" \"").unwrap().1.to_owned();
    let of_formats = all.iter().find(|(name, ..)| name == "format").unwrap();
    assert!(
        head(&of_formats.2)
            .ends_with(&format!("\"airlatch {}\" \"airlatch manual\"", env!("CARGO_PKG_VERSION")))
    );
    for (name, file, text) in &all {
        assert_eq!(head(text), head(&of_formats.2), "{file}: another date or version");
        if !file.ends_with(".1") {
            continue;
        }
        for section in
            ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "SEE ALSO"]
        {
            assert!(text.contains(&format!(".SH {section}\n")), "{file}: {section}");
        }
        assert!(text.contains("[\\fB\\-\\-home\\fR\\ \\fIDIR\\fR]\n"), "{file}: an option without its value");
        assert!(text.contains("airlatch\\-format\\fR(5)"), "{file}");
        assert_eq!(text.contains("\\fBairlatch\\fR(1)"), name != "airlatch", "{file}");
    }
    let page = |wanted: &str| &all.iter().find(|(name, ..)| name == wanted).unwrap().2;
    for (name, holds, lacks) in [
        ("verify", "AIRLATCH_HOME/licenses", "AIRLATCH_DESK"),
        ("issue", "AIRLATCH_DESK/ledger.db", "AIRLATCH_HOME/"),
        ("order", "AIRLATCH_DESK/ledger.db", "AIRLATCH_HOME/"),
        ("order-new", "\\fBairlatch\\-order\\fR(1)", "AIRLATCH_HOME/"),
        ("completions", "NO_COLOR", ".SH FILES"),
        ("airlatch", "AIRLATCH_DESK/ledger.db", "Exit codes:"),
    ] {
        assert!(page(name).contains(holds) && !page(name).contains(lacks), "{name}");
    }
    assert!(page("airlatch").contains("AIRLATCH_HOME/licenses"));
}
