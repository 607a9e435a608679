//! The desk's home: what stands in its folder.

mod settings;

pub use settings::{DeskSettings, read_desk_settings, write_desk_settings};
