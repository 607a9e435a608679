//! Writes the fleet file: the licenses of many devices in one file; each device finds its own by MAC.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use airlatch_core::format::FLEET_HEAD;
use airlatch_core::model::Mac;

/// The text of a fleet file: one line per license, sorted, without duplicates.
#[derive(Debug)]
pub struct FleetText(String);

impl Default for FleetText {
    fn default() -> Self {
        Self(format!("{FLEET_HEAD}\n"))
    }
}

impl FleetText {
    /// Adds the licenses of a device; devices come in ascending order.
    pub fn add<B: AsRef<[u8]>>(&mut self, mac: Mac, licenses: impl IntoIterator<Item = B>) {
        let line = |sealed: B| format!("{}\t{}\n", mac.bare(), STANDARD.encode(sealed));
        let mut lines: Vec<String> = licenses.into_iter().map(line).collect();
        lines.sort_unstable();
        lines.dedup();
        self.0.extend(lines);
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.0
    }
}
