//! The use cases at the host: draft a request, say what leaves the site, judge what is installed.

mod explain;
mod request;
mod verify;

pub use explain::explain;
pub use request::{Wish, draft};
pub use verify::{Judged, best, verify};
