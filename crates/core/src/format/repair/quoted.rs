//! Undoes quoted-printable (RFC 2045, section 6.7), also where other accidents befell it afterwards.

use super::Accident;
use super::char_class::{Class, Glyph};
use super::charset::{Reading, readings};
use super::position::ends_line;

/// How far to trust the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// As the standard has it.
    Standard,
    /// Lines were broken or joined since: an escape may be torn, and a soft line break may have lost its line end.
    Loose,
}

/// A text with quoted-printable undone, and whether the escapes leave no doubt that it was.
pub(super) struct Unquoted {
    pub(super) readings: Vec<Reading>,
    pub(super) sure: bool,
}

/// Undoes quoted-printable, if there is any. No escape for a letter or digit is ever undone: no program writes one,
/// and so a changed base64 character can't come of it.
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
        // Before a marker it may as well be the true end of the base64; taken away, it would make a wrong count fit.
        let found = found.filter(|(byte, _)| sure || byte.is_some() || next_ink(rest) == Some(Class::Base64));
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

/// The bytes that come out, and the offset each comes from.
struct Raw {
    bytes: Vec<u8>,
    at: Vec<u32>,
    /// Behind an escaped byte of a UTF-8 sequence, as long as only layout has followed.
    open: Option<usize>,
}

impl Raw {
    fn push(&mut self, glyph: Glyph) {
        let class = Class::of(glyph.c);
        if class.is_ink() {
            self.open = None;
        }
        let mut buffer = [0; 4];
        for &byte in glyph.c.encode_utf8(&mut buffer).as_bytes() {
            self.bytes.push(byte);
            self.at.push(glyph.at);
        }
    }

    /// A line break that came between the bytes of one character is dropped with all layout around it.
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

/// What follows a `=`: the byte it stands for, if any, and how many characters belong to it.
///
/// The line end of a soft break is left standing where quote marks follow, so that they are still seen as such.
fn escape(rest: &[Glyph], inside: bool, trust: Trust) -> Option<(Option<u8>, usize)> {
    let torn = hex_pair(rest);
    let whole = torn.filter(|&(_, length)| length == 2);
    if trust == Trust::Loose {
        // Joined to the text behind it, a soft break looks like an escape; then only what is usual, or a part of a
        // UTF-8 sequence, is taken for one.
        let follows = |length: usize| {
            rest[length..].iter().find(|g| Class::of(g.c).is_ink()).is_some_and(|g| g.c == '=')
        };
        let usual = |&(byte, length): &(u8, usize)| {
            is_usual(byte) || inside && byte & 0xc0 == 0x80 || byte >= 0xc2 && follows(length)
        };
        let soft =
            matches!(next_ink(rest), Some(Class::Base64 | Class::Dash | Class::Pad)).then_some((None, 0));
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
    let ink = rest[blanks..].first().map(|glyph| Class::of(glyph.c));
    let joined = blanks > 0 && ink.is_some_and(|class| class.is_ink() && class != Class::Pad);
    joined.then_some((None, 0))
}

/// The next two characters that are no layout, if they are hexadecimal digits, and how far they reach.
fn hex_pair(rest: &[Glyph]) -> Option<(u8, usize)> {
    let mut ink = rest.iter().enumerate().take(REACH).filter(|(_, glyph)| Class::of(glyph.c).is_ink());
    let (_, high) = ink.next()?;
    let (last, low) = ink.next()?;
    Some(((high.c.to_digit(16)? << 4 | low.c.to_digit(16)?) as u8, last + 1))
}

fn next_ink(rest: &[Glyph]) -> Option<Class> {
    rest.iter().map(|glyph| Class::of(glyph.c)).find(|class| class.is_ink())
}

/// Whether something in the text can be nothing but quoted-printable: a usual escape, or a soft break in a full line.
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
            && (is_usual(byte) || byte >= 0xc2 && next_ink(&rest[length..]) == Some(Class::Pad))
        {
            return true;
        }
        let ends = rest.first().is_some_and(|next| Class::of(next.c) == Class::Newline);
        if ends && column >= FULL && next_ink(rest) == Some(Class::Base64) {
            return true;
        }
    }
    false
}

/// Whether a line end stands in an escape, as by `fold`. It looks like a soft break followed by two digits, but an
/// encoder breaks only lines that are nearly full.
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

/// How much layout may stand in a torn escape, in characters.
const REACH: usize = 40;

/// The shortest line that an encoder breaks, which has 76 columns to fill and no break inside an escape.
const FULL: usize = 73;

/// Escapes every encoder writes, of which each one shows that the text is quoted-printable.
fn is_usual(byte: u8) -> bool {
    matches!(byte, b'=' | b'-' | b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'<' | b'&' | b'|' | 0)
}
