//! Which cell of a line in a list of devices holds what, by its first line.

use airlatch_core::model::Mac;

/// The words that name the column of quantities.
const QUANTITY: [&str; 3] = ["quantity", "count", "seats"];

/// The place of each cell.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) number: usize,
    pub(super) mac: usize,
    /// Every line has a quantity, or none has: a cell that was lost must not mean another amount.
    pub(super) quantity: Option<usize>,
}

impl Columns {
    /// The columns that a first line names, and whether it names any: `mac` in a cell, and no address in the others. A
    /// first line that is a device shows by a third cell that there are quantities.
    pub(super) fn of(cells: &[&str]) -> (Self, bool) {
        // A license number may well speak of MACs; the device beside it must not be lost.
        let digits = |cell: &&&str| cell.chars().filter(char::is_ascii_digit).count() >= 4;
        let is_device = cells.iter().any(|cell| Mac::parse_with_check(cell).is_ok())
            || cells.iter().filter(digits).count() > 0;
        match cells.iter().position(|cell| cell.to_lowercase().contains("mac")) {
            Some(mac) if cells.len() > 1 && !is_device => (Self::named(cells, mac), true),
            _ => {
                let quantity = cells.get(2).filter(|cell| !cell.trim().is_empty()).map(|_| 2);
                (Self { number: 0, mac: 1, quantity }, false)
            }
        }
    }

    /// The columns of a head line with `mac` in the cell at `mac`.
    fn named(cells: &[&str], mac: usize) -> Self {
        let says = |cell: &&str| {
            let cell = cell.to_lowercase();
            cell.split(|c: char| !c.is_alphanumeric()).any(|word| QUANTITY.contains(&word))
        };
        // Two cells are number and MAC, whatever they are called: "seats" may be the number of a seat.
        let quantity = cells.iter().position(says).filter(|at| cells.len() > 2 && *at != mac);
        match quantity {
            None => Self { number: usize::from(mac == 0), mac: usize::from(mac != 0), quantity },
            Some(at) => {
                let number = (0..3).find(|cell| *cell != mac && *cell != at).unwrap_or(0);
                Self { number, mac, quantity }
            }
        }
    }

    /// The first cell that holds something and belongs to no column.
    pub(super) fn extra(&self, cells: &[&str]) -> Option<usize> {
        let known = |cell: &usize| [Some(self.number), Some(self.mac), self.quantity].contains(&Some(*cell));
        (0..cells.len()).find(|cell| !known(cell) && !cells[*cell].trim().is_empty())
    }
}
