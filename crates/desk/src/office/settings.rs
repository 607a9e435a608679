//! The settings of a desk: the file `desk.toml` in its home.

use serde::Serialize;

use airlatch_core::model::{Reason, Result};

use airlatch_core::format::fields::Fields;
use airlatch_core::format::wire;

/// The content of `desk.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSettings {
    /// The path of the signing key, relative to the desk home or absolute.
    pub key: String,
    /// The default actor; `None` means the name of the user.
    pub actor: Option<String>,
}

/// Reads the settings.
///
/// # Errors
/// `bad-payload` or `bad-field`.
pub fn read_desk_settings(bytes: &[u8]) -> Result<DeskSettings> {
    let mut fields = Fields::parse(bytes, Reason::BadField)?;
    let settings = DeskSettings { key: fields.needed_text("key")?, actor: fields.text("actor")? };
    fields.nothing_else(&["key", "actor"])?;
    Ok(settings)
}

/// Writes the settings.
///
/// # Errors
/// `internal` if they can't be written as TOML, which doesn't happen.
pub fn write_desk_settings(settings: &DeskSettings) -> Result<Vec<u8>> {
    wire::to_toml(&Wire { key: &settings.key, actor: settings.actor.as_deref() })
}

#[derive(Serialize)]
struct Wire<'a> {
    key: &'a str,
    actor: Option<&'a str>,
}
