//! Reads one candidate text: markers, blocks in order, exactly one main document.

use crate::format::{Block, Opened};
use crate::model::{Error, Kind, Place, Reason, Result};

use super::body::{self, Fault};
use super::char_class::{Class, Glyph};
use super::marker::{self, Marker, Pair, SignificantText};
use super::position::Position;
use super::quoting::quoting;
use super::repairs::{self, Region};
use super::{Accident, Repair};

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

/// Reads `text`, after the repairs `undone`; places in errors are those in `source`, the unrepaired file.
pub(super) fn document(text: &[Glyph], undone: &[Accident], source: &[Glyph]) -> Result<Opened, Failure> {
    let significant = SignificantText::of(text);
    let markers = marker::find(&significant, text);
    let pairs = marker::pair(&markers);
    if pairs.is_empty() {
        return Err(no_begin(text, &significant, &markers, source));
    }
    let line = |number: usize| {
        text.get(significant.place(number, text)).map_or(1, |g| Position::of(source, g.at).line)
    };
    one_main_document(&pairs, &line)?;
    let mut opened = Opened { blocks: Vec::new(), repairs: Vec::new() };
    let mut seen: Vec<(Accident, Option<u32>)> = undone.iter().map(|&accident| (accident, None)).collect();
    let mut behind = None;
    for pair in &pairs {
        let (kind, end) = end_marker(pair, text, &significant, source)?;
        let (first, last) =
            (significant.place(pair.begin.from, text), significant.place(end.to - 1, text) + 1);
        let inside = repairs::inside(text, &significant, pair.begin, end);
        let quoting = quoting(text, first, last);
        let body = body::collect(&text[inside], quoting, source)?;
        let (sealed, lost) =
            body.decode(source).map_err(|error| with_block_place(error, line(pair.begin.from)))?;
        if lost {
            seen.push((Accident::Base64Padding, text.get(last - 1).map(|glyph| glyph.at)));
        }
        if let Some(at) = behind
            .and_then(|behind| repairs::significant_between(&significant, behind, pair.begin.from, text))
        {
            seen.push((Accident::TextAfter, Some(at)));
        }
        repairs::region(
            &Region { text, significant: &significant, begin: pair.begin, end, body: &body },
            &mut seen,
        );
        behind = Some(end.to);
        opened.blocks.push(Block { kind, sealed });
    }
    if let Some(at) = behind
        .and_then(|behind| repairs::significant_between(&significant, behind, significant.chars.len(), text))
    {
        seen.push((Accident::TextAfter, Some(at)));
    }
    opened.repairs = repairs(seen, source);
    Ok(opened)
}

/// Each kind of damage once, with the first line of its occurrence.
fn repairs(mut seen: Vec<(Accident, Option<u32>)>, source: &[Glyph]) -> Vec<Repair> {
    seen.sort_unstable();
    seen.dedup_by_key(|(accident, _)| *accident);
    seen.into_iter()
        .map(|(accident, at)| Repair::new(accident, at.map(|at| Position::of(source, at).line)))
        .collect()
}

/// An error without a place gets that of its block.
fn with_block_place(error: Error, begin: usize) -> Error {
    match error.places() {
        [] => error.at(format!("the block that begins in line {begin}")),
        _ => error,
    }
}

