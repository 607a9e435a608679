//! Fields that several payloads share: hashes, tolerances, features, product names.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Serialize;

use crate::crypto::MAX_PAYLOAD;
use crate::model::{
    ComponentKind, Error, Features, Fingerprint, Hash16, Quantity, Reason, Result, Tolerance, hex,
};

use super::fields::Fields;
use super::payload_text;

/// A feature's value: `true` or a count.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum WireQuantity {
    On(bool),
    Count(u64),
}

/// A plain text in an array.
pub struct Text(pub String);

impl FromStr for Text {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(Self(text.into()))
    }
}

/// Writes a payload: TOML with LF line ends and basic strings, its fields in the order of the structure.
///
/// # Errors
/// `too-large` beyond [`MAX_PAYLOAD`] bytes; `internal` if TOML can't express a value.
pub fn to_toml(value: &impl Serialize) -> Result<Vec<u8>> {
    let text =
        toml::to_string(value).map_err(|e| Error::new(Reason::Internal, format!("can't write TOML: {e}")))?;
    let text = payload_text::with_basic_strings(text);
    if text.len() > MAX_PAYLOAD {
        let message = format!("the document would have {} bytes, more than {MAX_PAYLOAD}", text.len());
        return Err(Error::new(Reason::TooLarge, message));
    }
    Ok(text.into_bytes())
}

/// Refuses a document that marks an unknown field critical, or a field inside an unknown one.
pub(super) fn refuse_critical(critical: &[Text], unknown: &[(String, String)]) -> Result<()> {
    let inside = |name: &str, outer: &str| {
        name.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    match critical.iter().find(|Text(name)| unknown.iter().any(|(outer, _)| inside(name, outer))) {
        Some(Text(name)) => {
            let message =
                format!("the document marks `{name}` critical, and this version does not know that field");
            Err(Error::new(Reason::UnknownCritical, message))
        }
        None => Ok(()),
    }
}

pub(super) fn features(features: &Features) -> BTreeMap<&str, WireQuantity> {
    features.iter().map(|(name, quantity)| (name.as_str(), quantity.into())).collect()
}

/// Takes the required field `product`.
///
/// # Errors
/// The reason of the fields, if it is missing or not the name of a product.
pub fn product(fields: &mut Fields) -> Result<String> {
    let name = fields.needed_text("product")?;
    check_product(&name).map_err(|error| fields.bad("product", error.message()))?;
    Ok(name)
}

/// Checks the name of a product.
///
/// # Errors
/// `bad-field`.
pub fn check_product(name: &str) -> Result<()> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if begins && name.len() <= 64 && name.bytes().all(plain) {
        return Ok(());
    }
    let message = "the name of a product is 1 to 64 of a-z 0-9 . _ - and begins with a letter or digit";
    Err(Error::new(Reason::BadField, message))
}

/// Takes `required`, `optional` and `minimum`.
pub(super) fn tolerance(fields: &mut Fields) -> Result<Tolerance> {
    let required: Vec<ComponentKind> = fields.list("required")?;
    let optional: Vec<ComponentKind> = fields.list("optional")?;
    let minimum = fields.number("minimum").and_then(|v| fields.must("minimum", v))?;
    Tolerance::new(required, optional, minimum)
}

/// Takes `salt` and the table of hashes.
pub(super) fn fingerprint(fields: &mut Fields, hashes: &mut Fields) -> Result<Fingerprint> {
    let Hex(salt) = fields.needed("salt")?;
    let mut found = BTreeMap::new();
    for (kind, values) in hashes.by_component::<Hex<16>>()? {
        if values.is_empty() {
            return Err(hashes.bad(kind.word(), "a component needs at least one hash"));
        }
        if values.len() > kind.max_values() {
            let message = format!(
                "{} values of a component of which a host has at most {}",
                values.len(),
                kind.max_values()
            );
            return Err(hashes.bad(kind.word(), message));
        }
        let mut values: Vec<Hash16> = values.into_iter().map(|hash| hash.0).collect();
        values.sort_unstable();
        found.insert(kind, values);
    }
    Ok(Fingerprint { salt, hashes: found })
}

pub(super) fn hashes(fingerprint: &Fingerprint) -> BTreeMap<&'static str, Vec<String>> {
    let digits = |hashes: &Vec<Hash16>| hashes.iter().map(|hash| hex::write(hash)).collect();
    fingerprint.hashes.iter().map(|(kind, hashes)| (kind.word(), digits(hashes))).collect()
}

/// `N` bytes as twice as many lower-case hexadecimal digits.
pub(super) struct Hex<const N: usize>(pub(super) [u8; N]);

impl<const N: usize> FromStr for Hex<N> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        hex::read(text).filter(|_| is_lower).map(Self).ok_or_else(|| {
            let message = format!("{} lower-case hexadecimal digits belong here", 2 * N);
            Error::new(Reason::BadField, message)
        })
    }
}

/// The quantity of a feature as a TOML value.
impl From<Quantity> for WireQuantity {
    fn from(quantity: Quantity) -> Self {
        match quantity {
            Quantity::On => Self::On(true),
            Quantity::Count(number) => Self::Count(number),
        }
    }
}
