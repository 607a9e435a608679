//! What exactly happened, where one reason word has several causes and each has another next step.

use super::Kind;

/// The cause within a [`Reason`](super::Reason): data for decisions and hints, never shown. New ones may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    // A file that is something else than was asked for.
    /// The file is a document of this kind (`wrong-kind`, `bad-grant`).
    DocumentGiven(Kind),
    /// The file is a public key (`no-document`, `bad-grant`).
    PublicKeyGiven,
    /// The file is a private key (`no-document`, `bad-grant`).
    PrivateKeyGiven,

    /// The file is something else, which has no use here (`bad-grant`, `bad-key`, …).
    OtherFileGiven,
    /// The text holds a document in an encoding that is not decoded, or only its readable lines (`no-document`).
    OtherForm,
    /// The file is a public key that was damaged (`bad-key`).
    DamagedKey,

    // Judging a license (`wrong-host`).
    /// The license is of this installation, and locked to other hardware.
    OtherHardware,
    /// The license is for another host.
    OtherHost,
    /// The license is for another host, and a file beside it for this one.
    AnotherFits,
    /// No key is trusted, and the vendor's lies beside the license (`no-trust`).
    KeyBeside,
    /// The request names fewer components than the license, and those that it names are the same (`wrong-host`).
    FewerComponents,
    /// This user may not read a component on which it depends (`denied`).
    UnreadableComponent,
    /// Only the instance id is missing: none is set.
    InstanceMissing,
    /// Only the UUID of a virtual machine without an instance id has changed (`wrong-host`, `host-drift`).
    ChangingUuid,
    /// The license is for another device.
    OtherDevice,
    /// The fleet file has no license for this host.
    NotInFleet,
    /// The license is for another site.
    OtherSite,
    /// The license is for another installation.
    OtherInstallation,
    /// The clock reset is for another installation.
    ResetForOtherHost,

    /// This very license was released, which can write its receipt again (`released`).
    GivenBack,
    /// The license is of a product with nearly this name (`wrong-product`).
    NearProduct,
    /// The license has a feature with nearly this name (`feature-missing`).
    NearFeature,

    // The host's home.
    /// The host's own key can't be used (`bad-key`).
    HostKey,
    /// The host's public key is not the half of its own key (`key-mismatch`).
    HostPublicKey,
    /// This user may not read a folder of the home (`denied`).
    ClosedHome,
    /// A license that is installed can't be read.
    InstalledLicense,
    /// No license is installed in this home (`not-activated`).
    NoneInstalled,
    /// The same, and a file in its folder of licenses is not read because of its name.
    UnreadName,
    /// The same, and another home on this host has licenses.
    OtherHome,
    /// The variable that holds the instance id is not right (`bad-field`).
    InstanceVariable,
    /// A folder was named, but can't be a home (`no-home`).
    NamedHome,
    /// The host has no key yet, so no license was installed on it (`not-stored`).
    NothingInstalled,
    /// No time is recorded yet, so no clock mark can be reset (`lost-mark`).
    NothingRecorded,
    /// Every license fits this hardware (`not-activated`).
    NothingToMove,
    /// The host has no such component (`bad-value`).
    NoSuchComponent,

    // Private keys (`exposed-key`).
    /// The mode of the file allows access to other users.
    ExposedFile,
    /// The same, and this user can't change the mode: a mounted secret, or another user's file.
    ExposedMount,
    /// The mode of the folder allows other users to replace the file.
    ExposedFolder,
    /// The mode of the host's home allows other users to change files in it.
    ExposedHome,
    /// The file system has no modes.
    NoFileModes,
    /// The environment variable that was named is not set (`not-found`).
    NoVariable,

    // Issuing.
    /// Nothing was named that the license is charged to (`usage`).
    NothingToCharge,
    /// The request moves a license to other hardware, and the ledger knows no code of it (`usage`).
    NothingToMoveBy,
    /// A code was named for what is never charged: a release receipt, a clock reset (`usage`).
    NeverCharged,
    /// The product has no activation period in the catalog (`not-sold`).
    NoActivationPeriod,
    /// A container without an instance id shows nothing that lasts (`weak-host`).
    UnboundContainer,
    /// The request was answered by a license for the typed Locking ID of its host (`already-issued`).
    AnsweredByLockingId,
    /// The license must stay on its unit, and all hardware is other (`wrong-host`).
    MustStay,
    /// A typed Locking ID names too few components (`weak-host`).
    WeakLockingId,
    /// The license moved as often within a year as the catalog allows (`wrong-host`).
    MovesUsed,
    /// The request has more values of a component than most hosts (`weak-host`).
    ManyValues,
    /// A virtual host or container shows too little that its operator does not choose (`weak-host`).
    WeakVirtualHost,
    /// A System ID alone is a weak lock (`weak-host`).
    SystemIdAlone,
    /// The hashes of the request have another salt than those of its product (`weak-host`).
    OtherSalt,
    /// The MAC says another model than was named (`unknown-model`).
    ModelFromMac,
    /// The ledger has another model for this unit (`unknown-model`).
    ModelInLedger,
    /// The check digits behind a MAC are wrong (`bad-mac`).
    CheckDigits,
    /// The codes of a unit begin and end on too many different days for one license (`too-large`).
    TooManyPeriods,
    /// The request is dated in the future, which may be accepted (`future-request`).
    HostClockAhead,
    /// Nothing more fits the unit (`over-limit`).
    NothingFits,
    /// The order allows more than it holds, and that was not asked for (`short-pool`).
    OverdraftAllowed,
    /// A trial license was asked for a unit whose license was bought (`already-held`).
    BoughtAlready,
    /// Hardware that another unit is licensed for has nothing to be charged to (`short-pool`).
    HardwareLicensed,
    /// The question has an option of its own to answer it beforehand (`no-terminal`).
    OwnOption,
    /// The order with this number was cancelled or reversed (`cancelled`).
    NumberOfCancelled,
    /// A quantity can't be corrected below what was used or passed on (`short-pool`).
    LineInUse,

    // Entries that can't be reversed (`not-reversible`).
    /// It was reversed already.
    AlreadyReversed,
    /// Later entries depend on it.
    LaterEntries,
    /// Later entries depend on it that no reversal undoes.
    LaterUse,
    /// It only records what was said: saying it anew replaces it.
    SaidAnew,
    /// It records what happened on a host, or with the ledger itself.
    Happened,
    /// It belongs to the license that was issued with it.
    PartOfLicense,

    // What the ledger does not hold (`not-booked`).
    /// No such account.
    NoAccount,
    /// No such order.
    NoOrder,
    /// No such code.
    NoCode,
    /// No such unit, or nothing for it.
    NoUnit,
    /// No such license.
    NoLicense,
    /// A search found nothing.
    NothingFound,
    /// No such entry.
    NoEntry,
    /// No license for the host that asks for a clock reset.
    NoSuchHost,

    // The desk's files.
    /// The desk's private key is missing (`not-found`).
    DeskKeyGone,
    /// The desk's catalog is missing (`not-found`).
    CatalogGone,
    /// The ledger's file is gone (`not-found`).
    LedgerGone,
    /// A file of the desk is a link, a folder or a pipe (`not-a-file`).
    NotOwnFile,
    /// A restored backup has lost this license, and nobody was charged for it (`restored-ledger`).
    SeatsNotCharged,
    /// The folder is the backup of a desk (`no-desk`).
    BackupGiven,
    /// The backup can't be used (several reasons).
    UnfitBackup,
    /// The file at the output is a key, a ledger or a memory, and is never replaced (`exists`).
    NeverReplaced,
}
