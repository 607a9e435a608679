//! A manual page as text on a terminal: the macros and escapes of man(7) that our pages use, and no others.

use anstyle::Style;

const BOLD: Style = Style::new().bold();
const VALUE: Style = Style::new().underline();
/// Columns that text stands in from the margin, and what hangs below a tag further in.
const INDENT: usize = 4;
/// A blank at which no line is broken.
const NO_BREAK: char = '\u{a0}';

/// The page in lines of at most `width` columns, but for those that are shown as they stand.
pub(super) fn rendered(page: &str, width: usize, styled: bool) -> String {
    let mut paper = Paper { width, styled, margin: INDENT, indent: INDENT, ..Paper::default() };
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        match line.strip_prefix('.') {
            // The tag is the next line of the page.
            Some("TP") => paper.tag(lines.next().unwrap_or_default()),
            Some(request) => paper.request(request),
            None => paper.put(line),
        }
    }
    paper.flush();
    paper.out.replace(NO_BREAK, " ")
}

#[derive(Default)]
struct Paper {
    out: String,
    width: usize,
    styled: bool,
    /// Where paragraphs begin, and where the one that is being filled stands.
    margin: usize,
    indent: usize,
    below_heading: bool,
    /// What stands before the first line of a paragraph.
    tag: String,
    words: Vec<String>,
    verbatim: bool,
}

impl Paper {
    fn request(&mut self, request: &str) {
        let (name, rest) = request.split_once(' ').unwrap_or((request, ""));
        let words = arguments(rest);
        match name {
            "TH" => self.title(&words),
            "SH" => self.heading(rest, 0),
            "SS" => self.heading(rest, INDENT / 2),
            "P" | "PP" => self.paragraph(),
            "IP" => self.tag(words.first().map_or("", String::as_str)),
            "RS" => self.move_margin(self.margin + INDENT),
            "RE" => self.move_margin(self.margin.saturating_sub(INDENT).max(INDENT)),
            "nf" | "EX" => {
                self.flush();
                self.verbatim = true;
            }
            "fi" | "EE" => self.verbatim = false,
            "br" | "sp" => self.flush(),
            _ if is_font(name) => self.put(&format!(".{request}")),
            // Comments and definitions.
            _ => {}
        }
    }

    fn title(&mut self, words: &[String]) {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let (left, right) = (format!("{}({})", word(0), word(1)), format!("{}, {}", word(3), word(2)));
        self.out += &format!("{left}{right:>room$}\n", room = self.width.saturating_sub(left.len()));
    }

    fn heading(&mut self, text: &str, indent: usize) {
        self.flush();
        let (space, title) = (" ".repeat(indent), self.painted(&BOLD, &arguments(text).join(" ")));
        self.out += &format!("\n{space}{title}\n");
        (self.margin, self.indent, self.below_heading) = (INDENT, INDENT, true);
    }

    fn move_margin(&mut self, margin: usize) {
        self.flush();
        (self.margin, self.indent) = (margin, margin);
    }

    /// Begins a paragraph, behind an empty line unless it is the first below a heading.
    fn paragraph(&mut self) {
        self.flush();
        self.indent = self.margin;
        if !std::mem::take(&mut self.below_heading) {
            self.out.push('\n');
        }
    }

    /// A tag, with the text to come below it and further in, or beside it if there is room.
    fn tag(&mut self, line: &str) {
        self.paragraph();
        let tag = self.inline(line);
        self.indent = self.margin + INDENT;
        if columns(&tag) < INDENT {
            self.tag = tag;
        } else if !tag.is_empty() {
            self.out += &format!("{}{tag}\n", " ".repeat(self.margin));
        }
    }

