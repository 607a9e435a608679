//! Reads tab-separated lists of devices, and writes fleet files.

mod columns;
mod fleet;
mod list;
mod text;

pub use fleet::write_fleet;
pub use list::{DeviceList, DeviceRow, read_list, read_list_by};
