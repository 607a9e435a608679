//! The kinds of sealed document and their names in armor and signed label.

/// What a sealed document is. The kind is part of the signed bytes, so one kind never passes as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A host's request for a license.
    Request,
    /// A desk's grant to one unit.
    License,
    /// The root key's statement about an issuing key.
    KeyCertificate,
    /// A list of revoked documents and keys.
    RevocationList,
    /// A host's statement that it released a license.
    ReleaseReceipt,
    /// A desk's repair of a clock mark that lies in the future.
    ClockReset,
    /// A host's memory of the time; it never leaves the host.
    ClockMark,
}

impl Kind {
    /// All kinds, in the order of the specification.
    pub const ALL: [Self; 7] = [
        Self::Request,
        Self::License,
        Self::KeyCertificate,
        Self::RevocationList,
        Self::ReleaseReceipt,
        Self::ClockReset,
        Self::ClockMark,
    ];

    /// The word in the signed label and in messages: `license`, `key certificate`, …
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::License => "license",
            Self::KeyCertificate => "key certificate",
            Self::RevocationList => "revocation list",
            Self::ReleaseReceipt => "release receipt",
            Self::ClockReset => "clock reset",
            Self::ClockMark => "clock mark",
        }
    }

    /// The words between `BEGIN AIRLATCH` and the dashes.
    pub const fn armor(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::License => "LICENSE",
            Self::KeyCertificate => "KEY CERTIFICATE",
            Self::RevocationList => "REVOCATION LIST",
            Self::ReleaseReceipt => "RELEASE RECEIPT",
            Self::ClockReset => "CLOCK RESET",
            Self::ClockMark => "CLOCK MARK",
        }
    }

    /// Whether a host signs this kind with its own key. Such a signer is named by a System ID and is not in the trusted set.
    pub const fn is_signed_by_host(self) -> bool {
        matches!(self, Self::Request | Self::ReleaseReceipt | Self::ClockMark)
    }
}
