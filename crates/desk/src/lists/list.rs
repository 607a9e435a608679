//! Reads a list of devices, `license number`, MAC, and where needed quantity and model per line, and reports all bad lines at once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::catalog::MacRule;
use airlatch_core::format::{Repair, limits};
use airlatch_core::model::{Error, Mac, Place, Reason};

use super::layout::{self, Layout};
use super::row::{DeviceRow, row};
use super::{cells, text};

/// A list read without errors.
#[derive(Debug, Clone)]
pub struct DeviceList {
    /// The devices, in the order of the list.
    pub rows: Vec<DeviceRow>,
    /// What was repaired in the text.
    pub repairs: Vec<Repair>,
    /// How the list was understood, and which lines were left out, for people; nothing for a list written as airlatch says it.
    pub notes: Vec<String>,
}

/// Reads a list and checks every MAC against the rule.
///
/// # Errors
/// The bad lines in order with line and column, but no more than [`limits::LIST_TROUBLES`]:
/// `bad-list`, `bad-mac`, `not-unicast`, `local-address`, `wrong-prefix`, `wrong-spelling`, `duplicate`. A single error if
/// the list can't be read at all: `empty`, `too-large`, `not-text`.
///
/// ```
/// use airlatch_desk::catalog::MacRule;
/// let list = airlatch_desk::lists::read_list(b"22222222AB22C2\t0004f1144bd4\n", &MacRule::default()).unwrap();
/// assert_eq!(list.rows[0].mac.to_string(), "00:04:f1:14:4b:d4");
/// ```
pub fn read_list(bytes: &[u8], rule: &MacRule) -> Result<DeviceList, Vec<Error>> {
    read_list_by(bytes, &mut |_| Ok(rule))
}

/// Reads a list in which the license number of a line determines the MAC rule; `rule_of` may also refuse the number.
///
/// # Errors
/// As [`read_list`], and those of `rule_of`, with line and column of the number.
pub fn read_list_by<'a>(
    bytes: &[u8],
    rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
) -> Result<DeviceList, Vec<Error>> {
    if bytes.len() as u64 > limits::LIST_FILE {
        let message = format!("the list has {} bytes, more than {}", bytes.len(), limits::LIST_FILE);
        return Err(vec![Error::new(Reason::TooLarge, message)]);
    }
    let (text, repairs) = text::decode(bytes).map_err(|error| vec![error])?;
    let mut top = 0;
    // Excel writes this line to tell itself the separator.
    if text.starts_with("sep=") {
        top = 1;
    }
    let lines = || text.split('\n').enumerate().map(|(index, text)| (index + 1, text)).skip(top);
    let filled = || lines().filter(|(_, text)| !layout::is_blank(text));
    let layout = Layout::find(filled()).map_err(|error| vec![error])?;
    let mut reading = Reading::default();
    for (line, text) in lines() {
        if line as u64 > limits::LIST_LINES && !layout::is_blank(text) {
            return Err(vec![Error::new(
                Reason::TooLarge,
                format!("more than {} lines", limits::LIST_LINES),
            )]);
        }
        reading.line(line, text, &layout, rule_of);
    }
    reading.finish(&layout, repairs)
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    rows: Vec<DeviceRow>,
    first_seen: BTreeMap<Mac, usize>,
    errors: Vec<Error>,
    bad: u64,
    /// Lines above the headings.
    above: Vec<usize>,
    /// Comments that hold an address.
    comments: Vec<usize>,
}

impl Reading {
    fn line<'a>(
        &mut self,
        line: usize,
        text: &str,
        layout: &Layout,
        rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
    ) {
        if layout::is_blank(text) || layout.is_named() && line == layout.line {
            return;
        }
        if layout::is_comment(text) {
            // An address has twelve digits.
            let may_name_one = (12..=limits::LIST_LINE).contains(&(text.len() as u64));
            if may_name_one && layout::names_mac(&cells::split(text, layout.separator)) {
                self.comments.push(line);
            }
            return;
        }
        if layout.is_named() && line < layout.line {
            self.above.push(line);
            return;
        }
        let error = match row(text, line, layout, rule_of) {
            Err(error) => error.at(Place::Line(line)),
            Ok(row) => match self.first_seen.entry(row.mac) {
                Entry::Occupied(first) => duplicate(&row, *first.get()),
                Entry::Vacant(place) => {
                    place.insert(line);
                    return self.rows.push(row);
                }
            },
        };
        self.bad += 1;
        if self.bad <= limits::LIST_TROUBLES {
            self.errors.push(error);
        }
    }

    fn finish(mut self, layout: &Layout, repairs: Vec<Repair>) -> Result<DeviceList, Vec<Error>> {
        if self.bad > limits::LIST_TROUBLES {
            let message = format!("{} more bad lines", self.bad - limits::LIST_TROUBLES);
            self.errors.push(Error::new(Reason::BadList, message));
        }
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        if self.rows.is_empty() {
            return Err(vec![Error::new(Reason::Empty, "the list has no device")]);
        }
        let left_out = [
            layout::left_out(&self.above, "the headings are below"),
            layout::left_out(&self.comments, "`#` makes a comment, though there is a MAC"),
        ];
        let notes = layout.note().into_iter().chain(left_out.into_iter().flatten()).collect();
        Ok(DeviceList { rows: self.rows, repairs, notes })
    }
}

fn duplicate(row: &DeviceRow, first: usize) -> Error {
    let message = format!("{} is already in line {first}", row.spelled_mac());
    Error::new(Reason::Duplicate, message).at(Place::Line(row.line))
}
