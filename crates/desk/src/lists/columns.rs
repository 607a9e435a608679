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
    /// A line may have no model: ledger or MAC may tell it.
    pub(super) model: Option<usize>,
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
                (Self { number: 0, mac: 1, quantity, model: Some(3) }, false)
            }
        }
    }

    /// The columns of a header whose MAC column is `mac`.
    fn from_header(cells: &[&str], mac: usize) -> Self {
        let has_word = |cell: &str, words: &[&str]| {
            let cell = cell.to_lowercase();
            cell.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
        };
        // Two columns are always number and MAC: a header `seats` may then mean the license number.
        let named = |words: &[&str]| {
            let at = cells.iter().position(|cell| has_word(cell, words));
            at.filter(|at| cells.len() > 2 && *at != mac)
        };
        let quantity = named(&QUANTITY);
        // One column is left for the number, whatever its header says.
        let is_free = |at: &usize| Some(*at) != quantity && cells.len() > 2 + usize::from(quantity.is_some());
        let model = named(&["model"]).filter(is_free);
        if (quantity, model) == (None, None) {
            return Self { number: usize::from(mac == 0), mac: usize::from(mac != 0), quantity, model };
        }
        let is_other = |cell: &usize| ![Some(mac), quantity, model].contains(&Some(*cell));
        Self { number: (0..cells.len()).find(is_other).unwrap_or(0), mac, quantity, model }
    }

    /// The first cell that isn't empty and belongs to no column.
    pub(super) fn extra(&self, cells: &[&str]) -> Option<usize> {
        let columns = [Some(self.number), Some(self.mac), self.quantity, self.model];
        let known = |cell: &usize| columns.contains(&Some(*cell));
        (0..cells.len()).find(|cell| !known(cell) && !cells[*cell].trim().is_empty())
    }
}
