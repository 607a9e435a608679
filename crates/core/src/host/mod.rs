//! The use cases at the host: draft a request, say what leaves the site, judge what is installed.

mod explain;
mod moving;
mod outlook;
mod release;
mod request;
mod salt;
mod several;
mod verify;
mod what_if;

pub use explain::explain;
pub use moving::{has_moved, move_request};
pub use outlook::{Change, Fall, Outlook, Prospect, Why, changes, daily_check, outlook};
pub use release::release;
pub use request::{Wish, draft};
pub use salt::salt;
pub use several::{Together, add_up, best, is_superseded, supersede, superseded, together};
pub use verify::{Judged, Opened, open, verify};
pub use what_if::{Replacement, replace};
