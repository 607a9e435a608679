//! One Rust file as the rules see it: the paths it names, its functions and its test lines.

use crate::tokens::{Token, is_word, item_end, tokens};

/// A path as code names it, with groups spelled out: `use a::{b, c}` gives `a::b` and `a::c`.
#[derive(Debug, Clone)]
pub(crate) struct CodePath {
    pub(crate) segments: Vec<String>,
    /// The name it has from here on: its last, or that behind `as`.
    pub(crate) name: String,
    pub(crate) from: From,
    pub(crate) line: usize,
    /// How many inline modules stand around it.
    pub(crate) inside: usize,
}

/// What names a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum From {
    Code,
    Use,
    /// A `use` that passes its names on: `pub use`, `pub(super) use`.
    PubUse,
}

/// A function with its first and last line.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// A Rust file.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
    /// First and last line of each item under `#[cfg(test)]`.
    tests: Vec<(usize, usize)>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let tokens = tokens(text);
        let tests = test_items(&tokens);
        Self { path: path.into(), text: text.into(), tokens, tests }
    }

    /// Marks the whole file as test code: its `mod` line stands under `#[cfg(test)]`.
    pub(crate) fn all_tests(&mut self) {
        self.tests = vec![(1, usize::MAX)];
    }

    /// Whether the line is test code.
    pub(crate) fn in_tests(&self, line: usize) -> bool {
        self.tests.iter().any(|(first, last)| (*first..=*last).contains(&line))
    }

    /// The texts of the `count` tokens from `at`, fewer at the end of the file.
    pub(crate) fn window(&self, at: usize, count: usize) -> Vec<&str> {
        self.tokens.iter().skip(at).take(count).map(|t| t.text.as_str()).collect()
    }

    /// Every path of two or more segments, and every path of a `use`.
    pub(crate) fn paths(&self) -> Vec<CodePath> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(token) = self.tokens.get(at) {
            let before = at.checked_sub(1).map_or("", |i| self.tokens[i].text.as_str());
            at = match token.text.as_str() {
                "::" if before == ">" => at + 2,
                "use" => {
                    let passes_on = before == "pub" || before == ")";
                    let from = if passes_on { From::PubUse } else { From::Use };
                    self.tree(at + 1, Vec::new(), from, &mut found)
                }
                text if is_word(text) => self.tree(at, Vec::new(), From::Code, &mut found),
                _ => at + 1,
            };
        }
        found
    }

    /// Reads one path, or a group of them, and says where it ends.
    fn tree(&self, start: usize, mut prefix: Vec<String>, from: From, found: &mut Vec<CodePath>) -> usize {
        let keep = from != From::Code;
        let text = |at: usize| self.tokens.get(at).map_or("", |t| t.text.as_str());
        let mut at = if keep && text(start) == "::" { start + 1 } else { start };
        if text(at) == "{" && (keep || !prefix.is_empty()) {
            at += 1;
            while at < self.tokens.len() && text(at) != "}" {
                at = if text(at) == "as" {
                    at + 2
                } else if is_word(text(at)) || text(at) == "{" {
                    self.tree(at, prefix.clone(), from, found)
                } else if text(at) == "*" {
                    self.keep(at, at + 1, [prefix.clone(), vec!["*".into()]].concat(), from, found);
                    at + 1
                } else {
                    at + 1
                };
            }
            return at + 1;
        }
        let first = at;
        while is_word(text(at)) || (text(at) == "*" && !prefix.is_empty()) {
            prefix.push(text(at).into());
            if text(at + 1) != "::" {
                at += 1;
                break;
            }
            at += 2;
            if text(at) == "{" {
                return self.tree(at, prefix, from, found);
            }
        }
        if prefix.len() > 1 || (keep && !prefix.is_empty()) {
            self.keep(first, at, prefix, from, found);
        }
        at.max(start + 1)
    }

    fn keep(&self, at: usize, end: usize, segments: Vec<String>, from: From, found: &mut Vec<CodePath>) {
        let Token { line, inside, .. } = self.tokens[at];
        let last = segments.iter().rfind(|segment| *segment != "self").cloned().unwrap_or_default();
        let name = match self.window(end, 2)[..] {
            ["as", name] if from != From::Code => name.to_owned(),
            _ => last,
        };
        found.push(CodePath { segments, name, from, line, inside });
    }

    /// Whether an item of this name is defined here.
    pub(crate) fn defines(&self, name: &str) -> bool {
        let kinds = ["fn", "struct", "enum", "trait", "type", "const", "static", "mod"];
        self.tokens.windows(2).any(|two| kinds.contains(&two[0].text.as_str()) && two[1].text == name)
    }

    /// The first line outside tests and `use` lines that names a type, or calls a function, without a path.
    pub(crate) fn names(&self, name: &str) -> Option<usize> {
        let mut use_ends = 0;
        for (at, token) in self.tokens.iter().enumerate() {
            if token.text == "use" {
                use_ends = item_end(&self.tokens, at).unwrap_or(at);
            }
            if token.text != name || at < use_ends || self.in_tests(token.line) {
                continue;
            }
            let text = |at: usize| self.tokens.get(at).map_or("", |token| token.text.as_str());
            let plain = !["::", ".", "fn", "mod"].contains(&text(at.saturating_sub(1)));
            if plain && (name.starts_with(char::is_uppercase) || text(at + 1) == "(") {
                return Some(token.line);
            }
        }
        None
    }

    /// Every function that has a body.
    pub(crate) fn functions(&self) -> Vec<Function> {
        let starts = (0..self.tokens.len()).filter(|at| {
            let seen = self.window(*at, 2);
            seen.len() == 2 && seen[0] == "fn" && is_word(seen[1])
        });
        let function = |at: usize| {
            let end = item_end(&self.tokens, at)?;
            let (first, last) = (self.tokens[at].line, self.tokens[end].line);
            (self.tokens[end].text == "}").then(|| Function {
                name: self.tokens[at + 1].text.clone(),
                first,
                last,
            })
        };
        starts.filter_map(function).collect()
    }
}

