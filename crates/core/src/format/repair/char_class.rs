//! One character of the text with its offset in the file, and its class.

use crate::format::visible::is_hidden;

/// A character and its byte offset in the unrepaired file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) at: u32,
}

/// The class of a character. The classes do not overlap, so no repair can change a base64 character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Blank,
    Newline,
    Hidden,
    Quote,
    Dash,
    Base64,
    Pad,
    Other,
}

impl Class {
    pub(super) fn of(c: char) -> Self {
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '+' | '/' => Self::Base64,
            '=' => Self::Pad,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Self::Newline,
            ' '
            | '\t'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}' => Self::Blank,
            '>' | '|' => Self::Quote,
            '-'
            | '\u{2010}'..='\u{2015}'
            | '\u{2043}'
            | '\u{2212}'
            | '\u{2e3a}'
            | '\u{2e3b}'
            | '\u{fe58}'
            | '\u{fe63}'
            | '\u{ff0d}' => Self::Dash,
            _ if is_hidden(c) => Self::Hidden,
            _ => Self::Other,
        }
    }

    /// Whether it is a significant character, not layout. Positions of markers are counted in significant characters.
    pub(super) fn is_significant(self) -> bool {
        matches!(self, Self::Dash | Self::Base64 | Self::Pad | Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_characters_are_base64() {
        let count = ('\0'..=char::MAX).filter(|&c| Class::of(c) == Class::Base64).count();
        assert_eq!(count, 64);
    }
}
