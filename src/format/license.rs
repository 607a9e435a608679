//! The payload of a license: its bytes, and the license in bytes whose signature was checked.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::crypto::{self, Sealed, TrustedSet, Verified};
use crate::model::{
    ComponentKind, Features, Fingerprint, Kind, License, Lock, Reason, Result, Term, Tolerance, Trouble,
};

use super::fields::Fields;
use super::wire;

/// The payload of a license, in the one order of the specification.
///
/// # Errors
/// `internal` when a value can't be written as TOML, which no value of these types does.
pub fn write_license(license: &License) -> Result<Vec<u8>> {
    wire::to_toml(&Wire {
        issued: license.issued.to_string(),
        product: &license.product,
        version: license.version.as_deref(),
        number: license.number.as_deref(),
        customer: license.customer.as_deref(),
        order: license.order.as_deref(),
        unmetered: license.unmetered.then_some(true),
        request: license.request.map(|id| id.to_string()),
        from: license.term.from.to_string(),
        until: license.term.until.map(|end| end.to_string()),
        permanent: license.term.until.is_none().then_some(true),
        features: wire::features(&license.features),
        lock: lock_to_wire(&license.lock),
    })
}

/// The license in a sealed document whose signature was checked against the trusted set.
///
/// # Errors
/// Those of [`crypto::check`]; `unknown-critical`, `bad-payload`, `bad-field` or `weak-lock` when the vendor signed
/// something that this version can't read.
pub fn read_license(sealed: &Sealed, trusted: &TrustedSet) -> Result<Verified<License>> {
    crypto::check(sealed, Kind::License, trusted)?.parse(|payload| parse(payload))
}

/// What a license claims, believed by nobody: for views that say so.
///
/// # Errors
/// `bad-payload` or `bad-field`.
pub fn read_unverified_license(sealed: &Sealed) -> Result<License> {
    parse(sealed.unverified_payload())
}

fn parse(payload: &[u8]) -> Result<License> {
    let mut fields = Fields::parse(payload, Reason::BadField)?;
    let critical: Vec<wire::Text> = fields.list("critical")?;
    let lock = fields.table("lock")?;
    let (lock, mut unknown) = lock_from_wire(fields.must("lock", lock)?)?;
    let mut license = License {
        issued: fields.needed("issued")?,
        product: wire::product(&mut fields)?,
        version: fields.text("version")?,
        number: fields.text("number")?,
        customer: fields.text("customer")?,
        order: fields.text("order")?,
        unmetered: fields.flag("unmetered")?,
        request: fields.parsed("request")?,
        model: None,
        term: term(&mut fields)?,
        features: fields.table("features")?.map_or_else(|| Ok(Features::default()), Fields::features)?,
        after: Vec::new(),
        grace_days: 0,
        not_transferable: false,
        ledger: None,
        lock,
        unknown: Vec::new(),
    };
    unknown.extend(fields.rest());
    wire::refuse_critical(&critical, &unknown)?;
    license.unknown = unknown;
    Ok(license)
}

fn term(fields: &mut Fields) -> Result<Term> {
    let from = fields.needed("from")?;
    let until = fields.parsed("until")?;
    match (until, fields.flag("permanent")?) {
        (Some(_), true) => Err(fields.bad("permanent", "a license has an end or is permanent, not both")),
        (None, false) => Err(fields.bad("until", "the field is missing, and the license is not permanent")),
        (Some(end), false) if end <= from => {
            Err(fields.bad("until", "the license would end before it begins"))
        }
        (until, _) => Ok(Term { from, until }),
    }
}

