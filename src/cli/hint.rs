//! What to do next, for every reason: the only place outside the verbs that knows the flags.

use airlatch_core::model::{Error, HostIdentity, Reason};

use airlatch_desk::office::restore;

/// Where the host's own key is there and of no use.
pub(super) const HOST_KEY: &str =
    "put host.key back from a backup; to begin anew as another installation, move host.key and host.pub away";

/// The next step most likely to help: a sentence of the program's own.
pub(super) fn hint(error: &Error, verb: &str) -> Option<&'static str> {
    if let Some(text) = of_home(error, verb) {
        return Some(text);
    }
    Some(match error.reason() {
        Reason::Declined => return None,
        Reason::DiskFull | Reason::Io if books(verb) && error.place() == Some("standard output") => {
            "it may be done already: look before running it again, airlatch ledger entries --last 3"
        }
        Reason::OutputClosed if matches!(verb, "order" | "account" | "desk") => {
            "run it at a terminal, or send its output to a file"
        }
        Reason::Exists if verb == "desk" => "name another folder, or work with the desk that is there",
        Reason::Internal => "this is a defect of airlatch: please report it with the command you typed",
        Reason::Exists if error.message().contains("never written over") => "name another output",
        _ if error.details().iter().any(|line| line == restore::UNFIT) => "name another backup",
        Reason::ShortPool if error.details().iter().any(|line| line.ends_with("not asked for")) => {
            "the order allows to take more, to be invoiced: --overdraft; or ask for less, or name another code too"
        }
        Reason::RestoredLedger if error.message().ends_with("are not charged") => {
            "license its unit again by its code, so that its seats are charged: airlatch issue"
        }
        Reason::AlreadyHeld if error.message().contains("was bought") => {
            "name what was bought: airlatch order list; airlatch issue --code CODE"
        }
        Reason::BadMac if error.message().contains("check digits") => {
            "read the address and the two digits behind it off the device again"
        }
        Reason::NotFound if error.message().contains("ledger is gone") => {
            "put ledger.db back from a backup: airlatch ledger restore FILE"
        }
        Reason::WeakHost if error.message().contains("container") => {
            "on the host: airlatch id --instance TEXT, and pass /etc/machine-id through; `allow-weak = true` in the grant or catalog takes it all the same"
        }
        Reason::ClockRollback if AT_HOST.contains(&verb) => {
            "set this host's clock; if it is right, have the mark reset: airlatch request --clock-reset --out reset.request"
        }
        Reason::WrongHost => of_lock(error, verb),
        Reason::NotBooked if error.message().contains("to no such host") => {
            "ask whose host it is; to reset its clock all the same: --unknown-host"
        }
        Reason::NotBooked if error.message().contains("no account") => {
            "see the accounts: airlatch account list; open one: airlatch account new NAME"
        }
        Reason::NotBooked if verb == "batch" => {
            "see what is booked: airlatch order list; or name the code of all lines: --code CODE"
        }
        Reason::NotBooked if verb == "ledger" && !error.message().contains("code") => {
            "see what was issued: airlatch ledger licenses"
        }
        Reason::UnknownModel if error.message().starts_with("by its MAC") => {
            "read the address off the device again, or leave the model out: its MAC says it"
        }
        Reason::OverLimit if error.details().iter().any(|line| is_none(line, "rest")) => {
            "nothing more fits this unit; where another feature bounds it, raise that one first"
        }
        Reason::ShortPool if verb == "order" => "pass on less; see what is left: airlatch order show CODE",
        reason => {
            let desk = of_desk(reason);
            desk.or_else(|| of_license(reason, verb))
                .or_else(|| of_input(reason, verb))
                .or_else(|| of_key(reason, verb))
                .unwrap_or_else(|| of_machine(reason))
        }
    })
}

/// What is about a host and its home, where airlatch alone makes what is in it.
fn of_home(error: &Error, verb: &str) -> Option<&'static str> {
    let place = error.place()?;
    let is_license = || (AT_HOST.contains(&verb) || verb == "request") && place.contains("licenses/");
    Some(match error.reason() {
        Reason::DiskFull | Reason::Io if verb == "release" && place == "standard output" => {
            "it may be given back already: the same command gives the same receipt again"
        }
        Reason::BadField if place == HostIdentity::VARIABLE => {
            "set the variable right, or unset it and have the id remembered: airlatch id --instance TEXT"
        }
        Reason::BadKey if place.ends_with("host.key") => HOST_KEY,
        Reason::KeyMismatch if place.ends_with("host.pub") => {
            "put the right host.key back from a backup; if this one is right: airlatch id writes its public half"
        }
        Reason::Empty
        | Reason::NotText
        | Reason::NoDocument
        | Reason::TwoDocuments
        | Reason::Truncated
        | Reason::BadCharacter
        | Reason::BadBase64
        | Reason::BadSignature
            if is_license() =>
        {
            "install that license again; where its file is gone, the desk prints it again: airlatch ledger reprint"
        }
        _ => return None,
    })
}

