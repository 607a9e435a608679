//! Reads one candidate text: markers, blocks in order, exactly one main document.

use crate::format::{Block, Opened};
use crate::model::{Error, Kind, Place, Reason, Result};

use super::body::{self, Fault};
use super::char_class::{Class, Glyph};
use super::marker::{self, Marker, Pair, Squeezed};
use super::position::Position;
use super::quoting::quoting;
use super::report::{self, Region};
use super::{Accident, Repair};

/// Why a candidate text does not hold a document.
pub(super) struct Failure {
    pub(super) error: Error,
    /// Whether anything of a block was there, so that this failure tells more than one without.
    pub(super) found: bool,
    /// The character it broke at, if it was one.
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

/// Reads `text`, for which `undone` was undone before; places are told as those of `source`, the file as it came.
pub(super) fn document(text: &[Glyph], undone: &[Accident], source: &[Glyph]) -> Result<Opened, Failure> {
    let squeezed = Squeezed::of(text);
    let markers = marker::find(&squeezed, text);
    let pairs = marker::pair(&markers);
    if pairs.is_empty() {
        return Err(no_begin(text, &squeezed, &markers, source));
    }
    let line =
        |ink: usize| text.get(squeezed.place(ink, text)).map_or(1, |g| Position::of(source, g.at).line);
    one_main_document(&pairs, &line)?;
    let mut opened = Opened { blocks: Vec::new(), repairs: Vec::new() };
    let mut seen: Vec<(Accident, Option<u32>)> = undone.iter().map(|&accident| (accident, None)).collect();
    let mut behind = None;
    for pair in &pairs {
        let (kind, end) = closed(pair, text, &squeezed, source)?;
        let (first, last) = (squeezed.place(pair.begin.from, text), squeezed.place(end.to - 1, text) + 1);
        let inside = report::inside(text, &squeezed, pair.begin, end);
        let quoting = quoting(text, first, last);
        let body = body::collect(&text[inside], quoting, source)?;
        let (sealed, lost) =
            body.decode(source).map_err(|error| whereabouts(error, line(pair.begin.from)))?;
        if lost {
            seen.push((Accident::Base64Padding, text.get(last - 1).map(|glyph| glyph.at)));
        }
        if let Some(at) =
            behind.and_then(|behind| report::ink_between(&squeezed, behind, pair.begin.from, text))
        {
            seen.push((Accident::TextAfter, Some(at)));
        }
        report::region(&Region { text, squeezed: &squeezed, begin: pair.begin, end, body: &body }, &mut seen);
        behind = Some(end.to);
        opened.blocks.push(Block { kind, sealed });
    }
    if let Some(at) =
        behind.and_then(|behind| report::ink_between(&squeezed, behind, squeezed.ink.len(), text))
    {
        seen.push((Accident::TextAfter, Some(at)));
    }
    opened.repairs = repairs(seen, source);
    Ok(opened)
}

/// Each accident once, with the first line it was seen in.
fn repairs(mut seen: Vec<(Accident, Option<u32>)>, source: &[Glyph]) -> Vec<Repair> {
    seen.sort_unstable();
    seen.dedup_by_key(|(accident, _)| *accident);
    seen.into_iter()
        .map(|(accident, at)| Repair::new(accident, at.map(|at| Position::of(source, at).line)))
        .collect()
}

fn whereabouts(error: Error, begin: usize) -> Error {
    match error.places() {
        [] => error.at(format!("the block that begins in line {begin}")),
        _ => error,
    }
}

/// A license may be followed by the certificate of the key that signed it; all else stands alone.
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
    let what = format!(
        "the text holds a {} and then a {}, where one document is read",
        word(extra - 1),
        word(extra)
    );
    let error = Error::new(Reason::TwoDocuments, what).at(Place::Line(place(extra)));
    Err(error.detail(format!("the first begins in line {}; put each into a file of its own", place(0))))
}

/// The END of a block, or what is wrong about it.
fn closed<'a>(
    pair: &Pair<'a>,
    text: &[Glyph],
    squeezed: &Squeezed,
    source: &[Glyph],
) -> Result<(Kind, &'a Marker), Failure> {
    let line =
        |ink: usize| text.get(squeezed.place(ink, text)).map_or(1, |g| Position::of(source, g.at).line);
    let kind = pair.begin.kind.unwrap_or(Kind::License);
    let begun = line(pair.begin.from);
    match (pair.end, pair.next) {
        (Some(end), _) if end.kind == Some(kind) => Ok((kind, end)),
        (Some(end), _) => {
            let other = end.kind.map_or("document", Kind::word);
            let what = format!("the {} that begins in line {begun} ends as a {other}", kind.word());
            let error = Error::new(Reason::Truncated, what).at(Place::Line(line(end.from)));
            Err(error.detail("these are pieces of two documents").into())
        }
        (None, Some(next)) => {
            let what =
                format!("the {} that begins in line {begun} has no end before the next begins", kind.word());
            Err(Error::new(Reason::Truncated, what).at(Place::Line(line(next.from))).into())
        }
        (None, None) => Err(Failure {
            error: truncated(kind, begun, &text[squeezed.place(pair.begin.to - 1, text) + 1..], source),
            found: true,
            culprit: cut_at(&text[squeezed.place(pair.begin.to - 1, text) + 1..]),
        }),
    }
}

/// The first character behind BEGIN that is no base64 nor layout.
fn cut_at(rest: &[Glyph]) -> Option<char> {
    rest.iter().map(|glyph| glyph.c).find(|&c| matches!(Class::of(c), Class::Pad | Class::Other))
}

fn truncated(kind: Kind, begun: usize, rest: &[Glyph], source: &[Glyph]) -> Error {
    let ink = |glyph: &&Glyph| Class::of(glyph.c).is_ink() && glyph.c != '\0';
    let Some(last) = rest.iter().rfind(ink) else {
        let what = format!("the text stops after the BEGIN of the {}", kind.word());
        return Error::new(Reason::Truncated, what).at(Place::Line(begun));
    };
    let stray =
        rest.iter().find(|glyph| !matches!(Class::of(glyph.c), Class::Base64 | Class::Pad) && ink(glyph));
    let (what, at) = match stray {
        // Something follows the base64: the END line itself is damaged.
        Some(stray) if stray.at < last.at => ("has no END line, or it is damaged".to_owned(), stray.at),
        _ => (format!("stops after line {}", Position::of(source, last.at).line), last.at),
    };
    let error =
        Error::new(Reason::Truncated, format!("the {} that begins in line {begun} {what}", kind.word()));
    Position::of(source, at).of_error(error).detail("the rest was lost on the way: copy it again")
}

fn no_begin(text: &[Glyph], squeezed: &Squeezed, markers: &[Marker], source: &[Glyph]) -> Failure {
    let known = markers.iter().find(|marker| marker.kind.is_some());
    let Some(marker) = known.or_else(|| markers.iter().find(|marker| marker.is_clear())) else {
        let error = Error::new(Reason::NoDocument, "no AIRLATCH block is in the text");
        return Failure { error, found: false, culprit: None };
    };
    let line = text.get(squeezed.place(marker.from, text)).map_or(1, |g| Position::of(source, g.at).line);
    let what = match marker.kind {
        Some(kind) => format!("a {} ends here, but its BEGIN line is missing or damaged", kind.word()),
        None => "the block is of a kind that is not known here".to_owned(),
    };
    Error::new(Reason::NoDocument, what).at(Place::Line(line)).into()
}
