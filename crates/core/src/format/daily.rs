//! The file `daily.toml` of a host home: what was licensed at the last daily check.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{CheckedLicense, DailyCheck, Features, Reason, Result};

use super::fields::Fields;
use super::wire::{self, WireQuantity};

/// Writes the file, its licenses in the order of their ids.
///
/// # Errors
/// `too-large` if it has too many licenses; `internal` if a value can't be written as TOML, which is a defect.
pub fn write_daily(check: &DailyCheck) -> Result<Vec<u8>> {
    let license = |(id, checked): (&_, &CheckedLicense)| WireLicense {
        id: ToString::to_string(id),
        product: checked.product.clone(),
        grace: checked.warned.then_some(true),
        features: checked.features.iter().map(|(name, held)| (name.to_string(), held.into())).collect(),
    };
    let mut licenses: Vec<WireLicense> = check.licenses.iter().map(license).collect();
    licenses.sort_by(|a, b| a.id.cmp(&b.id));
    wire::to_toml(&Wire { checked: check.checked.to_string(), license: licenses })
}

/// Reads the file. Fields of a later version are ignored: no verdict depends on this file.
///
/// # Errors
/// `bad-payload` or `bad-field`.
pub fn read_daily(bytes: &[u8]) -> Result<DailyCheck> {
    let mut fields = Fields::parse(bytes, Reason::BadField)?;
    let checked = fields.needed("checked")?;
    let mut licenses = BTreeMap::new();
    for mut table in fields.tables("license")? {
        let product = wire::product(&mut table)?;
        let warned = table.flag("grace")?;
        let features = match table.table("features")? {
            Some(features) => features.features()?,
            None => Features::default(),
        };
        licenses.insert(table.needed("id")?, CheckedLicense { product, features, warned });
    }
    Ok(DailyCheck { checked, licenses })
}

#[derive(Serialize)]
struct Wire {
    checked: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    license: Vec<WireLicense>,
}

#[derive(Serialize)]
struct WireLicense {
    id: String,
    product: String,
    grace: Option<bool>,
    features: BTreeMap<String, WireQuantity>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentId, Quantity, Time};

    #[test]
    fn a_check_is_read_back_and_unknown_fields_are_ignored() {
        let mut features = Features::default();
        features.add("call.sessions".parse().unwrap(), Quantity::Count(100)).unwrap();
        features.add("voicemail".parse().unwrap(), Quantity::On).unwrap();
        let license = |features, warned| CheckedLicense { product: "call-services".into(), features, warned };
        let checked = Time::from_seconds(1_800_000_000);
        let licenses = [
            (DocumentId::from_digest(&[3; 32]), license(features, true)),
            (DocumentId::from_digest(&[4; 32]), license(Features::default(), false)),
        ];
        let none = DailyCheck { checked, licenses: BTreeMap::new() };
        for check in [DailyCheck { checked, licenses: licenses.into() }, none] {
            let text = String::from_utf8(write_daily(&check).unwrap()).unwrap();
            assert_eq!(read_daily(text.as_bytes()).unwrap(), check);
            assert_eq!(read_daily(format!("later = 1\n{text}").as_bytes()).unwrap(), check);
        }
        for bad in ["", "checked = \"soon\"", "checked = 1", "[["] {
            assert!(read_daily(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
