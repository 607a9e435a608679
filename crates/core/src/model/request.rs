//! A host's ask for a license.

use super::{
    ClockResetRequest, DocumentId, Features, Fingerprint, LockingId, OrderCode, SiteSerial, SystemId, Time,
};

/// What a host tells the desk about itself and its request; sealed with the host's own key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// When the host's clock said it was made.
    pub made: Time,
    /// Name and version of the program that made it.
    pub tool: String,
    /// The product asked for.
    pub product: String,
    /// Its version, where it matters.
    pub version: Option<String>,
    /// The hardware model that the host says it is.
    pub model: Option<String>,
    /// The authorization codes the host was given.
    pub codes: Vec<OrderCode>,
    /// What is wanted; empty leaves it to the desk.
    pub wanted: Features,
    /// A word to the desk.
    pub note: Option<String>,
    /// The installation; named by the key that signed the request.
    pub system_id: SystemId,
    /// The hardware, as people read it.
    pub locking_id: LockingId,
    /// `bare-metal`, `virtual` or `container`, as far as the host could tell.
    pub class: String,
    /// The site the host was told it stands at.
    pub site: Option<SiteSerial>,
    /// The hashed components.
    pub fingerprint: Fingerprint,
    /// The license it asks to put on this hardware, which changed too much for it.
    pub replaces: Option<DocumentId>,
    /// It asks for a reset of the clock mark, and for no license.
    pub clock: Option<ClockResetRequest>,
    /// Fields of a newer version, name and value as TOML; shown and otherwise ignored.
    pub unknown: Vec<(String, String)>,
}

impl Request {
    /// Product and version, as people name them.
    pub fn title(&self) -> String {
        super::title(&self.product, self.version.as_deref())
    }
}
