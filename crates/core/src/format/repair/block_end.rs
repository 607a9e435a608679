//! The END marker of a block, or the error if it is missing or of another kind.

use crate::model::{Error, Kind, Place, Reason};

use super::char_class::{Class, Glyph};
use super::marker::{Label, Marker, Pair};
use super::position::Position;
use super::text::{Failure, Text};

/// The label of a block and its END.
pub(super) fn end_marker<'a>(pair: &Pair<'a>, text: &Text<'_>) -> Result<(Label, &'a Marker), Failure> {
    let label = pair.begin.label.unwrap_or(Label::Document(Kind::License));
    let begin_line = text.line(pair.begin.from);
    let what = format!("the {} that begins in line {begin_line}", label.noun());
    match (pair.end, pair.next) {
        (Some(end), _) if end.label == Some(label) => Ok((label, end)),
        (Some(end), _) => {
            let other = end.label.map_or("document", Label::noun);
            let error = Error::new(Reason::Truncated, format!("{what} ends as a {other}"));
            let error = error.at(Place::Line(text.line(end.from)));
            Err(error.detail("these are pieces of two documents").into())
        }
        (None, Some(next)) => {
            let error = Error::new(Reason::Truncated, format!("{what} has no end before the next begins"));
            Err(error.at(Place::Line(text.line(next.from))).into())
        }
        (None, None) => {
            let rest = &text.glyphs[text.significant.place(pair.begin.to - 1, text.glyphs) + 1..];
            let error = truncated(label, begin_line, rest, text.source);
            Err(Failure { error, found: true, culprit: cut_at(rest) })
        }
    }
}

/// The most characters of a line that a terminal takes: on Linux, and on macOS and the BSDs.
const TERMINAL_LINES: [usize; 2] = [4095, 1023];

/// The first character behind BEGIN that is neither base64 nor layout.
fn cut_at(rest: &[Glyph]) -> Option<char> {
    rest.iter().map(|glyph| glyph.c).find(|&c| matches!(Class::of(c), Class::Pad | Class::Other))
}

fn truncated(label: Label, begin_line: usize, rest: &[Glyph], source: &[Glyph]) -> Error {
    let ink = |glyph: &&Glyph| Class::of(glyph.c).is_significant() && glyph.c != '\0';
    let Some(last) = rest.iter().rfind(ink) else {
        let message = format!("the text stops after the BEGIN of the {}", label.noun());
        return Error::new(Reason::Truncated, message).at(Place::Line(begin_line));
    };
    let stray =
        rest.iter().find(|glyph| !matches!(Class::of(glyph.c), Class::Base64 | Class::Pad) && ink(glyph));
    let (problem, at) = match stray {
        // Other text follows the base64: the END line itself is damaged.
        Some(stray) if stray.at < last.at => ("has no END line, or it is damaged".to_owned(), stray.at),
        _ => (format!("stops after line {}", Position::of(source, last.at).line), last.at),
    };
    let message = format!("the {} that begins in line {begin_line} {problem}", label.noun());
    let error = Error::new(Reason::Truncated, message);
    let place = Position::of(source, at);
    let rest = match TERMINAL_LINES.contains(&place.column) {
        true => {
            "a terminal cuts off a pasted line here: paste it in lines of 64 characters, or carry the file"
        }
        false => "the rest was lost in transfer: copy it again",
    };
    place.of_error(error).detail(rest)
}
