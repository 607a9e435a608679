//! A host's request for a license.

use super::{
    ClockResetRequest, DocumentId, Features, Fingerprint, LockingId, OrderCode, SiteSerial, SystemId, Time,
};

/// What a host wants and what identifies it; signed with the host's own key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// When it was made, by the host's clock.
    pub made: Time,
    /// Name and version of the program that made it.
    pub tool: String,
    /// The product asked for.
    pub product: String,
    /// Its version, if the license has to be for that version.
    pub version: Option<String>,
    /// The hardware model, as stated by the host.
    pub model: Option<String>,
    /// The authorization codes to charge.
    pub codes: Vec<OrderCode>,
    /// The features wanted; empty leaves the choice to the desk.
    pub wanted: Features,
    /// A note for the desk.
    pub note: Option<String>,
    /// The installation; made from the key that signed the request.
    pub system_id: SystemId,
    /// The hardware, as people read it.
    pub locking_id: LockingId,
    /// `bare-metal`, `virtual` or `container`, as detected by the host.
    pub class: String,
    /// The site configured at the host.
    pub site: Option<SiteSerial>,
    /// The hashed components.
    pub fingerprint: Fingerprint,
    /// The license to issue again for this hardware, which changed more than the license allows.
    pub replaces: Option<DocumentId>,
    /// Set if it asks for a clock reset instead of a license.
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
