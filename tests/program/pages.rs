//! The manual pages: what each of them holds, that other tools can read them, and how they look on a terminal.

use std::process::Command;

use airlatch_machine::platform::Streams;

use crate::common::place::repository;
use crate::common::trip::Trip;

/// Every page in man/: its name in the form that `airlatch man` takes, its file, and its text.
fn pages() -> Vec<(String, String, String)> {
    let entries = std::fs::read_dir(repository().join("man")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    // Blessing has an unfinished page there for a moment.
    files.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with("airlatch"));
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

/// A page as a terminal of 80 columns shows it.
fn shown(page: &str, plain: bool) -> String {
    let mut trip = Trip::new(&format!("page-{page}"));
    trip.streams = Streams { output: true, columns: Some(80), plain, ..Streams::default() };
    trip.airlatch(&["man", page], Vec::new()).stdout
}

/// The words of a page, without the lines above and below it, and without overstrikes.
fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for c in text.chars() {
        if c == '\u{8}' {
            plain.pop();
        } else {
            plain.push(c);
        }
    }
    let lines: Vec<&str> =
        plain.trim().lines().skip(1).filter(|line| !line.starts_with("airlatch ")).collect();
    lines.join(" ").split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_terminal_shows_the_words_that_mandoc_shows() {
    if !has_mandoc() {
        return;
    }
    for (name, file, _) in pages() {
        let mandoc = Command::new("mandoc").args(["-Tutf8", "-O", "width=990", &file]).output().unwrap();
        let (theirs, ours) = (words(&String::from_utf8(mandoc.stdout).unwrap()), words(&shown(&name, true)));
        let differs = theirs.iter().zip(&ours).position(|(their, our)| their != our);
        let at = differs.unwrap_or(0).saturating_sub(3);
        let near = |words: &[String]| words.iter().skip(at).take(9).cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(differs, None, "{file}\n  theirs: {}\n  ours:   {}", near(&theirs), near(&ours));
        assert_eq!(theirs.len(), ours.len(), "{file}: {:?} {:?}", theirs.last(), ours.last());
    }
}

#[test]
fn a_page_on_a_terminal_is_text_in_its_width() {
    for (name, file, text) in pages() {
        let shown = shown(&name, true);
        let verbatim =
            text.split("\n.nf\n").skip(1).flat_map(|part| part.split("\n.fi").next().unwrap().lines());
        let longest = verbatim.map(|line| line.chars().count() + 8).max().unwrap_or_default().max(80);
        for line in shown.lines() {
            assert!(line.chars().count() <= longest, "{file}: {line}");
            assert!(
                !line.starts_with('.') && !line.contains("\\f") && !line.ends_with(' '),
                "{file}: {line}"
            );
        }
        assert!(!shown.contains(['\u{1b}', '\u{a0}', '\u{fffd}']), "{file}");
        assert!(shown.contains("\nNAME\n    airlatch"), "{file}: {shown}");
        assert!(!shown.contains("\n\n\n"), "{file}");
    }
    let styled = shown("verify", false);
    assert!(styled.contains("\n\u{1b}[1mSYNOPSIS\u{1b}[0m\n"), "{styled}");
    assert!(styled.contains("[\u{1b}[1m--feature\u{1b}[0m \u{1b}[4m"), "{styled}");
}

#[test]
fn a_pipe_gets_troff() {
    let mut trip = Trip::new("troff");
    let source = trip.airlatch(&["man", "verify"], Vec::new()).stdout;
    assert_eq!(source, pages().into_iter().find(|(name, ..)| name == "verify").unwrap().2);
    trip.streams = Streams { output: true, columns: Some(80), ..Streams::default() };
    assert_eq!(trip.airlatch(&["man", "verify", "--troff"], Vec::new()).stdout, source);
    let json = trip.airlatch(&["man", "verify", "--json"], Vec::new()).stdout;
    assert!(json.contains(".TH AIRLATCH-VERIFY 1"), "{json}");
    let wrong = trip.airlatch(&["man", "verfy"], Vec::new());
    assert!(wrong.both.contains("there is no such page; the pages are"), "{}", wrong.both);
}
