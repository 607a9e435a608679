//! The next step for a cause: where one reason word has several causes.

use airlatch_core::model::{Cause, Reason};

use super::{Ran, wrong_file};

/// The host's own key can't be used.
pub(crate) const HOST_KEY: &str =
    "put host.key back from a backup; to begin anew as another installation, move host.key and host.pub away";

/// A search of the ledger found nothing.
const NOTHING_FOUND: &str = "try a shorter part of a name, number, code, ID or MAC; see all orders: airlatch order list; all licenses: airlatch ledger licenses";

#[cfg(test)]
use airlatch_core::model::Kind;

/// Every cause, for tests.
#[cfg(test)]
pub(super) const ALL: &[Cause] = &[
    Cause::DocumentGiven(Kind::Request),
    Cause::DocumentGiven(Kind::License),
    Cause::DocumentGiven(Kind::KeyCertificate),
    Cause::DocumentGiven(Kind::RevocationList),
    Cause::DocumentGiven(Kind::ReleaseReceipt),
    Cause::DocumentGiven(Kind::ClockReset),
    Cause::DocumentGiven(Kind::ClockMark),
    Cause::PublicKeyGiven,
    Cause::PrivateKeyGiven,
    Cause::OtherFileGiven,
    Cause::OtherForm,
    Cause::DamagedKey,
    Cause::NothingInstalled,
    Cause::NothingRecorded,
    Cause::NothingToMove,
    Cause::NoSuchComponent,
    Cause::ExposedFile,
    Cause::ExposedMount,
    Cause::ExposedFolder,
    Cause::ExposedHome,
    Cause::NoFileModes,
    Cause::NoVariable,
    Cause::NothingToCharge,
    Cause::NothingToMoveBy,
    Cause::NeverCharged,
    Cause::NoActivationPeriod,
    Cause::DeskKeyGone,
    Cause::CatalogGone,
    Cause::OtherHardware,
    Cause::OtherHost,
    Cause::AnotherFits,
    Cause::KeyBeside,
    Cause::GivenBack,
    Cause::NearProduct,
    Cause::NearFeature,
    Cause::FewerComponents,
    Cause::UnreadableComponent,
    Cause::InstanceMissing,
    Cause::ChangingUuid,
    Cause::NoneInstalled,
    Cause::UnreadName,
    Cause::OtherHome,
    Cause::OtherDevice,
    Cause::NotInFleet,
    Cause::OtherSite,
    Cause::OtherInstallation,
    Cause::ResetForOtherHost,
    Cause::HostKey,
    Cause::HostPublicKey,
    Cause::ClosedHome,
    Cause::InstalledLicense,
    Cause::InstanceVariable,
    Cause::NamedHome,
    Cause::UnboundContainer,
    Cause::WeakLockingId,
    Cause::ManyValues,
    Cause::MovesUsed,
    Cause::WeakVirtualHost,
    Cause::SystemIdAlone,
    Cause::OtherSalt,
    Cause::ModelFromMac,
    Cause::ModelInLedger,
    Cause::CheckDigits,
    Cause::HostClockAhead,
    Cause::NothingFits,
    Cause::TooManyPeriods,
    Cause::OverdraftAllowed,
    Cause::BoughtAlready,
    Cause::HardwareLicensed,
    Cause::OwnOption,
    Cause::NumberOfCancelled,
    Cause::LineInUse,
    Cause::AlreadyReversed,
    Cause::LaterEntries,
    Cause::LaterUse,
    Cause::SaidAnew,
    Cause::Happened,
    Cause::PartOfLicense,
    Cause::NoEntry,
    Cause::NoAccount,
    Cause::NoOrder,
    Cause::NoCode,
    Cause::NoUnit,
    Cause::NoLicense,
    Cause::NothingFound,
    Cause::NoSuchHost,
    Cause::LedgerGone,
    Cause::NotOwnFile,
    Cause::SeatsNotCharged,
    Cause::BackupGiven,
    Cause::UnfitBackup,
    Cause::NeverReplaced,
];

/// The step for a cause; none where the one of the reason word fits.
pub(super) fn step(cause: Cause, reason: Reason, ran: &Ran) -> Option<&'static str> {
    match cause {
        Cause::DocumentGiven(_)
        | Cause::PublicKeyGiven
        | Cause::PrivateKeyGiven
        | Cause::OtherFileGiven
        | Cause::OtherForm
        | Cause::DamagedKey => wrong_file::step(cause, reason, ran),
        Cause::InstalledLicense => installed(reason),
        _ => of_what_lies_there(cause, ran)
            .or_else(|| of_host(cause, reason, ran))
            .or_else(|| of_issuing(cause, ran))
            .or_else(|| of_desk(cause, ran))
            .or_else(|| of_corrections(cause, ran)),
    }
}

