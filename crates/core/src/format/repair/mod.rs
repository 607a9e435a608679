//! Repairs damage of transfers: the kinds of damage, and the search for a decoding that gives a document.

mod base64_text;
mod block_end;
mod body;
mod candidate;
mod char_class;
mod charset;
mod html;
mod line_edges;
mod marker;
mod position;
mod quoted;
mod quoting;
mod repairs;
mod search;
mod text;

pub(super) use search::{read, read_public_key, reads_as_marker};

use std::fmt;

macro_rules! accidents {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal;)+) => {
        /// A kind of damage that was repaired without loss; the words are stable, new ones may be added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Accident {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Accident {
            /// Every kind, in the order of the manual.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable word, as in `--json`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// What was found, for people.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

accidents! {
    /// the file begins with a UTF-8 byte order mark
    Utf8Bom = "utf-8-bom";
    /// the text is UTF-16
    Utf16 = "utf-16";
    /// the file is padded with zero bytes or ^Z
    PaddingBytes = "padding-bytes";
    /// the text is quoted-printable, as in raw mail
    QuotedPrintable = "quoted-printable";
    /// the block has HTML tags or entities
    Html = "html";
    /// the text has the paste marks of a terminal
    PasteMarks = "paste-marks";
    /// the text has color codes of a terminal
    TerminalCodes = "terminal-codes";
    /// the text is base64, as in raw mail
    Base64Text = "base64-text";
    /// the BEGIN and END lines are missing
    MissingMarkers = "missing-markers";
    /// lines have the same text at their edges, such as numbers, a time or a name
    LineEdges = "line-edges";
    /// lines have marks of emphasis at their edges
    Emphasis = "emphasis";
    /// line ends are not plain LF
    LineEnds = "line-ends";
    /// lines are quoted with > or |
    Quoting = "quoting";
    /// lines are indented
    Indentation = "indentation";
    /// the block has blank lines
    BlankLines = "blank-lines";
    /// lines have trailing blanks
    TrailingBlanks = "trailing-blanks";
    /// lines are wrapped in other places
    ReWrapped = "re-wrapped";
    /// the label has other blanks or capitals
    Label = "label";
    /// dashes around a label are missing or typographic
    Dashes = "dashes";
    /// the = at the end of the base64 is missing
    Base64Padding = "base64-padding";
    /// the block has invisible characters
    InvisibleCharacters = "invisible-characters";
    /// other text follows the block, and is ignored
    TextAfter = "text-after";
    /// the document stands in the text more than once
    Repeated = "repeated";
}

/// One kind of damage that was repaired, and its first place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repair {
    accident: Accident,
    line: Option<usize>,
}

impl Repair {
    /// A repair; `line` is the first line with this damage.
    pub fn new(accident: Accident, line: Option<usize>) -> Self {
        Self { accident, line }
    }

    /// The kind of damage.
    pub fn accident(&self) -> Accident {
        self.accident
    }

    /// The stable word: `utf-8-bom`, `line-ends`, …
    pub fn word(&self) -> &'static str {
        self.accident.word()
    }

    /// The first line with this damage in the unrepaired file, counted from 1; `None` if it is the whole file.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.accident.meaning())?;
        match self.line {
            Some(line) => write!(f, " (line {line})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_distinct_and_plain() {
        let mut words: Vec<_> = Accident::ALL.iter().map(|a| a.word()).collect();
        assert!(
            words
                .iter()
                .all(|w| w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
        );
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Accident::ALL.len());
    }

    #[test]
    fn a_repair_names_its_line() {
        assert_eq!(
            Repair::new(Accident::Quoting, Some(4)).to_string(),
            "lines are quoted with > or | (line 4)"
        );
        assert_eq!(Repair::new(Accident::Utf16, None).to_string(), "the text is UTF-16");
    }
}
