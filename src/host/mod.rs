//! The use cases at the host: draft a request, say what leaves the site, judge what is installed.

mod explain;
mod outlook;
mod request;
mod several;
mod verify;

pub use explain::explain;
pub use outlook::{Change, Fall, Outlook, Prospect, Why, changes, daily_check, outlook};
pub use request::{Wish, draft};
pub use several::{Together, add_up, best, is_superseded, supersede, together};
pub use verify::{Judged, Opened, open, verify};
