//! Reads one candidate text: its blocks in order, of which exactly one is the main document.

use crate::model::{Error, Kind, Place, Reason, Result};

use super::block_end::end_marker;
use super::body::{self, Body};
use super::char_class::Glyph;
use super::marker::{self, Label, Marker, Pair, SignificantText, Wanted};
use super::position::Position;
use super::quoting::quoting;
use super::repairs::{self, Region, Seen};
use super::text::{Failure, Text};
use super::{Accident, Repair};

/// What a text holds: the bytes of each block, and the repairs.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) blocks: Vec<(Label, Vec<u8>)>,
    pub(super) repairs: Vec<Repair>,
}

/// A block that was decoded.
struct Decoded<'a> {
    label: Label,
    begin: &'a Marker,
    end: &'a Marker,
    body: Body,
    bytes: Vec<u8>,
    /// Whether `=` was missing at its end.
    lost_padding: bool,
}

/// Reads `glyphs`, after the repairs `undone`; places in errors are those in `source`, the unrepaired file.
pub(super) fn read(
    glyphs: &[Glyph],
    undone: &[Accident],
    source: &[Glyph],
    wanted: Wanted,
) -> Result<Found, Failure> {
    let text = Text { glyphs, significant: SignificantText::of(glyphs), source };
    let markers = marker::find(&text.significant, glyphs, wanted);
    let pairs = marker::pair(&markers);
    if pairs.is_empty() {
        return Err(no_begin(&text, &markers));
    }
    let decoded = pairs.iter().map(|pair| decode(pair, &text));
    let blocks = match one_main_block(&pairs, &text) {
        Ok(()) => decoded.collect::<Result<Vec<_>, _>>()?,
        // Copies of one document, as in a reply below a mail, are one; but only if each of them is whole.
        Err(several) => match decoded.collect::<Result<Vec<_>, _>>() {
            Ok(blocks) if is_one_with_copies(&blocks) => blocks,
            Ok(blocks) => return Err(with_lines(several, &blocks, &text).into()),
            Err(_) => return Err(several.into()),
        },
    };
    let mut seen: Seen = undone.iter().map(|&accident| (accident, None)).collect();
    Ok(Found { blocks: without_copies(blocks, &text, &mut seen), repairs: named(seen, source) })
}

fn decode<'a>(pair: &Pair<'a>, text: &Text<'_>) -> Result<Decoded<'a>, Failure> {
    let (label, end) = end_marker(pair, text)?;
    let begin = pair.begin;
    let (significant, glyphs) = (&text.significant, text.glyphs);
    let (first, last) = (significant.place(begin.from, glyphs), significant.place(end.to - 1, glyphs) + 1);
    let inside = repairs::inside(glyphs, significant, begin, end);
    let body = body::collect(&glyphs[inside], quoting(glyphs, first, last), text.source)?;
    let (bytes, lost_padding) =
        body.decode(text.source).map_err(|error| with_block_place(error, text.line(begin.from)))?;
    Ok(Decoded { label, begin, end, body, bytes, lost_padding })
}

/// Reports what was repaired in each block and between them, and drops the copies.
fn without_copies(blocks: Vec<Decoded<'_>>, text: &Text<'_>, seen: &mut Seen) -> Vec<(Label, Vec<u8>)> {
    let (significant, glyphs) = (&text.significant, text.glyphs);
    let mut kept: Vec<(Label, Vec<u8>)> = Vec::new();
    let (mut behind, mut is_repeated) = (None, false);
    for Decoded { label, begin, end, body, bytes, lost_padding } in blocks {
        if kept.iter().any(|known| known.0 == label && known.1 == bytes) {
            seen.push((Accident::Repeated, glyphs.get(significant.place(begin.from, glyphs)).map(|g| g.at)));
            is_repeated = true;
            continue;
        }
        if lost_padding {
            let last = significant.place(end.to - 1, glyphs);
            seen.push((Accident::Base64Padding, glyphs.get(last).map(|glyph| glyph.at)));
        }
        let between = behind.and_then(|behind| text.content_between(behind, begin.from));
        seen.extend(between.map(|at| (Accident::TextAfter, Some(at))));
        repairs::region(&Region { text: glyphs, significant, begin, end, body: &body }, seen);
        behind = Some(end.to);
        kept.push((label, bytes));
    }
    let rest = behind.filter(|_| !is_repeated);
    let rest = rest.and_then(|behind| text.content_between(behind, significant.chars.len()));
    seen.extend(rest.map(|at| (Accident::TextAfter, Some(at))));
    kept
}

/// Each kind of damage once, with the first line of its occurrence.
fn named(mut seen: Seen, source: &[Glyph]) -> Vec<Repair> {
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

/// Whether these labels are those of one document: a license may be followed by the key certificate of its signer.
fn is_one(labels: &[Label]) -> bool {
    match labels {
        [_] => true,
        [first, second] => first.is(Kind::License) && second.is(Kind::KeyCertificate),
        _ => false,
    }
}

fn is_one_with_copies(blocks: &[Decoded<'_>]) -> bool {
    let mut distinct: Vec<&Decoded<'_>> = Vec::new();
    for block in blocks {
        if !distinct.iter().any(|known| known.label == block.label && known.bytes == block.bytes) {
            distinct.push(block);
        }
    }
    is_one(&distinct.iter().map(|block| block.label).collect::<Vec<_>>())
}

/// Checks that there is one document.
fn one_main_block(pairs: &[Pair<'_>], text: &Text<'_>) -> Result<()> {
    // A block that is cut off by the next one is reported as that, not as two documents.
    let labels: Vec<Label> = pairs.iter().filter_map(|pair| pair.begin.label).collect();
    if pairs.iter().any(|pair| pair.end.is_none()) || labels.len() < pairs.len() || is_one(&labels) {
        return Ok(());
    }
    let extra = if labels.len() > 2 && is_one(&labels[..2]) { 2 } else { 1 };
    let (first, second) = (labels[extra - 1].noun(), labels[extra].noun());
    let message = match first == second {
        true => format!("the text has two {first}s, but only one document is allowed"),
        false => format!("the text has a {first} and a {second}, but only one document is allowed"),
    };
    let line = |i: usize| text.line(pairs[i].begin.from);
    let error = Error::new(Reason::TwoDocuments, message).at(Place::Line(line(extra)));
    Err(error.detail(format!("the first begins in line {}; put each into a file of its own", line(0))))
}

/// The error with a line for each document, since they differ.
fn with_lines(error: Error, blocks: &[Decoded<'_>], text: &Text<'_>) -> Error {
    const MOST: usize = 8;
    let line = |error: Error, block: &Decoded<'_>| {
        let (line, noun) = (text.line(block.begin.from), block.label.noun());
        error.detail(format!("line {line:<6} a {noun} of {} bytes", block.bytes.len()))
    };
    blocks.iter().take(MOST).fold(error.detail("they differ:"), line)
}

fn no_begin(text: &Text<'_>, markers: &[Marker]) -> Failure {
    let known = markers.iter().find(|marker| marker.label.is_some());
    let Some(marker) = known.or_else(|| markers.iter().find(|marker| marker.is_clear())) else {
        let error = Error::new(Reason::NoDocument, "no AIRLATCH block is in the text");
        return Failure { error, found: false, culprit: None };
    };
    let message = match marker.label {
        Some(label) => format!("a {} ends here, but its BEGIN line is missing or damaged", label.noun()),
        None => "the block is of a kind that is not known here".to_owned(),
    };
    Error::new(Reason::NoDocument, message).at(Place::Line(text.line(marker.from))).into()
}
