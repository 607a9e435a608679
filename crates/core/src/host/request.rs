//! Drafts a request from the host's components and the user's input.

use std::collections::BTreeMap;

use crate::crypto;
use crate::model::{
    ClockResetRequest, DocumentId, Error, Features, Fingerprint, HostFacts, OrderCode, Reason, Request,
    Result, Salt, Time,
};

/// The user's input for a request.
#[derive(Debug, Clone, Default)]
pub struct RequestInput {
    /// The product.
    pub product: String,
    /// Its version.
    pub version: Option<String>,
    /// The hardware model of this host, if the product has models.
    pub model: Option<String>,
    /// The authorization codes to charge.
    pub codes: Vec<OrderCode>,
    /// The features wanted; empty leaves the choice to the desk.
    pub wanted: Features,
    /// A note for the desk.
    pub note: Option<String>,
    /// The license to issue again for this hardware.
    pub replaces: Option<DocumentId>,
    /// Set to ask for a clock reset.
    pub clock: Option<ClockResetRequest>,
}

/// Drafts a request: the input, the ids, and each component as a hash with the salt from [`salt`](crate::host::salt).
///
/// # Errors
/// `internal` if the installation has no key yet; `bad-field` for a bad product name; `bad-time` for a time outside the
/// years 1970 to 9999.
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
        locking_id: crypto::locking_id(facts),
        class: facts.class.word().into(),
        site: facts.site,
        fingerprint: Fingerprint { salt, hashes },
        replaces: input.replaces,
        clock: input.clock,
        unknown: Vec::new(),
    })
}
