//! One Rust file as the rules see it: code without comments and strings, its tokens, paths, functions and test lines.

/// A token of the code: an identifier or number, `::`, or one other character.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Counted from 1.
    pub(crate) line: usize,
    /// How many inline modules stand around it.
    pub(crate) inside: usize,
}

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
        let tokens = tokens(&strip(text));
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

/// The code with comments, strings and characters made blank; every line stays where it is.
fn strip(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while at < chars.len() {
        let end = blank_end(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Where the comment, string or character that begins here ends; `at` itself when none begins.
fn blank_end(chars: &[char], at: usize) -> usize {
    let is = |i: usize, c: char| chars.get(i) == Some(&c);
    let find = |from: usize, c: char| (from..chars.len()).find(|i| is(*i, c)).unwrap_or(chars.len());
    match chars[at] {
        '/' if is(at + 1, '/') => find(at, '\n'),
        '/' if is(at + 1, '*') => block_comment_end(chars, at),
        '"' => {
            let mut i = at + 1;
            while i < chars.len() && !is(i, '"') {
                i += if is(i, '\\') { 2 } else { 1 };
            }
            (i + 1).min(chars.len())
        }
        '\'' if is(at + 1, '\\') => (find(at + 3, '\'') + 1).min(chars.len()),
        '\'' if is(at + 2, '\'') => at + 3,
        'r' if at == 0 || !is_word_char(chars[at - 1]) || starts_prefix(chars, at - 1) => {
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            let open = at + 1 + hashes;
            if !is(open, '"') {
                return at;
            }
            let closes = |i: &usize| is(*i, '"') && (1..=hashes).all(|n| is(i + n, '#'));
            (open + 1..chars.len()).find(closes).map_or(chars.len(), |i| i + 1 + hashes)
        }
        _ => at,
    }
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0usize, start);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

/// The `b` or `c` of a `br""` or `cr""`.
fn starts_prefix(chars: &[char], at: usize) -> bool {
    matches!(chars[at], 'b' | 'c') && (at == 0 || !is_word_char(chars[at - 1]))
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(crate) fn is_word(text: &str) -> bool {
    text.chars().next().is_some_and(is_word_char)
}

fn tokens(code: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let mut braces: Vec<bool> = Vec::new();
    for (line, content) in code.lines().enumerate() {
        let mut rest = content.trim_start();
        while let Some(c) = rest.chars().next() {
            let length = match c {
                _ if is_word_char(c) => rest.find(|c| !is_word_char(c)).unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                _ => c.len_utf8(),
            };
            let text = rest[..length].to_owned();
            rest = rest[length..].trim_start();
            if text == "{" {
                let opener = all.len().checked_sub(2).map(|i| all[i].text.as_str());
                braces.push(opener == Some("mod"));
            } else if text == "}" {
                braces.pop();
            }
            let inside = braces.iter().filter(|module| **module).count();
            all.push(Token { text, line: line + 1, inside });
        }
    }
    all
}

/// The `}` or `;` that ends the item beginning at `start`.
fn item_end(tokens: &[Token], start: usize) -> Option<usize> {
    let (mut round, mut curly) = (0i32, 0i32);
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.text.as_str() {
            "(" | "[" => round += 1,
            ")" | "]" => round -= 1,
            "{" => curly += 1,
            "}" => curly -= 1,
            _ => {}
        }
        let closed = token.text == "}" || token.text == ";";
        if closed && curly <= 0 && round <= 0 {
            return Some(at);
        }
    }
    None
}

fn test_items(tokens: &[Token]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let seen: Vec<&str> = tokens[at..].iter().take(8).map(|t| t.text.as_str()).collect();
        let line = tokens[at].line;
        if seen.starts_with(&["#", "!", "[", "cfg", "(", "test", ")", "]"]) {
            found.push((1, usize::MAX));
        } else if seen.starts_with(&["#", "[", "cfg", "(", "test", ")", "]"]) {
            found.push((line, item_end(tokens, at).map_or(usize::MAX, |end| tokens[end].line)));
        }
    }
    found
}

#[test]
fn comments_and_strings_are_no_code() {
    let text = "a /* b /* c */ d */ \"e \\\" f\" 'g' '\\'' r#\"h \" i\"# br\"j\\\" 'k // l\nm r#n";
    let left: Vec<String> = tokens(&strip(text)).into_iter().map(|t| t.text).collect();
    assert_eq!(left.join(" "), "a b ' k m r # n");
}

#[test]
fn groups_are_spelled_out() {
    let source = Source::new(
        "src/x.rs",
        "use crate::{a::B, c::{self, d as e}, f::*};\nuse {g, ::h};\nlet x = i::<j::k>::l(::m::n);",
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
}
