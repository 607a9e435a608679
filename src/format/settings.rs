//! What a host was told about itself: the small file `host.toml` in its home.

use serde::Serialize;

use crate::model::{OrderCode, Reason, Result, SiteSerial};

use super::fields::Fields;
use super::wire;

/// The content of `host.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostSettings {
    /// The site the host stands at.
    pub site: Option<SiteSerial>,
    /// The authorization codes it was given.
    pub codes: Vec<OrderCode>,
}

/// Reads the settings; an empty file means none.
///
/// # Errors
/// `bad-payload` or `bad-field`.
pub fn read_settings(bytes: &[u8]) -> Result<HostSettings> {
    let mut fields = Fields::parse(bytes, Reason::BadField)?;
    let settings = HostSettings { site: fields.parsed("site")?, codes: fields.list("codes")? };
    fields.nothing_else(&["site", "codes"])?;
    Ok(settings)
}

/// Writes the settings.
///
/// # Errors
/// `internal` when they can't be written as TOML, which no value of these types does.
pub fn write_settings(settings: &HostSettings) -> Result<Vec<u8>> {
    wire::to_toml(&Wire {
        site: settings.site.map(|site| site.to_string()),
        codes: settings.codes.iter().map(ToString::to_string).collect(),
    })
}

#[derive(Serialize)]
struct Wire {
    site: Option<String>,
    codes: Vec<String>,
}
