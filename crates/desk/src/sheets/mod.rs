//! Printed pages: the order sheet as text, and as a page with its code to scan.

mod page;
mod sheet;

pub use page::{code_svg, sheet_page};
pub use sheet::{Sheet, sheet_text};
