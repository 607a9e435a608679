//! How a list is laid out: its separator, its headings, and the lines above them that are left out.

use airlatch_core::format::limits;
use airlatch_core::model::{Error, Mac, Place, Reason};

use super::cells::{self, Cell};
use super::columns::{self, Columns};

/// The headings are among so many lines at the top that are not blank.
const TOP: usize = 20;
/// Lines named one by one in a note.
const NAMED_LINES: usize = 100;

/// The layout of a list.
pub(super) struct Layout {
    pub(super) separator: char,
    pub(super) columns: Columns,
    /// The first line that counts: that of the headings, else that of the first device.
    pub(super) line: usize,
    /// The headings, as they are written; empty if there are none.
    pub(super) headings: Vec<String>,
}

impl Layout {
    /// Finds the headings; without any, the first line decides. `lines` are those that are not blank, with their numbers.
    ///
    /// # Errors
    /// `bad-list` if two headings name the MAC.
    pub(super) fn find<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Result<Self, Error> {
        let mut first = None;
        for (line, text) in lines.take(TOP) {
            if text.len() as u64 > limits::LIST_LINE {
                first.get_or_insert((line, ""));
                break;
            }
            let separator = cells::separator(text).unwrap_or('\t');
            let found = cells::split(text, separator);
            let is_comment = is_comment(text);
            if let Some(columns) = Columns::named(&found).filter(|_| !is_comment || found[0].text == "#") {
                refuse_two_macs(&found, line)?;
                let headings = found.into_iter().map(|cell| cell.text.into_owned()).collect();
                return Ok(Self { separator, columns, line, headings });
            }
            if !is_comment {
                first.get_or_insert((line, text));
                if names_mac(&found) {
                    break;
                }
            }
        }
        let (line, text) = first.unwrap_or((1, ""));
        let separator = cells::separator(text).unwrap_or('\t');
        let columns = Columns::unnamed(&cells::split(text, separator));
        Ok(Self { separator, columns, line, headings: Vec::new() })
    }

    /// Whether the list has headings.
    pub(super) fn is_named(&self) -> bool {
        !self.headings.is_empty()
    }

    /// What the first line is called in a message.
    pub(super) fn first_line(&self) -> String {
        if self.is_named() { "the header".into() } else { format!("line {}", self.line) }
    }

    /// The heading of a column that is not read.
    pub(super) fn unread(&self, at: usize) -> Option<&str> {
        let heading = self.headings.get(at).filter(|heading| !heading.is_empty())?;
        self.columns.meaning(at).is_none().then_some(heading)
    }

    /// What was understood, unless the list is written as airlatch says it.
    pub(super) fn note(&self) -> Option<String> {
        let usual = |(at, heading): (usize, &String)| match self.columns.meaning(at) {
            Some("license number") => heading.eq_ignore_ascii_case("number"),
            Some(meaning) => heading.eq_ignore_ascii_case(meaning),
            None => heading.is_empty(),
        };
        if self.separator == '\t' && self.headings.iter().enumerate().all(usual) {
            return None;
        }
        let separator = match self.separator {
            '\t' => None,
            other => Some(format!("its cells are separated by {}", cells::name(other))),
        };
        if !self.is_named() {
            return separator;
        }
        let named = |(at, heading): (usize, &String)| {
            self.columns.meaning(at).map(|meaning| format!("`{heading}` is the {meaning}"))
        };
        let named: Vec<String> = self.headings.iter().enumerate().filter_map(named).collect();
        let unread: Vec<String> =
            (0..self.headings.len()).filter_map(|at| self.unread(at)).map(|it| format!("`{it}`")).collect();
        let unread = match unread.is_empty() {
            true => String::new(),
            false => format!("; not read: {}", unread.join(", ")),
        };
        let separator = separator.map(|separator| separator + "; ").unwrap_or_default();
        Some(format!("{separator}by line {}, {}{unread}", self.line, named.join(", ")))
    }
}

/// Whether a line has nothing in any cell.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || cells::SEPARATORS.contains(&c))
}

/// Whether a line is a comment.
pub(super) fn is_comment(text: &str) -> bool {
    text.trim_start().starts_with('#')
}

/// Whether a cell is an address.
pub(super) fn names_mac(cells: &[Cell<'_>]) -> bool {
    cells.iter().any(|cell| Mac::parse_with_check(&cell.text).is_ok())
}

/// The note on lines that are left out for the same reason; none if there are none.
pub(super) fn left_out(lines: &[usize], why: &str) -> Option<String> {
    let shown: Vec<String> = lines.iter().take(NAMED_LINES).map(usize::to_string).collect();
    let more = lines.len().saturating_sub(NAMED_LINES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    match lines.len() {
        0 => None,
        1 => Some(format!("line {} is left out: {why}", shown.join(", "))),
        _ => Some(format!("lines {}{more} are left out: {why}", shown.join(", "))),
    }
}

fn refuse_two_macs(cells: &[Cell<'_>], line: usize) -> Result<(), Error> {
    let macs: Vec<&str> =
        cells.iter().map(|cell| cell.text.as_ref()).filter(|text| columns::means_mac(text)).collect();
    match macs[..] {
        [first, second, ..] => {
            let message = format!("`{first}` and `{second}` both name the MAC: leave one of the columns");
            Err(Error::new(Reason::BadList, message).at(Place::Line(line)))
        }
        _ => Ok(()),
    }
}
