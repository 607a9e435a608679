//! The fleet file: the licenses of many devices, sorted by MAC, so a device finds its own by binary search.

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::crypto::Sealed;
use crate::model::{Error, Kind, Mac, Reason, Result};

use super::fleet_lines::{CHUNK, DIGITS, Digits, Lines, naming_blanks};
use super::limits;

/// A file up to this size in bytes is read entirely, and the order of all its lines is checked.
const SMALL_FILE: u64 = 16 * 1024;

/// Finds the licenses of one device in a fleet file of `size` bytes, in the order of the file; empty if it has no line.
/// They are not verified yet.
///
/// `read` returns the requested number of bytes from an offset on, and is never called beyond `size`. In a file of a million
/// licenses about 30 KiB are read.
///
/// # Errors
/// `bad-list` with the byte offset if a line can't be read, stands there twice or is out of order; `newer-version`; `truncated` if
/// the file ends inside a line that is needed; `too-large` beyond [`limits::FLEET_LINE`] or [`limits::FLEET_LICENSES`];
/// `bad-base64`; those of `read`.
pub fn find_in_fleet(
    size: u64,
    mac: Mac,
    read: &mut dyn FnMut(u64, usize) -> Result<Vec<u8>>,
) -> Result<Vec<Sealed>> {
    let mut lines = Lines::new(size, read);
    let first = lines.head()?;
    let mut wanted: Digits = [0; DIGITS];
    wanted.copy_from_slice(mac.bare().as_bytes());
    let (from, behind) = if size > SMALL_FILE { search(&mut lines, first, wanted)? } else { (first, None) };
    collect(&mut lines, from, wanted, behind)
}

/// A line that was read: its offset, and its MAC digits.
type ProbedLine = (u64, Digits);

/// The interval of the binary search.
struct Interval {
    wanted: Digits,
    /// No wanted line begins before this offset.
    low: u64,
    /// No line that begins behind this offset is lower than the wanted ones.
    high: u64,
    /// The probed lines next to the wanted ones, on both sides.
    before: Option<ProbedLine>,
    behind: Option<ProbedLine>,
}

impl Interval {
    /// Narrows the interval by the first line at or behind the offset `probe`.
    fn narrow(&mut self, probe: u64, (at, digits): ProbedLine) -> Result<()> {
        let fits = |other: &Option<ProbedLine>| {
            other.is_none_or(|(offset, other)| if at < offset { digits <= other } else { digits >= other })
        };
        if !fits(&self.before) || !fits(&self.behind) {
            return Err(out_of_order(at));
        }
        if digits >= self.wanted {
            (self.high, self.behind) = (self.high.min(probe), Some((at, digits)));
        } else if at >= self.low {
            (self.low, self.before) = (at, Some((at, digits)));
        }
        Ok(())
    }
}

/// The offset of a line shortly before the wanted ones, and the nearest probed line at or behind them. It is a line
/// earlier than needed, so the order around the wanted lines can be checked.
fn search(lines: &mut Lines<'_>, first: u64, wanted: Digits) -> Result<(u64, Option<ProbedLine>)> {
    let mut interval = Interval { wanted, low: first, high: lines.size(), before: None, behind: None };
    // First and last line show whether parts of the file were swapped. A truncated last line is ignored here.
    for at in [lines.last(first)?, first] {
        if let Ok(digits) = lines.digits(at) {
            interval.narrow(at, (at, digits))?;
        }
    }
    while interval.high.saturating_sub(interval.low) > CHUNK as u64 {
        let middle = interval.low + (interval.high - interval.low) / 2;
        let at = lines.next_after(middle)?;
        if at >= interval.behind.map_or(lines.size(), |(at, _)| at) {
            interval.high = middle;
        } else {
            let digits = lines.digits(at)?;
            interval.narrow(middle, (at, digits))?;
        }
    }
    Ok((lines.before(interval.low, first)?, interval.behind))
}

/// Collects the wanted lines from the offset `from` on. If there are none, the order of the lines around the place where
/// they would be is checked.
fn collect(
    lines: &mut Lines<'_>,
    from: u64,
    wanted: Digits,
    behind: Option<ProbedLine>,
) -> Result<Vec<Sealed>> {
    let (mut found, mut beyond) = (Vec::new(), 0);
    let (mut at, mut last) = (from, Vec::new());
    while at < lines.size() {
        let digits = lines.digits(at)?;
        if digits > wanted {
            beyond += 1;
            let is_checked = beyond > 2 && lines.size() > SMALL_FILE;
            if is_checked || !found.is_empty() {
                break;
            }
            if behind.is_some_and(|(offset, other)| at < offset && digits > other) {
                return Err(out_of_order(at));
            }
        }
        let line = lines.line(at)?;
        match line.text.cmp(&last) {
            Ordering::Less => return Err(out_of_order(at)),
            Ordering::Equal => return Err(twice(at)),
            Ordering::Greater => {}
        }
        if digits == wanted {
            if found.len() as u64 == limits::FLEET_LICENSES {
                let message = format!("more than {} licenses for one device", limits::FLEET_LICENSES);
                return Err(Error::new(Reason::TooLarge, message).at(format!("byte {at}")));
            }
            found.push(sealed(&line.text).map_err(|error| error.at(format!("byte {at}")))?);
        }
        (at, last) = (line.next, line.text);
    }
    Ok(found)
}

fn sealed(line: &[u8]) -> Result<Sealed> {
    let bytes = STANDARD.decode(line.get(DIGITS + 1..).unwrap_or_default()).map_err(|error| {
        let error = Error::new(Reason::BadBase64, format!("the line of this device is damaged: {error}"));
        naming_blanks(error, line)
    })?;
    Sealed::from_parts(Kind::License, bytes)
}

fn twice(at: u64) -> Error {
    let message =
        "this line stands in the fleet file twice: two files were joined, or part of one was copied twice";
    Error::new(Reason::BadList, message).at(format!("byte {at}"))
}

fn out_of_order(at: u64) -> Error {
    let message = "the lines of the fleet file are not in order, so the search is not reliable";
    Error::new(Reason::BadList, message).at(format!("byte {at}"))
}
