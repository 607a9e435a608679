//! The fleet file: licenses of many devices in one file, in which each device finds its own without reading the rest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::crypto::Sealed;
use crate::model::{Error, Kind, Mac, Reason, Result};

use super::fleet_lines::{CHUNK, DIGITS, Digits, Lines};
use super::limits;

/// A file of up to so many bytes is not searched but read, and all its lines are held against each other.
const SMALL: u64 = 16 * 1024;

/// Finds the licenses of one device in a fleet file of `size` bytes, in the order in which they stand there; none when
/// there is no line for it. Nothing of them is believed yet.
///
/// `read` gives the bytes from an offset on, all that are asked for; it is never asked for bytes beyond `size`. In a file
/// of a million licenses about 30 KiB are read.
///
/// # Errors
/// `bad-list` with the offset of the byte when a line is none, or contradicts the order, so that nothing can be said;
/// `newer-version`; `truncated` when the search comes to an end without a line end; `too-large` beyond
/// [`limits::FLEET_LINE`] or [`limits::FLEET_LICENSES`]; `bad-base64`; whatever `read` says.
pub fn find_in_fleet(
    size: u64,
    mac: Mac,
    read: &mut dyn FnMut(u64, usize) -> Result<Vec<u8>>,
) -> Result<Vec<Sealed>> {
    let mut lines = Lines::new(size, read);
    let first = lines.head()?;
    let mut wanted: Digits = [0; DIGITS];
    wanted.copy_from_slice(mac.bare().as_bytes());
    let (from, behind) = if size > SMALL { search(&mut lines, first, wanted)? } else { (first, None) };
    collect(&mut lines, from, wanted, behind)
}

/// A line that was looked at: where it begins, and its digits.
type Seen = (u64, Digits);

/// What the lines that were looked at say about the place of the wanted ones.
struct Place {
    wanted: Digits,
    /// No wanted line begins before it.
    low: u64,
    /// All lines that begin behind it are wanted ones or later.
    high: u64,
    before: Option<Seen>,
    behind: Option<Seen>,
}

impl Place {
    /// Takes the first line at or behind the byte at `probe` into account.
    fn narrow(&mut self, probe: u64, (at, digits): Seen) -> Result<()> {
        let fits = |other: &Option<Seen>| {
            other.is_none_or(|(place, other)| if at < place { digits <= other } else { digits >= other })
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

/// A line a little before all that are wanted, so that the last one before them is held against its neighbour too, and
/// the nearest known line at or behind them.
fn search(lines: &mut Lines<'_>, first: u64, wanted: Digits) -> Result<(u64, Option<Seen>)> {
    let mut place = Place { wanted, low: first, high: lines.size(), before: None, behind: None };
    // The ends show whether parts of the file have changed places; a torn end is no matter for those before it.
    for at in [lines.last(first)?, first] {
        if let Ok(digits) = lines.digits(at) {
            place.narrow(at, (at, digits))?;
        }
    }
    while place.high.saturating_sub(place.low) > CHUNK as u64 {
        let middle = place.low + (place.high - place.low) / 2;
        let at = lines.next_after(middle)?;
        if at >= place.behind.map_or(lines.size(), |(at, _)| at) {
            place.high = middle;
        } else {
            let digits = lines.digits(at)?;
            place.narrow(middle, (at, digits))?;
        }
    }
    Ok((lines.before(place.low, first)?, place.behind))
}

/// The wanted lines from a line on that is not behind them. Before it is said that there are none, the lines around the
/// place have to be in order.
fn collect(lines: &mut Lines<'_>, from: u64, wanted: Digits, behind: Option<Seen>) -> Result<Vec<Sealed>> {
    let (mut found, mut beyond) = (Vec::new(), 0);
    let (mut at, mut last) = (from, Vec::new());
    while at < lines.size() {
        let digits = lines.digits(at)?;
        if digits > wanted {
            beyond += 1;
            let enough = beyond > 2 && lines.size() > SMALL;
            if enough || !found.is_empty() {
                break;
            }
            if behind.is_some_and(|(place, other)| at < place && digits > other) {
                return Err(out_of_order(at));
            }
        }
        let line = lines.line(at)?;
        if line.text < last {
            return Err(out_of_order(at));
        }
        if digits == wanted && line.text != last {
            if found.len() as u64 == limits::FLEET_LICENSES {
                let what = format!("more than {} licenses for one device", limits::FLEET_LICENSES);
                return Err(Error::new(Reason::TooLarge, what).at(format!("byte {at}")));
            }
            found.push(sealed(&line.text).map_err(|error| error.at(format!("byte {at}")))?);
        }
        (at, last) = (line.next, line.text);
    }
    Ok(found)
}

fn sealed(line: &[u8]) -> Result<Sealed> {
    let bytes = STANDARD.decode(line.get(DIGITS + 1..).unwrap_or_default()).map_err(|error| {
        Error::new(Reason::BadBase64, format!("the line of this device is damaged: {error}"))
    })?;
    Sealed::from_parts(Kind::License, bytes)
}

fn out_of_order(at: u64) -> Error {
    let what = "the lines of the fleet file are not in order, so that none can be found with certainty";
    Error::new(Reason::BadList, what).at(format!("byte {at}"))
}
