//! One Rust file as the rules see it: the paths it names, its functions and its test lines.

use crate::tokens::{Token, is_word, item_end, tokens};

/// A path as code names it, with groups spelled out: `use a::{b, c}` gives `a::b` and `a::c`.
#[derive(Debug)]
pub(crate) struct CodePath {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
    /// How many inline modules stand around it.
    pub(crate) inside: usize,
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
                "use" => self.tree(at + 1, Vec::new(), true, &mut found),
                text if is_word(text) => self.tree(at, Vec::new(), false, &mut found),
                _ => at + 1,
            };
        }
        found
    }

    /// Reads one path, or a group of them, and says where it ends.
    fn tree(&self, start: usize, mut prefix: Vec<String>, keep: bool, found: &mut Vec<CodePath>) -> usize {
        let text = |at: usize| self.tokens.get(at).map_or("", |t| t.text.as_str());
        let mut at = if keep && text(start) == "::" { start + 1 } else { start };
        if text(at) == "{" && (keep || !prefix.is_empty()) {
            at += 1;
            while at < self.tokens.len() && text(at) != "}" {
                at = if text(at) == "as" {
                    at + 2
                } else if is_word(text(at)) || text(at) == "{" {
                    self.tree(at, prefix.clone(), true, found)
                } else if text(at) == "*" {
                    self.keep(at, [prefix.clone(), vec!["*".into()]].concat(), found);
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
                return self.tree(at, prefix, true, found);
            }
        }
        if prefix.len() > 1 || (keep && !prefix.is_empty()) {
            self.keep(first, prefix, found);
        }
        at.max(start + 1)
    }

    fn keep(&self, at: usize, segments: Vec<String>, found: &mut Vec<CodePath>) {
        let Token { line, inside, .. } = self.tokens[at];
        found.push(CodePath { segments, line, inside });
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
