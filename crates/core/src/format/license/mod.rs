//! The payload of a license.

mod ledger_mark;
mod lock;
mod periods;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::crypto::{self, Sealed, TrustedSet, Verified};
use crate::model::{Features, Kind, License, MEMORY_DAYS, Result};

use super::fields::Fields;
use super::wire;
use ledger_mark::WireMark;
use lock::WireLock;
use periods::{ADVISORY, WirePeriod};

/// Writes the payload of a license, its fields in the order of the specification.
///
/// # Errors
/// `bad-field` if its periods are not in order, since no host would read it; `too-large` if it is larger than a document;
/// `internal` if a value can't be written as TOML, which is a defect.
pub fn write_license(license: &License) -> Result<Vec<u8>> {
    periods::check(license)?;
    wire::to_toml(&Wire {
        issued: license.issued.to_string(),
        product: &license.product,
        version: license.version.as_deref(),
        number: license.number.as_deref(),
        customer: license.customer.as_deref(),
        order: license.order.as_deref(),
        unmetered: license.unmetered.then_some(true),
        request: license.request.map(|id| id.to_string()),
        model: license.model.as_deref(),
        from: license.term.from.to_string(),
        until: license.term.until.map(|end| end.to_string()),
        permanent: license.term.until.is_none().then_some(true),
        grace_days: (license.grace_days > 0).then_some(license.grace_days),
        drift_days: (license.drift_days > 0).then_some(license.drift_days),
        enforcement: license.advisory.then_some(ADVISORY),
        memory_days: (license.memory_days != MEMORY_DAYS).then_some(license.memory_days),
        allow: license.allow.words().collect(),
        transferable: license.not_transferable.then_some(false),
        weak_lock: license.weak_lock.then_some(true),
        features: wire::features(&license.features),
        after: license.after.iter().map(WirePeriod::of).collect(),
        ledger: license.ledger.as_ref().map(WireMark::of),
        lock: lock::lock_to_wire(&license.lock),
    })
}

/// Reads a license, and checks its signature against the trusted set.
///
/// # Errors
/// Those of [`crypto::check`]; `unknown-critical`, `bad-payload`, `bad-field` or `weak-lock` if this version can't read
/// what the vendor signed.
pub fn read_license(sealed: &Sealed, trusted: &TrustedSet) -> Result<Verified<License>> {
    crypto::check(sealed, Kind::License, trusted)?.parse(|payload| parse(payload))
}

/// Reads an unverified license: only for views that say so.
///
/// # Errors
/// `bad-payload` or `bad-field`.
pub fn read_unverified_license(sealed: &Sealed) -> Result<License> {
    parse(sealed.unverified_payload())
}

fn parse(payload: &[u8]) -> Result<License> {
    let mut fields = Fields::of_payload(payload)?;
    let critical: Vec<wire::Text> = fields.list("critical")?;
    let lock = fields.table("lock")?;
    let (lock, mut unknown) = lock::lock_from_wire(fields.must("lock", lock)?)?;
    let mut license = License {
        issued: fields.needed("issued")?,
        product: wire::product(&mut fields)?,
        version: fields.text("version")?,
        number: fields.text("number")?,
        customer: fields.text("customer")?,
        order: fields.text("order")?,
        unmetered: fields.flag("unmetered")?,
        request: fields.code("request")?,
        model: fields.text("model")?,
        term: periods::term(&mut fields)?,
        features: fields.table("features")?.map_or_else(|| Ok(Features::default()), Fields::features)?,
        after: Vec::new(),
        grace_days: periods::grace_days(&mut fields)?,
        drift_days: periods::drift_days(&mut fields)?,
        advisory: periods::advisory(&mut fields)?,
        memory_days: periods::memory_days(&mut fields)?,
        allow: periods::allow(&mut fields)?,
        not_transferable: !fields.flag_or("transferable", true)?,
        weak_lock: fields.flag("weak-lock")?,
        ledger: None,
        lock,
        unknown: Vec::new(),
    };
    let (after, ignored) = periods::periods(&mut fields)?;
    license.after = after;
    unknown.extend(ignored);
    if let Some(table) = fields.table("ledger")? {
        let (mark, ignored) = ledger_mark::mark_from_wire(table)?;
        license.ledger = Some(mark);
        unknown.extend(ignored);
    }
    periods::check(&license)?;
    unknown.extend(fields.rest());
    wire::refuse_critical(&critical, &unknown)?;
    license.unknown = unknown;
    Ok(license)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Wire<'a> {
    issued: String,
    product: &'a str,
    version: Option<&'a str>,
    number: Option<&'a str>,
    customer: Option<&'a str>,
    order: Option<&'a str>,
    unmetered: Option<bool>,
    request: Option<String>,
    model: Option<&'a str>,
    from: String,
    until: Option<String>,
    permanent: Option<bool>,
    grace_days: Option<u32>,
    drift_days: Option<u32>,
    enforcement: Option<&'static str>,
    memory_days: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allow: Vec<&'static str>,
    transferable: Option<bool>,
    weak_lock: Option<bool>,
    features: BTreeMap<&'a str, wire::WireQuantity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<WirePeriod<'a>>,
    ledger: Option<WireMark>,
    lock: WireLock,
}
