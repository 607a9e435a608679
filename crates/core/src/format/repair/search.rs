//! Tries the decodings of a text, the most likely first, until one gives a document.

use std::collections::VecDeque;

use crate::format::{Block, Opened};
use crate::model::{Error, Kind, Reason, Result};

use super::candidate::{self, Found};
use super::char_class::{Class, Glyph};
use super::charset::{Reading, readings};
use super::marker::{Label, Wanted};
use super::quoted::Trust;
use super::text::Failure;
use super::{Accident, Repair, base64_text, html, line_edges, quoted};

/// The most layers of encoding that are decoded, and the most texts that are tried.
const MAX_DEPTH: usize = 3;
const MAX_TRIES: usize = 16;

/// A text to try.
struct Candidate {
    reading: Reading,
    depth: usize,
    /// Whether the decoded encoding certainly was there; then an error of this text is the most specific.
    sure: bool,
}

/// The document in `bytes`, whose length is checked already, or the most specific error.
pub(in crate::format) fn read(bytes: &[u8]) -> Result<Opened, Option<Error>> {
    match search(bytes, Wanted::Documents) {
        Ok(found) => Ok(opened(found)),
        Err(Some(failure)) if failure.found => Err(Some(failure.error)),
        // A text without a marker may hold a document in base64 alone, or a mail may hold its text in base64.
        Err(_) => base64_text::read(bytes, &|text| search(text, Wanted::Documents).ok().map(opened)),
    }
}

/// The bytes of the public key in a text, and the repairs; or the most specific error, if part of a key was found.
pub(in crate::format) fn read_public_key(bytes: &[u8]) -> Result<(Vec<u8>, Vec<Repair>), Option<Error>> {
    let key = |blocks: Vec<(Label, Vec<u8>)>| blocks.into_iter().next().map(|(_, key)| key).ok_or(None);
    match search(bytes, Wanted::PublicKey) {
        Ok(found) => Ok((key(found.blocks)?, found.repairs)),
        Err(Some(failure)) if failure.found => Err(Some(failure.error)),
        Err(_) => {
            let in_mail =
                |(line, text): (usize, Vec<u8>)| Some((line, search(&text, Wanted::PublicKey).ok()?));
            let (line, found) = base64_text::texts(bytes).into_iter().find_map(in_mail).ok_or(None)?;
            Ok((key(found.blocks)?, vec![Repair::new(Accident::Base64Text, Some(line))]))
        }
    }
}

fn opened(found: Found) -> Opened {
    let block = |(label, sealed)| match label {
        Label::Document(kind) => Some(Block { kind, sealed }),
        Label::PublicKey => None,
    };
    Opened { blocks: found.blocks.into_iter().filter_map(block).collect(), repairs: found.repairs }
}

fn search(bytes: &[u8], wanted: Wanted) -> Result<Found, Option<Failure>> {
    let mut failure: Option<Failure> = None;
    for source in readings(bytes, |i| i as u32) {
        if let Some(found) = search_layers(source, wanted, &mut failure) {
            return found.map_err(|error| Some(error.into()));
        }
    }
    Err(failure)
}

/// What is found in a decoded text, or in it after decoding further layers.
fn search_layers(
    reading: Reading,
    wanted: Wanted,
    most_specific: &mut Option<Failure>,
) -> Option<Result<Found>> {
    let source = reading.glyphs.clone();
    let mut queue = VecDeque::from([Candidate { reading, depth: 0, sure: false }]);
    let mut uncertain = Vec::new();
    for _ in 0..MAX_TRIES {
        let Some(candidate) = queue.pop_front() else { break };
        match read_lines(&candidate.reading, &source, wanted) {
            Ok(found) if !has_repair(&found, Accident::QuotedPrintable) => return Some(Ok(found)),
            Ok(found) => uncertain.push(found),
            Err(failure) => {
                *most_specific = Some(more_specific(most_specific.take(), failure, candidate.sure));
            }
        }
        if candidate.depth < MAX_DEPTH {
            queue.extend(with_layer_decoded(&candidate));
            queue.extend(without_emphasis(&candidate));
        }
    }
    unambiguous(uncertain)
}

/// Reads a text without what stands at the edges of its lines, if all lines have the same there: letters of an edge would
/// pass for base64. If there is nothing to take off, or that gives nothing, reads it as it is.
fn read_lines(reading: &Reading, source: &[Glyph], wanted: Wanted) -> Result<Found, Failure> {
    let bare = line_edges::undo(&reading.glyphs, wanted.name()).map(|bare| after(reading, bare));
    let bare = bare.and_then(|it| candidate::read(&it.glyphs, &it.accidents, source, wanted).ok());
    match bare {
        Some(found) => Ok(found),
        None => candidate::read(&reading.glyphs, &reading.accidents, source, wanted),
    }
}

/// A reading with the accidents of the one it came from.
fn after(before: &Reading, mut next: Reading) -> Reading {
    next.accidents.extend(&before.accidents);
    next
}

fn without_emphasis(candidate: &Candidate) -> Option<Candidate> {
    let bare = line_edges::without_emphasis(&candidate.reading.glyphs)?;
    let reading = after(&candidate.reading, bare);
    Some(Candidate { reading, depth: candidate.depth + 1, sure: candidate.sure })
}