/// The verbs of a host, where the clock is another one than the desk's.
const AT_HOST: [&str; 6] = ["verify", "status", "install", "release", "doctor", "what-if"];

/// Whether a line of details says that nothing is left of this.
fn is_none(line: &str, label: &str) -> bool {
    line.split_once(' ').is_some_and(|(word, value)| word == label && value.trim() == "0")
}

/// Whether a verb books: running it again could do it twice.
fn books(verb: &str) -> bool {
    matches!(verb, "order" | "account" | "issue" | "batch" | "ledger" | "desk")
}

/// What to do depends on what the license is bound to, which the place ends with.
fn of_lock(error: &Error, verb: &str) -> &'static str {
    match error.place().and_then(|place| place.rsplit('.').next()) {
        _ if error.message().starts_with("this reset") => "install it on the host it names",
        Some("fingerprint") if verb == "issue" => {
            "if its hardware was changed and the old one is out of use: --other-hardware"
        }
        Some("mac") => {
            "look for the license of this device; verify --mac MAC judges for a device that is not here"
        }
        Some("site") => "if this host stands at that site, tell it so: airlatch id --site SERIAL",
        Some("system-id") => {
            "use the home it was made for (--home DIR), or ask for a new license: airlatch request --product PRODUCT"
        }
        _ => {
            "if this host's hardware was changed, have the license put on it: airlatch request --move --out host.request"
        }
    }
}

fn of_license(reason: Reason, verb: &str) -> Option<&'static str> {
    Some(match reason {
        Reason::HostDrift => {
            "put the old part back, or have the license put on this hardware: airlatch request --move --out host.request"
        }
        Reason::WrongClass if verb == "issue" => {
            "where it may run there: `allow = [\"virtual\", \"container\"]` in the catalog's product or the grant's [lock]"
        }
        Reason::WrongClass => "ask the desk for a license that allows this kind of host",
        Reason::Released => "ask for another license: airlatch request --product PRODUCT --out host.request",
        Reason::EndsSoon => {
            "ask for a renewal in time: airlatch request --product PRODUCT --out host.request"
        }
        Reason::LostMark => "see what is known and what it means: airlatch doctor",
        Reason::ClockRight => "see what is wrong: airlatch doctor",
        Reason::UsedReset => {
            "see whether anything is still wrong: airlatch doctor; if so: airlatch request --clock-reset --out reset.request"
        }
        Reason::StaleReceipt => {
            "have the last license installed on the host (airlatch ledger reprint prints it again), and that one released"
        }
        Reason::NotReleasable => "see what the license says: airlatch inspect FILE",
        Reason::NotActivated | Reason::ActivationPeriod => {
            "ask for a license: airlatch request --product PRODUCT --out host.request"
        }
        Reason::BadSignature => {
            "copy the file again from where it was issued; a changed license can't be mended"
        }
        Reason::UntrustedKey => "if this vendor is yours, name its public key: --trust VENDOR.pub",
        Reason::WrongKind => "see what the file is: airlatch inspect FILE",
        Reason::WrongProduct if verb == "issue" => {
            "take an order or a grant of the product asked for, or ask the host for another request"
        }
        Reason::WrongProduct => "look for the license of this product: airlatch status",
        Reason::Expired if matches!(verb, "issue" | "batch") => {
            "renew the order, or name another code: airlatch order renew CODE --term LENGTH"
        }
        Reason::Expired => "ask for a renewal: airlatch request --product PRODUCT --out host.request",
        Reason::NotYetValid => "wait until it begins, or set this machine's clock right",
        Reason::FeatureMissing | Reason::QuantityShort => "see what is licensed: airlatch status",
        Reason::UnknownCritical | Reason::NewerVersion => "use a newer airlatch here; see airlatch --version",
        Reason::WeakHost => {
            "run `airlatch id` on the host as root to see why; `allow-weak = true` in the grant or catalog takes it all the same"
        }
        Reason::WeakLock => "set required, optional and minimum so that something has to match and can",
        Reason::ForeignRequest => "make the request again on the host it is for",
        Reason::NotGranted => "ask for less, or raise the grant",
        Reason::FutureRequest => "set the clocks right and make the request again",
        Reason::NotUnicast => "read the address off the device again",
        Reason::LocalAddress => {
            "take the burnt-in address, or allow it: `allow-local = true`, [mac] in a grant, [product.mac] in a catalog"
        }
        Reason::WrongSpelling => {
            "write every MAC that way, or drop `spelling` from the rule: [mac] in a grant, [product.mac] in a catalog"
        }
        Reason::WrongPrefix => {
            "check the device's maker, or the rule: [mac] in a grant, [product.mac] in a catalog"
        }
        Reason::Duplicate => "leave one of the lines; nothing was issued",
        _ => return None,
    })
}

