//! Decides about a license from a grant, and the checks and locks shared with licenses from orders.

use crate::catalog::{Grant, GrantLock};
use airlatch_core::crypto::Verified;
use airlatch_core::model::{
    AllowedClasses, Cause, DocumentId, Error, FeatureName, Features, HostKind, License, Lock, LockingId, Mac,
    Profile, Quantity, Reason, Request, Result, SiteSerial, SystemId, Time, ValueRule, near,
};

use super::tolerance::{self, ShownComponents};
use super::weakness;

/// For whom a license is requested.
#[derive(Debug, Clone, Copy)]
pub enum Applicant<'a> {
    /// The host of a request.
    Request(&'a Verified<Request>),
    /// An installation, by a typed System ID.
    SystemId(SystemId),
    /// Hardware, by a typed Locking ID.
    LockingId(LockingId),
    /// A device; its address was checked against the MAC rule when it was read.
    Mac(Mac),
    /// A site.
    Site(SiteSerial),
}

/// The license to be issued, and notes for the person who confirms it.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The license.
    pub license: License,
    /// Warnings, one line each.
    pub notes: Vec<String>,
}
/// An older request gets a note.
const OLD_REQUEST_DAYS: i64 = 90;

/// Decides about a license from a grant. A pure function: the same input on the same day gives the same license.
///
/// `wanted` overrides the features in the request; if both are empty, the license has all features of the grant.
///
/// # Errors
/// `wrong-product`, `wrong-class`, `not-granted`, `weak-host`, `weak-lock`, `future-request`, `bad-time`.
pub fn decide(
    grant: &Grant,
    applicant: Applicant<'_>,
    wanted: &Features,
    number: Option<&str>,
    now: Time,
) -> Result<Decision> {
    let issued = now.start_of_day();
    let mut notes = Vec::new();
    let request = match applicant {
        Applicant::Request(request) => Some(request),
        _ => None,
    };
    if let Some(request) = request {
        check_request(&grant.product, grant.version.as_deref(), request.get(), (now, false), &mut notes)?;
        check_class(grant.lock.allow, request.get())?;
    }
    let wanted = match request {
        Some(request) if wanted.is_empty() => &request.get().wanted,
        _ => wanted,
    };
    let Bound { lock, is_weak } = bind(&grant.lock, applicant, &mut notes)?;
    let license = License {
        issued,
        product: grant.product.clone(),
        version: grant.version.clone(),
        number: number.map(ToOwned::to_owned),
        customer: grant.customer.clone(),
        order: grant.order.clone(),
        unmetered: true,
        model: None,
        after: Vec::new(),
        grace_days: 0,
        drift_days: grant.lock.drift_days,
        allow: grant.lock.allow,
        advisory: false,
        memory_days: airlatch_core::model::MEMORY_DAYS,
        not_transferable: false,
        weak_lock: is_weak,
        ledger: None,
        request: request.map(|request| -> DocumentId { request.document_id() }),
        term: grant.term.starting_on_day(now)?,
        features: granted(grant, wanted)?,
        lock,
        unknown: Vec::new(),
    };
    Ok(Decision { license, notes })
}

/// Checks that a request can be answered for a product at `now`; adds notes for the person who confirms. With `clock_ahead`
/// the clock of its host may be ahead of the desk's.
///
/// # Errors
/// `wrong-product`, `future-request`.
pub fn check_request(
    product: &str,
    version: Option<&str>,
    request: &Request,
    (now, clock_ahead): (Time, bool),
    notes: &mut Vec<String>,
) -> Result<()> {
    let other = |field: &str, asked: &str, given: &str| {
        let error =
            Error::new(Reason::WrongProduct, format!("the request is for another {field} than the license"));
        Err(error.at(field).detail(format!("request  {asked}")).detail(format!("license  {given}")))
    };
    if request.product != product {
        let near = near::nearest([product], &request.product);
        let mistyped =
            |near| format!("if `{near}` is meant, the host has to ask again: the request is signed");
        return other("product", &request.product, product)
            .map_err(|error| near.map(mistyped).into_iter().fold(error, Error::detail));
    }
    if let (Some(asked), Some(given)) = (&request.version, version)
        && asked != given
    {
        return other("version", asked, given);
    }
    let is_ahead = request.made > now.plus_days(1);
    if is_ahead && clock_ahead {
        notes.push(format!(
            "the clock of the host is ahead, at {}: set it before the license is installed",
            request.made
        ));
    } else if is_ahead {
        let message = "the request is dated in the future: the clock of the host or of this desk is wrong";
        let error = Error::new(Reason::FutureRequest, message).at("made");
        return Err(error.detail(format!("request    {}", request.made)).detail(format!("this desk  {now}")));
    }
    if request.made.days_until(now) > OLD_REQUEST_DAYS {
        notes.push(format!(
            "the request is dated {}: it is old, or the clock of the host is behind",
            request.made
        ));
    }
    Ok(())
}

/// Checks that a license may run on the kind of host in the request, before somebody carries it there in vain. A host that
/// reports settings instead of hardware counts as a virtual machine.
///
/// # Errors
/// `wrong-class`.
pub fn check_class(allow: AllowedClasses, request: &Request) -> Result<()> {
    let is_virtual = Profile::from_kinds(request.fingerprint.hashes.keys().copied()) == Profile::Virtual;
    let (allowed, name) = match request.class.as_str() {
        "container" => (allow.containers, "a container"),
        "virtual" => (allow.virtual_machines, "a virtual machine"),
        _ if is_virtual => (allow.virtual_machines, "a host that reports settings instead of hardware"),
        _ => return Ok(()),
    };
    if allowed {
        return Ok(());
    }
    let message = format!("the request comes from {name}, where the license may not run");
    Err(Error::new(Reason::WrongClass, message).at("class").detail(format!("allowed  {allow}")))
}

