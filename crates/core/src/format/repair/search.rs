//! Tries the readings of a text, likeliest first, until one holds a document.

use std::collections::VecDeque;

use crate::format::Opened;
use crate::model::{Error, Kind, Reason, Result};

use super::candidate::{self, Failure};
use super::char_class::{Class, Glyph};
use super::charset::{Reading, readings};
use super::quoted::Trust;
use super::{Accident, html, quoted};

/// How many layers of encoding are undone, and how many readings are tried in all.
const DEPTH: usize = 3;
const TRIES: usize = 16;

/// A text to try.
struct Candidate {
    reading: Reading,
    depth: usize,
    /// Whether what was undone was surely there, so that a failure of this reading is the one to tell.
    sure: bool,
}

/// The document in `bytes`, whose length was checked, or the failure that tells most.
pub(in crate::format) fn read(bytes: &[u8]) -> Result<Opened, Option<Error>> {
    let mut worst: Option<Failure> = None;
    for source in readings(bytes, |i| i as u32) {
        match of_source(source, &mut worst) {
            Some(found) => return found.map_err(Some),
            None => continue,
        }
    }
    Err(worst.filter(|failure| failure.found).map(|failure| failure.error))
}

/// The document in one way to read the bytes as text, if any layers that can be undone lead to it.
fn of_source(reading: Reading, worst: &mut Option<Failure>) -> Option<Result<Opened>> {
    let source = reading.glyphs.clone();
    let mut queue = VecDeque::from([Candidate { reading, depth: 0, sure: false }]);
    let mut held = Vec::new();
    for _ in 0..TRIES {
        let Some(candidate) = queue.pop_front() else { break };
        match candidate::document(&candidate.reading.glyphs, &candidate.reading.accidents, &source) {
            Ok(opened) if !had(&opened, Accident::QuotedPrintable) => return Some(Ok(opened)),
            Ok(opened) => held.push(opened),
            Err(failure) => *worst = Some(more_telling(worst.take(), failure, candidate.sure)),
        }
        if candidate.depth < DEPTH {
            queue.extend(peeled(&candidate));
        }
    }
    certain(held)
}

/// Whether any reading of the lines that can come about on the way shows a marker.
pub(in crate::format) fn reads_as_marker(text: &str) -> bool {
    let glyphs = text.chars().map(|c| Glyph { c, at: 0 }).collect();
    let reading = Reading { glyphs, accidents: Vec::new() };
    let mut queue = VecDeque::from([Candidate { reading, depth: 0, sure: false }]);
    for _ in 0..TRIES {
        let Some(candidate) = queue.pop_front() else { break };
        if says_marker(&candidate.reading) {
            return true;
        }
        queue.extend(peeled(&candidate));
    }
    !queue.is_empty()
}

/// Letters alone: whatever stands between them may be lost on the way.
fn says_marker(reading: &Reading) -> bool {
    let letters =
        reading.glyphs.iter().map(|glyph| glyph.c.to_ascii_uppercase()).filter(char::is_ascii_uppercase);
    let letters: String = letters.collect();
    let follows = |rest: &str| Kind::ALL.iter().any(|kind| rest.starts_with(&kind.armor().replace(' ', "")));
    letters.match_indices("AIRLATCH").any(|(at, name)| {
        let before = &letters[..at];
        (before.ends_with("BEGIN") || before.ends_with("END")) && follows(&letters[at + name.len()..])
    })
}

/// A torn or joined line can make two readings of quoted-printable. One without lost `=` fits better; where two fit
/// alike and differ, none is taken.
fn certain(held: Vec<Opened>) -> Option<Result<Opened>> {
    let exact = held.iter().any(|opened| !had(opened, Accident::Base64Padding));
    let mut held = held.into_iter().filter(|opened| !exact || !had(opened, Accident::Base64Padding));
    let first = held.next()?;
    if held.all(|other| other.blocks == first.blocks) {
        return Some(Ok(first));
    }
    let what = "the quoted-printable text was broken anew, and can be read in two ways";
    Some(Err(Error::new(Reason::BadBase64, what).detail("save the mail as text, or attach the file")))
}

fn had(opened: &Opened, accident: Accident) -> bool {
    opened.repairs.iter().any(|repair| repair.accident() == accident)
}

/// The same text with one more layer undone, each way that applies.
fn peeled(candidate: &Candidate) -> Vec<Candidate> {
    if !candidate.reading.glyphs.iter().any(|glyph| encodes(glyph.c)) {
        return Vec::new();
    }
    // Invisible characters may tear an escape or a tag apart.
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

/// Whether an encoding that can be undone may begin with it: most texts have none of these.
fn encodes(c: char) -> bool {
    matches!(c, '=' | '&' | '<')
}

/// What tells more: that a block is broken rather than that there is none; and the first reading's word on it,
/// unless it only stumbled over an encoding that another one undid.
fn more_telling(old: Option<Failure>, new: Failure, sure: bool) -> Failure {
    match old {
        None => new,
        Some(old) if !old.found && new.found => new,
        Some(old) if old.found && new.found && sure && old.culprit.is_some_and(is_of_encoding) => new,
        Some(old) => old,
    }
}

fn is_of_encoding(c: char) -> bool {
    encodes(c) || Class::of(c) == Class::Pad
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_encodes_nothing_is_not_undone() {
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