/// What is there in the place of what was named: a home, a name, a key or a license beside it.
fn of_what_lies_there(cause: Cause, ran: &Ran) -> Option<&'static str> {
    Some(match cause {
        Cause::ClosedHome => {
            "run this as the user it belongs to; if the product runs as this user, give it the home, as root: chown -R USER THERE"
        }
        Cause::GivenBack => {
            "the desk needs its receipt; write that again: airlatch release LICENSE; to license this host again: airlatch request --product PRODUCT --out host.request"
        }
        Cause::NearProduct => "ask for the product that the license is of: airlatch verify --product PRODUCT",
        Cause::NearFeature => "ask for the name that the license has: airlatch verify --feature FEATURE",
        Cause::KeyBeside => {
            "trust the vendor's key that came with it, and compare its key id with that on the order sheet: airlatch trust add THERE"
        }
        Cause::AnotherFits if ran.verb() == "verify" => {
            "look at the one that is for this host: airlatch verify THERE"
        }
        Cause::AnotherFits => "install the one that is for this host: airlatch install THERE",
        _ => return None,
    })
}

/// A license on a host, and the host's home.
fn of_host(cause: Cause, reason: Reason, ran: &Ran) -> Option<&'static str> {
    Some(match cause {
        Cause::OtherHost => {
            "look for the license of this host; where there is none, ask for one: airlatch request --product PRODUCT --out host.request"
        }
        Cause::NoneInstalled => {
            "if another user installed one, run this as that user, or name that home with --home DIR; if not, ask for a license: airlatch request --product PRODUCT --out host.request"
        }
        Cause::UnreadName => "install it, so that it gets its name: airlatch install THERE",
        Cause::OtherHome => {
            "if this is the home that is meant, run it as its user, or name it with --home; see what it has: airlatch status --home THERE"
        }
        Cause::UnreadableComponent => {
            "run this as root, or as another user that may read it; if the product can't, leave out what only root may read: airlatch id --any-user; and ask for a license again: airlatch request --product PRODUCT --out host.request"
        }
        Cause::ChangingUuid => {
            "if this virtual machine gets another UUID at every start, give it an instance id: airlatch id --instance TEXT; then ask for its license on that: airlatch request --move --out host.request"
        }
        Cause::InstanceMissing => {
            "set AIRLATCH_INSTANCE as it was set before; or store the instance id: airlatch id --instance TEXT"
        }
        Cause::OtherDevice => {
            "take the license of this device; to judge for a device that is not here: airlatch verify FILE --mac MAC"
        }
        Cause::NotInFleet => "ask the desk for a fleet file with this device",
        Cause::OtherSite => "if this host stands at that site, tell it so: airlatch id --site UNIT",
        Cause::OtherInstallation => {
            "use the home it was made for (--home DIR), or ask for a license of this one: airlatch request --product PRODUCT --out host.request"
        }
        Cause::ResetForOtherHost => "install it on the host it names",
        Cause::HostKey if reason == Reason::BadKey => HOST_KEY,
        Cause::HostPublicKey => {
            "put the right host.key back from a backup; if the key is right, write its public key again: airlatch id"
        }
        Cause::InstanceVariable => {
            "correct or unset the variable; to store the id instead: airlatch id --instance TEXT"
        }
        Cause::NothingInstalled => "install the license: airlatch install FILE",
        Cause::NothingRecorded => {
            "nothing has to be reset: the first license that is installed begins the record"
        }
        Cause::NothingToMove => {
            "nothing has to be moved: the licenses fit this hardware; see them: airlatch status"
        }
        Cause::NoSuchComponent => "replace one that this host has, as above",
        Cause::ExposedFile => "let only the owner read the key: chmod 600 FILE",
        Cause::ExposedMount if ran.has("accept-insecure-key") => {
            "give it the mode 0400 where it is mounted, or pass it in a variable (env:NAME) or a pipe; or accept the risk with --accept-insecure-key"
        }
        Cause::ExposedMount => "give it the mode 0400 where it is mounted",
        Cause::ExposedFolder => "let only the owner change the folder: chmod go-w FOLDER",
        Cause::ExposedHome => "let only the owner change the home: chmod go-w FILE",
        Cause::NoVariable => {
            "set it for this command, or name another one; a job may have to be allowed to see it"
        }
        Cause::NoFileModes if ran.has("accept-insecure-key") => {
            "keep the key on a disk with access rights, or accept the risk with --accept-insecure-key"
        }
        Cause::NoFileModes => "keep the key on a disk with access rights",
        _ => return None,
    })
}

