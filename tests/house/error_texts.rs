//! No decision reads the text of an error: messages, details and places as text are only passed on to be shown.

use crate::source::Source;
use crate::{Finding, inside};

/// The texts of an error.
const TEXTS: [&str; 3] = ["message", "details", "place"];

/// Methods that look into a text, or choose by it.
const LOOKS: [&str; 30] = [
    "replace",
    "trim_end_matches",
    "trim_start_matches",
    "contains",
    "starts_with",
    "ends_with",
    "find",
    "rfind",
    "strip_prefix",
    "strip_suffix",
    "split",
    "rsplit",
    "split_once",
    "rsplit_once",
    "splitn",
    "matches",
    "match_indices",
    "eq",
    "ne",
    "cmp",
    "any",
    "all",
    "position",
    "find_map",
    "filter",
    "filter_map",
    "is_some",
    "is_none",
    "is_some_and",
    "is_none_or",
];

/// Places outside test code where the text of an error is looked into.
pub(crate) fn looked_into(source: &Source) -> Vec<Finding> {
    // The one file that makes a text of it.
    if inside(&source.path).is_none() || source.path == "crates/core/src/model/error.rs" {
        return Vec::new();
    }
    let text = |at: usize| source.tokens.get(at).map_or("", |token| token.text.as_str());
    let mut found = Vec::new();
    for at in 0..source.tokens.len() {
        let name = text(at + 1);
        let is_text = text(at) == "." && TEXTS.contains(&name) && text(at + 2) == "(" && text(at + 3) == ")";
        let line = source.tokens[at].line;
        if is_text && !source.in_tests(line) && (chain_looks(&text, at + 4) || is_compared(&text, at)) {
            let what = format!("`{name}()` is for people, decide by the reason, the cause or the places");
            found.push(Finding::new(&source.path, line, what));
        }
    }
    found
}

/// Whether a method of the chain that begins at `at` looks into the text, or what comes behind it compares it.
fn chain_looks<'a>(text: &impl Fn(usize) -> &'a str, mut at: usize) -> bool {
    while text(at) == "." || text(at) == "?" {
        if text(at) == "?" {
            at += 1;
            continue;
        }
        if LOOKS.contains(&text(at + 1)) {
            return true;
        }
        at = end_of_call(text, at + 2);
    }
    matches!((text(at), text(at + 1)), ("=" | "!", "="))
}

/// The token behind the brackets that open at `at`, or behind a path of types before them.
fn end_of_call<'a>(text: &impl Fn(usize) -> &'a str, mut at: usize) -> usize {
    if text(at) != "(" {
        return at;
    }
    let mut depth = 0;
    loop {
        match text(at) {
            "(" => depth += 1,
            ")" => depth -= 1,
            "" => return at,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
}

/// Whether the expression before `at` is what a `match` or `if let` chooses by, or stands behind a comparison.
fn is_compared<'a>(text: &impl Fn(usize) -> &'a str, at: usize) -> bool {
    let is_part = |word: &str| word == "." || word.chars().all(|c| c.is_alphanumeric() || c == '_');
    let keyword = |word: &str| matches!(word, "match" | "if" | "while" | "return" | "in" | "let");
    let mut start = at;
    while start > 0 && is_part(text(start - 1)) && !keyword(text(start - 1)) {
        start -= 1;
    }
    let before = |back: usize| start.checked_sub(back).map_or("", text);
    let by_pattern = before(1) == "="
        && (2..12).any(|back| before(back) == "let" && matches!(before(back + 1), "if" | "while"));
    before(1) == "match" || by_pattern || (before(1) == "=" && matches!(before(2), "=" | "!"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        looked_into(&Source::new("src/cli/a.rs", text)).iter().map(|found| found.line).collect()
    }

    #[test]
    fn a_look_into_the_text_of_an_error_is_reported() {
        for look in [
            r#"fn f() { if error.message().contains("was bought") {} }"#,
            r#"fn f() { if error.message() == "x" {} }"#,
            r#"fn f() { if "x" != error.message() {} }"#,
            r#"fn f() { match error.place() { Some("x") => 1, _ => 2 } }"#,
            r#"fn f() { if let Some("x") = error.place() {} }"#,
            r#"fn f() { error.details().iter().any(|line| line == X) }"#,
            r#"fn f() { error.place()?.split(", ").next() }"#,
            r#"fn f() { it.place().and_then(|place| place.rsplit('.').next()).is_some() }"#,
        ] {
            assert_eq!(lines(look), [1], "{look}");
        }
    }

    #[test]
    fn what_only_shows_it_is_none() {
        for show in [
            r#"fn f() { println!("{}", error.message()); }"#,
            r#"fn f() { error.details().iter().fold(error, Error::detail) }"#,
            r#"fn f() { let place = error.place().map(str::to_owned); }"#,
            r#"#[cfg(test)] mod tests { fn f() { assert!(error.message().contains("x")); } }"#,
        ] {
            assert!(lines(show).is_empty(), "{show}");
        }
    }
}
