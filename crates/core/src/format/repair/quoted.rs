//! Decodes quoted-printable (RFC 2045, section 6.7), even if the encoded text was damaged afterwards.

use super::Accident;
use super::char_class::{Class, Glyph};
use super::charset::{Reading, readings};
use super::position::ends_line;

/// How strictly the encoding is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// As in the standard.
    Standard,
    /// For text that was re-wrapped after encoding: an escape may be split, and a soft line break may lack its line end.
    Loose,
}

/// A decoded text, and whether it certainly was quoted-printable.
pub(super) struct Unquoted {
    pub(super) readings: Vec<Reading>,
    pub(super) sure: bool,
}

/// Decodes quoted-printable, if there is any. Escapes for letters and digits are never decoded: no program writes them, and
/// decoding could change a base64 character.
pub(super) fn undo(text: &[Glyph], trust: Trust) -> Option<Unquoted> {
    if trust == Trust::Standard && has_torn_escape(text) {
        return None;
    }
    let mut raw =
        Raw { bytes: Vec::with_capacity(text.len()), at: Vec::with_capacity(text.len()), open: None };
    let sure = is_sure(text, trust);
    let mut changed = false;
    let mut i = 0;
    while let Some(&glyph) = text.get(i) {
        let rest = &text[i + 1..];
        let found = if glyph.c == '=' { escape(rest, raw.open.is_some(), trust) } else { None };
        // A `=` before a marker may be the padding of the base64; removing it could hide a missing character.
        let found =
            found.filter(|(byte, _)| sure || byte.is_some() || next_significant(rest) == Some(Class::Base64));
        match found {
            Some((Some(byte), _)) => raw.push_escaped(byte, glyph.at),
            Some((None, _)) => {}
            None => raw.push(glyph),
        }
        changed |= found.is_some();
        i += 1 + found.map_or(0, |(_, length)| length);
    }
    if !changed {
        return None;
    }
    let mut readings = readings(&raw.bytes, |i| raw.at.get(i).copied().unwrap_or(0));
    for reading in &mut readings {
        reading.accidents.push(Accident::QuotedPrintable);
    }
    Some(Unquoted { readings, sure })
}

/// The decoded bytes, each with its offset in the file.
struct Raw {
    bytes: Vec<u8>,
    at: Vec<u32>,
    /// The position behind an escaped byte of a UTF-8 sequence, as long as only layout follows.
    open: Option<usize>,
}

impl Raw {
    fn push(&mut self, glyph: Glyph) {
        let class = Class::of(glyph.c);
        if class.is_significant() {
            self.open = None;
        }
        let mut buffer = [0; 4];
        for &byte in glyph.c.encode_utf8(&mut buffer).as_bytes() {
            self.bytes.push(byte);
            self.at.push(glyph.at);
        }
    }

    /// Adds an escaped byte; layout between the bytes of one UTF-8 character is dropped.
    fn push_escaped(&mut self, byte: u8, at: u32) {
        if let Some(open) = self.open
            && byte & 0xc0 == 0x80
        {
            self.bytes.truncate(open);
            self.at.truncate(open);
        }
        self.bytes.push(byte);
        self.at.push(at);
        self.open = (!byte.is_ascii()).then_some(self.bytes.len());
    }
}