/// Checks that there is one document; a license may be followed by the key certificate of its signer.
fn one_main_document(pairs: &[Pair<'_>], line: &impl Fn(usize) -> usize) -> Result<()> {
    let kind = |i: usize| pairs.get(i).and_then(|pair| pair.begin.kind);
    let place = |i: usize| pairs.get(i).map_or(1, |pair| line(pair.begin.from));
    // A block that is cut off by the next one is reported as that, not as two documents.
    if pairs.len() < 2 || pairs.iter().any(|pair| pair.end.is_none()) {
        return Ok(());
    }
    if kind(0) == Some(Kind::License) && kind(1) == Some(Kind::KeyCertificate) && pairs.len() == 2 {
        return Ok(());
    }
    let extra = usize::from(kind(0) == Some(Kind::License) && kind(1) == Some(Kind::KeyCertificate)) + 1;
    let word = |i: usize| kind(i).map_or("document", Kind::word);
    let (first, second) = (word(extra - 1), word(extra));
    let message = match first == second {
        true => format!("the text has two {first}s, but only one document is allowed"),
        false => format!("the text has a {first} and a {second}, but only one document is allowed"),
    };
    let error = Error::new(Reason::TwoDocuments, message).at(Place::Line(place(extra)));
    Err(error.detail(format!("the first begins in line {}; put each into a file of its own", place(0))))
}

/// The END marker of a block, or the error if it is missing or of another kind.
fn end_marker<'a>(
    pair: &Pair<'a>,
    text: &[Glyph],
    significant: &SignificantText,
    source: &[Glyph],
) -> Result<(Kind, &'a Marker), Failure> {
    let line = |number: usize| {
        text.get(significant.place(number, text)).map_or(1, |g| Position::of(source, g.at).line)
    };
    let kind = pair.begin.kind.unwrap_or(Kind::License);
    let begin_line = line(pair.begin.from);
    match (pair.end, pair.next) {
        (Some(end), _) if end.kind == Some(kind) => Ok((kind, end)),
        (Some(end), _) => {
            let other = end.kind.map_or("document", Kind::word);
            let message = format!("the {} that begins in line {begin_line} ends as a {other}", kind.word());
            let error = Error::new(Reason::Truncated, message).at(Place::Line(line(end.from)));
            Err(error.detail("these are pieces of two documents").into())
        }
        (None, Some(next)) => {
            let message = format!(
                "the {} that begins in line {begin_line} has no end before the next begins",
                kind.word()
            );
            Err(Error::new(Reason::Truncated, message).at(Place::Line(line(next.from))).into())
        }
        (None, None) => Err(Failure {
            error: truncated(
                kind,
                begin_line,
                &text[significant.place(pair.begin.to - 1, text) + 1..],
                source,
            ),
            found: true,
            culprit: cut_at(&text[significant.place(pair.begin.to - 1, text) + 1..]),
        }),
    }
}

/// The most characters of a line that a terminal takes: on Linux, and on macOS and the BSDs.
const TERMINAL_LINES: [usize; 2] = [4095, 1023];

/// The first character behind BEGIN that is neither base64 nor layout.
fn cut_at(rest: &[Glyph]) -> Option<char> {
    rest.iter().map(|glyph| glyph.c).find(|&c| matches!(Class::of(c), Class::Pad | Class::Other))
}

fn truncated(kind: Kind, begin_line: usize, rest: &[Glyph], source: &[Glyph]) -> Error {
    let ink = |glyph: &&Glyph| Class::of(glyph.c).is_significant() && glyph.c != '\0';
    let Some(last) = rest.iter().rfind(ink) else {
        let message = format!("the text stops after the BEGIN of the {}", kind.word());
        return Error::new(Reason::Truncated, message).at(Place::Line(begin_line));
    };
    let stray =
        rest.iter().find(|glyph| !matches!(Class::of(glyph.c), Class::Base64 | Class::Pad) && ink(glyph));
    let (problem, at) = match stray {
        // Other text follows the base64: the END line itself is damaged.
        Some(stray) if stray.at < last.at => ("has no END line, or it is damaged".to_owned(), stray.at),
        _ => (format!("stops after line {}", Position::of(source, last.at).line), last.at),
    };
    let message = format!("the {} that begins in line {begin_line} {problem}", kind.word());
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

fn no_begin(text: &[Glyph], significant: &SignificantText, markers: &[Marker], source: &[Glyph]) -> Failure {
    let known = markers.iter().find(|marker| marker.kind.is_some());
    let Some(marker) = known.or_else(|| markers.iter().find(|marker| marker.is_clear())) else {
        let error = Error::new(Reason::NoDocument, "no AIRLATCH block is in the text");
        return Failure { error, found: false, culprit: None };
    };
    let line = text.get(significant.place(marker.from, text)).map_or(1, |g| Position::of(source, g.at).line);
    let message = match marker.kind {
        Some(kind) => format!("a {} ends here, but its BEGIN line is missing or damaged", kind.word()),
        None => "the block is of a kind that is not known here".to_owned(),
    };
    Error::new(Reason::NoDocument, message).at(Place::Line(line)).into()
}