/// Orders, the catalog and the ledger.
fn of_desk(reason: Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::Superseded => "use the later license: airlatch status shows which",
        Reason::NotSold => "see what is sold: airlatch catalog show",
        Reason::NotBooked => "see what is booked: airlatch order list; airlatch ledger balance",
        Reason::OrderDiffers => {
            "see the order that is booked: airlatch order show NUMBER; a new order has a new number"
        }
        Reason::AlreadyAdded => "see where it is: airlatch order show CODE",
        Reason::Cancelled => {
            "name another code: airlatch order list; what was issued is printed again: airlatch ledger reprint"
        }
        Reason::ShortPool => {
            "ask for less, or name another code too; see what is left: airlatch ledger balance"
        }
        Reason::OverLimit => "ask for no more than what is named above",
        Reason::NotOnModel => "leave this feature out for this model; see airlatch catalog show",
        Reason::UnknownModel => {
            "name it: --model MODEL; the host can say it too: airlatch request --model MODEL"
        }
        Reason::NeedsFeature => "issue the feature it needs first, or together with it",
        Reason::AlreadyHeld => {
            "leave it out; see what the unit holds: airlatch ledger activations --unit UNIT"
        }
        Reason::WrongStep => "take the step that begins at the level the unit has",
        Reason::WrongLock => "name the unit in one of the ways above, or change `lock` in the catalog",
        Reason::AlreadyIssued => {
            "airlatch ledger reprint ID prints that license; to add to it name the unit: airlatch issue --system-id ID"
        }
        Reason::EvaluationUsed => "sell it an order: airlatch order new",
        Reason::ChangedMeanwhile => "look at the new state and run it again; nothing was issued",
        Reason::ClockRollback => {
            "set this machine's clock right; if it is, airlatch ledger entries shows who booked ahead"
        }
        Reason::DamagedLedger => {
            "stop issuing; airlatch ledger audit shows all faults, ledger restore puts a backup back"
        }
        Reason::RestoredLedger => {
            "put the newest copy back, or accept what is lost: airlatch ledger restore; \
             audit --against DIR shows which licenses are out"
        }
        Reason::ForkedLedger => {
            "find the other ledger and keep one: airlatch ledger audit --against DIR names its licenses"
        }
        Reason::BadCatalog => "mend the catalog; airlatch catalog check shows every fault",
        Reason::QuantityNeeded => "say how much: --quantity NAME=N, or --all for all that is offered",
        Reason::NoDesk => {
            "name the desk's folder: --desk DIR, or set AIRLATCH_DESK; a new desk: airlatch desk init DIR"
        }
        Reason::NoWitness => "put witness.toml back from where it is; without it: airlatch ledger restore",
        Reason::NewerLedger => "use the airlatch that wrote it, or a newer one",
        Reason::NotALedger => "put ledger.db back from a backup: airlatch ledger restore FILE",
        Reason::UnsafeFolder => "keep the desk home on a disk of this machine: --desk DIR",
        _ => return None,
    })
}