/// Issuing.
fn of_issuing(cause: Cause, ran: &Ran) -> Option<&'static str> {
    Some(match cause {
        Cause::FewerComponents if ran.has("other-hardware") => {
            "if they were left out on purpose, (`any-user` in host.toml), add --other-hardware: the license is bound to the others then"
        }
        Cause::UnboundContainer if ran.has("weak-lock") => {
            "on the host, pass /etc/machine-id through and give an instance id: airlatch id --instance TEXT; to issue nevertheless, accept that copies of host.key run: --weak-lock"
        }
        Cause::AnsweredByLockingId => {
            "print that license again: airlatch ledger reprint LICENSE; to add to it: airlatch issue --code CODE --locking-id UNIT"
        }
        Cause::MustStay => {
            "on the host, ask for the move: airlatch request --move --out host.request; if its home is lost too, its replacement is a new unit, for which the vendor books an order"
        }
        Cause::WeakLockingId if ran.has("weak-lock") => {
            "make a request, which holds more than a typed id: airlatch request --product PRODUCT --out host.request; to accept a lock that other hosts may meet, for this license alone: --weak-lock"
        }
        Cause::MovesUsed => {
            "see what the ledger knows of this unit: airlatch ledger activations --unit UNIT; to allow more, raise `moves-per-year` in the catalog"
        }
        Cause::ManyValues if ran.has("weak-lock") => {
            "if the host really has so many, accept them for this license alone: --weak-lock"
        }
        Cause::WeakVirtualHost if ran.has("weak-lock") => {
            "on the host, pass its ids through to it, and see what it shows: airlatch id; to accept a lock that copies meet, for this license alone: --weak-lock"
        }
        Cause::SystemIdAlone if ran.has("weak-lock") => {
            "make a request: airlatch request --product PRODUCT --out host.request; to accept that copies of host.key run, for this license alone: --weak-lock"
        }
        Cause::OtherSalt => {
            "on the host, trust the key of this desk, then make the request again: airlatch trust add desk.pub; airlatch request --product PRODUCT --out host.request"
        }
        Cause::ModelFromMac => {
            "read the address off the device again, or leave the model out: its MAC says it"
        }
        Cause::ModelInLedger if ran.has("correct-model") => {
            "read the model off the unit; to use that of the ledger, leave the model out; if the ledger is wrong, add --correct-model"
        }
        Cause::ModelInLedger => "read the model off the unit; to use that of the ledger, leave the model out",
        Cause::CheckDigits => "read the address and the two digits behind it off the device again",
        Cause::TooManyPeriods => {
            "give some of the unit's codes a common end: airlatch order renew CODE --until DATE"
        }
        Cause::HostClockAhead if ran.has("clock-ahead") => {
            "if the desk's clock is right, that of the host is ahead: have it set there; to take this request all the same, add --clock-ahead"
        }
        Cause::NothingFits => {
            "nothing more fits this unit; where another feature bounds it, raise that one first"
        }
        Cause::OverdraftAllowed if ran.has("overdraft") => {
            "the order allows more, to be invoiced: add --overdraft; or ask for less, or name another code too"
        }
        Cause::OverdraftAllowed => "the order allows more, to be invoiced; or ask for less",
        Cause::BoughtAlready if ran.has("code") => {
            "see from which code it was bought: airlatch ledger activations --unit UNIT; then issue with --code CODE"
        }
        Cause::BoughtAlready => "see from which code it was bought: airlatch ledger activations --unit UNIT",
        Cause::NothingToCharge if !ran.has("code") => return None,
        Cause::NothingToCharge => "see the orders: airlatch order list; then add --code CODE",
        Cause::NothingToMoveBy => {
            "see the code it was charged to: airlatch ledger activations; then: airlatch issue FILE --code CODE --other-hardware"
        }
        Cause::NeverCharged => "name no code: airlatch issue FILE",
        Cause::NoActivationPeriod => "set `activation-days` for this product in catalog.toml",
        _ => return None,
    })
}

