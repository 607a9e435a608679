//! Drafting a request from what the host shows and what is wished for.

use std::collections::BTreeMap;

use crate::crypto;
use crate::model::{
    ClockAsk, DocumentId, Features, Fingerprint, HostFacts, OrderCode, Reason, Request, Result, Salt, Time,
    Trouble,
};

/// What a technician asks for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The product.
    pub product: String,
    /// Its version.
    pub version: Option<String>,
    /// The hardware model this host is, where the product has models.
    pub model: Option<String>,
    /// The codes the host was given.
    pub codes: Vec<OrderCode>,
    /// How much of what; empty leaves it to the desk.
    pub wanted: Features,
    /// A word to the desk.
    pub note: Option<String>,
    /// The license to be put on this hardware.
    pub replaces: Option<DocumentId>,
    /// What to say for a reset of the clock.
    pub clock: Option<ClockAsk>,
}

/// A request: the wish, the ids, and each component as a hash salted with [`salt`](crate::host::salt).
///
/// # Errors
/// `internal` when the installation has no key of its own yet; `bad-field` for a name that is none; `bad-time` for a time
/// that can't travel.
pub fn draft(wish: Wish, facts: &HostFacts, salt: Salt, now: Time) -> Result<Request> {
    let no_key = || Trouble::new(Reason::Internal, "the installation has no key of its own yet");
    crate::format::check_product(&wish.product)?;
    let components = &facts.components;
    let hash = |kind| {
        let values = components.get(kind).iter().take(kind.most());
        let mut hashes: Vec<_> = values.map(|value| crypto::component_hash(&salt, kind, value)).collect();
        hashes.sort_unstable();
        (kind, hashes)
    };
    let hashes: BTreeMap<_, _> = components.kinds().map(hash).collect();
    Ok(Request {
        made: now.travels()?,
        tool: concat!("airlatch ", env!("CARGO_PKG_VERSION")).into(),
        product: wish.product,
        version: wish.version,
        model: wish.model,
        codes: wish.codes,
        wanted: wish.wanted,
        note: wish.note,
        system_id: facts.system_id.ok_or_else(no_key)?,
        locking_id: crypto::locking_id(components),
        class: facts.class.word().into(),
        site: facts.site,
        fingerprint: Fingerprint { salt, hashes },
        replaces: wish.replaces,
        clock: wish.clock,
        unknown: Vec::new(),
    })
}
