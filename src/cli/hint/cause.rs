//! The next step for a cause: where one reason word has several causes.

use airlatch_core::model::{Cause, Reason};

/// The host's own key can't be used.
pub(crate) const HOST_KEY: &str =
    "put host.key back from a backup; to begin anew as another installation, move host.key and host.pub away";

/// Every cause, for tests.
#[cfg(test)]
pub(super) const ALL: &[Cause] = &[
    Cause::OtherHardware,
    Cause::OtherHost,
    Cause::OtherDevice,
    Cause::NotInFleet,
    Cause::OtherSite,
    Cause::OtherInstallation,
    Cause::ResetForOtherHost,
    Cause::HostKey,
    Cause::HostPublicKey,
    Cause::InstalledLicense,
    Cause::InstanceVariable,
    Cause::NamedHome,
    Cause::UnboundContainer,
    Cause::ModelFromMac,
    Cause::CheckDigits,
    Cause::NothingFits,
    Cause::OverdraftAllowed,
    Cause::BoughtAlready,
    Cause::NoAccount,
    Cause::NoOrder,
    Cause::NoCode,
    Cause::NoUnit,
    Cause::NoLicense,
    Cause::NoSuchHost,
    Cause::LedgerGone,
    Cause::SeatsNotCharged,
    Cause::UnfitBackup,
    Cause::NeverReplaced,
];

/// The step for a cause; none where the one of the reason word fits.
pub(super) fn step(cause: Cause, reason: Reason, verb: &str) -> Option<&'static str> {
    Some(match cause {
        Cause::OtherHost => {
            "look for the license of this host; where there is none, ask for one: airlatch request --product PRODUCT --out host.request"
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
        Cause::InstalledLicense => return installed(reason),
        Cause::InstanceVariable => {
            "correct or unset the variable; to store the id instead: airlatch id --instance TEXT"
        }
        Cause::UnboundContainer => {
            "on the host, pass /etc/machine-id through and give an instance id: airlatch id --instance TEXT; to issue without, set `allow-weak = true` in the grant or catalog"
        }
        Cause::ModelFromMac => {
            "read the address off the device again, or leave the model out: its MAC says it"
        }
        Cause::CheckDigits => "read the address and the two digits behind it off the device again",
        Cause::NothingFits => {
            "nothing more fits this unit; where another feature bounds it, raise that one first"
        }
        Cause::OverdraftAllowed => {
            "the order allows more, to be invoiced: add --overdraft; or ask for less, or name another code too"
        }
        Cause::BoughtAlready => {
            "see from which code it was bought: airlatch ledger activations --unit UNIT; then issue with --code CODE"
        }
        Cause::NoAccount => {
            "see the accounts: airlatch account list; to open one: airlatch account new ACCOUNT"
        }
        Cause::NoOrder | Cause::NoCode if verb == "batch" => {
            "see what is booked: airlatch order list; or name the code of all lines with --code CODE"
        }
        Cause::NoOrder | Cause::NoCode => "see what is booked: airlatch order list",
        Cause::NoUnit | Cause::NoLicense => "see what was issued: airlatch ledger licenses",
        Cause::NoSuchHost => "ask whose host it is; to reset its clock anyway, add --unknown-host",
        Cause::LedgerGone => "put ledger.db back from a backup: airlatch ledger restore BACKUP",
        Cause::SeatsNotCharged => "issue it again to its unit by its code, so that its seats are charged",
        Cause::UnfitBackup => "take another backup: airlatch ledger restore BACKUP",
        Cause::NeverReplaced => "name another output",
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
            | Reason::BadSignature
    );
    is_damage.then_some(
        "install that license again from its file; where that is gone, ask the desk to print it again",
    )
}
