//! Writes the fleet file: the licenses of many devices in one file; each device finds its own by MAC.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use airlatch_core::format::FLEET_HEAD;
use airlatch_core::model::Mac;

/// The text of a fleet file: one line per license, sorted, without duplicates.
pub fn write_fleet<B: AsRef<[u8]>>(licenses: impl IntoIterator<Item = (Mac, B)>) -> String {
    let line = |(mac, sealed): (Mac, B)| format!("{}\t{}\n", mac.bare(), STANDARD.encode(sealed));
    let mut lines: Vec<String> = licenses.into_iter().map(line).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.insert(0, format!("{FLEET_HEAD}\n"));
    lines.concat()
}