fn lock_from_wire(mut fields: Fields) -> Result<(Lock, Vec<(String, String)>)> {
    let kind = fields.needed_text("kind")?;
    let mut unknown = Vec::new();
    let lock = match kind.as_str() {
        "fingerprint" => {
            let hashes = fields.table("hashes")?;
            let mut hashes = fields.must("hashes", hashes)?;
            let lock = Lock::Fingerprint {
                system_id: fields.needed("system-id")?,
                locking_id: fields.needed("locking-id")?,
                fingerprint: wire::fingerprint(&mut fields, &mut hashes)?,
                tolerance: wire::tolerance(&mut fields)?,
            };
            unknown.extend(hashes.rest());
            lock
        }
        "locking-id" => Lock::LockingId {
            locking_id: fields.needed("locking-id")?,
            tolerance: wire::tolerance(&mut fields)?,
        },
        "system-id" => Lock::SystemId(fields.needed("system-id")?),
        "mac" => Lock::Mac(fields.needed("mac")?),
        "site" => Lock::Site(fields.needed("site")?),
        // A lock that can't be understood can't be ignored: everything else about the license hangs on it.
        other => {
            let what = format!("a lock of kind `{other}` is not known to this version");
            return Err(Trouble::new(Reason::UnknownCritical, what).at("field `lock.kind`"));
        }
    };
    refuse_unmet(&lock)?;
    unknown.extend(fields.rest());
    Ok((lock, unknown))
}

/// Refuses a lock that no host opens, not even the one it was made for: it needs components of which it holds nothing.
fn refuse_unmet(lock: &Lock) -> Result<()> {
    let (tolerance, held): (_, BTreeSet<ComponentKind>) = match lock {
        Lock::Fingerprint { fingerprint, tolerance, .. } => {
            (tolerance, fingerprint.hashes.keys().copied().collect())
        }
        Lock::LockingId { locking_id, tolerance } => (tolerance, locking_id.components().collect()),
        _ => return Ok(()),
    };
    if tolerance.is_met_by(&held) {
        return Ok(());
    }
    let held = held.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
    let trouble = Trouble::new(Reason::WeakLock, "no host can match this lock").at("field `lock`");
    Err(trouble.detail(format!("needed  {tolerance}")).detail(format!("held    {held}")))
}

fn lock_to_wire(lock: &Lock) -> WireLock {
    let mut wire = WireLock { kind: lock.word(), ..WireLock::default() };
    match lock {
        Lock::Fingerprint { system_id, locking_id, fingerprint, tolerance } => {
            wire.system_id = Some(system_id.to_string());
            wire.locking_id = Some(locking_id.to_string());
            wire.tolerate(tolerance);
            wire.hash(fingerprint);
        }
        Lock::LockingId { locking_id, tolerance } => {
            wire.locking_id = Some(locking_id.to_string());
            wire.tolerate(tolerance);
        }
        Lock::SystemId(id) => wire.system_id = Some(id.to_string()),
        Lock::Mac(mac) => wire.mac = Some(mac.bare()),
        Lock::Site(site) => wire.site = Some(site.to_string()),
    }
    wire
}

#[derive(Serialize)]
struct Wire<'a> {
    issued: String,
    product: &'a str,
    version: Option<&'a str>,
    number: Option<&'a str>,
    customer: Option<&'a str>,
    order: Option<&'a str>,
    unmetered: Option<bool>,
    request: Option<String>,
    from: String,
    until: Option<String>,
    permanent: Option<bool>,
    features: BTreeMap<&'a str, wire::WireQuantity>,
    lock: WireLock,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "kebab-case")]
struct WireLock {
    kind: &'static str,
    system_id: Option<String>,
    locking_id: Option<String>,
    required: Option<Vec<&'static str>>,
    optional: Option<Vec<&'static str>>,
    minimum: Option<usize>,
    mac: Option<String>,
    site: Option<String>,
    salt: Option<String>,
    hashes: Option<BTreeMap<&'static str, Vec<String>>>,
}

impl WireLock {
    fn tolerate(&mut self, tolerance: &Tolerance) {
        self.required = Some(tolerance.required().iter().map(|kind| kind.word()).collect());
        self.optional = Some(tolerance.optional().iter().map(|kind| kind.word()).collect());
        self.minimum = Some(tolerance.minimum());
    }

    fn hash(&mut self, fingerprint: &Fingerprint) {
        self.salt = Some(wire::hex(&fingerprint.salt));
        self.hashes = Some(wire::hashes(fingerprint));
    }
}
