//! Reads one line of a list: the license number, the MAC, the quantity and the model of a device.

use airlatch_core::format::limits;
use airlatch_core::model::{Error, MAX_QUANTITY, Mac, Place, Reason, Spelling};

use crate::catalog::MacRule;

use super::cells::{self, Cell};
use super::columns;
use super::layout::Layout;

/// One device of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// The number of its line, from 1.
    pub line: usize,
    /// The vendor's license number.
    pub number: String,
    /// The device.
    pub mac: Mac,
    /// The spelling that its product takes; `None` means any.
    pub spelling: Option<Spelling>,
    /// The quantity, 1 to [`MAX_QUANTITY`]; given for every device of a list or for none.
    pub quantity: Option<u64>,
    /// The hardware model, if its line has one.
    pub model: Option<String>,
}

impl DeviceRow {
    /// The address as its product takes it.
    pub fn spelled_mac(&self) -> String {
        self.mac.spelled_as(self.spelling.unwrap_or(Spelling::Colons))
    }
}

/// A line with its cells.
struct Line<'a> {
    text: &'a str,
    number: usize,
    cells: Vec<Cell<'a>>,
}

impl Line<'_> {
    fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |cell| &cell.text)
    }

    /// The column of a cell in characters; that of a missing cell is the end of the line.
    fn column(&self, at: usize) -> usize {
        let before = self.cells.get(at).map_or(self.text, |cell| &self.text[..cell.at]);
        before.chars().count() + 1
    }

    /// An error about a cell, at a column counted from its beginning.
    fn bad(&self, at: usize, column: usize, message: String) -> Error {
        Error::new(Reason::BadList, message).at(Place::Column(self.column(at) + column - 1))
    }
}

/// Reads a line.
///
/// # Errors
/// As [`read_list`](super::read_list), with the column.
pub(super) fn row<'a>(
    text: &str,
    number: usize,
    layout: &Layout,
    rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
) -> Result<DeviceRow, Error> {
    let length = text.len() + 1;
    if length as u64 > limits::LIST_LINE {
        let message = format!("the line has {length} bytes, more than {}", limits::LIST_LINE);
        return Err(Error::new(Reason::BadList, message).at(Place::Column(1)));
    }
    let line = Line { text, number, cells: cells::split(text, layout.separator) };
    let columns = layout.columns;
    if line.cells.len() < 2 {
        let error = Error::new(Reason::BadList, single_cell_message(text, layout));
        return Err(error.at(Place::Column(1)));
    }
    refuse_unknown_columns(&line, layout)?;
    let number = line.cell(columns.number);
    if let Some(message) = check_number(number) {
        return Err(line.bad(columns.number, 1, message));
    }
    let text = line.cell(columns.mac);
    let start = line.column(columns.mac);
    let parsed = Mac::parse_with_check_and_column(text);
    let (mac, address) = parsed.map_err(|(column, message)| {
        if Mac::parse_with_check(number).is_ok() {
            return line.bad(columns.mac, 1, SWAPPED.into());
        }
        let error = Mac::bad_mac_with_check(text, start + column - 1, message);
        match rule_of(number) {
            Ok(rule) => rule.about(error),
            Err(_) => error,
        }
    })?;
    let rule = rule_of(number).map_err(|error| error.at(Place::Column(line.column(columns.number))))?;
    let mac = rule.accept(mac, address).map_err(|error| error.at(Place::Column(start)))?;
    let quantity = columns.quantity.map(|at| quantity(&line, at, layout)).transpose()?;
    let model = columns.model.map(|at| line.cell(at)).filter(|model| !model.is_empty());
    let (number, model) = (number.to_owned(), model.map(ToOwned::to_owned));
    Ok(DeviceRow { line: line.number, number, mac, spelling: rule.spelling, quantity, model })
}

/// What is wrong where the first cell is an address and the second is none.
const SWAPPED: &str =
    "number and MAC are swapped: put the number first, or a line on top that names the columns";