fn test_items(tokens: &[Token]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let seen: Vec<&str> = tokens[at..].iter().take(8).map(|t| t.text.as_str()).collect();
        let line = tokens[at].line;
        if seen.starts_with(&["#", "!", "[", "cfg", "(", "test", ")", "]"]) {
            found.push((1, usize::MAX));
        } else if seen.starts_with(&["#", "[", "cfg", "(", "test", ")", "]"])
            || seen.starts_with(&["#", "[", "cfg", "(", "all", "(", "test", ","])
        {
            found.push((line, item_end(tokens, at).map_or(usize::MAX, |end| tokens[end].line)));
        }
    }
    found
}

#[test]
fn groups_are_spelled_out() {
    let source = Source::new(
        "src/x.rs",
        "use crate::{a::B, c::{self, d as e}, f::*};\nuse {g, ::h};\nlet x = i::<j::k>::l::o(::m::n);",
    );
    let paths: Vec<String> = source.paths().iter().map(|p| p.segments.join("::")).collect();
    let expected = ["crate::a::B", "crate::c::self", "crate::c::d", "crate::f::*", "g", "h", "j::k", "m::n"];
    assert_eq!(paths, expected);
    assert_eq!(source.paths().last().unwrap().line, 3);
    let names: Vec<String> = source.paths().iter().map(|p| p.name.clone()).collect();
    assert_eq!(names, ["B", "c", "e", "*", "g", "h", "k", "n"]);
    let from = Source::new("src/x.rs", "pub use a::b;\nuse c::d;\npub(super) use e::f as g;\nh::i()");
    let from: Vec<_> = from.paths().into_iter().map(|p| (p.name, p.from)).collect();
    let expected = [("b", From::PubUse), ("d", From::Use), ("g", From::PubUse), ("i", From::Code)];
    assert_eq!(from, expected.map(|(name, from)| (name.to_owned(), from)));
}

#[test]
fn plain_names_are_seen_where_they_are_used() {
    let text = "pub use a::{B, c};\nfn c() {}\nlet c = d.c() + x::c();\n// B\nB { c: c }\nc()\n#[cfg(test)]\nmod t { E }";
    let source = Source::new("src/x.rs", text);
    assert_eq!((source.names("B"), source.names("c"), source.names("E")), (Some(5), Some(6), None));
    assert!(source.defines("c") && source.defines("t") && !source.defines("B"));
}

#[test]
fn test_code_and_inline_modules_are_seen() {
    let text =
        "fn a() {}\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\nmod d { use e; }\n";
    let source = Source::new("src/x.rs", text);
    let lines: Vec<usize> = (1..=8).filter(|line| source.in_tests(*line)).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6]);
    assert_eq!(source.paths()[0].inside, 1);
    let functions: Vec<_> = source.functions().iter().map(|f| (f.name.clone(), f.first, f.last)).collect();
    assert_eq!(functions, [("a".into(), 1, 1), ("b".into(), 5, 5), ("c".into(), 7, 7)]);
    assert!(!Source::new("src/x.rs", "#[cfg(not(test))]\nfn a() {}").in_tests(2));
    assert!(Source::new("src/x.rs", "#[cfg(all(test, unix))]\nfn a() {}").in_tests(2));
}
