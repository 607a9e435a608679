//! The manual matches the program: limits, reasons, pages, examples, and the recipe, which is run.
//!
//! `AIRLATCH_BLESS=1 cargo test --test program manual` writes the generated parts: read the difference before you commit it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use airlatch::cli::command;
use airlatch_core::format::{Accident, limits};
use airlatch_core::model::{ExitStatus, Reason};

use crate::common::golden;
use crate::common::place::repository;
use crate::common::trip::Trip;

fn format_page() -> PathBuf {
    repository().join("man/airlatch-format.5")
}

/// The lines of the format page between `.\" NAME: begin` and `.\" NAME: end`.
fn section(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!(".\\\" {name}: begin\n")).unwrap();
    let (inside, _) = rest.split_once(&format!(".\\\" {name}: end\n")).unwrap();
    inside.to_owned()
}

/// Escapes text for troff: no escapes, no requests.
fn troff(text: &str) -> String {
    let text = text.replace('\\', "\\e");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

/// The page with another content of a generated section.
fn with_section(page: &str, name: &str, made: &str) -> String {
    let (begin, end) = (format!(".\\\" {name}: begin\n"), format!(".\\\" {name}: end\n"));
    page.replace(&format!("{begin}{}{end}", section(page, name)), &format!("{begin}{made}{end}"))
}

/// One test, because all sections are written into one file.
#[test]
fn limits_reasons_and_repairs_are_those_of_the_code() {
    let limit =
        |(name, number, what): &(&str, u64, &str)| format!(".TP\n.B {name}\n{number} {}\n", troff(what));
    let page = std::fs::read_to_string(format_page()).unwrap();
    let page = with_section(&page, "limits", &limits::ALL.iter().map(limit).collect::<String>());
    let reason = |reason: &Reason| {
        let head = match reason.exit_status() {
            ExitStatus::No => format!(".BR {reason} \" (a no)\""),
            ExitStatus::Unable => format!(".B {reason}"),
        };
        format!(".TP\n{head}\n{}\n", troff(reason.meaning()))
    };
    let page = with_section(&page, "reasons", &Reason::ALL.iter().map(reason).collect::<String>());
    let repair = |it: &Accident| format!(".TP\n.B {}\n{}\n", it.word(), troff(it.meaning()));
    let page = with_section(&page, "repairs", &Accident::ALL.iter().map(repair).collect::<String>());
    golden::keep(&format_page(), &page);
}

/// Every page of section 1 in a folder.
fn pages(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pages = entries.filter(|path| path.extension().is_some_and(|ending| ending == "1"));
    let read = |path: PathBuf| {
        (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
    };
    pages.map(read).collect()
}

#[test]
fn pages_are_those_that_the_program_writes() {
    let trip = Trip::new("manual-pages");
    let ran = trip.airlatch(&["man", "--out", "pages"], Vec::new());
    assert_eq!(ran.exit, 0, "{}", ran.both);
    let mut made = pages(&trip.folder.join("pages/man1"));
    made.extend(pages(&trip.folder.join("pages/man5")));
    assert!(trip.folder.join("pages/man7/airlatch-glossary.7").exists());
    assert!(made.len() > 10 && made.contains_key("airlatch.1"), "{:?}", made.keys());
    let folder = repository().join("man");
    let unknown = pages(&folder).into_keys().filter(|name| !made.contains_key(name)).collect::<Vec<_>>();
    if golden::blesses() {
        unknown.iter().for_each(|name| std::fs::remove_file(folder.join(name)).unwrap());
    } else {
        assert!(
            unknown.is_empty(),
            "the program writes no {unknown:?}; AIRLATCH_BLESS=1 removes them from man/"
        );
    }
    made.iter().for_each(|(name, text)| golden::keep(&folder.join(name), text));
}

/// The recipe without troff escapes.
fn recipe() -> String {
    let page = std::fs::read_to_string(format_page()).unwrap();
    let escapes = [
        ("\\e", "\\"),
        ("\\\\", "\\"),
        ("\\-", "-"),
        ("\\(aq", "'"),
        ("\\(ha", "^"),
        ("\\(ti", "~"),
        ("\\&", ""),
    ];
    let (mut plain, section) = (String::new(), section(&page, "recipe"));
    let mut rest = section.as_str();
    while let Some(c) = rest.chars().next() {
        match escapes.iter().find(|(escape, _)| rest.starts_with(escape)) {
            Some((escape, shown)) => {
                plain.push_str(shown);
                rest = &rest[escape.len()..];
            }
            None => {
                assert!(c != '\\', "an escape that is not known here: {rest}");
                plain.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    plain
}

/// Whether all tools of the recipe are installed.
fn has_tools() -> bool {
    for tool in ["sh", "sed", "grep", "base64", "head", "tail", "openssl"] {
        let mut found = Command::new("sh");
        found.args(["-c", &format!("command -v {tool}")]).stdout(Stdio::null()).stderr(Stdio::null());
        if !found.status().is_ok_and(|status| status.success()) {
            assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "{tool} is not installed");
            println!("skipped: {tool} is not installed");
            return false;
        }
    }
    true
}

/// Runs the recipe on a license: whether it succeeds, and what it prints.
fn follow(trip: &Trip, license: &[u8]) -> (bool, String) {
    std::fs::write(trip.folder.join("host.license"), license).unwrap();
    let output = Command::new("sh").arg("-c").arg(recipe()).current_dir(&trip.folder).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_recipe_checks_a_license_that_was_issued() {
    if !has_tools() {
        return;
    }
    let trip = Trip::new("manual-recipe");
    let grant = "product = 'pbx'\npermanent = true\nfeatures.voicemail = true\n";
    std::fs::write(trip.folder.join("grant.toml"), grant).unwrap();
    let did = |line: &str| {
        let ran = trip.airlatch(&line.split(' ').collect::<Vec<_>>(), Vec::new());
        assert_eq!(ran.exit, 0, "airlatch {line}\n{}", ran.both);
    };
    did("keygen --out acme --no-passphrase");
    did("issue --key acme.key --grant grant.toml --mac 00:04:9f:11:4b:d4 --out issued.license --yes");
    let license = std::fs::read(trip.folder.join("issued.license")).unwrap();
    let (good, printed) = follow(&trip, &license);
    assert!(good && printed.contains("Signature Verified Successfully"), "{printed}");
    assert!(printed.contains("product = \"pbx\""), "{printed}");
    // Another first character of the base64 is another first byte of the payload.
    let begin = license.windows(6).position(|six| six == b"-----\n").unwrap() + 6;
    let mut damaged = license;
    damaged[begin] = if damaged[begin] == b'A' { b'B' } else { b'A' };
    let (good, printed) = follow(&trip, &damaged);
    assert!(!good && !printed.contains("Successfully") && !printed.contains("pbx"), "{printed}");
}

/// The conformance vectors give OpenSSL and this program the same answer.
#[test]
fn the_recipe_agrees_with_the_vectors() {
    if !has_tools() {
        return;
    }
    let trip = Trip::new("manual-vectors");
    let folder = repository().join("tests/vectors");
    std::fs::copy(folder.join("keys/vendor.pub"), trip.folder.join("acme.pub")).unwrap();
    let conditions = [
        ("plain", true),
        ("summary-above", true),
        ("all-fields", true),
        ("text-like-a-marker", true),
        ("license-and-certificate", true),
        ("flipped-payload-bit", false),
        ("flipped-s-bit", false),
        ("s-not-below-the-order", false),
        ("untrusted-key", false),
        ("label-v2", false),
        ("request-relabelled-as-license", false),
    ];
    for (condition, expected) in conditions {
        let file = std::fs::read(folder.join("document").join(condition)).unwrap();
        let head = file.windows(2).position(|two| two == b"\n\n").unwrap() + 2;
        let (good, printed) = follow(&trip, &file[head..]);
        assert_eq!(
            good && printed.contains("Signature Verified Successfully"),
            expected,
            "{condition}\n{printed}"
        );
    }
}

/// The commands of an `Examples:` block, continued lines joined.
fn examples(help: &str) -> Vec<String> {
    let joined = help.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    let inner = |line: &str| Some(line.split_once("$(airlatch ")?.1.split_once(')')?.0.to_owned());
    lines
        .filter_map(|line| inner(line).or_else(|| Some(line.strip_prefix("airlatch ")?.to_owned())))
        .collect()
}

/// The words of a command as a shell splits them, up to a shell operator or an explanation.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut blanks) = (Vec::new(), None::<String>, None, 0);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '|' | '>' | '<' | ';') => break,
            (None, '#') if word.is_none() => break,
            (None, ' ') => {
                blanks += 1;
                words.extend(word.take());
                // Two blanks or more precede an explanation.
                if blanks > 1 {
                    break;
                }
                continue;
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
        blanks = 0;
    }
    words.extend(word);
    words
}

#[test]
fn every_verb_has_examples_that_can_be_typed() {
    let mut program = command();
    program.build();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (name, verb) in leaves("", &program) {
        let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
        let found = if help.contains("Examples:") { examples(&help) } else { Vec::new() };
        if !found.iter().any(|line| line == &name || line.starts_with(&format!("{name} "))) {
            wrong.push(format!("`{name}` has no example of itself in an `Examples:` block"));
        }
        wrong.extend(found.iter().filter_map(|line| mistyped(line)));
        seen += found.len();
    }
    let trip = program.get_after_help().map(ToString::to_string).unwrap_or_default();
    assert!(examples(&trip).len() >= 5, "{trip}");
    wrong.extend(examples(&trip).iter().filter_map(|line| mistyped(line)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 20, "only {seen} examples were found");
}

/// Every verb without subverbs, by its full name.
fn leaves<'a>(before: &str, command: &'a clap::Command) -> Vec<(String, &'a clap::Command)> {
    let below = command.get_subcommands().filter(|verb| verb.get_name() != "help");
    let below = below.flat_map(|verb| {
        let name = format!("{before} {}", verb.get_name()).trim().to_owned();
        let inner = leaves(&name, verb);
        if inner.is_empty() { vec![(name, verb)] } else { inner }
    });
    below.collect()
}

fn mistyped(line: &str) -> Option<String> {
    let words = std::iter::once("airlatch".to_owned()).chain(words(line));
    command().try_get_matches_from(words).err().map(|error| format!("airlatch {line}\n{error}"))
}

/// The commands below a heading of the README, down to the next heading.
fn readme_commands(heading: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, section) = readme.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    section.lines().filter_map(|line| Some(line.strip_prefix("$ airlatch ")?.to_owned())).collect()
}

#[test]
fn the_readme_and_the_help_show_the_same_trip() {
    let help = command().get_after_help().unwrap().to_string();
    assert_eq!(readme_commands("The trip"), examples(&help));
}

#[test]
fn the_readme_has_at_most_200_lines() {
    let lines = std::fs::read_to_string(repository().join("README.md")).unwrap().lines().count();
    assert!(lines <= 200, "{lines} lines: move what is needed once to the manual or CONTRIBUTING.md");
}

#[test]
fn a_mistyped_example_is_found() {
    assert_eq!(mistyped("keygen --out keys/acme"), None);
    assert!(mistyped("keygen --oot keys/acme").is_some());
    assert!(mistyped("forge --out keys/acme").is_some());
    assert_eq!(words("verify 'a  b' --x   what it does | man"), ["verify", "a  b", "--x"]);
    assert_eq!(
        examples("Examples:\n  airlatch a \\\n  b\n  [ \"$(airlatch c)\" = d ]\n  other"),
        ["a    b", "c"]
    );
}

/// The verbatim block after these words.
fn verbatim(after: &str) -> String {
    let page = std::fs::read_to_string(format_page()).unwrap();
    let after = page.split(after).nth(1).unwrap();
    after.split(".nf\n").nth(1).unwrap().split("\n.fi").next().unwrap().to_owned()
}

#[test]
fn the_grant_of_the_manual_is_one() {
    let grant = verbatim("A grant with everything in it:");
    let grant = airlatch_desk::catalog::read_grant(grant.as_bytes()).unwrap();
    assert_eq!(grant.mac.prefixes, ["009033"]);
    assert!(grant.lock.tolerance.is_some());
}

#[test]
fn the_catalog_of_the_manual_is_one() {
    let text = verbatim("A catalog with everything in it:");
    let catalog = airlatch_desk::catalog::read_catalog(text.as_bytes()).unwrap();
    let product = &catalog.products[0];
    assert_eq!((product.features.len(), product.models.len()), (5, 2));
    assert_eq!(product.model_of("00-90-33-01-00-00".parse().unwrap()).unwrap().id, "IP6000");
}
