//! Whether a license may be issued, and what exactly it gives.

use crate::catalog::{Grant, GrantLock};
use airlatch_core::crypto::Verified;
use airlatch_core::model::{
    AllowedClasses, DocumentId, Error, FeatureName, Features, License, Lock, LockingId, Mac, Profile,
    Quantity, Reason, Request, Result, SiteSerial, SystemId, Term, Time,
};

use super::baseline::{self, ShownComponents};

/// Who a license is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Applicant<'a> {
    /// The host of a request.
    Request(&'a Verified<Request>),
    /// An installation, by what somebody typed.
    SystemId(SystemId),
    /// Hardware, by what somebody typed.
    LockingId(LockingId),
    /// A device; its address was held against the grant when it was read.
    Mac(Mac),
    /// A site.
    Site(SiteSerial),
}

/// What is going to be issued, and what a person should know before saying yes.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The license.
    pub license: License,
    /// Warnings, one line each.
    pub notes: Vec<String>,
}
/// More cards or disks than most hosts have; worth a look.
const MANY: usize = 4;
/// A request older than this is issued with a note.
const OLD_REQUEST_DAYS: i64 = 90;

/// Decides from a grant: a pure function, so the same ask on the same day gives the same license.
///
/// `wanted` overrides what the request wants; both empty means all of the grant.
///
/// # Errors
/// `wrong-product`, `wrong-class`, `not-granted`, `weak-host`, `weak-lock`, `future-request`, `bad-time`.
pub fn decide(
    grant: &Grant,
    ask: Applicant<'_>,
    wanted: &Features,
    number: Option<&str>,
    now: Time,
) -> Result<Decision> {
    let issued = now.start_of_day();
    let mut notes = Vec::new();
    let request = match ask {
        Applicant::Request(request) => Some(request),
        _ => None,
    };
    if let Some(request) = request {
        check_request(&grant.product, grant.version.as_deref(), request.get(), now, &mut notes)?;
        check_class(grant.lock.allow, request.get())?;
    }
    let wanted = match request {
        Some(request) if wanted.is_empty() => &request.get().wanted,
        _ => wanted,
    };
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
        not_transferable: false,
        ledger: None,
        request: request.map(|request| -> DocumentId { request.document_id() }),
        term: term(grant, issued, now)?,
        features: granted(grant, wanted)?,
        lock: bind(&grant.lock, ask, &mut notes)?,
        unknown: Vec::new(),
    };
    Ok(Decision { license, notes })
}

/// The term, which must not be over before the license reaches anybody.
fn term(grant: &Grant, issued: Time, now: Time) -> Result<Term> {
    let term = grant.term.starting(issued)?;
    match term.until.filter(|end| *end <= now) {
        Some(end) => {
            Err(Error::new(Reason::BadTime, format!("the term is over already: it ends at {end}")).at("term"))
        }
        None => Ok(term),
    }
}

/// Whether a request may be answered for a product at all; what is worth a look becomes a note.
///
/// # Errors
/// `wrong-product`, `future-request`.
pub fn check_request(
    product: &str,
    version: Option<&str>,
    request: &Request,
    now: Time,
    notes: &mut Vec<String>,
) -> Result<()> {
    let other = |what: &str, asked: &str, given: &str| {
        let error =
            Error::new(Reason::WrongProduct, format!("the request is for another {what} than is issued"));
        Err(error.at(what).detail(format!("request  {asked}")).detail(format!("issued   {given}")))
    };
    if request.product != product {
        return other("product", &request.product, product);
    }
    if let (Some(asked), Some(given)) = (&request.version, version)
        && asked != given
    {
        return other("version", asked, given);
    }
    if request.made > now.plus_days(1) {
        let what = "the request is dated in the future: the host's clock or this one is wrong";
        let error = Error::new(Reason::FutureRequest, what).at("made");
        return Err(error.detail(format!("request    {}", request.made)).detail(format!("this desk  {now}")));
    }
    if request.made.days_until(now) > OLD_REQUEST_DAYS {
        notes
            .push(format!("the request is dated {}: it is old, or the host's clock is behind", request.made));
    }
    for (kind, hashes) in request.fingerprint.hashes.iter().filter(|(_, hashes)| hashes.len() > MANY) {
        notes.push(format!(
            "the request names {} of the component {kind}: each of them counts as this host",
            hashes.len()
        ));
    }
    Ok(())
}

/// Whether a license for the host of a request may run there, so that nobody carries one to where it is refused. A host
/// that shows its settings instead of its hardware is taken for a virtual machine at least.
///
/// # Errors
/// `wrong-class`.
pub fn check_class(allow: AllowedClasses, request: &Request) -> Result<()> {
    let is_virtual = Profile::from_kinds(request.fingerprint.hashes.keys().copied()) == Profile::Virtual;
    let (allowed, name) = match request.class.as_str() {
        "container" => (allow.containers, "a container"),
        "virtual" => (allow.virtual_machines, "a virtual machine"),
        _ if is_virtual => (allow.virtual_machines, "a host that shows its settings in place of hardware"),
        _ => return Ok(()),
    };
    if allowed {
        return Ok(());
    }
    let what = format!("the request comes from {name}, which its license would not allow");
    Err(Error::new(Reason::WrongClass, what).at("class").detail(format!("allowed  {allow}")))
}

/// What is given: all of the grant, or what is wanted of it.
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
    Error::new(Reason::NotGranted, format!("more `{name}` is wanted than the grant gives"))
        .at("features")
        .detail(format!("wanted  {wanted}"))
        .detail(format!("grant   {held}"))
}

/// The lock for whoever is named, under a rule; a weak one becomes a note.
///
/// # Errors
/// `weak-host`, `weak-lock`.
pub fn bind(rule: &GrantLock, ask: Applicant<'_>, notes: &mut Vec<String>) -> Result<Lock> {
    match ask {
        Applicant::SystemId(id) => Ok(Lock::SystemId(id)),
        Applicant::Mac(mac) => Ok(Lock::Mac(mac)),
        Applicant::Site(site) => Ok(Lock::Site(site)),
        Applicant::LockingId(locking_id) => {
            let tolerance = baseline::tolerance(rule, &ShownComponents::typed(rule, &locking_id), notes)?;
            Ok(Lock::LockingId { locking_id, tolerance })
        }
        Applicant::Request(request) if rule.system_id_only => Ok(Lock::SystemId(request.get().system_id)),
        Applicant::Request(request) => {
            let request = request.get();
            match baseline::tolerance(rule, &ShownComponents::by(request), notes) {
                Ok(tolerance) => Ok(Lock::Fingerprint {
                    system_id: request.system_id,
                    locking_id: request.locking_id,
                    fingerprint: request.fingerprint.clone(),
                    tolerance,
                }),
                Err(error) if error.reason() == Reason::WeakHost && rule.allow_weak => {
                    notes.push(format!("bound to the System ID alone: {}", error.message()));
                    Ok(Lock::SystemId(request.system_id))
                }
                Err(error) => Err(error),
            }
        }
    }
}