/// Decodes the text after a `=`: the byte, if it is an escape and not a soft line break, and its length.
///
/// The line end of a soft break is kept if quote marks follow, so they are still at the start of a line.
fn escape(rest: &[Glyph], inside: bool, trust: Trust) -> Option<(Option<u8>, usize)> {
    let torn = hex_pair(rest);
    let whole = torn.filter(|&(_, length)| length == 2);
    if trust == Trust::Loose {
        // A soft break joined to the following text looks like an escape. So only usual escapes and parts of UTF-8
        // sequences are decoded.
        let follows = |length: usize| {
            rest[length..].iter().find(|g| Class::of(g.c).is_significant()).is_some_and(|g| g.c == '=')
        };
        let usual = |&(byte, length): &(u8, usize)| {
            is_usual(byte) || inside && byte & 0xc0 == 0x80 || byte >= 0xc2 && follows(length)
        };
        let soft = matches!(next_significant(rest), Some(Class::Base64 | Class::Dash | Class::Pad))
            .then_some((None, 0));
        return torn.filter(usual).map(|(byte, length)| (Some(byte), length)).or(soft);
    }
    if let Some((byte, length)) = whole {
        return (!byte.is_ascii_alphanumeric()).then_some((Some(byte), length));
    }
    let blanks = rest.iter().take_while(|g| Class::of(g.c) == Class::Blank).count();
    let soft = rest[blanks..].iter().take_while(|g| Class::of(g.c) == Class::Newline).count();
    if soft > 0 {
        let end = (blanks..blanks + soft).find(|&i| ends_line(rest, i)).unwrap_or(blanks);
        let behind = rest[end + 1..].iter().find(|g| Class::of(g.c) != Class::Blank);
        let quoted = behind.is_some_and(|g| Class::of(g.c) == Class::Quote);
        return Some((None, if quoted { 0 } else { end + 1 }));
    }
    let class = rest[blanks..].first().map(|glyph| Class::of(glyph.c));
    let joined = blanks > 0 && class.is_some_and(|class| class.is_significant() && class != Class::Pad);
    joined.then_some((None, 0))
}

/// The value of the next two significant characters, if they are hexadecimal digits, and their length with layout.
fn hex_pair(rest: &[Glyph]) -> Option<(u8, usize)> {
    let mut significant =
        rest.iter().enumerate().take(REACH).filter(|(_, glyph)| Class::of(glyph.c).is_significant());
    let (_, high) = significant.next()?;
    let (last, low) = significant.next()?;
    Some(((high.c.to_digit(16)? << 4 | low.c.to_digit(16)?) as u8, last + 1))
}

fn next_significant(rest: &[Glyph]) -> Option<Class> {
    rest.iter().map(|glyph| Class::of(glyph.c)).find(|class| class.is_significant())
}

/// Whether the text certainly is quoted-printable: it has a usual escape, or a soft break in a full line.
fn is_sure(text: &[Glyph], trust: Trust) -> bool {
    let mut column = 0;
    for (i, glyph) in text.iter().enumerate() {
        column = if Class::of(glyph.c) == Class::Newline { 0 } else { column + 1 };
        if glyph.c != '=' {
            continue;
        }
        let rest = &text[i + 1..];
        if let Some((byte, length)) = hex_pair(rest)
            && (length == 2 || trust == Trust::Loose)
            && (is_usual(byte) || byte >= 0xc2 && next_significant(&rest[length..]) == Some(Class::Pad))
        {
            return true;
        }
        let ends = rest.first().is_some_and(|next| Class::of(next.c) == Class::Newline);
        if ends && column >= FULL && next_significant(rest) == Some(Class::Base64) {
            return true;
        }
    }
    false
}

/// Whether an escape is split by a line end, as `fold` does. It looks like a soft break followed by two digits, but encoders
/// break only lines that are nearly full.
fn has_torn_escape(text: &[Glyph]) -> bool {
    let mut column = 0;
    for (i, glyph) in text.iter().enumerate() {
        column += 1;
        match Class::of(glyph.c) {
            Class::Newline => column = 0,
            Class::Pad if column < FULL => {
                let ends = text.get(i + 1).is_some_and(|next| Class::of(next.c) == Class::Newline);
                if ends && hex_pair(&text[i + 1..]).is_some_and(|(byte, _)| is_usual(byte)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// The most characters of layout in a split escape.
const REACH: usize = 40;

/// The shortest line that an encoder breaks: lines have up to 76 columns, and escapes are not split.
const FULL: usize = 73;

/// Whether encoders always escape this byte; such an escape shows that the text is quoted-printable.
fn is_usual(byte: u8) -> bool {
    matches!(byte, b'=' | b'-' | b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'<' | b'&' | b'|' | 0)
}