/// The ledger.
fn of_desk(cause: Cause, ran: &Ran) -> Option<&'static str> {
    Some(match cause {
        Cause::NoAccount => {
            "see the accounts: airlatch account list; to open one: airlatch account new ACCOUNT"
        }
        Cause::NoOrder | Cause::NoCode if ran.command() == "order list" => return None,
        Cause::NoOrder | Cause::NoCode if ran.verb() == "batch" => {
            "see what is booked: airlatch order list; or name the code of all lines with --code CODE"
        }
        Cause::NoOrder | Cause::NoCode => "see what is booked: airlatch order list",
        Cause::NoUnit | Cause::NoLicense => "see what was issued: airlatch ledger licenses",
        Cause::NothingFound => NOTHING_FOUND,
        Cause::NoSuchHost if ran.has("unknown-host") => {
            "ask whose host it is; to reset its clock anyway, add --unknown-host"
        }
        Cause::NoSuchHost => "ask whose host it is",
        _ => return of_desk_files(cause, ran),
    })
}

/// The files of the desk.
fn of_desk_files(cause: Cause, ran: &Ran) -> Option<&'static str> {
    Some(match cause {
        Cause::BackupGiven => {
            "name the desk, not its backup; to make a desk of it: airlatch desk restore FILE --desk DIR"
        }
        Cause::NotOwnFile => {
            "move it away, and put the file itself there; where that is lost, put a backup back: airlatch ledger restore BACKUP"
        }
        Cause::LedgerGone => "put ledger.db back from a backup: airlatch ledger restore BACKUP",
        Cause::DeskKeyGone if ran.has("key") => {
            "put it back from keys/ in a backup of the desk, or name the key's file with --key FILE"
        }
        Cause::DeskKeyGone => "put it back from keys/ in a backup of the desk",
        Cause::CatalogGone => "put catalog.toml back from a backup of the desk",
        Cause::SeatsNotCharged => "issue it again to its unit by its code, so that its seats are charged",
        Cause::UnfitBackup => "take another backup: airlatch ledger restore BACKUP",
        Cause::NeverReplaced => "name another file",
        _ => return None,
    })
}

/// What was booked by mistake.
fn of_corrections(cause: Cause, ran: &Ran) -> Option<&'static str> {
    Some(match cause {
        Cause::HardwareLicensed => {
            "print its license again: airlatch ledger reprint LICENSE; or release it on the host with its old host.key, and book the receipt: airlatch ledger return RECEIPT"
        }
        Cause::OwnOption => "run it at a terminal, or answer beforehand with the option named above",
        Cause::NumberOfCancelled if ran.has("again") => {
            "to book its number again under a new code, add --again; see the one that is booked: airlatch order show NUMBER"
        }
        Cause::NumberOfCancelled => "see the one that is booked: airlatch order show NUMBER",
        Cause::LineInUse => "see where it is: airlatch ledger entries --code CODE",
        Cause::AlreadyReversed if ran.command() == "ledger entries" => return None,
        Cause::AlreadyReversed => "see what was booked since: airlatch ledger entries --last 20",
        Cause::LaterEntries => {
            "reverse the last of them first: airlatch ledger reverse ENTRY --because TEXT; then this one"
        }
        Cause::LaterUse => "cancel what is left instead: airlatch order cancel CODE",
        Cause::SaidAnew => "book what is right instead; the entry itself: airlatch ledger entries --last 20",
        Cause::Happened => "it happened, and stays; see what followed: airlatch ledger entries --last 20",
        Cause::PartOfLicense => {
            "reverse the license it was taken for: airlatch ledger activations --code CODE; its entry: airlatch ledger reverse ENTRY --because TEXT"
        }
        Cause::NoEntry => "see the entries: airlatch ledger entries --last 20",
        _ => return None,
    })
}

/// A license in the home that can't be read or believed.
fn installed(reason: Reason) -> Option<&'static str> {
    let is_damage = matches!(
        reason,
        Reason::Empty
            | Reason::NotText
            | Reason::NoDocument
            | Reason::TwoDocuments
            | Reason::Truncated
            | Reason::BadCharacter
            | Reason::BadBase64
            | Reason::WrongKind
            | Reason::BadSignature
    );
    is_damage.then_some(
        "install that license again from its file; where that is gone, ask the desk to print it again",
    )
}
