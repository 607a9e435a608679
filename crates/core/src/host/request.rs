//! Drafting a request from what the host shows and what is wished for.

use std::collections::BTreeMap;

use crate::crypto;
use crate::model::{
    ClockResetRequest, DocumentId, Error, Features, Fingerprint, HostFacts, OrderCode, Reason, Request,
    Result, Salt, Time,
};

/// What a technician asks for.
#[derive(Debug, Clone, Default)]
pub struct RequestInput {
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
    pub clock: Option<ClockResetRequest>,
}

/// A request: the request, the ids, and each component as a hash salted with [`salt`](crate::host::salt).
///
/// # Errors
/// `internal` when the installation has no key of its own yet; `bad-field` for a name that is none; `bad-time` for a time
/// that can't travel.
pub fn draft(input: RequestInput, facts: &HostFacts, salt: Salt, now: Time) -> Result<Request> {
    let no_key = || Error::new(Reason::Internal, "the installation has no key of its own yet");
    crate::format::check_product(&input.product)?;
    let components = &facts.components;
    let hash = |kind| {
        let values = components.get(kind).iter().take(kind.max_values());
        let mut hashes: Vec<_> = values.map(|value| crypto::component_hash(&salt, kind, value)).collect();
        hashes.sort_unstable();
        (kind, hashes)
    };
    let hashes: BTreeMap<_, _> = components.kinds().map(hash).collect();
    Ok(Request {
        made: now.in_range()?,
        tool: concat!("airlatch ", env!("CARGO_PKG_VERSION")).into(),
        product: input.product,
        version: input.version,
        model: input.model,
        codes: input.codes,
        wanted: input.wanted,
        note: input.note,
        system_id: facts.system_id.ok_or_else(no_key)?,
        locking_id: crypto::locking_id(components),
        class: facts.class.word().into(),
        site: facts.site,
        fingerprint: Fingerprint { salt, hashes },
        replaces: input.replaces,
        clock: input.clock,
        unknown: Vec::new(),
    })
}