/// Whether any decoding of the lines, after damage in transfer, could have a marker.
pub(in crate::format) fn reads_as_marker(text: &str) -> bool {
    let glyphs = text.chars().map(|c| Glyph { c, at: 0 }).collect();
    let reading = Reading { glyphs, accidents: Vec::new() };
    let mut queue = VecDeque::from([Candidate { reading, depth: 0, sure: false }]);
    for _ in 0..MAX_TRIES {
        let Some(candidate) = queue.pop_front() else { break };
        if has_marker_letters(&candidate.reading) {
            return true;
        }
        queue.extend(with_layer_decoded(&candidate));
    }
    !queue.is_empty()
}

/// Whether the letters of the text form a marker. Other characters are ignored, since a transfer may lose them.
fn has_marker_letters(reading: &Reading) -> bool {
    let letters =
        reading.glyphs.iter().map(|glyph| glyph.c.to_ascii_uppercase()).filter(char::is_ascii_uppercase);
    let letters: String = letters.collect();
    let follows = |rest: &str| Kind::ALL.iter().any(|kind| rest.starts_with(&kind.armor().replace(' ', "")));
    letters.match_indices("AIRLATCH").any(|(at, name)| {
        let before = &letters[..at];
        (before.ends_with("BEGIN") || before.ends_with("END")) && follows(&letters[at + name.len()..])
    })
}

/// Chooses between decodings of re-wrapped quoted-printable: one without a missing `=` is preferred. If two of the same rank
/// differ, it is an error.
fn unambiguous(found: Vec<Found>) -> Option<Result<Found>> {
    let has_exact = found.iter().any(|opened| !has_repair(opened, Accident::Base64Padding));
    let mut found =
        found.into_iter().filter(|opened| !has_exact || !has_repair(opened, Accident::Base64Padding));
    let first = found.next()?;
    if found.all(|other| other.blocks == first.blocks) {
        return Some(Ok(first));
    }
    let message = "the quoted-printable text was re-wrapped, and can be decoded in two ways";
    Some(Err(Error::new(Reason::BadBase64, message).detail("save the mail as text, or attach the file")))
}

fn has_repair(opened: &Found, accident: Accident) -> bool {
    opened.repairs.iter().any(|repair| repair.accident() == accident)
}

/// The text with one more layer decoded, in each way that applies.
fn with_layer_decoded(candidate: &Candidate) -> Vec<Candidate> {
    if !candidate.reading.glyphs.iter().any(|glyph| begins_encoding(glyph.c)) {
        return Vec::new();
    }
    // Invisible characters may split an escape or a tag.
    let (hidden, glyphs): (Vec<_>, Vec<_>) =
        candidate.reading.glyphs.iter().partition(|glyph| Class::of(glyph.c) == Class::Hidden);
    let undone = if hidden.is_empty() { None } else { Some(Accident::InvisibleCharacters) };
    let next = |mut reading: Reading, sure: bool| {
        reading.accidents.extend(&candidate.reading.accidents);
        reading.accidents.extend(undone);
        Candidate { reading, depth: candidate.depth + 1, sure: candidate.sure || sure }
    };
    let mut found = Vec::new();
    for trust in [Trust::Standard, Trust::Loose] {
        if let Some(unquoted) = quoted::undo(&glyphs, trust) {
            found.extend(unquoted.readings.into_iter().map(|reading| next(reading, unquoted.sure)));
        }
    }
    found.extend(html::undo(&glyphs).map(|reading| next(reading, true)));
    found
}

/// Whether an encoding may begin with this character; most texts have none of them.
fn begins_encoding(c: char) -> bool {
    matches!(c, '=' | '&' | '<')
}

/// The more specific of two failures: a damaged block before no block; then the first one, unless it failed at a character
/// of an encoding that the second one decoded.
fn more_specific(old: Option<Failure>, new: Failure, sure: bool) -> Failure {
    match old {
        None => new,
        Some(old) if !old.found && new.found => new,
        Some(old) if old.found && new.found && sure && old.culprit.is_some_and(is_of_encoding) => new,
        Some(old) => old,
    }
}

fn is_of_encoding(c: char) -> bool {
    begins_encoding(c) || Class::of(c) == Class::Pad
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encoding_characters_are_decoded() {
        let undone = |text: &str| {
            let glyphs: Vec<_> = text.chars().map(|c| Glyph { c, at: 0 }).collect();
            html::undo(&glyphs).is_some()
                || [Trust::Standard, Trust::Loose].iter().any(|trust| quoted::undo(&glyphs, *trust).is_some())
        };
        let mut encoding = String::new();
        for c in ('\0'..='\u{2fff}').filter(|c| !c.is_ascii_alphanumeric()) {
            let around = ["3D a", "2D-----BEGIN", "\nQUJD", "br>", "/p >", "amp;", "#61;"];
            if around.iter().any(|behind| undone(&format!("QUJD{c}{behind}"))) {
                encoding.push(c);
            }
        }
        assert_eq!(encoding, "&<=");
    }
}
