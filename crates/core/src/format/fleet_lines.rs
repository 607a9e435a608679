//! Lines of a fleet file by their offset, read in small chunks.

use crate::model::{Error, Reason, Result, text};

use super::limits;

/// The first line.
pub const FLEET_HEAD: &str = "airlatch fleet v1";
/// Bytes read at once.
pub(super) const CHUNK: usize = 1024;
/// Digits of a MAC address.
pub(super) const DIGITS: usize = 12;

/// The MAC address at the beginning of a line.
pub(super) type Digits = [u8; DIGITS];

/// An upper bound for the length of the first line of any version.
const MAX_HEAD_LENGTH: usize = 64;

/// Whether the beginning of a file, 32 bytes or more, is that of a fleet file of any version.
pub fn is_fleet(beginning: &[u8]) -> bool {
    text::without_bom(beginning).starts_with(&FLEET_HEAD.as_bytes()[..FLEET_HEAD.len() - 1])
}

/// Whether a first line is that of a later version: its number has no leading zeros, and nothing follows it.
fn is_later_version(head: &[u8]) -> bool {
    let number = head.strip_prefix(&FLEET_HEAD.as_bytes()[..FLEET_HEAD.len() - 1]).unwrap_or_default();
    let is_number = !number.is_empty() && number.iter().all(u8::is_ascii_digit) && number[0] != b'0';
    is_number && number != b"1"
}

/// A line without its line end, and the offset of the next.
pub(super) struct Line {
    pub(super) text: Vec<u8>,
    pub(super) next: u64,
}

/// A file with a buffer of the bytes read last.
pub(super) struct Lines<'a> {
    size: u64,
    read: &'a mut dyn FnMut(u64, usize) -> Result<Vec<u8>>,
    at: u64,
    bytes: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(size: u64, read: &'a mut dyn FnMut(u64, usize) -> Result<Vec<u8>>) -> Self {
        Self { size, read, at: 0, bytes: Vec::new() }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Checks the head; returns the offset of the line after it.
    pub(super) fn head(&mut self) -> Result<u64> {
        let bytes = self.get(0, MAX_HEAD_LENGTH)?;
        let bom_length = bytes.len() - text::without_bom(bytes).len();
        let Some(end) = line_end(bytes) else {
            return Err(if is_fleet(bytes) { truncated(0) } else { bad_line(0) });
        };
        let text = without_cr(&bytes[bom_length..end]);
        if text == FLEET_HEAD.as_bytes() {
            return Ok(end as u64 + 1);
        }
        Err(if is_later_version(text) {
            Error::new(Reason::NewerVersion, "the fleet file was made by a newer version")
        } else {
            bad_head(text)
        })
    }

    /// The offset of the first line that begins behind `start`, or the end of the file.
    pub(super) fn next_after(&mut self, start: u64) -> Result<u64> {
        let mut at = start;
        while at < self.size {
            let bytes = self.get(at, CHUNK)?;
            if let Some(end) = line_end(bytes) {
                return Ok(at + end as u64 + 1);
            }
            at += bytes.len() as u64;
            if at - start > limits::FLEET_LINE {
                return Err(too_long(start));
            }
        }
        Ok(self.size)
    }

    /// The offset of a line shortly before the one at `at`, or `first` if there is none.
    pub(super) fn before(&mut self, at: u64, first: u64) -> Result<u64> {
        let mut back = CHUNK as u64;
        while at > first + back {
            let found = self.next_after(at - back)?;
            if found < at {
                return Ok(found);
            }
            back *= 2;
        }
        Ok(first)
    }

    /// The offset of the last line, or `first` if there is none.
    pub(super) fn last(&mut self, first: u64) -> Result<u64> {
        let (mut at, mut next) = (first, self.before(self.size, first)?);
        while next < self.size {
            at = next;
            next = self.next_after(at)?;
        }
        Ok(at)
    }

    /// The MAC digits of the line at `at`.
    pub(super) fn digits(&mut self, at: u64) -> Result<Digits> {
        let bytes = self.get(at, DIGITS + 1)?;
        match bytes.split_first_chunk() {
            Some((digits, [b'\t'])) if digits.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) => {
                Ok(*digits)
            }
            _ if bytes.len() <= DIGITS && line_end(bytes).is_none() => Err(truncated(at)),
            _ => Err(bad_line(at)),
        }
    }

    /// The line at `at`.
    pub(super) fn line(&mut self, at: u64) -> Result<Line> {
        let (size, mut length) = (self.size, CHUNK);
        loop {
            let bytes = self.get(at, length)?;
            match line_end(bytes) {
                Some(end) if end as u64 > limits::FLEET_LINE => return Err(too_long(at)),
                Some(end) => {
                    let text = without_cr(&bytes[..end]).to_vec();
                    return Ok(Line { text, next: at + end as u64 + 1 });
                }
                None if bytes.len() as u64 > limits::FLEET_LINE => return Err(too_long(at)),
                None if at + bytes.len() as u64 >= size => return Err(truncated(at)),
                None => length *= 2,
            }
        }
    }

    /// Up to `length` bytes from `at` on; fewer only at the end of the file.
    fn get(&mut self, at: u64, length: usize) -> Result<&[u8]> {
        let length = usize::try_from(self.size.saturating_sub(at)).map_or(length, |rest| rest.min(length));
        let in_buffer = at.checked_sub(self.at).and_then(|from| usize::try_from(from).ok());
        let in_buffer = in_buffer.filter(|from| from.saturating_add(length) <= self.bytes.len());
        let from = match in_buffer {
            Some(from) => from,
            None => {
                self.bytes = (self.read)(at, length)?;
                self.at = at;
                0
            }
        };
        self.bytes
            .get(from..from + length)
            .ok_or_else(|| Error::new(Reason::Truncated, "the fleet file became shorter while it was read"))
    }
}

fn line_end(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|b| *b == b'\n')
}

fn without_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn bad_line(at: u64) -> Error {
    let message = "this is not a line of a fleet file: twelve lower-case hexadecimal digits, a TAB and base64 are needed";
    Error::new(Reason::BadList, message).at(format!("byte {at}"))
}

fn bad_head(head: &[u8]) -> Error {
    if !is_fleet(head) {
        return bad_line(0);
    }
    let message = format!("the first line of a fleet file is `{FLEET_HEAD}` and nothing else");
    naming_blanks(Error::new(Reason::BadList, message).at("byte 0"), head)
}

/// The error of a line; blanks at its end are named.
pub(super) fn naming_blanks(error: Error, line: &[u8]) -> Error {
    match line.last().is_some_and(u8::is_ascii_whitespace) {
        true => {
            error.detail("there are blanks at the end of the line: copy the file again, without an editor")
        }
        false => error,
    }
}

fn truncated(at: u64) -> Error {
    let message = "the fleet file ends in the middle of a line: copy it again";
    Error::new(Reason::Truncated, message).at(format!("byte {at}"))
}

fn too_long(at: u64) -> Error {
    let message = format!("a line of the fleet file has more than {} bytes", limits::FLEET_LINE);
    Error::new(Reason::TooLarge, message).at(format!("byte {at}"))
}
