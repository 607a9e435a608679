//! Reads a list of devices, `license number<TAB>MAC[<TAB>quantity[<TAB>model]]` per line, and reports all bad lines at once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::catalog::MacRule;
use airlatch_core::model::{Error, MAX_QUANTITY, Mac, Place, Reason};

use super::columns::Columns;
use airlatch_core::format::{Repair, limits};

use super::text;

/// One device of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// The number of its line, from 1.
    pub line: usize,
    /// The vendor's license number.
    pub number: String,
    /// The device.
    pub mac: Mac,
    /// The quantity, 1 to [`MAX_QUANTITY`]; given for every device of a list or for none.
    pub quantity: Option<u64>,
    /// The hardware model, if its line has one.
    pub model: Option<String>,
}

/// A list read without errors.
#[derive(Debug, Clone)]
pub struct DeviceList {
    /// The devices, in the order of the list.
    pub rows: Vec<DeviceRow>,
    /// What was repaired in the text.
    pub repairs: Vec<Repair>,
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
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut first_seen: BTreeMap<Mac, usize> = BTreeMap::new();
    let (mut layout, mut bad) = (None, 0);
    for (index, text) in text.split('\n').enumerate() {
        let line = index + 1;
        if text.trim().is_empty() {
            continue;
        }
        if line as u64 > limits::LIST_LINES {
            return Err(vec![Error::new(
                Reason::TooLarge,
                format!("more than {} lines", limits::LIST_LINES),
            )]);
        }
        if text.trim_start().starts_with('#') {
            continue;
        }
        // `row` refuses a line that is too long; the rest of its cells isn't needed.
        let cells: Vec<&str> = text.split('\t').take(limits::LIST_LINE as usize).collect();
        let is_first = layout.is_none();
        let found = layout.get_or_insert_with(|| Layout::of(&cells, line));
        if is_first && found.is_header {
            continue;
        }
        let error = match row(&cells, line, found, rule_of) {
            Err(error) => error.at(Place::Line(line)),
            Ok(row) => match first_seen.entry(row.mac) {
                Entry::Occupied(first) => duplicate(&row, *first.get()),
                Entry::Vacant(place) => {
                    place.insert(line);
                    rows.push(row);
                    continue;
                }
            },
        };
        bad += 1;
        if bad <= limits::LIST_TROUBLES {
            errors.push(error);
        }
    }
    if bad > limits::LIST_TROUBLES {
        let message = format!("{} more bad lines", bad - limits::LIST_TROUBLES);
        errors.push(Error::new(Reason::BadList, message));
    }
    if rows.is_empty() && errors.is_empty() {
        return Err(vec![Error::new(Reason::Empty, "the list has no device")]);
    }
    if errors.is_empty() { Ok(DeviceList { rows, repairs }) } else { Err(errors) }
}

/// The columns, and the first line, which determines them.
struct Layout {
    columns: Columns,
    line: usize,
    is_header: bool,
}

impl Layout {
    fn of(cells: &[&str], line: usize) -> Self {
        let (columns, is_header) = Columns::of(cells);
        Self { columns, line, is_header }
    }

    /// What the first line is called in a message.
    fn first_line(&self) -> String {
        if self.is_header { "the header".into() } else { format!("line {}", self.line) }
    }
}