/// Checks that a license may run on the kind of host that a typed Locking ID is of.
///
/// # Errors
/// `wrong-class`.
fn check_host_kind(allow: AllowedClasses, id: &LockingId) -> Result<()> {
    let allowed = match id.host_kind() {
        HostKind::BareMetal => true,
        HostKind::VirtualMachine => allow.virtual_machines,
        HostKind::Container => allow.containers,
    };
    if allowed {
        return Ok(());
    }
    let message =
        format!("the Locking ID is that of {}, where the license may not run", id.host_kind().name());
    Err(Error::new(Reason::WrongClass, message).at("locking-id").detail(format!("allowed  {allow}")))
}

/// The features of the license: those wanted, or all of the grant.
fn granted(grant: &Grant, wanted: &Features) -> Result<Features> {
    if wanted.is_empty() {
        return Ok(grant.features.clone());
    }
    let mut features = Features::default();
    for (name, quantity) in wanted.iter() {
        let held = grant.features.get(name).ok_or_else(|| not_granted(name, quantity, "nothing"))?;
        if !held.covers(quantity) {
            return Err(not_granted(name, quantity, &held.to_string()));
        }
        let given = if quantity == Quantity::On { held } else { quantity };
        features.add(name.clone(), given)?;
    }
    Ok(features)
}

fn not_granted(name: &FeatureName, wanted: Quantity, held: &str) -> Error {
    Error::new(Reason::NotGranted, format!("more `{name}` is wanted than the grant allows"))
        .at("features")
        .detail(format!("wanted  {wanted}"))
        .detail(format!("grant   {held}"))
}

/// The lock of a license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The lock.
    pub lock: Lock,
    /// Whether it is a weak one, which was accepted for this license.
    pub is_weak: bool,
}

impl Bound {
    fn strong(lock: Lock) -> Self {
        Self { lock, is_weak: false }
    }
}

/// The lock for an applicant, under a rule; adds a note for a weak lock that the rule accepts.
///
/// # Errors
/// `weak-host`, `weak-lock`, `wrong-class`.
pub fn bind(rule: &GrantLock, applicant: Applicant<'_>, notes: &mut Vec<String>) -> Result<Bound> {
    match applicant {
        Applicant::Mac(mac) => Ok(Bound::strong(Lock::Mac(mac))),
        Applicant::Site(site) => Ok(Bound::strong(Lock::Site(site))),
        Applicant::SystemId(id) if rule.system_id_only => Ok(Bound::strong(Lock::SystemId(id))),
        Applicant::SystemId(id) => {
            let is_weak = accepted(rule, Err(weakness::system_id_alone()), notes)?;
            Ok(Bound { lock: Lock::SystemId(id), is_weak })
        }
        Applicant::LockingId(locking_id) => {
            let weak = |error: Error| match error.cause() {
                None => error.because(Cause::WeakLockingId),
                Some(_) => error,
            };
            if locking_id.is_empty() {
                let message = "this Locking ID names no component: the host it was read from shows none";
                return Err(weak(Error::new(Reason::WeakHost, message).at("locking-id")));
            }
            check_host_kind(rule.allow, &locking_id)?;
            let shown = ShownComponents::of_locking_id(rule, &locking_id);
            let tolerance = tolerance::tolerance(rule, &shown, notes).map_err(weak)?;
            let is_weak = accepted(rule, weakness::check(rule, &shown, &tolerance).map_err(weak), notes)?;
            Ok(Bound { lock: Lock::LockingId { locking_id, tolerance }, is_weak })
        }
        Applicant::Request(request) if rule.system_id_only => {
            Ok(Bound::strong(Lock::SystemId(request.get().system_id)))
        }
        Applicant::Request(request) => bind_request(rule, request.get(), notes),
    }
}

/// The lock for the host of a request: its components, or where these can't make up a lock, its System ID, if the rule accepts
/// that.
fn bind_request(rule: &GrantLock, request: &Request, notes: &mut Vec<String>) -> Result<Bound> {
    let shown = ShownComponents::of_request(request);
    let tolerance = match tolerance::tolerance(rule, &shown, notes) {
        Ok(tolerance) => tolerance,
        Err(error) => {
            let is_weak = accepted(rule, Err(error), notes)?;
            notes.push("locked to the System ID only".into());
            return Ok(Bound { lock: Lock::SystemId(request.system_id), is_weak });
        }
    };
    let is_weak = accepted(rule, weakness::check(rule, &shown, &tolerance), notes)?;
    let lock = Lock::Fingerprint {
        system_id: request.system_id,
        locking_id: request.locking_id,
        fingerprint: request.fingerprint.clone(),
        tolerance,
        values: ValueRule::for_new(&request.fingerprint),
    };
    Ok(Bound { lock, is_weak })
}

/// Whether a lock is weak, and the rule accepts it.
fn accepted(rule: &GrantLock, checked: Result<()>, notes: &mut Vec<String>) -> Result<bool> {
    match checked {
        Err(error) if rule.accepts_weak && error.reason() == Reason::WeakHost => {
            notes.push(format!("weak lock: {}", error.message()));
            Ok(true)
        }
        Err(error) => Err(error),
        Ok(()) => {
            if rule.accepts_weak {
                notes.push("the lock is not weak: --weak-lock changes nothing".into());
            }
            Ok(false)
        }
    }
}
