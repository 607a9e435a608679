//! Tries the decodings of a text, the most likely first, until one gives a document.

use std::collections::VecDeque;

use crate::format::Opened;
use crate::model::{Error, Kind, Reason, Result};

use super::candidate::{self, Failure};
use super::char_class::{Class, Glyph};
use super::charset::{Reading, readings};
use super::quoted::Trust;
use super::{Accident, html, quoted};

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
    let mut failure: Option<Failure> = None;
    for source in readings(bytes, |i| i as u32) {
        match search_layers(source, &mut failure) {
            Some(found) => return found.map_err(Some),
            None => continue,
        }
    }
    Err(failure.filter(|failure| failure.found).map(|failure| failure.error))
}

/// The document in a decoded text, or in it after decoding further layers.
fn search_layers(reading: Reading, most_specific: &mut Option<Failure>) -> Option<Result<Opened>> {
    let source = reading.glyphs.clone();
    let mut queue = VecDeque::from([Candidate { reading, depth: 0, sure: false }]);
    let mut uncertain = Vec::new();
    for _ in 0..MAX_TRIES {
        let Some(candidate) = queue.pop_front() else { break };
        match candidate::document(&candidate.reading.glyphs, &candidate.reading.accidents, &source) {
            Ok(opened) if !has_repair(&opened, Accident::QuotedPrintable) => return Some(Ok(opened)),
            Ok(opened) => uncertain.push(opened),
            Err(failure) => {
                *most_specific = Some(more_specific(most_specific.take(), failure, candidate.sure));
            }
        }
        if candidate.depth < MAX_DEPTH {
            queue.extend(with_layer_decoded(&candidate));
        }
    }
    unambiguous(uncertain)
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
fn unambiguous(found: Vec<Opened>) -> Option<Result<Opened>> {
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

fn has_repair(opened: &Opened, accident: Accident) -> bool {
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
