//! A license for each line of a list: everything is checked before the first signature.

use crate::format::DeviceRow;
use crate::model::{Result, Trouble};

use super::NameTemplate;

/// A row and the name of its file.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The row.
    pub row: DeviceRow,
    /// The name of its file; no two rows have the same, because it holds the MAC and a list holds no MAC twice.
    pub name: String,
}

/// Names the file of every row.
///
/// # Errors
/// Every row that can't be named, with its line.
pub fn plan(rows: Vec<DeviceRow>, names: &NameTemplate) -> Result<Vec<Planned>, Vec<Trouble>> {
    let (mut planned, mut troubles) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        match names.fill(row.mac, &row.number) {
            Ok(name) => planned.push(Planned { row, name }),
            Err(trouble) => troubles.push(trouble.at(format!("line {}", row.line))),
        }
    }
    if troubles.is_empty() { Ok(planned) } else { Err(troubles) }
}