fn of_input(reason: Reason, verb: &str) -> Option<&'static str> {
    Some(match reason {
        Reason::Empty | Reason::Truncated => "copy the file again, whole",
        Reason::NotText => "send the file itself, or its text",
        Reason::NoDocument if verb == "inspect" => "check that this is the right file",
        Reason::NoDocument => "see what the file is: airlatch inspect FILE",
        Reason::TwoDocuments => "put each document into a file of its own",
        Reason::BadCharacter | Reason::BadBase64 => {
            "copy the file again; as text in a mail, send it as an attachment"
        }
        Reason::TooLarge => "check that this is the right file",
        Reason::BadField
            if matches!(verb, "request" | "issue" | "account" | "order" | "batch" | "ledger") =>
        {
            "see what belongs there: the verb's --help, or airlatch man format"
        }
        Reason::BadPayload | Reason::BadField => {
            "ask whoever made it; the manual says what belongs there: airlatch man format"
        }
        Reason::BadCode => {
            "type it again, group by group; a group has four characters and one that checks them"
        }
        Reason::WrongCode => "look for the other code; see what it is: airlatch inspect CODE",
        Reason::BadMac => {
            "spell it like 00:04:f1:14:4b:d4, 00-04-f1-14-4b-d4, 0004.f114.4bd4 or 0004f1144bd4"
        }
        Reason::BadList if matches!(verb, "verify" | "install") => {
            "copy the file again, whole, or ask whoever made it for another"
        }
        Reason::BadList => "a line is: number, TAB, MAC, where needed TAB, quantity; nothing was issued",
        Reason::BadGrant => "mend the grant file; airlatch man format shows its fields",
        Reason::BadTime if verb == "verify" => {
            "write a time like 2027-03-01T00:00:00Z, or a date like 2027-03-01"
        }
        Reason::BadTime => {
            "write a time like 2027-03-01T00:00:00Z, a date like 2027-03-01, a length like \"1 year\""
        }
        Reason::BadValue => "see airlatch help, or the verb's --help",
        Reason::Exists if verb == "keygen" => "name another output",
        Reason::Exists if verb == "batch" => "move it away, or choose another --out-dir",
        Reason::Exists if verb == "order" => {
            "name another page, or replace it: airlatch order show CODE --page FILE --force"
        }
        Reason::Exists => "name another output, or --force to replace it",
        Reason::BuiltInTrust => "leave --trust out; `airlatch inspect FILE` shows who signed it",
        Reason::LostKey => {
            "put host.key back from a backup; to begin anew as another installation, move host.pub away"
        }
        Reason::BadName if verb == "batch" => "write a template like {mac}-license.cfg",
        Reason::NoTrust => "name the vendor's public key: --trust VENDOR.pub; install keeps it for later",
        _ => return None,
    })
}

fn of_key(reason: Reason, verb: &str) -> Option<&'static str> {
    Some(match reason {
        Reason::BadKey if verb == "keygen" => "check that this is the right file",
        Reason::BadKey => "name a key file made by airlatch keygen or openssl genpkey -algorithm ed25519",
        Reason::ForeignKey => "airlatch takes Ed25519 keys as PEM: airlatch keygen --out NAME makes a pair",
        Reason::WeakKey => "make a new pair: airlatch keygen --out NAME",
        Reason::KeyMismatch => "do not sign with this file: take the key from your backup",
        Reason::PublicKeyGiven => "name the private key, usually NAME.key",
        Reason::PrivateKeyGiven => {
            "name the public key, usually NAME.pub, and keep the private one off this machine"
        }
        Reason::PassphraseNeeded if verb == "keygen" => {
            "--passphrase-file FILE, or --no-passphrase for a key without one"
        }
        Reason::PassphraseNeeded => "--passphrase-file FILE",
        Reason::WrongPassphrase => {
            "check the keyboard's layout; only one line end at the end of a passphrase file is dropped"
        }
        Reason::BadPassphrase => "a passphrase has 1 to 1024 bytes and no NUL",
        Reason::CostlyKey => "make the key file again: openssl pkcs8 -topk8 -scrypt with its usual cost",
        Reason::ExposedKey => {
            "chmod 600 the file, or chmod go-w its folder; where that is impossible, --accept-insecure-key"
        }
        _ => return None,
    })
}

fn of_machine(reason: Reason) -> &'static str {
    match reason {
        Reason::NoTerminal => "give the answer as a flag: --yes",
        Reason::SameFile => "name another output",
        Reason::NoHome => "name a folder: --home DIR, or set AIRLATCH_HOME",
        Reason::NotFound => "check the spelling, and that the stick is mounted",
        Reason::Denied => "check the owner and the rights, or run it as the user they belong to",
        Reason::ReadOnly => "choose another folder, or take off the write protection",
        Reason::DiskFull => "free some room or choose another medium, then run it again: nothing was lost",
        Reason::FileLimit => "raise the limit on file sizes (ulimit -f), then run it again",
        Reason::OpenLimit => "raise the limit on open files (ulimit -n), then run it again",
        Reason::NoMemory => "end other programs, or raise the limit on memory (ulimit -v), then run it again",
        Reason::NotAFile => "name a plain file",
        Reason::BadName => "choose a shorter or plainer name",
        Reason::Busy => "wait for the other airlatch to end, then run it again",
        Reason::OutputClosed => "name a file: --out FILE",
        Reason::Io => "the medium may be bad: try another one",
        _ => "see airlatch help",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_next_step_of_its_own() {
        for reason in
            Reason::ALL.iter().filter(|reason| **reason != Reason::Declined && **reason != Reason::Usage)
        {
            let hint = hint(&Error::new(*reason, ""), "verify").unwrap_or_default();
            assert_ne!(hint, "see airlatch help", "{reason}");
            assert!(!hint.is_empty(), "{reason}");
        }
    }
}
