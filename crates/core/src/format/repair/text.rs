//! A candidate text as all steps see it, and why it does not hold a document.

use crate::model::Error;

use super::body::Fault;
use super::char_class::Glyph;
use super::marker::SignificantText;
use super::position::Position;
use super::repairs;

/// Why a candidate text does not hold a document.
pub(super) struct Failure {
    pub(super) error: Error,
    /// Whether part of a block was found; such a failure is more specific.
    pub(super) found: bool,
    /// The bad character, if that is the cause.
    pub(super) culprit: Option<char>,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { error: fault.error, found: true, culprit: fault.culprit }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, found: true, culprit: None }
    }
}

/// A text with its significant characters, and the unrepaired file that places in errors are of.
pub(super) struct Text<'a> {
    pub(super) glyphs: &'a [Glyph],
    pub(super) significant: SignificantText,
    pub(super) source: &'a [Glyph],
}

impl Text<'_> {
    /// The line of a significant character.
    pub(super) fn line(&self, number: usize) -> usize {
        let glyph = self.glyphs.get(self.significant.place(number, self.glyphs));
        glyph.map_or(1, |glyph| Position::of(self.source, glyph.at).line)
    }

    /// The offset of the first content between two significant characters.
    pub(super) fn content_between(&self, from: usize, to: usize) -> Option<u32> {
        repairs::significant_between(&self.significant, from, to, self.glyphs)
    }
}
