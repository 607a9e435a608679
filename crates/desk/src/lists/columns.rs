//! The columns of a list of devices, found from its first line.

use airlatch_core::model::Mac;

/// Words in the header that mark the quantity column.
const QUANTITY: [&str; 3] = ["quantity", "count", "seats"];

/// The index of each column, from 0.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) number: usize,
    pub(super) mac: usize,
    /// Either every line has a quantity or none: a lost cell must not silently change the amount.
    pub(super) quantity: Option<usize>,
}

impl Columns {
    /// The columns, and whether this first line is a header: it has `mac` in one cell and no address in any. If the first
    /// line is a device, a third cell means that the list has quantities.
    pub(super) fn of(cells: &[&str]) -> (Self, bool) {
        // A license number may contain `mac`; that line is a device, not a header.
        let digits = |cell: &&&str| cell.chars().filter(char::is_ascii_digit).count() >= 4;
        let is_device = cells.iter().any(|cell| Mac::parse_with_check(cell).is_ok())
            || cells.iter().filter(digits).count() > 0;
        match cells.iter().position(|cell| cell.to_lowercase().contains("mac")) {
            Some(mac) if cells.len() > 1 && !is_device => (Self::from_header(cells, mac), true),
            _ => {
                let quantity = cells.get(2).filter(|cell| !cell.trim().is_empty()).map(|_| 2);
                (Self { number: 0, mac: 1, quantity }, false)
            }
        }
    }

    /// The columns of a header whose MAC column is `mac`.
    fn from_header(cells: &[&str], mac: usize) -> Self {
        let is_quantity = |cell: &&str| {
            let cell = cell.to_lowercase();
            cell.split(|c: char| !c.is_alphanumeric()).any(|word| QUANTITY.contains(&word))
        };
        // Two columns are always number and MAC: a header `seats` may then mean the license number.
        let quantity = cells.iter().position(is_quantity).filter(|at| cells.len() > 2 && *at != mac);
        match quantity {
            None => Self { number: usize::from(mac == 0), mac: usize::from(mac != 0), quantity },
            Some(at) => {
                let number = (0..3).find(|cell| *cell != mac && *cell != at).unwrap_or(0);
                Self { number, mac, quantity }
            }
        }
    }

    /// The first cell that isn't empty and belongs to no column.
    pub(super) fn extra(&self, cells: &[&str]) -> Option<usize> {
        let known = |cell: &usize| [Some(self.number), Some(self.mac), self.quantity].contains(&Some(*cell));
        (0..cells.len()).find(|cell| !known(cell) && !cells[*cell].trim().is_empty())
    }
}
