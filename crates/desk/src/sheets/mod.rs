//! Order sheets, as text and as an HTML page with a QR code.

mod page;
mod sheet;

pub use page::{code_svg, sheet_page};
pub use sheet::{Sheet, sheet_text};
