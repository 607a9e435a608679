//! Reads lists of devices, as text or as a spreadsheet saves them, and writes fleet files.

mod cells;
mod columns;
mod fleet;
mod layout;
mod list;
mod row;
mod text;

pub use fleet::FleetText;
pub use list::{DeviceList, read_list, read_list_by};
pub use row::DeviceRow;
