//! Bytes to nouns and back, for everything that travels.

mod armor;
pub mod limits;
mod repair;
mod sniff;
mod visible;

pub use armor::{Block, Opened, armor, open};
pub use repair::{Accident, Repair};
pub use visible::{visible, visible_os};
