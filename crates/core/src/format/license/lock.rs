//! Reads and writes the table `lock` of a license.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::format::fields::{Fields, Unknown};
use crate::format::spelling::BareMac;
use crate::format::wire;
use crate::model::{ComponentKind, Error, Fingerprint, Lock, Reason, Result, Tolerance, ValueRule, hex};

use super::periods;

/// Reads the table; returns the lock and the unknown fields.
pub(super) fn lock_from_wire(mut fields: Fields) -> Result<(Lock, Unknown)> {
    let kind = fields.needed_text("kind")?;
    let mut unknown = Vec::new();
    let lock = match kind.as_str() {
        "fingerprint" => {
            let hashes = fields.table("hashes")?;
            let mut hashes = fields.must("hashes", hashes)?;
            let lock = Lock::Fingerprint {
                system_id: fields.needed_code("system-id")?,
                locking_id: fields.needed_code("locking-id")?,
                fingerprint: wire::fingerprint(&mut fields, &mut hashes)?,
                tolerance: wire::tolerance(&mut fields)?,
                values: if fields.flag("half-of-values")? { ValueRule::Half } else { ValueRule::Any },
            };
            unknown.extend(hashes.rest());
            lock
        }
        "locking-id" => Lock::LockingId {
            locking_id: fields.needed_code("locking-id")?,
            tolerance: wire::tolerance(&mut fields)?,
        },
        "system-id" => Lock::SystemId(fields.needed_code("system-id")?),
        "mac" => {
            let BareMac(mac) = fields.needed("mac")?;
            Lock::Mac(mac)
        }
        "site" => Lock::Site(fields.needed_code("site")?),
        "starter" => Lock::Starter(periods::starter_days(&mut fields)?),
        // Ignoring an unknown lock would make the license valid on any host.
        other => {
            let message = format!("a lock of kind `{other}` is not known to this version");
            return Err(Error::new(Reason::UnknownCritical, message).at("field `lock.kind`"));
        }
    };
    refuse_unmatchable(&lock)?;
    unknown.extend(fields.rest());
    Ok((lock, unknown))
}

/// Refuses a lock that no host can match: it requires components that it holds no hash or group of.
fn refuse_unmatchable(lock: &Lock) -> Result<()> {
    let (tolerance, held): (_, BTreeSet<ComponentKind>) = match lock {
        Lock::Fingerprint { fingerprint, tolerance, .. } => {
            (tolerance, fingerprint.hashes.keys().copied().collect())
        }
        Lock::LockingId { locking_id, tolerance } => {
            let has = |kind: &ComponentKind| locking_id.group(*kind).is_some();
            (tolerance, ComponentKind::ALL.into_iter().filter(has).collect())
        }
        _ => return Ok(()),
    };
    if tolerance.is_met_by(&held) {
        return Ok(());
    }
    let held = held.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
    let error = Error::new(Reason::WeakLock, "no host can match this lock").at("field `lock`");
    Err(error.detail(format!("required  {tolerance}")).detail(format!("present   {held}")))
}

/// Writes the table.
pub(super) fn lock_to_wire(lock: &Lock) -> WireLock {
    let mut wire = WireLock { kind: lock.word(), ..WireLock::default() };
    match lock {
        Lock::Fingerprint { system_id, locking_id, fingerprint, tolerance, values } => {
            wire.system_id = Some(system_id.to_string());
            wire.locking_id = Some(locking_id.to_string());
            wire.set_tolerance(tolerance);
            wire.half_of_values = (*values == ValueRule::Half).then_some(true);
            wire.set_fingerprint(fingerprint);
        }
        Lock::LockingId { locking_id, tolerance } => {
            wire.locking_id = Some(locking_id.to_string());
            wire.set_tolerance(tolerance);
        }
        Lock::SystemId(id) => wire.system_id = Some(id.to_string()),
        Lock::Mac(mac) => wire.mac = Some(mac.bare()),
        Lock::Site(site) => wire.site = Some(site.to_string()),
        Lock::Starter(days) => wire.days = Some(*days),
    }
    wire
}

/// The table of a lock.
#[derive(Serialize, Default)]
#[serde(rename_all = "kebab-case")]
pub(super) struct WireLock {
    kind: &'static str,
    system_id: Option<String>,
    locking_id: Option<String>,
    required: Option<Vec<&'static str>>,
    optional: Option<Vec<&'static str>>,
    minimum: Option<usize>,
    half_of_values: Option<bool>,
    mac: Option<String>,
    site: Option<String>,
    days: Option<u32>,
    salt: Option<String>,
    hashes: Option<BTreeMap<&'static str, Vec<String>>>,
}

impl WireLock {
    fn set_tolerance(&mut self, tolerance: &Tolerance) {
        self.required = Some(tolerance.required().iter().map(|kind| kind.word()).collect());
        self.optional = Some(tolerance.optional().iter().map(|kind| kind.word()).collect());
        self.minimum = Some(tolerance.minimum());
    }

    fn set_fingerprint(&mut self, fingerprint: &Fingerprint) {
        self.salt = Some(hex::write(&fingerprint.salt));
        self.hashes = Some(wire::hashes(fingerprint));
    }
}
