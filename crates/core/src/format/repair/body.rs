//! The base64 between two markers: collects and decodes it, and finds the likely place of an error.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::format::{limits, visible};
use crate::model::{Error, Place, Reason, Result};

use super::char_class::{Class, Glyph};
use super::position::{Position, ends_line};
use super::quoting::Quoting;

/// Characters in a full line of armor.
pub(super) const WIDTH: usize = 64;

/// So many letters occur in one case only if the case was changed: of a key and a signature alone half are in each.
const MANY_LETTERS: usize = 20;

/// The base64 characters of a block, counted by line.
pub(super) struct Body {
    data: Vec<u8>,
    pads: usize,
    last: u32,
    /// For each line with base64: the number of its base64 characters, padding included, and the offset of the first.
    pub(super) lines: Vec<(usize, u32)>,
}

/// Why a body can't be read; `culprit` is the bad character, which tells whether another decoding may succeed.
pub(super) struct Fault {
    pub(super) error: Error,
    pub(super) culprit: Option<char>,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { error, culprit: None }
    }
}

/// Collects the base64 between two markers. `>` and `|` are bad characters unless they are quote marks.
pub(super) fn collect(text: &[Glyph], quoting: Quoting, source: &[Glyph]) -> Result<Body, Fault> {
    let mut body = Body { data: Vec::new(), pads: 0, last: 0, lines: Vec::new() };
    // Whether this line had no base64 yet, and whether it had only layout.
    let (mut is_new_line, mut is_line_start) = (true, false);
    let (mut bad, mut count) = (None, 0_usize);
    let mut pad = None;
    for (i, glyph) in text.iter().enumerate() {
        match Class::of(glyph.c) {
            Class::Blank | Class::Hidden => {}
            Class::Newline => {
                is_new_line |= ends_line(text, i);
                is_line_start |= ends_line(text, i);
            }
            Class::Quote
                if quoting == Quoting::Anywhere || is_line_start && quoting == Quoting::AtLineStarts => {}
            class @ (Class::Base64 | Class::Pad) => {
                is_line_start = false;
                if is_new_line {
                    body.lines.push((0, glyph.at));
                    is_new_line = false;
                }
                if let Some(line) = body.lines.last_mut() {
                    line.0 += 1;
                }
                if class == Class::Pad {
                    body.pads += 1;
                    pad.get_or_insert(*glyph);
                } else if let Some(pad) = pad {
                    count += 1;
                    bad.get_or_insert(pad);
                } else {
                    body.data.push(glyph.c as u8);
                    body.last = glyph.at;
                }
            }
            Class::Dash | Class::Quote | Class::Other => {
                count += 1;
                bad.get_or_insert(*glyph);
            }
        }
    }
    match bad {
        Some(glyph) => Err(bad_character(glyph, count, source)),
        None => Ok(body),
    }
}

fn bad_character(glyph: Glyph, count: usize, source: &[Glyph]) -> Fault {
    let message = match glyph.c {
        '\0' => "there is a zero byte in the base64".to_owned(),
        '=' => "there is a `=` before the end of the base64".to_owned(),
        c => format!("`{}` is not base64", visible(&c.to_string())),
    };
    let mut error = Position::of(source, glyph.at).of_error(Error::new(Reason::BadCharacter, message));
    if !glyph.c.is_ascii() {
        error = error.detail(format!("the character is U+{:04X}", u32::from(glyph.c)));
    }
    if glyph.c == '\0' {
        error = error.detail("this part of the file was never written: copy it again");
    } else if count > 1 {
        error = error.detail(format!("{} more such characters follow in this block", count - 1));
    }
    Fault { error, culprit: Some(glyph.c) }
}

