//! Lists of devices: the tab-separated list that comes in, the fleet file that goes out.

mod columns;
mod fleet;
mod list;
mod text;

pub use fleet::write_fleet;
pub use list::{DeviceList, DeviceRow, read_list, read_list_by};
