//! The part of TOML in which payloads are signed: small enough that every reader of TOML gives it the same meaning.

use std::ops::Range;

use super::limits;

/// The first place where a text leaves that part of TOML.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The byte offset.
    pub(super) at: usize,
    /// What is wrong there.
    pub(super) what: &'static str,
}

/// Refuses a text with anything else than the specification allows in a payload.
pub(super) fn check(text: &str) -> Result<(), Mistake> {
    scan(text).map(|_| ())
}

/// The text with all strings as basic strings; the serializer chooses other forms for texts with quotation marks or line
/// ends, as all writers did before. A text that is no payload is unchanged.
pub(super) fn with_basic_strings(text: String) -> String {
    let Ok(strings) = scan(&text) else { return text };
    let mut written = String::with_capacity(text.len());
    let mut from = 0;
    for found in strings.into_iter().filter(|found| found.form != Form::Basic) {
        written.push_str(&text[from..found.range.start]);
        let mark = found.form.mark();
        let content = &text[found.range.start + mark.len()..found.range.end - mark.len()];
        // A line end right behind the opening mark is no part of the text.
        let content = content.strip_prefix('\n').unwrap_or(content);
        written.push('"');
        let mut chars = content.chars();
        while let Some(c) = chars.next() {
            match c {
                '\n' => written.push_str("\\n"),
                '"' => written.push_str("\\\""),
                '\\' if found.form.is_literal() => written.push_str("\\\\"),
                // An escape stays as it is.
                '\\' => written.extend(std::iter::once(c).chain(chars.next())),
                c => written.push(c),
            }
        }
        written.push('"');
        from = found.range.end;
    }
    written.push_str(&text[from..]);
    written
}

/// How a string is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Basic,
    Literal,
    BasicLines,
    LiteralLines,
}

impl Form {
    fn mark(self) -> &'static str {
        match self {
            Self::Basic => "\"",
            Self::Literal => "'",
            Self::BasicLines => "\"\"\"",
            Self::LiteralLines => "'''",
        }
    }

    fn is_literal(self) -> bool {
        matches!(self, Self::Literal | Self::LiteralLines)
    }

    fn has_lines(self) -> bool {
        matches!(self, Self::BasicLines | Self::LiteralLines)
    }
}

/// A string value in the text, with its quotation marks.
struct Quoted {
    range: Range<usize>,
    form: Form,
}

/// Reads the whole text; returns its string values in order.
fn scan(text: &str) -> Result<Vec<Quoted>, Mistake> {
    let mut scanner = Scanner { text, at: 0, depth: 0, strings: Vec::new() };
    while scanner.at < text.len() {
        scanner.line()?;
    }
    Ok(scanner.strings)
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The names in the header of the current table.
    depth: u64,
    strings: Vec<Quoted>,
}

type Scanned = Result<(), Mistake>;

