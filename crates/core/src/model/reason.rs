//! The stable reason words: one table for JSON, manual, vectors and exit codes.

use std::fmt;

/// The class of an exit code: the answer is no, or there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// The answer is no: exit 1.
    No,
    /// The command failed or could not find an answer: exit 2.
    Unable,
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal, $answer:ident;)+) => {
        /// Why something was refused or failed; the words are stable, new ones may be added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Reason {
            /// Every reason, in the order of the manual.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable word, as in `--json` and `verify --reason`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// The meaning of the word, as printed in the manual.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// Its exit code.
            pub const fn exit_status(self) -> ExitStatus {
                match self { $(Self::$name => ExitStatus::$answer),+ }
            }
        }
    };
}

reasons! {
    // Judging a license.
    /// No license for this product is installed.
    NotActivated = "not-activated", No;
    /// The signature does not fit the bytes: the document was changed or damaged.
    BadSignature = "bad-signature", No;
    /// The signature is good, but the key is not one that is trusted here.
    UntrustedKey = "untrusted-key", No;
    /// The document is of another kind than asked for.
    WrongKind = "wrong-kind", No;
    /// The license is for another product.
    WrongProduct = "wrong-product", No;
    /// The license is for another unit, not this host.
    WrongHost = "wrong-host", No;
    /// The hardware changed more than the lock allows; the license still works for some days.
    HostDrift = "host-drift", No;
    /// The license does not allow a virtual machine, or a container.
    WrongClass = "wrong-class", No;
    /// No license is installed yet; the product works for the days of its activation period.
    ActivationPeriod = "activation-period", No;
    /// The license was released by this host or unit.
    Released = "released", No;
    /// A license, or part of what it allows, ends soon.
    EndsSoon = "ends-soon", No;
    /// The clock mark of this host is missing, was changed, or belongs to another host.
    LostMark = "lost-mark", No;
    /// This host can't store its clock mark, so nobody knows how much time has passed.
    NotStored = "not-stored", No;
    /// The clock is not behind the clock mark, so there is nothing to reset.
    ClockRight = "clock-right", No;
    /// The clock reset was used already, or the clock mark it repairs does not exist.
    UsedReset = "used-reset", No;
    /// The license has ended.
    Expired = "expired", No;
    /// The license begins later.
    NotYetValid = "not-yet-valid", No;
    /// The license does not include the requested feature.
    FeatureMissing = "feature-missing", No;
    /// The license includes less of the feature than requested.
    QuantityShort = "quantity-short", No;
    /// A later license of the same unit replaces it.
    Superseded = "superseded", No;
    /// The document marks a field critical that this version does not know.
    UnknownCritical = "unknown-critical", No;
    // Rules of issuing.
    /// The host shows too little for a lock that no other host meets.
    WeakHost = "weak-host", No;
    /// The lock asked for would fit any host, or can't be met by this one.
    WeakLock = "weak-lock", No;
    /// The key that signed the request does not match its System ID.
    ForeignRequest = "foreign-request", No;
    /// The request asks for more than the grant allows.
    NotGranted = "not-granted", No;
    /// The request is dated in the future.
    FutureRequest = "future-request", No;
    /// The MAC address is multicast, broadcast or all zero.
    NotUnicast = "not-unicast", No;
    /// The MAC address is locally administered: a virtual or random one.
    LocalAddress = "local-address", No;
    /// The MAC address does not begin with the prefix the product requires.
    WrongPrefix = "wrong-prefix", No;
    /// The MAC address is not written in the spelling the product requires.
    WrongSpelling = "wrong-spelling", No;
    /// The same unit is in the list twice.
    Duplicate = "duplicate", No;
    /// A question was answered with no.
    Declined = "declined", No;
    // Orders and the ledger.
    /// The catalog holds no such product, version, model or feature.
    NotSold = "not-sold", No;
    /// The ledger holds no such code, order, account, unit, license or entry.
    NotBooked = "not-booked", No;
    /// An order with this number is booked already, with other content.
    OrderDiffers = "order-differs", No;
    /// The code belongs to an account already.
    AlreadyAdded = "already-added", No;
    /// What was left on the code was cancelled, or its order reversed.
    Cancelled = "cancelled", No;
    /// The code has less left than is needed.
    ShortPool = "short-pool", No;
    /// The unit may not hold that much: its model, or another of its features, sets the limit.
    OverLimit = "over-limit", No;
    /// The unit's model does not support it.
    NotOnModel = "not-on-model", No;
    /// The model of the unit is needed but not known, or is another one than MAC or ledger say.
    UnknownModel = "unknown-model", No;
    /// The feature needs another one on the same unit.
    NeedsFeature = "needs-feature", No;
    /// The unit has it already and can't have it twice.
    AlreadyHeld = "already-held", No;
    /// The step begins at another level than the unit has.
    WrongStep = "wrong-step", No;
    /// The product is not licensed to units named this way.
    WrongLock = "wrong-lock", No;
    /// The request was answered already, with another license.
    AlreadyIssued = "already-issued", No;
    /// The receipt is about a license that is not the unit's last one.
    StaleReceipt = "stale-receipt", No;
    /// The license can't be released: it must stay on its unit, or is not for a host.
    NotReleasable = "not-releasable", No;
    /// The unit had its trial license already.
    EvaluationUsed = "evaluation-used", No;
    /// The ledger changed between the question and the answer.
    ChangedMeanwhile = "changed-meanwhile", No;
    /// The entry can't be reversed: it was already, later entries depend on it, or its kind never is.
    NotReversible = "not-reversible", No;
    /// The clock is behind something that was signed or booked.
    ClockRollback = "clock-rollback", No;
    /// The clock of the desk is so far ahead of the last entry that it may be wrong.
    ClockAhead = "clock-ahead", No;
    /// The ledger was changed by another program, or damaged.
    DamagedLedger = "damaged-ledger", No;
    /// The ledger is older than its witness: an old copy was restored.
    RestoredLedger = "restored-ledger", No;
    /// Ledger and witness, or ledger and licenses, contradict each other.
    ForkedLedger = "forked-ledger", No;

    // Reading input.
    /// The file is empty, or all blank, or all zero bytes.
    Empty = "empty", Unable;
    /// The file is no text: an archive, picture, program or office document.
    NotText = "not-text", Unable;
    /// The text has no block of the expected kind.
    NoDocument = "no-document", Unable;
    /// The text has more than one main document.
    TwoDocuments = "two-documents", Unable;
    /// The end of the block is missing.
    Truncated = "truncated", Unable;
    /// A character inside the block is not base64.
    BadCharacter = "bad-character", Unable;
    /// The base64 can't be decoded: characters are missing or its last ones are not canonical.
    BadBase64 = "bad-base64", Unable;
    /// The input is larger than its limit.
    TooLarge = "too-large", Unable;
    /// The document or key was made by a newer version.
    NewerVersion = "newer-version", Unable;
    /// The text inside is not TOML, or not UTF-8.
    BadPayload = "bad-payload", Unable;
    /// A field is missing, unknown, of the wrong kind or out of range.
    BadField = "bad-field", Unable;
    /// The typed code has a wrong or missing character.
    BadCode = "bad-code", Unable;
    /// The typed code is of another kind than asked for.
    WrongCode = "wrong-code", Unable;
    /// The MAC address is misspelt.
    BadMac = "bad-mac", Unable;
    /// A line of the list can't be read.
    BadList = "bad-list", Unable;
    /// The grant can't be used.
    BadGrant = "bad-grant", Unable;
    /// The catalog can't be used.
    BadCatalog = "bad-catalog", Unable;
    /// A time or length of time can't be read.
    BadTime = "bad-time", Unable;
    /// A number or name on the command line can't be read.
    BadValue = "bad-value", Unable;
    /// A quantity is missing.
    QuantityNeeded = "quantity-needed", Unable;
    /// The backup of a desk is unfinished, damaged, or none at all.
    BadBackup = "bad-backup", Unable;
    /// There is no desk folder here.
    NoDesk = "no-desk", Unable;
    /// The witness beside the ledger is missing, or can't be read.
    NoWitness = "no-witness", Unable;
    /// The ledger was written by a newer version.
    NewerLedger = "newer-ledger", Unable;
    /// The file is no ledger.
    NotALedger = "not-a-ledger", Unable;
    /// This file system can't hold a ledger safely.
    UnsafeFolder = "unsafe-folder", Unable;

    // Keys.
    /// The file holds no usable key.
    BadKey = "bad-key", Unable;
    /// The key belongs to another tool or algorithm.
    ForeignKey = "foreign-key", Unable;
    /// The key is weak: small order or not canonical.
    WeakKey = "weak-key", Unable;
    /// The public key in the file does not fit the private key.
    KeyMismatch = "key-mismatch", Unable;
    /// A public key was given where a private key is needed.
    PublicKeyGiven = "public-key-given", Unable;
    /// A private key was given where a public key is needed.
    PrivateKeyGiven = "private-key-given", Unable;
    /// A passphrase is needed and there is no terminal to ask for it.
    PassphraseNeeded = "passphrase-needed", Unable;
    /// The passphrase does not open the key.
    WrongPassphrase = "wrong-passphrase", Unable;
    /// The passphrase can't be used: empty, too long, or with a NUL.
    BadPassphrase = "bad-passphrase", Unable;
    /// The key file needs more time or memory to open than is allowed.
    CostlyKey = "costly-key", Unable;
    /// Other users may read the private key.
    ExposedKey = "exposed-key", Unable;
    /// The trusted keys are built into this program; it accepts no others.
    BuiltInTrust = "built-in-trust", Unable;
    /// The host's own key is missing; a new one would give the host another System ID.
    LostKey = "lost-key", Unable;
    /// No key to trust was given or installed.
    NoTrust = "no-trust", Unable;

    // The command line and the machine.
    /// The command line can't be understood.
    Usage = "usage", Unable;
    /// An answer is needed and there is no terminal.
    NoTerminal = "no-terminal", Unable;
    /// Input and output are the same file.
    SameFile = "same-file", Unable;
    /// The target exists already, with other content.
    Exists = "exists", Unable;
    /// There is no home folder to use.
    NoHome = "no-home", Unable;
    /// There is no such file or folder.
    NotFound = "not-found", Unable;
    /// The permission is missing.
    Denied = "denied", Unable;
    /// The folder or medium can't be written.
    ReadOnly = "read-only", Unable;
    /// The medium is full.
    DiskFull = "disk-full", Unable;
    /// The limit on the size of files was reached.
    FileLimit = "file-limit", Unable;
    /// A limit on open files was reached.
    OpenLimit = "open-limit", Unable;
    /// There is too little memory.
    NoMemory = "no-memory", Unable;
    /// The path is a folder, pipe, device or socket, not a file.
    NotAFile = "not-a-file", Unable;
    /// The file name can't be used.
    BadName = "bad-name", Unable;
    /// Another process is writing the same file.
    Busy = "busy", Unable;
    /// The reader closed the output.
    OutputClosed = "output-closed", Unable;
    /// Reading or writing failed.
    Io = "io", Unable;
    /// A defect of the program.
    Internal = "internal", Unable;
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_distinct_and_plain() {
        let mut words: Vec<_> = Reason::ALL.iter().map(|r| r.word()).collect();
        assert!(
            words
                .iter()
                .all(|w| w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
        );
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Reason::ALL.len());
    }
}
