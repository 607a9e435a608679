//! A list of devices: `license number<TAB>MAC[<TAB>quantity]`, one a line, every bad line reported at once.

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
    /// The line it stands in, from 1.
    pub line: usize,
    /// The vendor's license number.
    pub number: String,
    /// The device.
    pub mac: Mac,
    /// How much it gets, 1 to [`MAX_QUANTITY`]; stated for every device of a list or for none.
    pub quantity: Option<u64>,
}

/// A list that was read whole.
#[derive(Debug, Clone)]
pub struct DeviceList {
    /// The devices, in the order of the list.
    pub rows: Vec<DeviceRow>,
    /// What was mended on the way in.
    pub repairs: Vec<Repair>,
}

/// Reads a list, holding every MAC against the rule.
///
/// # Errors
/// All bad lines in order, the first [`limits::LIST_TROUBLES`] of them one by one, each with line and column:
/// `bad-list`, `bad-mac`, `not-unicast`, `local-address`, `wrong-prefix`, `wrong-spelling`, `duplicate`; or one error
/// with the whole: `empty`, `too-large`, `not-text`.
///
/// ```
/// use airlatch_desk::catalog::MacRule;
/// let list = airlatch_desk::lists::read_list(b"22222222AB22C2\t0004f1144bd4\n", &MacRule::default()).unwrap();
/// assert_eq!(list.rows[0].mac.to_string(), "00:04:f1:14:4b:d4");
/// ```
pub fn read_list(bytes: &[u8], rule: &MacRule) -> Result<DeviceList, Vec<Error>> {
    read_list_by(bytes, &mut |_| Ok(rule))
}

/// Reads a list in which the license number of a line says by which rule its MAC is read, or why the number is no good.
///
/// # Errors
/// As [`read_list`], and whatever `rule_of` says, with line and column of the number.
pub fn read_list_by<'a>(
    bytes: &[u8],
    rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
) -> Result<DeviceList, Vec<Error>> {
    if bytes.len() as u64 > limits::LIST_FILE {
        let what = format!("the list has {} bytes, more than {}", bytes.len(), limits::LIST_FILE);
        return Err(vec![Error::new(Reason::TooLarge, what)]);
    }
    let (text, repairs) = text::decode(bytes).map_err(|error| vec![error])?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut first_seen: BTreeMap<Mac, usize> = BTreeMap::new();
    let (mut columns, mut bad) = (None, 0);
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
        // A line beyond its limit is not looked into.
        let cells: Vec<&str> = text.split('\t').take(limits::LIST_LINE as usize).collect();
        let (found, is_header) = columns.map_or_else(|| Columns::of(&cells), |columns| (columns, false));
        columns = Some(found);
        if is_header {
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
        let what = format!("{} more bad lines", bad - limits::LIST_TROUBLES);
        errors.push(Error::new(Reason::BadList, what));
    }
    if rows.is_empty() && errors.is_empty() {
        return Err(vec![Error::new(Reason::Empty, "there is no device in this list")]);
    }
    if errors.is_empty() { Ok(DeviceList { rows, repairs }) } else { Err(errors) }
}

fn row<'a>(
    cells: &[&str],
    line: usize,
    columns: Columns,
    rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
) -> Result<DeviceRow, Error> {
    let bad = |column: usize, what: String| Err(Error::new(Reason::BadList, what).at(Place::Column(column)));
    let length: usize = cells.iter().map(|cell| cell.len() + 1).sum();
    if length as u64 > limits::LIST_LINE {
        return bad(1, format!("the line has {length} bytes, more than {}", limits::LIST_LINE));
    }
    // A cell that is missing is so at the end of the line.
    let width = cells.iter().map(|cell| cell.chars().count() + 1).sum::<usize>();
    let start = |cell: usize| {
        let before = cells.iter().take(cell).map(|cell| cell.chars().count() + 1).sum::<usize>();
        before.min(width - 1) + 1
    };
    let cell = |cell: usize| cells.get(cell).copied().unwrap_or_default();
    if cells.len() < 2 {
        return bad(1, one_cell(cells[0]));
    }
    if let Some(extra) = columns.extra(cells) {
        return bad(start(extra), one_too_many(columns));
    }
    let number = cell(columns.number).trim();
    if let Some(what) = odd_number(number) {
        return bad(start(columns.number), what);
    }
    let text = cell(columns.mac);
    let bad_mac = |(column, what)| Mac::bad_mac_with_check(text, start(columns.mac) + column - 1, what);
    let (mac, address) = Mac::parse_with_check_and_column(text).map_err(bad_mac)?;
    let rule = rule_of(number).map_err(|error| error.at(Place::Column(start(columns.number))))?;
    let mac = rule.accept(mac, address).map_err(|error| error.at(Place::Column(start(columns.mac))))?;
    let quantity = match columns.quantity.map(|at| (at, quantity(cell(at)))) {
        Some((at, Err((column, what)))) => return bad(start(at) + column - 1, what),
        Some((_, Ok(quantity))) => Some(quantity),
        None => None,
    };
    Ok(DeviceRow { line, number: number.into(), mac, quantity })
}

fn one_too_many(columns: Columns) -> String {
    match columns.quantity {
        Some(_) => "a fourth column, where license number, MAC and quantity belong".into(),
        None => {
            "a third column, where license number and MAC belong; quantities stand in every line or in none, under `quantity` in a head"
                .into()
        }
    }
}

/// A plain whole number; what is wrong comes with the column in its cell.
fn quantity(cell: &str) -> Result<u64, (usize, String)> {
    let digits = cell.trim();
    let lead = cell.chars().take_while(|c| c.is_whitespace()).count();
    if digits.is_empty() {
        return Err((1, "the quantity is missing: it stands in every line or in none".into()));
    }
    if let Some((at, odd)) = digits.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
        let what = format!("`{odd}` (U+{:04X}) can't stand in a quantity: plain digits only", u32::from(odd));
        return Err((lead + at + 1, what));
    }
    match digits.parse() {
        Ok(0) => Err((lead + 1, "the quantity is 0, at least 1 belongs there".into())),
        Ok(quantity) if quantity <= MAX_QUANTITY => Ok(quantity),
        _ => Err((lead + 1, format!("the quantity is larger than {MAX_QUANTITY}"))),
    }
}

fn one_cell(line: &str) -> String {
    let line = line.trim();
    match line.chars().find(|c| matches!(c, ',' | ';')) {
        Some(c) => format!("cells are separated by `{c}`, not by TAB: save it as tab-separated text"),
        None if line.contains(char::is_whitespace) => {
            "blanks stand where a TAB belongs: an editor or mail changed it".into()
        }
        None if Mac::parse_with_check(line).is_ok() => {
            "the license number is missing: number, TAB, MAC".into()
        }
        None => "the MAC is missing: number, TAB, MAC".into(),
    }
}

fn odd_number(number: &str) -> Option<String> {
    if number.is_empty() {
        return Some("the license number is missing".into());
    }
    if number.len() > 64 {
        return Some("the license number has more than 64 characters".into());
    }
    let odd = number.chars().find(|c| !c.is_ascii_alphanumeric() && !"._-".contains(*c))?;
    Some(format!("`{odd}` (U+{:04X}) can't stand in a license number", u32::from(odd)))
}

fn duplicate(row: &DeviceRow, first: usize) -> Error {
    let what = format!("{} stands in line {first} already", row.mac);
    Error::new(Reason::Duplicate, what).at(Place::Line(row.line))
}