/// Refuses a cell beyond the columns that are known, and numbers that may be quantities under a heading that is not known.
fn refuse_unknown_columns(line: &Line<'_>, layout: &Layout) -> Result<(), Error> {
    let columns = layout.columns;
    for (at, cell) in line.cells.iter().enumerate() {
        if cell.text.is_empty() || columns.meaning(at).is_some() {
            continue;
        }
        match layout.unread(at) {
            None => return Err(line.bad(at, 1, extra_column_message(layout, at, line.number))),
            Some(heading) => {
                let is_number = cell.text.bytes().all(|b| b.is_ascii_digit());
                if columns.quantity.is_none() && is_number && !columns::counts_lines(heading) {
                    let message = format!(
                        "the heading `{heading}` is not known, and its cells are numbers: call it `quantity`, or take the column out"
                    );
                    return Err(line.bad(at, 1, message));
                }
            }
        }
    }
    Ok(())
}

fn extra_column_message(layout: &Layout, extra: usize, line: usize) -> String {
    if layout.is_named() {
        return format!("column {} has no heading: name it `quantity` or `model`, or take it out", extra + 1);
    }
    if extra > 2 {
        return "there is a fifth column: write license number, MAC, quantity and model".into();
    }
    match layout.line == line {
        true => "there is a third column that is not a quantity".into(),
        false => format!(
            "there is a third column, and line {} has none: give a quantity in every line or in none",
            layout.line
        ),
    }
}

/// Reads a quantity.
fn quantity(line: &Line<'_>, at: usize, layout: &Layout) -> Result<u64, Error> {
    let digits = line.cell(at);
    if digits.is_empty() {
        let first = layout.first_line();
        let message =
            format!("the quantity is missing, and {first} has one: give one in every line or in none");
        return Err(line.bad(at, 1, message));
    }
    if let Some((column, odd)) = digits.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
        let message = format!("a quantity has digits only, not `{odd}` (U+{:04X})", u32::from(odd));
        return Err(line.bad(at, column + 1, message));
    }
    match digits.parse() {
        Ok(0) => Err(line.bad(at, 1, "the quantity is 0, it has to be at least 1".into())),
        Ok(quantity) if quantity <= MAX_QUANTITY => Ok(quantity),
        _ => Err(line.bad(at, 1, format!("the quantity is larger than {MAX_QUANTITY}"))),
    }
}

/// What is wrong with a line that has no separator of the list.
fn single_cell_message(line: &str, layout: &Layout) -> String {
    let line = line.trim();
    let separator = cells::name(layout.separator);
    match cells::separator(line) {
        Some(other) if other == layout.separator => {
            "the whole line is in quotation marks: take them off".into()
        }
        Some(other) => format!(
            "the cells are separated by {}, those of {} by {separator}: separate all by the same",
            cells::name(other),
            layout.first_line()
        ),
        None if line.contains(char::is_whitespace) => {
            format!(
                "the cells are separated by blanks, not by {separator}: an editor or mail program may have replaced it"
            )
        }
        None if Mac::parse_with_check(line).is_ok() => {
            format!("the license number is missing: number, {separator}, MAC")
        }
        None => format!("the MAC is missing: number, {separator}, MAC"),
    }
}

/// What is wrong with a license number, if anything.
fn check_number(number: &str) -> Option<String> {
    if number.is_empty() {
        return Some("the license number is missing".into());
    }
    if number.len() > 64 {
        return Some("the license number has more than 64 characters".into());
    }
    if number.starts_with('-') {
        return Some("a license number can't begin with `-`: it is a part of file names".into());
    }
    let odd = number.chars().find(|c| !c.is_ascii_alphanumeric() && !"._-".contains(*c))?;
    Some(format!("a license number can't contain `{odd}` (U+{:04X})", u32::from(odd)))
}
