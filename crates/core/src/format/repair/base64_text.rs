//! Documents in base64 without their markers, and texts that are base64 as a whole, as in raw mail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::crypto;
use crate::format::{Block, Opened};
use crate::model::{Error, Reason, Result};

use super::char_class::{Class, Glyph};
use super::charset::readings;
use super::position::{Position, ends_line};
use super::{Accident, Repair};

/// The fewest characters of base64 that are tried: those of a key and a signature.
const LEAST: usize = 128;
/// The most stretches of base64 that are tried.
const MAX_STRETCHES: usize = 16;

/// Decodes each stretch of base64 in the bytes. It is a document if its signature says so, or if `read_text` finds one in
/// the text that it decodes to.
///
/// # Errors
/// `two-documents` if there are several that differ; `None` if there is none.
pub(super) fn read(
    bytes: &[u8],
    read_text: &dyn Fn(&[u8]) -> Option<Opened>,
) -> Result<Opened, Option<Error>> {
    for source in readings(bytes, |i| i as u32) {
        let mut found: Vec<(usize, Opened)> = Vec::new();
        for stretch in stretches(&source.glyphs).into_iter().take(MAX_STRETCHES) {
            let line = Position::of(&source.glyphs, stretch.at).line;
            let whole = document(&stretch.base64, line, read_text);
            let first = || document(&stretch.base64[..stretch.paragraph?], line, read_text);
            let Some(mut opened) = whole.or_else(first) else { continue };
            let before = source.accidents.iter().map(|&accident| Repair::new(accident, None));
            opened.repairs.splice(0..0, before);
            match found.iter_mut().find(|(_, known)| known.blocks == opened.blocks) {
                Some((_, known)) if !has_repeated(known) => {
                    known.repairs.push(Repair::new(Accident::Repeated, Some(line)));
                }
                Some(_) => {}
                None => found.push((line, opened)),
            }
        }
        match found.len() {
            0 => {}
            1 => return found.pop().map(|(_, opened)| opened).ok_or(None),
            count => {
                let message = format!("the text has {count} documents in base64, but only one is allowed");
                let error = Error::new(Reason::TwoDocuments, message);
                let lines = found.iter().map(|(line, _)| format!("one begins in line {line}"));
                return Err(Some(lines.fold(error, Error::detail)));
            }
        }
    }
    Err(None)
}

/// What each stretch of base64 decodes to, with the line it begins in.
pub(super) fn texts(bytes: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let Some(source) = readings(bytes, |i| i as u32).into_iter().next() else { return Vec::new() };
    let decoded = |stretch: Stretch| {
        let text = STANDARD_NO_PAD.decode(&stretch.base64).ok()?;
        Some((Position::of(&source.glyphs, stretch.at).line, text))
    };
    stretches(&source.glyphs).into_iter().take(MAX_STRETCHES).filter_map(decoded).collect()
}

fn has_repeated(opened: &Opened) -> bool {
    opened.repairs.iter().any(|repair| repair.accident() == Accident::Repeated)
}

/// The document that base64 decodes to.
fn document(base64: &[u8], line: usize, read_text: &dyn Fn(&[u8]) -> Option<Opened>) -> Option<Opened> {
    let decoded = STANDARD_NO_PAD.decode(base64).ok()?;
    if let Some(kind) = crypto::signed_kind(&decoded) {
        let repairs = vec![Repair::new(Accident::MissingMarkers, Some(line))];
        return Some(Opened { blocks: vec![Block { kind, sealed: decoded }], repairs });
    }
    let mut opened = read_text(&decoded)?;
    // Lines of the decoded text are no lines of the file.
    let mut repairs = vec![Repair::new(Accident::Base64Text, Some(line))];
    repairs.extend(opened.repairs.iter().map(|repair| Repair::new(repair.accident(), None)));
    opened.repairs = repairs;
    Some(opened)
}

/// Lines of base64 one below the other, all of one length but the last.
struct Stretch {
    base64: Vec<u8>,
    /// The part before the first blank line: behind it, a word of a letter may pass for a last line.
    paragraph: Option<usize>,
    width: usize,
    /// Where it begins in the file.
    at: u32,
}

/// All stretches of base64 that are long enough; blank lines do not end one.
fn stretches(glyphs: &[Glyph]) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut open: Option<Stretch> = None;
    let mut start = 0;
    for end in (0..glyphs.len()).filter(|&i| ends_line(glyphs, i)).chain([glyphs.len()]) {
        let line = &glyphs[start..end];
        start = end + 1;
        let (text, pads) = match base64_of(line) {
            Line::Blank => {
                if let Some(stretch) = &mut open {
                    stretch.paragraph.get_or_insert(stretch.base64.len());
                }
                continue;
            }
            Line::Base64(text, pads) => (text, pads),
            Line::Other => {
                found.extend(open.take());
                continue;
            }
        };
        let at = line.first().map_or(0, |glyph| glyph.at);
        found.extend(open.take_if(|stretch| text.len() + pads > stretch.width));
        let stretch =
            open.get_or_insert(Stretch { base64: Vec::new(), paragraph: None, width: text.len() + pads, at });
        let is_last = pads > 0 || text.len() < stretch.width;
        stretch.base64.extend(text);
        found.extend(open.take_if(|_| is_last));
    }
    found.extend(open);
    found.retain(|stretch| stretch.base64.len() >= LEAST);
    found
}

enum Line {
    Blank,
    /// Its characters, and the number of `=` behind them.
    Base64(Vec<u8>, usize),
    Other,
}

fn base64_of(line: &[Glyph]) -> Line {
    let ink: Vec<&Glyph> = line.iter().filter(|glyph| Class::of(glyph.c).is_significant()).collect();
    let text: Vec<u8> = ink
        .iter()
        .take_while(|glyph| Class::of(glyph.c) == Class::Base64)
        .map(|glyph| glyph.c as u8)
        .collect();
    let pads = ink[text.len()..].iter().filter(|glyph| Class::of(glyph.c) == Class::Pad).count();
    // A line of prose has blanks between its words.
    let has_gap = line
        .iter()
        .skip_while(|glyph| !Class::of(glyph.c).is_significant())
        .take(ink.len())
        .any(|glyph| Class::of(glyph.c) == Class::Blank);
    match (ink.len(), text.len() + pads) {
        (0, _) => Line::Blank,
        (all, read) if all == read && pads <= 2 && !has_gap => Line::Base64(text, pads),
        _ => Line::Other,
    }
}
