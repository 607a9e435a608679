//! Whether a license may be issued, and what exactly it gives.

use std::collections::BTreeSet;

use crate::crypto::Verified;
use crate::model::{
    ComponentKind, DocumentId, FeatureName, Features, Grant, GrantLock, License, Lock, LockingId, Mac,
    Quantity, Reason, Request, Result, SiteSerial, SystemId, Term, Time, Tolerance, Trouble,
};

/// Who a license is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Ask<'a> {
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

const DAY: i64 = 86_400;
/// More cards or disks than most hosts have; worth a look.
const MANY: usize = 4;
/// A request older than this is issued with a note.
const OLD_REQUEST_DAYS: i64 = 90;

/// Decides from a grant: a pure function, so the same ask on the same day gives the same license.
///
/// `wanted` overrides what the request wants; both empty means all of the grant.
///
/// # Errors
/// `wrong-product`, `not-granted`, `weak-host`, `weak-lock`, `future-request`, `bad-time`.
pub fn decide(
    grant: &Grant,
    ask: Ask<'_>,
    wanted: &Features,
    number: Option<&str>,
    now: Time,
) -> Result<Decision> {
    let issued = now.start_of_day();
    let mut notes = Vec::new();
    let request = match ask {
        Ask::Request(request) => Some(request),
        _ => None,
    };
    if let Some(request) = request {
        check_request(&grant.product, grant.version.as_deref(), request.get(), now, &mut notes)?;
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
            Err(Trouble::new(Reason::BadTime, format!("the term is over already: it ends at {end}"))
                .at("term"))
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
        let trouble =
            Trouble::new(Reason::WrongProduct, format!("the request is for another {what} than is issued"));
        Err(trouble.at(what).detail(format!("request  {asked}")).detail(format!("issued   {given}")))
    };
    if request.product != product {
        return other("product", &request.product, product);
    }
    if let (Some(asked), Some(given)) = (&request.version, version)
        && asked != given
    {
        return other("version", asked, given);
    }
    if request.made > now.plus(DAY) {
        let what = "the request is dated in the future: the host's clock or this one is wrong";
        let trouble = Trouble::new(Reason::FutureRequest, what).at("made");
        return Err(trouble
            .detail(format!("request    {}", request.made))
            .detail(format!("this desk  {now}")));
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
    if request.class == "container" {
        notes.push("the host says it is a container: its ids may change at the next start".into());
    }
    Ok(())
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

fn not_granted(name: &FeatureName, wanted: Quantity, held: &str) -> Trouble {
    Trouble::new(Reason::NotGranted, format!("more `{name}` is wanted than the grant gives"))
        .at("features")
        .detail(format!("wanted  {wanted}"))
        .detail(format!("grant   {held}"))
}

/// The lock for whoever is named, under a rule; a weak one becomes a note.
///
/// # Errors
/// `weak-host`, `weak-lock`.
pub fn bind(rule: &GrantLock, ask: Ask<'_>, notes: &mut Vec<String>) -> Result<Lock> {
    match ask {
        Ask::SystemId(id) => Ok(Lock::SystemId(id)),
        Ask::Mac(mac) => Ok(Lock::Mac(mac)),
        Ask::Site(site) => Ok(Lock::Site(site)),
        Ask::LockingId(locking_id) => {
            let tolerance = tolerance(rule, locking_id.components().collect(), notes)?;
            Ok(Lock::LockingId { locking_id, tolerance })
        }
        Ask::Request(request) if rule.system_id_only => Ok(Lock::SystemId(request.get().system_id)),
        Ask::Request(request) => {
            let request = request.get();
            match tolerance(rule, request.fingerprint.hashes.keys().copied().collect(), notes) {
                Ok(tolerance) => Ok(Lock::Fingerprint {
                    system_id: request.system_id,
                    locking_id: request.locking_id,
                    fingerprint: request.fingerprint.clone(),
                    tolerance,
                }),
                Err(trouble) if trouble.reason() == Reason::WeakHost && rule.allow_weak => {
                    notes.push(format!("bound to the System ID alone: {}", trouble.what()));
                    Ok(Lock::SystemId(request.system_id))
                }
                Err(trouble) => Err(trouble),
            }
        }
    }
}

/// The rule's tolerance, if this host can meet it; else more than half of what the host shows.
fn tolerance(rule: &GrantLock, shown: BTreeSet<ComponentKind>, notes: &mut Vec<String>) -> Result<Tolerance> {
    let weak = |what: String| {
        let words: Vec<_> = shown.iter().map(|kind| kind.word()).collect();
        let words = if words.is_empty() { "none".into() } else { words.join(", ") };
        Err(Trouble::new(Reason::WeakHost, what)
            .at("fingerprint")
            .detail(format!("usable components  {words}")))
    };
    if shown.is_empty() {
        return weak("the host shows no usable component".into());
    }
    let tolerance = match &rule.tolerance {
        None => Tolerance::majority(shown.iter().copied())?,
        Some(wanted) if wanted.is_met_by(&shown) => wanted.clone(),
        Some(wanted) => return weak(format!("the host shows too few components: needed {wanted}")),
    };
    if shown.len() == 1 {
        notes.push("the host shows one usable component only: a weak lock".into());
    }
    Ok(tolerance)
}