impl Body {
    /// Decodes the bytes; also returns whether `=` was missing at the end. Non-canonical base64 is refused, never guessed.
    pub(super) fn decode(&self, source: &[Glyph]) -> Result<(Vec<u8>, bool)> {
        if self.data.is_empty() {
            return Err(Error::new(Reason::Truncated, "there is nothing between BEGIN and END"));
        }
        if self.data.len() as u64 > limits::SEALED.div_ceil(3) * 4 {
            let message = format!("the block is larger than {} bytes", limits::SEALED);
            return Err(Error::new(Reason::TooLarge, message));
        }
        let needed = (4 - self.data.len() % 4) % 4;
        let lost = self.pads < needed;
        if needed == 3 || self.pads > needed {
            return Err(self.wrong_count(source));
        }
        // A missing `=` is harmless, but a missing character looks the same; then one line has another length.
        if lost && self.odd_line().is_some() {
            return Err(self.wrong_count(source));
        }
        if let Some(word) = self.folded_case() {
            let message =
                format!("all letters of the base64 are {word} case: a transfer has changed the others");
            let error = Error::new(Reason::BadBase64, message);
            return Err(error.detail("which letters were changed is lost: send it as an attachment"));
        }
        match STANDARD_NO_PAD.decode(&self.data) {
            Ok(sealed) if sealed.len() as u64 > limits::SEALED => {
                let message = format!("the block is larger than {} bytes", limits::SEALED);
                Err(Error::new(Reason::TooLarge, message))
            }
            Ok(sealed) => Ok((sealed, lost)),
            Err(_) => Err(self.wrong_last(lost, source)),
        }
    }

    /// `upper` or `lower` if the text has many different letters, and all in one case.
    fn folded_case(&self) -> Option<&'static str> {
        let letters = self.data.iter().filter(|b| b.is_ascii_alphabetic());
        let (upper, lower): (BTreeSet<u8>, BTreeSet<u8>) = letters.partition(|b| b.is_ascii_uppercase());
        match (upper.len(), lower.len()) {
            (MANY_LETTERS.., 0) => Some("upper"),
            (0, MANY_LETTERS..) => Some("lower"),
            _ => None,
        }
    }

    fn wrong_count(&self, source: &[Glyph]) -> Error {
        let marks = match self.pads {
            0 => String::new(),
            pads => format!(" and {pads} `=`"),
        };
        let message = format!(
            "the base64 has {} characters{marks}, which is not a whole number of bytes",
            self.data.len()
        );
        self.with_odd_line(Error::new(Reason::BadBase64, message), source)
    }

    fn wrong_last(&self, lost: bool, source: &[Glyph]) -> Error {
        let last = self.data.last().map_or(' ', |&b| char::from(b));
        let message = format!("the base64 can't end with `{last}`");
        let error = Position::of(source, self.last).of_error(Error::new(Reason::BadBase64, message));
        let error = if lost { error.detail("the end of the last line may be missing") } else { error };
        self.with_odd_line(error, source)
    }

    /// Adds the likely cause: the line that has fewer or more characters than its neighbours.
    fn with_odd_line(&self, error: Error, source: &[Glyph]) -> Error {
        let Some((count, at, usual)) = self.odd_line() else {
            return error.detail("a character was lost or added in transfer");
        };
        let line = Position::of(source, at).line;
        let likely = match usual.abs_diff(count) {
            1 if count < usual => "a character is missing".to_owned(),
            1 => "there is one character too many".to_owned(),
            n if count < usual => format!("{n} characters are missing"),
            n => format!("there are {n} characters too many"),
        };
        let error =
            error.detail(format!("line {line} has {count} characters, where its neighbours have {usual}"));
        let error = error.detail(format!("{likely} in or before line {line}"));
        if error.places().is_empty() { error.at(Place::Line(line)) } else { error }
    }

    /// The one line, except the last, that is slightly shorter or longer than all others, and the usual length.
    fn odd_line(&self) -> Option<(usize, u32, usize)> {
        let (last, full) = self.lines.split_last()?;
        let mut counts: Vec<_> = full.iter().map(|line| line.0).collect();
        counts.sort_unstable();
        let usual = if counts.len() < 3 { WIDTH } else { counts[counts.len() / 2] };
        let near = |count: usize| count != usual && count.abs_diff(usual) <= 3;
        let mut odd =
            full.iter().filter(|line| line.0 != usual).chain(Some(last).filter(|line| line.0 > usual));
        match (odd.next(), odd.next()) {
            (Some(&(count, at)), None) if near(count) => Some((count, at, usual)),
            _ => None,
        }
    }
}
