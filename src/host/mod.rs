//! The use cases at the host: draft a request, say what leaves the site, judge what is installed.

mod explain;
mod moving;
mod release;
mod request;
mod salt;
mod several;
mod verify;
mod what_if;

pub use explain::explain;
pub use moving::{has_moved, move_request};
pub use release::release;
pub use request::{Wish, draft};
pub use salt::salt;
pub use several::{Together, add_up, best, is_superseded, supersede, together};
pub use verify::{Judged, Opened, open, verify};
pub use what_if::{Replacement, replace};
