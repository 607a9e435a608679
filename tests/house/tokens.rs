//! Rust text as tokens: what is left without comments, strings and characters, each line where it was.

/// A token of the code: an identifier or number, `::`, or one other character.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Counted from 1.
    pub(crate) line: usize,
    /// How many inline modules stand around it.
    pub(crate) inside: usize,
}

/// The tokens of a Rust text, without comments, strings and characters.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let mut braces: Vec<bool> = Vec::new();
    for (line, content) in strip(text).lines().enumerate() {
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
pub(crate) fn item_end(tokens: &[Token], start: usize) -> Option<usize> {
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

/// Whether a token is an identifier, a keyword or a number.
pub(crate) fn is_word(text: &str) -> bool {
    text.chars().next().is_some_and(is_word_char)
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

#[test]
fn comments_and_strings_are_no_code() {
    let text = "a /* b /* c */ d */ \"e \\\" f\" 'g' '\\'' r#\"h \" i\"# br\"j\\\" 'k // l\nm r#n";
    let left: Vec<String> = tokens(text).into_iter().map(|t| t.text).collect();
    assert_eq!(left.join(" "), "a b ' k m r # n");
}
