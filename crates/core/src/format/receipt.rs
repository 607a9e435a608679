//! The payload of a release receipt.

use serde::Serialize;

use crate::crypto::{Sealed, Verified};
use crate::model::{Kind, Receipt, Result};

use super::armor::armor;
use super::fields::Fields;
use super::first_line::first_line;
use super::{host_signed, limits, wire};

/// Writes the payload of a release receipt, its fields in the order of the specification.
///
/// # Errors
/// `internal` if a value can't be written as TOML, which is a defect.
pub fn write_receipt(receipt: &Receipt) -> Result<Vec<u8>> {
    wire::to_toml(&Wire {
        made: receipt.made.to_string(),
        product: &receipt.product,
        system_id: receipt.system_id.to_string(),
        license: receipt.license.to_string(),
        note: receipt.note.as_deref(),
    })
}

/// Reads a release receipt, and checks that the host of its System ID signed it.
///
/// # Errors
/// Those of [`crypto::check_host_signed`](crate::crypto::check_host_signed); `foreign-request` if another host signed
/// it; `unknown-critical`, `bad-payload` or `bad-field` if it can't be read.
pub fn read_receipt(sealed: &Sealed) -> Result<Verified<Receipt>> {
    host_signed::read(sealed, Kind::ReleaseReceipt, parse, |receipt| receipt.system_id)
}

/// The text of the file: a summary for people, then the armor.
pub fn receipt_text(receipt: &Receipt, sealed: &Sealed) -> String {
    let mut summary = vec![
        first_line(Kind::ReleaseReceipt),
        String::new(),
        format!("Product:   {}", receipt.product),
        format!("License:   {} was given back", receipt.license),
        format!("By:        host {}", receipt.system_id),
        format!("Made:      {}", receipt.made),
    ];
    summary.extend(receipt.note.iter().map(|note| format!("Note:      {note}")));
    armor(Kind::ReleaseReceipt, sealed.bytes(), &summary)
}

fn parse(payload: &[u8]) -> Result<Receipt> {
    let mut fields = Fields::of_payload(payload)?;
    let critical: Vec<wire::Text> = fields.list("critical")?;
    let receipt = Receipt {
        made: fields.needed("made")?,
        product: wire::product(&mut fields)?,
        system_id: fields.needed_code("system-id")?,
        license: fields.needed_code("license")?,
        note: fields.text_within("note", limits::NOTE_FIELD)?,
    };
    wire::refuse_critical(&critical, &fields.rest())?;
    Ok(receipt)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Wire<'a> {
    made: String,
    product: &'a str,
    system_id: String,
    license: String,
    note: Option<&'a str>,
}
