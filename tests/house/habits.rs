//! The habits of every file: size, first line, nothing unfinished, one spelling, no path of one machine.

use crate::source::Source;
use crate::{ALLOW, Finding, inside};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;

/// Files and functions that grew too long.
pub(crate) fn length(source: &Source) -> Vec<Finding> {
    let lines = source.text.lines().count();
    let file = (lines > FILE_LINES).then(|| {
        let what = format!("the file has {lines} lines, split it by noun or verb before {FILE_LINES}");
        Finding::new(&source.path, FILE_LINES + 1, what)
    });
    let long = source.functions().into_iter().filter(|f| f.last - f.first >= FUNCTION_LINES).map(|f| {
        let (name, lines) = (&f.name, f.last - f.first + 1);
        let what = format!("the function `{name}` has {lines} lines, split it before {FUNCTION_LINES}");
        Finding::new(&source.path, f.first, what)
    });
    file.into_iter().chain(long).collect()
}

/// Source files that don't begin with one sentence on what they own.
pub(crate) fn head(source: &Source) -> Vec<Finding> {
    let first = source.text.lines().next().unwrap_or_default();
    let good = first.strip_prefix("//! ").is_some_and(|sentence| {
        sentence.ends_with('.') && !sentence.contains(". ") && !sentence.trim_end_matches('.').is_empty()
    });
    if good || inside(&source.path).is_none() {
        return Vec::new();
    }
    vec![Finding::new(&source.path, 1, "the first line is no sentence, begin with `//! What the file owns.`")]
}

/// What may stop the program, and what was left for later, outside test code.
pub(crate) fn unfinished(source: &Source) -> Vec<Finding> {
    if inside(&source.path).is_none() {
        return Vec::new();
    }
    let token = |at: usize| match source.window(at, 3)[..] {
        [".", name @ ("unwrap" | "expect"), "("] => {
            Some(format!("`{name}` can stop the program, return an Error"))
        }
        [name @ ("panic" | "todo" | "unimplemented" | "dbg"), "!", ..] => {
            Some(format!("`{name}!` has no place here, return an Error or finish it"))
        }
        _ => None,
    };
    let tokens =
        (0..source.tokens.len()).filter_map(|at| token(at).map(|what| (source.tokens[at].line, what)));
    let marks = source.text.lines().enumerate().filter_map(|(i, text)| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let mark = words.find(|word| matches!(*word, "TODO" | "FIXME" | "XXX"))?;
        Some((i + 1, format!("`{mark}` was left, do it now or drop it")))
    });
    let outside_tests = tokens.chain(marks).filter(|(line, _)| !source.in_tests(*line));
    outside_tests.map(|(line, what)| Finding::new(&source.path, line, what)).collect()
}

/// The other spelling of the one word, in any text of the repository.
pub(crate) fn spelling(path: &str, text: &str) -> Vec<Finding> {
    let other = concat!("licen", "ce");
    let what = format!("`{other}` is not our spelling, write license, or mark a quotation with `{ALLOW}`");
    lines(path, text, &what, |line| line.to_lowercase().contains(other))
}

/// Absolute paths that exist on one machine only, in any text of the repository; tests may make up home folders.
pub(crate) fn machine_paths(path: &str, text: &str) -> Vec<Finding> {
    let builders = ["work", "root"].map(|name| format!("/{name}/"));
    let homes = ["/home/".to_owned(), "/Users/".to_owned(), concat!(":", "\\Users\\").to_owned()];
    let what = format!("a path of one machine, make it relative, or mark an example with `{ALLOW}`");
    let mut found = lines(path, text, &what, |line| has_path(line, &homes));
    let source = Source::new(path, if path.ends_with(".rs") { text } else { "" });
    found.retain(|f| !path.starts_with("tests/") && !source.in_tests(f.line));
    found.extend(lines(path, text, &what, |line| has_path(line, &builders)));
    found
}

/// Whether one of the roots stands in the line as the beginning of a path, not inside a relative one.
fn has_path(line: &str, roots: &[String]) -> bool {
    let begins = |at: usize| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-~/*$})>".contains(c))
    };
    roots
        .iter()
        .any(|root| line.match_indices(root.as_str()).any(|(at, _)| root.starts_with(':') || begins(at)))
}

fn lines(path: &str, text: &str, what: &str, wrong: impl Fn(&str) -> bool) -> Vec<Finding> {
    let wrong = |line: &str| wrong(line) && !line.contains(ALLOW);
    let found = text.lines().enumerate().filter(|(_, line)| wrong(line));
    found.map(|(i, _)| Finding::new(path, i + 1, what)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rule: fn(&Source) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
        rule(&Source::new(path, text)).iter().map(|f| f.line).collect()
    }

    #[test]
    fn a_long_file_or_function_is_reported() {
        assert_eq!(said(length, "tests/x.rs", &"\n".repeat(401)), [401]);
        assert!(said(length, "src/x.rs", &"\n".repeat(400)).is_empty());
        let function = |lines: usize| format!("\nfn f() -> [u8; 2] {{{}}}", "\n".repeat(lines - 1));
        assert_eq!(said(length, "src/x.rs", &function(71)), [2]);
        assert!(said(length, "src/x.rs", &function(70)).is_empty());
    }

    #[test]
    fn a_file_without_its_sentence_is_reported() {
        for bad in ["", "use std::fmt;", "//! No stop", "//! Two. Sentences.", "//! .", "\n//! Late."] {
            assert_eq!(said(head, "crates/core/src/x.rs", bad), [1], "{bad}");
        }
        assert!(said(head, "src/x.rs", "//! What it owns: `a.b`, and more.\n").is_empty());
        assert!(said(head, "tests/x.rs", "").is_empty());
    }

    #[test]
    fn what_is_unfinished_is_reported() {
        let text = "a.unwrap();\nb.\n  expect(\"x\");\npanic!(\"y\");\ntodo!()\nunimplemented!()\ndbg!(c);\n// TODO d\n\
            // FIXME: e\n/* XXX */\nf.unwrap_or(1); g.expect_err(); \".unwrap()\"; #[expect(h)]\nTODOS\n\
            #[cfg(test)]\nmod tests { fn i() { j.unwrap(); } // TODO\n}";
        assert_eq!(said(unfinished, "src/x.rs", text), [1, 2, 4, 5, 6, 7, 8, 9, 10]);
        assert!(said(unfinished, "tests/x.rs", text).is_empty());
    }

    #[test]
    fn the_other_spelling_is_reported() {
        let text = format!("license\nThe Licen{0}d one\nlicen{0} ({ALLOW})", "ce");
        assert_eq!(spelling("a.md", &text).len(), 1);
        assert_eq!(spelling("a.md", &text)[0].line, 2);
    }

    #[test]
    fn a_path_of_one_machine_is_reported() {
        let text = "cd W/work/x\n\"W/root/.cargo\"\nsamples/root/etc $HOME/work/ ~/home/ W/etc/machine-id\n\
            C:W\\Users\\me\nW/home/me (house: allow)\n(W/home/me)"
            .replace('W', "");
        let found: Vec<usize> = machine_paths("a.md", &text).iter().map(|f| f.line).collect();
        assert_eq!(found, [4, 6, 1, 2]);
        let tests =
            "#[cfg(test)]\nmod tests {\n    // W/home/a/ W/root/\n    // W/home/a/\n}".replace('W', "");
        assert_eq!(machine_paths("src/a.rs", &tests).len(), 1);
        assert_eq!(machine_paths("tests/a.rs", &text).len(), 2);
    }
}
