//! The payload of a clock reset.

use serde::Serialize;

use crate::crypto::{self, Sealed, TrustedSet, Verified};
use crate::model::{ClockReset, Kind, Result, hex};

use super::armor::armor;
use super::fields::Fields;
use super::first_line::first_line;
use super::wire::{self, Hex};

/// Writes the payload of a clock reset, its fields in the order of the specification.
///
/// # Errors
/// `internal` if a value can't be written as TOML, which is a defect.
pub fn write_reset(reset: &ClockReset) -> Result<Vec<u8>> {
    wire::to_toml(&Wire {
        issued: reset.issued.to_string(),
        product: &reset.product,
        system_id: reset.system_id.to_string(),
        nonce: hex::write(&reset.nonce),
        request: reset.request.to_string(),
    })
}

/// Reads a clock reset, and checks its signature against the trusted set.
///
/// # Errors
/// Those of [`crypto::check`]; `unknown-critical`, `bad-payload` or `bad-field` if it can't be read.
pub fn read_reset(sealed: &Sealed, trusted: &TrustedSet) -> Result<Verified<ClockReset>> {
    crypto::check(sealed, Kind::ClockReset, trusted)?.parse(|payload| parse(payload))
}

/// The text of the file: a summary for people, then the armor. The same reset gives the same text.
pub fn reset_text(reset: &ClockReset, sealed: &Sealed) -> String {
    let summary = [
        first_line(Kind::ClockReset),
        String::new(),
        format!("Product:   {}", reset.product),
        format!("For:       host {}", reset.system_id),
        format!("Issued:    {}", reset.issued),
    ];
    armor(Kind::ClockReset, sealed.bytes(), &summary)
}

fn parse(payload: &[u8]) -> Result<ClockReset> {
    let mut fields = Fields::of_payload(payload)?;
    let critical: Vec<wire::Text> = fields.list("critical")?;
    let issued = fields.needed("issued")?;
    let product = wire::product(&mut fields)?;
    let system_id = fields.needed_code("system-id")?;
    let Hex(nonce) = fields.needed("nonce")?;
    let request = fields.needed_code("request")?;
    wire::refuse_critical(&critical, &fields.rest())?;
    Ok(ClockReset { issued, product, system_id, nonce, request })
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Wire<'a> {
    issued: String,
    product: &'a str,
    system_id: String,
    nonce: String,
    request: String,
}
