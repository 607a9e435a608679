//! Line and column in the unrepaired file.

use crate::model::{Error, Place};

use super::char_class::Glyph;

/// Line and column as an editor shows them, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Position {
    /// The place of the byte at offset `at` in a file that decodes to `source`.
    pub(super) fn of(source: &[Glyph], at: u32) -> Self {
        let mut place = Self { line: 1, column: 1 };
        for (i, glyph) in source.iter().enumerate().take_while(|(_, glyph)| glyph.at < at) {
            if ends_line(source, i) {
                place = Self { line: place.line + 1, column: 1 };
            } else if glyph.c != '\u{feff}' {
                place.column += 1;
            }
        }
        place
    }
}

impl Position {
    /// The error at this position.
    pub(super) fn of_error(self, error: Error) -> Error {
        error.at(Place::Column(self.column)).at(Place::Line(self.line))
    }
}

/// Whether a line ends here. CR LF is one line end, and so is CR CR LF, the result of a double conversion.
pub(super) fn ends_line(text: &[Glyph], i: usize) -> bool {
    let c = |i: usize| text.get(i).map(|glyph| glyph.c);
    match c(i) {
        Some('\n' | '\u{2028}' | '\u{2029}') => true,
        Some('\r') => c(i + 1) != Some('\n') && !(c(i + 1) == Some('\r') && c(i + 2) == Some('\n')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, needle: char) -> Position {
        let source: Vec<_> = text.char_indices().map(|(at, c)| Glyph { c, at: at as u32 }).collect();
        Position::of(&source, text.find(needle).unwrap() as u32)
    }

    #[test]
    fn lines_are_counted_as_editors_do() {
        for text in ["a\nbc*", "a\r\nbc*", "a\rbc*", "a\r\r\nbc*", "a\u{2028}bc*", "ä\nöü*"] {
            assert_eq!(place(text, '*'), Position { line: 2, column: 3 }, "{text:?}");
        }
        assert_eq!(place("*", '*'), Position { line: 1, column: 1 });
        assert_eq!(place("\r\r*", '*').line, 3);
    }
}
