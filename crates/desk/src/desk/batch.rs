//! Plans the file names of a batch: one license per line of a list.

use crate::lists::DeviceRow;
use airlatch_core::model::{Error, Place, Result};

use super::NameTemplate;

/// A row of the list and the name of its file.
#[derive(Debug, Clone)]
pub struct PlannedRow {
    /// The row.
    pub row: DeviceRow,
    /// The name of its file; unique, because it contains the MAC.
    pub name: String,
}

/// Fills the name template for every row.
///
/// # Errors
/// One for each row whose name is invalid, with its line.
pub fn plan(rows: Vec<DeviceRow>, names: &NameTemplate) -> Result<Vec<PlannedRow>, Vec<Error>> {
    let (mut planned, mut errors) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        match names.fill(row.mac, &row.number) {
            Ok(name) => planned.push(PlannedRow { row, name }),
            Err(error) => errors.push(error.at(Place::Line(row.line))),
        }
    }
    if errors.is_empty() { Ok(planned) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use airlatch_core::model::{Mac, Reason};

    fn rows(numbers: &[&str]) -> Vec<DeviceRow> {
        let row = |(at, number): (usize, &&str)| DeviceRow {
            line: at + 2,
            number: (*number).into(),
            mac: Mac([0, 4, 0xf1, 0, 0, at as u8]),
            spelling: None,
            quantity: None,
            model: None,
        };
        numbers.iter().enumerate().map(row).collect()
    }

    #[test]
    fn every_row_gets_the_name_of_its_own_device() {
        let names = NameTemplate::new("{number}-{mac}.lic").unwrap();
        let planned = plan(rows(&["A1", "A1"]), &names).unwrap();
        let names: Vec<_> = planned.iter().map(|planned| planned.name.as_str()).collect();
        assert_eq!(names, ["A1-0004f1000000.lic", "A1-0004f1000001.lic"]);
    }

    #[test]
    fn every_row_without_a_good_name_is_reported() {
        let names = NameTemplate::new("{number}.{mac}").unwrap();
        let errors = plan(rows(&["A1", "con", "A2", ".A3", "COM1"]), &names).unwrap_err();
        assert!(errors.iter().all(|error| error.reason() == Reason::BadName));
        let places: Vec<_> = errors.iter().map(|error| error.place().unwrap()).collect();
        assert_eq!(places.len(), 3);
        for (place, line) in places.iter().zip(["line 3,", "line 5,", "line 6,"]) {
            assert!(place.starts_with(line), "{place}");
        }
    }
}
