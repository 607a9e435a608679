//! Quoted lines: decides whether `>` and `|` are quote marks or damaged characters.

use super::char_class::{Class, Glyph};
use super::position::ends_line;

/// Where `>` and `|` are quote marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    Nowhere,
    AtLineStarts,
    /// Anywhere: quoted lines were re-wrapped.
    Anywhere,
}

/// How `text[first..last]` is quoted. A single mark is not quoting but a damaged character.
pub(super) fn quoting(text: &[Glyph], first: usize, last: usize) -> Quoting {
    let (mut marks, mut starts, mut fresh) = (0, 0, false);
    for (i, glyph) in text.iter().enumerate().take(last).skip(first) {
        match Class::of(glyph.c) {
            Class::Newline => fresh |= ends_line(text, i),
            Class::Quote => {
                marks += 1;
                starts += usize::from(std::mem::take(&mut fresh));
            }
            class if class.is_significant() => fresh = false,
            _ => {}
        }
    }
    match before_begin(&text[..first]) {
        true if marks > 1 => Quoting::Anywhere,
        _ if starts > 1 => Quoting::AtLineStarts,
        _ => Quoting::Nowhere,
    }
}

/// A run of quote marks right before BEGIN, at the start of its line or with a blank beside it; not the end of a tag.
fn before_begin(before: &[Glyph]) -> bool {
    let class = |i: usize| Class::of(before[i].c);
    let mut i = before.len();
    let mut blank = false;
    while i > 0 && matches!(class(i - 1), Class::Blank | Class::Newline | Class::Hidden) {
        blank |= class(i - 1) == Class::Blank;
        i -= 1;
    }
    if i == 0 || class(i - 1) != Class::Quote {
        return false;
    }
    while i > 0 && class(i - 1) == Class::Quote {
        i -= 1;
    }
    blank || i == 0 || !class(i - 1).is_significant()
}