impl Scanner<'_> {
    fn line(&mut self) -> Scanned {
        match self.peek() {
            Some(b'\n') => {}
            Some(b'[') => self.header()?,
            _ => {
                self.key()?;
                self.take(" = ", "` = ` belongs here, with one blank on each side")?;
                self.value(self.depth)?;
            }
        }
        self.take("\n", "the line must end here, with a line feed")
    }

    fn header(&mut self) -> Scanned {
        let is_array = self.rest().starts_with("[[");
        self.at += if is_array { 2 } else { 1 };
        self.depth = 0;
        loop {
            self.depth += 1;
            self.within_depth(self.depth)?;
            self.key()?;
            if self.peek() != Some(b'.') {
                break;
            }
            self.at += 1;
        }
        self.take(if is_array { "]]" } else { "]" }, "the name of the table must end here, with a bracket")
    }

    fn key(&mut self) -> Scanned {
        if self.peek() == Some(b'"') {
            self.at += 1;
            return self.until_mark(Form::Basic);
        }
        let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        let length = self.rest().bytes().take_while(|b| bare(*b)).count();
        self.at += length;
        if length == 0 { self.mistake("the name of a field belongs here") } else { Ok(()) }
    }

    fn value(&mut self, depth: u64) -> Scanned {
        match self.peek() {
            Some(b'"' | b'\'') => self.string(),
            Some(b'[') => self.array(depth + 1),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            _ => match ["true", "false"].into_iter().find(|word| self.rest().starts_with(word)) {
                Some(word) => {
                    self.at += word.len();
                    Ok(())
                }
                None => {
                    self.mistake("a text in quotes, a whole number, true, false or an array belongs here")
                }
            },
        }
    }

    fn array(&mut self, depth: u64) -> Scanned {
        self.within_depth(depth)?;
        self.at += 1;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth)?;
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(());
            }
            self.take(", ", "`, ` or `]` belongs here, on the same line")?;
        }
    }

    fn integer(&mut self) -> Scanned {
        let is_digit = |b: &u8| b.is_ascii_digit();
        let sign = usize::from(self.peek() == Some(b'-'));
        let digits = self.rest().bytes().skip(sign).take_while(is_digit).count();
        let number = &self.rest()[..sign + digits];
        // The shortest form is the only one: no sign of plus, no zeros in front.
        if number.parse::<i64>().is_ok_and(|value| value.to_string() == number) {
            self.at += number.len();
            return Ok(());
        }
        self.mistake("a whole number of 64 bits belongs here, in decimal without leading zeros")
    }

    fn string(&mut self) -> Scanned {
        let start = self.at;
        let forms = [Form::BasicLines, Form::LiteralLines, Form::Basic, Form::Literal];
        let form = forms.into_iter().find(|form| self.rest().starts_with(form.mark())).unwrap_or(Form::Basic);
        self.at += form.mark().len();
        self.until_mark(form)?;
        self.strings.push(Quoted { range: start..self.at, form });
        Ok(())
    }

    fn until_mark(&mut self, form: Form) -> Scanned {
        let mark = form.mark().as_bytes();
        loop {
            match self.peek() {
                None => return self.mistake("the text in quotes does not end"),
                Some(b) if b == mark[0] => {
                    let run = self.rest().bytes().take_while(|b| *b == mark[0]).count();
                    // Up to two marks of the text itself may stand before the three at its end.
                    let ends = if form.has_lines() { (3..=5).contains(&run) } else { true };
                    if ends {
                        self.at += if form.has_lines() { run } else { 1 };
                        return Ok(());
                    }
                    if run > 5 {
                        return self.mistake("there are too many quotation marks");
                    }
                    self.at += run;
                }
                Some(b'\\') if !form.is_literal() => self.escape()?,
                Some(b'\n') if form.has_lines() => self.at += 1,
                Some(b) if b < b' ' && b != b'\t' || b == 0x7f => {
                    return self.mistake("a control character must be escaped");
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Scanned {
        let digits = match self.rest().as_bytes().get(1) {
            Some(b'b' | b't' | b'n' | b'f' | b'r' | b'"' | b'\\') => 0,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => return self.mistake("there is no such escape"),
        };
        let number = self.text.as_bytes().get(self.at + 2..self.at + 2 + digits).unwrap_or_default();
        let number = std::str::from_utf8(number).ok().filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        let is_character = |number: &str| {
            u32::from_str_radix(number, 16).ok().and_then(char::from_u32).is_some() && number.len() == digits
        };
        if digits > 0 && !number.is_some_and(is_character) {
            return self.mistake("the escape is no character");
        }
        self.at += 2 + digits;
        Ok(())
    }

    fn within_depth(&self, depth: u64) -> Scanned {
        if depth > limits::PAYLOAD_DEPTH {
            return self.mistake("there are too many tables and arrays inside one another");
        }
        Ok(())
    }

    fn take(&mut self, part: &str, what: &'static str) -> Scanned {
        if !self.rest().starts_with(part) {
            return self.mistake(what);
        }
        self.at += part.len();
        Ok(())
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn mistake(&self, what: &'static str) -> Scanned {
        Err(Mistake { at: self.at, what })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn mistake(text: &str) -> Option<usize> {
        check(text).err().map(|mistake| mistake.at)
    }

    #[test]
    fn the_forms_of_the_specification_are_accepted() {
        for text in [
            "",
            "\n\n",
            "a = \"\"\nb-c_9 = true\nd = false\n\"a.b@#+\" = 0\n",
            "a = -1\nb = [1, \"x\", []]\nc = 9223372036854775807\n",
            "[a.b]\n[[c]]\n\n[c.\"d e\"]\nx = \"\\u00e9\\U0001F642\\b\\t\\n\\f\\r\\\"\\\\\té\"\n",
            "a = 'C:\\x'\nb = \"\"\"\n\"x\"\n\"\"\"\nc = '''it's''''\nd = \"\"\"\"\"a\"\"\"\"\"\n",
            "[a.a.a.a.a.a]\na = [[1]]\n",
        ] {
            assert_eq!(mistake(text), None, "{text}");
        }
    }

    #[test]
    fn everything_else_is_a_mistake_with_its_place() {
        for (text, at) in [
            ("\u{feff}a = 1\n", 0),
            ("a = 1", 5),
            ("a = 1\r\n", 5),
            ("a = 1 \n", 5),
            ("a = 1 # one\n", 5),
            ("# one\n", 0),
            (" a = 1\n", 0),
            ("a=1\n", 1),
            ("a  = 1\n", 1),
            ("a.b = 1\n", 1),
            ("'a' = 1\n", 0),
            ("é = 1\n", 0),
            ("a = 1.0\n", 5),
            ("a = 1e400\n", 5),
            ("a = inf\n", 4),
            ("a = +1\n", 4),
            ("a = -0\n", 4),
            ("a = 01\n", 4),
            ("a = 1_000\n", 5),
            ("a = 0x10\n", 5),
            ("a = 9223372036854775808\n", 4),
            ("a = 2027-01-01\n", 8),
            ("a = 07:30:00\n", 4),
            ("a = { b = 1 }\n", 4),
            ("a = [1,2]\n", 6),
            ("a = [ 1]\n", 5),
            ("a = [1, ]\n", 8),
            ("a = [\n1]\n", 5),
            ("a = True\n", 4),
            ("a = trueb\n", 8),
            ("a = \"x\n", 6),
            ("a = \"x", 6),
            ("a = \"\\e\"\n", 5),
            ("a = \"\\x41\"\n", 5),
            ("a = \"\\ud800\"\n", 5),
            ("a = \"\\u12\"\n", 5),
            ("a = \"\\u+041\"\n", 5),
            ("a = \"\\U00110000\"\n", 5),
            ("a = \"\u{7f}\"\n", 5),
            ("a = '\0'\n", 5),
            ("a = \"\"\"x\\\ny\"\"\"\n", 8),
            ("a = \"\"\"x\r\ny\"\"\"\n", 8),
            ("a = \"\"\"\"\"\"\"\"\"\n", 7),
            ("[ a ]\n", 1),
            ("[a . b]\n", 2),
            ("[a]]\n", 3),
            ("[[a]\n", 3),
            ("[]\n", 1),
            ("[a.a.a.a.a.a.a]\na = [[1]]\n", 21),
        ] {
            assert_eq!(mistake(text), Some(at), "{text:?}");
        }
        let deep = format!("a = {}", "[".repeat(300));
        assert_eq!(mistake(&deep), Some(4 + limits::PAYLOAD_DEPTH as usize));
    }

    /// Every text that the serializer quotes in its own way is read back from the basic string.
    #[test]
    fn strings_are_rewritten_without_loss() {
        let parts = ["a", "\"", "'", "\\", "\n", "\r", "\t", "\0", "\u{7f}", "é", "\"\"\"", "'''", "n"];
        let three = |i: usize| [i % 13, i / 13 % 13, i / 169].map(|at| parts[at]).concat();
        for text in (0..13 * 13 * 13).map(three) {
            let table: BTreeMap<&str, &str> = [("k", text.as_str()), ("l", "x")].into();
            let written = toml::to_string(&table).unwrap();
            assert_eq!(check(&written), Ok(()), "{written}");
            let rewritten = with_basic_strings(written);
            assert!(rewritten.starts_with("k = \"") && rewritten.lines().count() == 2, "{rewritten}");
            assert_eq!(check(&rewritten), Ok(()), "{rewritten}");
            assert_eq!(toml::from_str::<toml::Table>(&rewritten).unwrap()["k"].as_str(), Some(text.as_str()));
        }
    }
}