fn row<'a>(
    cells: &[&str],
    line: usize,
    layout: &Layout,
    rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
) -> Result<DeviceRow, Error> {
    let columns = layout.columns;
    let bad =
        |column: usize, message: String| Err(Error::new(Reason::BadList, message).at(Place::Column(column)));
    let length: usize = cells.iter().map(|cell| cell.len() + 1).sum();
    if length as u64 > limits::LIST_LINE {
        return bad(1, format!("the line has {length} bytes, more than {}", limits::LIST_LINE));
    }
    // The column of a missing cell is the end of the line.
    let width = cells.iter().map(|cell| cell.chars().count() + 1).sum::<usize>();
    let start = |cell: usize| {
        let before = cells.iter().take(cell).map(|cell| cell.chars().count() + 1).sum::<usize>();
        before.min(width - 1) + 1
    };
    let cell = |cell: usize| cells.get(cell).copied().unwrap_or_default();
    if cells.len() < 2 {
        return bad(1, single_cell_message(cells[0]));
    }
    if let Some(extra) = columns.extra(cells) {
        return bad(start(extra), extra_column_message(layout, extra, line));
    }
    let number = cell(columns.number).trim();
    if let Some(message) = check_number(number) {
        return bad(start(columns.number), message);
    }
    let text = cell(columns.mac);
    let bad_mac = |(column, message)| Mac::bad_mac_with_check(text, start(columns.mac) + column - 1, message);
    let (mac, address) = Mac::parse_with_check_and_column(text).map_err(bad_mac)?;
    let rule = rule_of(number).map_err(|error| error.at(Place::Column(start(columns.number))))?;
    let mac = rule.accept(mac, address).map_err(|error| error.at(Place::Column(start(columns.mac))))?;
    let quantity = match columns.quantity.map(|at| (at, quantity(cell(at), layout))) {
        Some((at, Err((column, message)))) => return bad(start(at) + column - 1, message),
        Some((_, Ok(quantity))) => Some(quantity),
        None => None,
    };
    let model = columns.model.map(|at| cell(at).trim()).filter(|model| !model.is_empty());
    Ok(DeviceRow { line, number: number.into(), mac, quantity, model: model.map(ToOwned::to_owned) })
}

fn extra_column_message(layout: &Layout, extra: usize, line: usize) -> String {
    let Columns { quantity, model, .. } = layout.columns;
    if !layout.is_header && extra > 2 || quantity.is_some() && model.is_some() {
        return "there is a fifth column: write license number, MAC, quantity and model".into();
    }
    match quantity {
        Some(_) => "there is a fourth column that the header does not name `model`".into(),
        None if layout.is_header => {
            let column = if model.is_some() { "fourth" } else { "third" };
            format!("there is a {column} column that the header does not name `quantity`")
        }
        None if layout.line == line => "there is a third column that is not a quantity".into(),
        None => format!(
            "there is a third column, and line {} has none: give a quantity in every line or in none",
            layout.line
        ),
    }
}

/// Reads a quantity; an error is the column inside the cell and the message.
fn quantity(cell: &str, layout: &Layout) -> Result<u64, (usize, String)> {
    let digits = cell.trim();
    let lead = cell.chars().take_while(|c| c.is_whitespace()).count();
    if digits.is_empty() {
        let first = layout.first_line();
        let message =
            format!("the quantity is missing, and {first} has one: give one in every line or in none");
        return Err((1, message));
    }
    if let Some((at, odd)) = digits.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
        let message = format!("a quantity has digits only, not `{odd}` (U+{:04X})", u32::from(odd));
        return Err((lead + at + 1, message));
    }
    match digits.parse() {
        Ok(0) => Err((lead + 1, "the quantity is 0, it has to be at least 1".into())),
        Ok(quantity) if quantity <= MAX_QUANTITY => Ok(quantity),
        _ => Err((lead + 1, format!("the quantity is larger than {MAX_QUANTITY}"))),
    }
}

/// What is wrong with a line that has no TAB.
fn single_cell_message(line: &str) -> String {
    let line = line.trim();
    match line.chars().find(|c| matches!(c, ',' | ';')) {
        Some(c) => {
            format!("the cells are separated by `{c}`, not by TAB: save the list as tab-separated text")
        }
        None if line.contains(char::is_whitespace) => {
            "the cells are separated by blanks, not by TAB: an editor or mail program may have replaced it"
                .into()
        }
        None if Mac::parse_with_check(line).is_ok() => {
            "the license number is missing: number, TAB, MAC".into()
        }
        None => "the MAC is missing: number, TAB, MAC".into(),
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

fn duplicate(row: &DeviceRow, first: usize) -> Error {
    let message = format!("{} is already in line {first}", row.mac);
    Error::new(Reason::Duplicate, message).at(Place::Line(row.line))
}