    /// A line of text, or of one font macro.
    fn put(&mut self, line: &str) {
        let text = self.inline(line);
        self.below_heading = false;
        if self.verbatim {
            self.out += format!("{}{text}", " ".repeat(self.indent)).trim_end();
            self.out.push('\n');
        } else {
            self.words.extend(text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
        }
    }

    /// Writes the words that were gathered, as many on a line as fit.
    fn flush(&mut self) {
        let mut line = match std::mem::take(&mut self.tag) {
            tag if tag.is_empty() => String::new(),
            tag => format!("{}{tag}{}", " ".repeat(self.margin), " ".repeat(INDENT - columns(&tag))),
        };
        for word in std::mem::take(&mut self.words) {
            if !line.trim().is_empty() && columns(&line) + 1 + columns(&word) > self.width {
                self.out += &format!("{}\n", line.trim_end());
                line.clear();
            }
            match columns(&line) {
                0 => line = format!("{}{word}", " ".repeat(self.indent)),
                at if at <= self.indent => line += &word,
                _ => line += &format!(" {word}"),
            }
        }
        if !line.is_empty() {
            self.out += &format!("{}\n", line.trim_end());
        }
    }

    /// A line of text, or one with a font for its words, without escapes.
    fn inline(&self, line: &str) -> String {
        let request = line.strip_prefix('.').and_then(|line| line.split_once(' '));
        let Some((fonts, rest)) = request.filter(|(name, _)| is_font(name)) else {
            return self.escapes(line);
        };
        let font = |at: usize| fonts.chars().nth(at % fonts.len()).unwrap_or('R');
        let words = arguments(rest);
        let between = if fonts.len() == 1 { " " } else { "" };
        let text: Vec<String> =
            words.iter().enumerate().map(|(at, word)| format!("\\f{}{word}\\fR", font(at))).collect();
        self.escapes(&text.join(between))
    }

    /// Text with its escapes replaced. Each word has its font for itself, so that lines can be broken between any two.
    fn escapes(&self, text: &str) -> String {
        let (mut out, mut piece, mut font, mut before) = (String::new(), String::new(), 'R', 'R');
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            let mut next = || rest.next().unwrap_or_default();
            match c {
                '\\' => match next() {
                    'f' => {
                        out += &self.styled(font, &std::mem::take(&mut piece));
                        let wanted = next();
                        (before, font) = (font, if wanted == 'P' { before } else { wanted });
                    }
                    '(' => piece.push(named(&[next(), next()])),
                    'e' | '\\' => piece.push('\\'),
                    ' ' => piece.push(NO_BREAK),
                    '&' => {}
                    '"' => break,
                    other => piece.push(other),
                },
                ' ' => {
                    out += &self.styled(font, &std::mem::take(&mut piece));
                    out.push(' ');
                }
                c => piece.push(c),
            }
        }
        out + &self.styled(font, &piece)
    }

    fn styled(&self, font: char, piece: &str) -> String {
        match font {
            'B' => self.painted(&BOLD, piece),
            'I' => self.painted(&VALUE, piece),
            _ => piece.to_owned(),
        }
    }

    fn painted(&self, style: &Style, text: &str) -> String {
        if self.styled && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// `B`, `I`, `BR` and the like.
fn is_font(name: &str) -> bool {
    matches!(name, "B" | "I" | "BR" | "RB" | "BI" | "IB" | "IR" | "RI")
}

/// The words of a request; quotation marks keep words together, and two of them are one.
fn arguments(rest: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => word.get_or_insert_default().extend(chars.next()),
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            // An escaped blank does not end a word.
            '\\' => word.get_or_insert_default().extend(['\\'].into_iter().chain(chars.next())),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// A character by its name of two letters.
fn named(name: &[char; 2]) -> char {
    match name {
        ['a', 'q'] => '\'',
        ['d', 'q'] => '"',
        ['h', 'a'] => '^',
        ['t', 'i'] => '~',
        ['r', 's'] => '\\',
        ['m', 'u'] => '×',
        ['b', 'u'] => '•',
        _ => '\u{fffd}',
    }
}

/// The columns a text takes, escape codes left out.
fn columns(text: &str) -> usize {
    let codes = text.split('\u{1b}').enumerate();
    let plain = codes
        .map(|(at, part)| if at == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) });
    plain.map(|part| part.chars().count()).sum()
}
