//! Bytes to nouns and back, for everything that travels.

mod armor;
#[cfg(feature = "desk")]
mod catalog;
mod clock_mark;
#[cfg(feature = "desk")]
mod columns;
mod daily;
#[cfg(feature = "desk")]
mod desk_settings;
mod fields;
mod fleet;
mod fleet_lines;
mod grant;
mod host_signed;
mod license;
pub mod limits;
#[cfg(feature = "desk")]
mod list;
mod open;
mod receipt;
mod repair;
mod request;
mod reset;
mod secret;
mod settings;
#[cfg(feature = "desk")]
mod sheet;
#[cfg(feature = "desk")]
mod sheet_page;
mod sniff;
mod summary;
#[cfg(feature = "desk")]
mod text;
mod visible;
mod wire;

pub use armor::{Block, Opened, armor, open};
#[cfg(feature = "desk")]
pub use catalog::read_catalog;
pub use clock_mark::{read_clock_mark, read_own_clock_mark, read_unverified_clock_mark, write_clock_mark};
pub use daily::{read_daily, write_daily};
#[cfg(feature = "desk")]
pub use desk_settings::{DeskSettings, read_desk_settings, write_desk_settings};
pub use fleet::{find_in_fleet, write_fleet};
pub use fleet_lines::is_fleet;
pub use grant::read_grant;
pub use license::{read_license, read_unverified_license, write_license};
#[cfg(feature = "desk")]
pub use list::{DeviceList, DeviceRow, read_list, read_list_by};
pub use open::{check_text, open_one};
pub use receipt::{read_receipt, receipt_text, write_receipt};
pub use repair::{Accident, Repair};
pub use request::{read_request, read_unverified_request, write_request};
pub use reset::{read_reset, reset_text, write_reset};
pub use secret::holds_key_beside_document;
pub use settings::{HostSettings, read_settings, write_settings};
#[cfg(feature = "desk")]
pub use sheet::{Sheet, sheet_text};
#[cfg(feature = "desk")]
pub use sheet_page::{code_svg, sheet_page};
pub use summary::{license_text, summary, summary_of_request};
pub use visible::visible;
pub use wire::check_product;
