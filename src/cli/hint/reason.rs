//! The next step for each reason word.

use airlatch_core::model::{Reason, Spelling, Subject};

use super::Ran;

/// The step for a reason; the same word means another step at host and desk, and under a command with other options.
pub(super) fn step(reason: Reason, ran: &Ran) -> &'static str {
    if reason == Reason::ClockRollback && ran.is_at_host() {
        return "set this host's clock; if it is right, ask for a reset: airlatch request --clock-reset --out reset.request";
    }
    of_desk(reason, ran)
        .or_else(|| of_desk_files(reason, ran))
        .or_else(|| of_license(reason, ran))
        .or_else(|| of_issuing(reason, ran))
        .or_else(|| of_output(reason, ran))
        .or_else(|| of_input(reason, ran))
        .or_else(|| of_key(reason, ran))
        .unwrap_or_else(|| of_machine(reason, ran))
}

/// A value on the command line is wrong.
pub(super) const HELP: &str = "see what belongs there: airlatch COMMAND --help";

fn of_license(reason: Reason, ran: &Ran) -> Option<&'static str> {
    Some(match reason {
        Reason::WrongHost if ran.verb() == "issue" => {
            "if its hardware was changed and the old one is out of use, add --other-hardware"
        }
        Reason::WrongHost => {
            "if this host's hardware was changed, ask for its license on the new hardware: airlatch request --move --out host.request"
        }
        Reason::HostDrift => {
            "put the old part back, or ask for the license on this hardware: airlatch request --move --out host.request"
        }
        Reason::WrongClass if ran.is_at_desk() => {
            "to allow it, set `allow = [\"virtual\", \"container\"]` in the catalog's product or the grant's [lock]"
        }
        Reason::WrongClass => "ask the desk for a license that allows this kind of host",
        Reason::Released => "ask for another license: airlatch request --product PRODUCT --out host.request",
        Reason::EndsSoon => {
            "ask for a renewal in time: airlatch request --product PRODUCT --out host.request"
        }
        Reason::LostMark => "see what is known and what it means: airlatch doctor",
        Reason::ClockRight => {
            "nothing has to be reset; if something else is wrong, see what: airlatch doctor"
        }
        Reason::UsedReset => {
            "see whether anything is still wrong: airlatch doctor; if so, ask for another reset: airlatch request --clock-reset --out reset.request"
        }
        Reason::StaleReceipt => {
            "on the host, install its last license and release that one; print it again: airlatch ledger reprint LICENSE"
        }
        Reason::NotReleasable if ran.is_at_desk() => "see what was issued: airlatch ledger licenses",
        Reason::NotReleasable => "see what the licenses say: airlatch status",
        Reason::NotActivated | Reason::ActivationPeriod => {
            "ask for a license: airlatch request --product PRODUCT --out host.request"
        }
        Reason::BadSignature => {
            "copy the file again from where it was issued; a changed license can't be repaired"
        }
        Reason::UntrustedKey if ran.is_at_desk() => {
            "sign with the desk's own key, or put the public key of this one into the desk's folder keys/"
        }
        Reason::UntrustedKey if ran.verb() == "trust" => {
            "ask the vendor for its key id; another key is that of somebody else"
        }
        Reason::UntrustedKey => {
            "if it is from your vendor, compare its key id with that on the order sheet: airlatch trust add FILE"
        }
        // A file of a wrong kind has a cause; without one the markers around it name another kind than was signed.
        Reason::WrongKind => "the markers were changed: copy the file again from where it was made",
        Reason::WrongProduct if ran.is_at_desk() => {
            "take an order or a grant of the product asked for, or ask the host for another request"
        }
        Reason::WrongProduct => {
            "see what is licensed: airlatch status; or ask for a license: airlatch request --product ASKED --out host.request"
        }
        Reason::Expired if matches!(ran.verb(), "issue" | "batch") => {
            "name another code, or renew the order: airlatch order renew CODE --add LENGTH"
        }
        Reason::Expired => "ask for a renewal: airlatch request --product PRODUCT --out host.request",
        Reason::NotYetValid => "wait until it begins, or set this machine's clock right",
        Reason::FeatureMissing | Reason::QuantityShort => {
            "see what is licensed: airlatch status; or ask for more: airlatch request --product PRODUCT --feature FEATURE --out host.request"
        }
        Reason::UnknownCritical | Reason::NewerVersion => {
            "a newer version is needed here; see which this is: airlatch --version"
        }
        _ => return None,
    })
}

/// The rules of issuing.
fn of_issuing(reason: Reason, ran: &Ran) -> Option<&'static str> {
    Some(match reason {
        Reason::WeakHost if ran.has("weak-lock") => {
            "see on the host, as root, what it shows: airlatch id; to accept a lock that other hosts may meet, for this license alone: --weak-lock"
        }
        Reason::WeakHost => "see on the host, as root, what it shows: airlatch id",
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
        Reason::Duplicate => "remove one of the two lines; nothing was issued",
        _ => return None,
    })
}

/// Orders, the catalog, and what is booked.
fn of_desk(reason: Reason, ran: &Ran) -> Option<&'static str> {
    Some(match reason {
        Reason::Superseded if ran.verb() == "status" => "remove the older file, or leave it: it does no harm",
        Reason::Superseded => "use the later license; see which: airlatch status",
        Reason::NotSold => "see what is sold: airlatch catalog show",
        Reason::NotBooked if ran.verb() == "ledger" => "see what was issued: airlatch ledger licenses",
        Reason::NotBooked => "see what is booked: airlatch order list; airlatch ledger balance",
        Reason::OrderDiffers => {
            "give a new order a new number; see the one that is booked: airlatch order show NUMBER"
        }
        Reason::AlreadyAdded => "see where it is: airlatch order show CODE",
        Reason::Cancelled => {
            "name another code: airlatch order list; to print again what was issued, see its id: airlatch ledger licenses"
        }
        Reason::ShortPool if ran.verb() == "order" => {
            "pass on less; see what is left: airlatch order show CODE"
        }
        Reason::ShortPool => {
            "ask for less, or name another code too; see what is left: airlatch ledger balance"
        }
        Reason::OverLimit => "ask for no more than what is named above",
        Reason::NotOnModel if ran.verb() == "batch" => {
            "name the other features with --quantity, or let it stay on the code with --all; see what the model can have: airlatch catalog show"
        }
        Reason::NotOnModel => {
            "leave this feature out for this model; see what it can have: airlatch catalog show"
        }
        Reason::UnknownModel if ran.verb() == "batch" => {
            "name it in the fourth column of the list, or for all such devices with --model MODEL"
        }
        Reason::UnknownModel if ran.has("model") => {
            "name it with --model MODEL; the host can name it in its request too"
        }
        Reason::UnknownModel => "name a model of the catalog: airlatch catalog show",
        Reason::NeedsFeature => "issue the feature it needs first, or together with it",
        Reason::AlreadyHeld => {
            "leave it out; see what the unit holds: airlatch ledger activations --unit UNIT"
        }
        Reason::WrongStep => "take the step that begins at the level the unit has",
        Reason::WrongLock => "name the unit in one of the ways above, or change `lock` in the catalog",
        Reason::AlreadyIssued => {
            "print that license again: airlatch ledger reprint LICENSE; to add to it: airlatch issue --code CODE --system-id UNIT"
        }
        Reason::EvaluationUsed => "book an order for it; then issue the license by its code",
        Reason::ChangedMeanwhile => "look at the new state and run it again; nothing was issued",
        Reason::NotReversible => "see the entries: airlatch ledger entries --last 20",
        Reason::ClockAhead if ran.has("clock-is-right") => {
            "set this machine's clock; if it is right, add --clock-is-right"
        }
        Reason::ClockAhead => "set this machine's clock",
        Reason::ClockRollback if ran.has("clock-override") => {
            "set this machine's clock; if it is right, see who booked ahead: airlatch ledger entries --last 3; to book right after that entry, give the reason with --clock-override TEXT"
        }
        Reason::ClockRollback => {
            "set this machine's clock; if it is right, see who booked ahead: airlatch ledger entries --last 3"
        }
        Reason::BadCatalog if ran.command() == "catalog check" => {
            "correct the catalog; its fields: airlatch man format"
        }
        Reason::BadCatalog => "correct the catalog; see every fault: airlatch catalog check FILE",
        Reason::QuantityNeeded if ran.has("quantity") && ran.has("all") => {
            "say how much with --quantity NAME=N, or --all for all that is offered"
        }
        Reason::QuantityNeeded => "say how much is wanted of each feature",
        _ => return None,
    })
}

/// The ledger's state, and the files of the desk.
fn of_desk_files(reason: Reason, ran: &Ran) -> Option<&'static str> {
    Some(match reason {
        Reason::DamagedLedger if ran.command() == "ledger audit" => {
            "stop issuing; put a backup back: airlatch ledger restore BACKUP"
        }
        Reason::DamagedLedger => {
            "stop issuing; see all faults: airlatch ledger audit; put a backup back: airlatch ledger restore BACKUP"
        }
        Reason::RestoredLedger => {
            "put the newest copy back: airlatch ledger restore BACKUP; or accept what is lost: airlatch ledger restore; see which licenses are out: airlatch ledger audit --against DIR"
        }
        Reason::ForkedLedger => {
            "find the other ledger and keep one; see its licenses: airlatch ledger audit --against DIR"
        }
        Reason::BadBackup => "take another backup: airlatch desk restore BACKUP",
        Reason::NoDesk if ran.has("desk") => {
            "name the desk's folder with --desk DIR, or set AIRLATCH_DESK; for a new desk: airlatch desk init DIR; from a backup: airlatch desk restore BACKUP"
        }
        Reason::NoDesk => {
            "name the desk's folder in AIRLATCH_DESK; for a new desk: airlatch desk init DIR; from a backup: airlatch desk restore BACKUP"
        }
        Reason::NoWitness => {
            "put witness.toml back from a backup; where there is none, accept the ledger as it is: airlatch ledger restore"
        }
        Reason::NewerLedger => {
            "use the version that wrote it, or a newer one; see which this is: airlatch --version"
        }
        Reason::NotALedger => "put ledger.db back from a backup: airlatch ledger restore BACKUP",
        Reason::UnsafeFolder if ran.has("desk") => {
            "keep the desk's folder on a local disk, and name it with --desk DIR"
        }
        Reason::UnsafeFolder => "name a folder on a local disk",
        _ => return None,
    })
}

fn of_input(reason: Reason, ran: &Ran) -> Option<&'static str> {
    Some(match reason {
        Reason::Empty | Reason::Truncated => "copy the file again, whole",
        Reason::NotText => "send the file itself, or its text",
        Reason::NoDocument => {
            "check that this is the right file; copy it again, whole, from where it was made or from the mail's attachment"
        }
        Reason::TwoDocuments => "put each document into a file of its own",
        Reason::BadCharacter | Reason::BadBase64 => {
            "copy the file again; as text in a mail, send it as an attachment"
        }
        Reason::TooLarge => "check that this is the right file",
        Reason::BadPayload | Reason::BadField => {
            "ask its author; see what belongs there: airlatch man format"
        }
        Reason::BadCode => {
            "type it again, group by group; a group has four characters and one that checks them"
        }
        Reason::WrongCode => "look for the other code; see what this one is: airlatch inspect CODE",
        Reason::BadMac => mac_spelling(&[]),
        Reason::BadList if matches!(ran.verb(), "verify" | "install") => {
            "copy the file again, whole, or ask whoever made it for another"
        }
        Reason::BadList => {
            "a line is: number, MAC, where needed quantity and model, separated by TAB, `;` or `,`; nothing was issued"
        }
        Reason::BadGrant => "correct the grant; see its fields: airlatch man format",
        Reason::BadTime if ran.verb() == "verify" => {
            "write a time like 2027-03-01T00:00:00Z, or a date like 2027-03-01"
        }
        Reason::BadTime => {
            "write a time like 2027-03-01T00:00:00Z, a date like 2027-03-01, a length like \"1 year\""
        }
        Reason::Usage if ran.command().is_empty() => "see the commands: airlatch help",
        // `help` has no help of its own.
        Reason::Usage if ran.verb() == "help" => "see the commands: airlatch help",
        Reason::Usage => "see the options: airlatch COMMAND --help",
        Reason::BadValue => HELP,
        Reason::BuiltInTrust if ran.command() == "trust remove" => "see its keys: airlatch trust list",
        Reason::BuiltInTrust if !ran.has("trust") => "see who signed it: airlatch inspect FILE",
        Reason::BuiltInTrust => "leave --trust out; see who signed it: airlatch inspect FILE",
        Reason::LostKey => {
            "put host.key back from a backup; to begin anew as another installation, move host.pub away"
        }
        Reason::BadName if ran.verb() == "batch" => "write a template like {mac}-license.cfg",
        Reason::NoTrust => {
            "trust the vendor's key, and compare its key id with that on the order sheet: airlatch trust add FILE"
        }
        _ => return None,
    })
}

/// The files that a command writes.
fn of_output(reason: Reason, ran: &Ran) -> Option<&'static str> {
    Some(match reason {
        Reason::OutputClosed if ran.has("out") => "name a file with --out FILE",
        Reason::OutputClosed => "run it at a terminal, or send its output to a file",
        Reason::Exists if ran.command() == "desk init" => {
            "name another folder, or work with the desk that is there"
        }
        Reason::Exists if ran.command() == "desk backup" => "name another folder, a new or an empty one",
        Reason::Exists if ran.command() == "desk restore" => {
            "name another folder with --desk DIR, or use the desk that is there"
        }
        Reason::Exists if ran.has("out-dir") => {
            "choose another folder with --out-dir DIR, or replace the files with --force"
        }
        Reason::Exists if ran.has("force") => "name another file, or replace this one with --force",
        Reason::Exists => "name another file",
        _ => return None,
    })
}

fn of_key(reason: Reason, ran: &Ran) -> Option<&'static str> {
    Some(match reason {
        Reason::BadKey if ran.verb() == "keygen" => "check that this is the right file",
        Reason::BadKey | Reason::ForeignKey if ran.has("trust") => {
            "name the vendor's public key, an Ed25519 key in PEM, usually VENDOR.pub"
        }
        Reason::BadKey => "name an Ed25519 key file in PEM; to make a pair: airlatch keygen --out NAME",
        Reason::ForeignKey => {
            "only Ed25519 keys in PEM can be used; to make a pair: airlatch keygen --out NAME"
        }
        Reason::WeakKey => "make a new pair: airlatch keygen --out NAME",
        Reason::KeyMismatch => "do not sign with this file: take the key from your backup",
        Reason::PublicKeyGiven => "name the private key, usually NAME.key",
        Reason::PrivateKeyGiven => {
            "name the public key, usually NAME.pub, and keep the private one off this machine"
        }
        Reason::PassphraseNeeded if ran.has("no-passphrase") => {
            "write the passphrase into a file and add --passphrase-file FILE, or add --no-passphrase for a key without one"
        }
        Reason::PassphraseNeeded if ran.has("passphrase-file") => {
            "write the passphrase into a file and add --passphrase-file FILE"
        }
        Reason::PassphraseNeeded => "run it at a terminal",
        Reason::WrongPassphrase => {
            "check the keyboard's layout; only one line end at the end of a passphrase file is dropped"
        }
        Reason::BadPassphrase => "a passphrase has 1 to 1024 bytes and no NUL",
        Reason::CostlyKey => {
            "encrypt the key again at the usual cost: openssl pkcs8 -topk8 -scrypt -in FILE -out NEW.key"
        }
        Reason::ExposedKey => "let only the owner read the key: chmod 600 FILE",
        _ => return None,
    })
}

fn of_machine(reason: Reason, ran: &Ran) -> &'static str {
    match reason {
        Reason::NotStored => {
            "let this user write the host home, or the folder for state; see which: airlatch doctor"
        }
        Reason::NoTerminal if ran.has("yes") => "run it at a terminal, or answer beforehand with --yes",
        Reason::NoTerminal => "run it at a terminal",
        Reason::SameFile => "name another file",
        Reason::NoHome => "name a folder with --home DIR, or set AIRLATCH_HOME",
        Reason::NotFound if ran.verb() == "catalog" => {
            "name the catalog's file, or the desk's folder with --desk DIR"
        }
        Reason::NotFound if ran.command() == "trust remove" => "see the trusted keys: airlatch trust list",
        Reason::NotFound => "check the spelling, and that the stick is mounted",
        Reason::Denied => "check the owner and the rights, or run it as the user they belong to",
        Reason::ReadOnly => "choose another folder, or take off the write protection",
        Reason::DiskFull => "free some room or choose another medium, then run it again: nothing was lost",
        Reason::FileLimit => "raise the limit on file sizes (ulimit -f), then run it again",
        Reason::OpenLimit => "raise the limit on open files (ulimit -n), then run it again",
        Reason::NoMemory => "end other programs, or raise the limit on memory (ulimit -v), then run it again",
        Reason::NotAFile => "name a plain file",
        Reason::BadName => "choose a shorter or plainer name",
        Reason::Busy => "wait for the other run to end, then run it again",
        Reason::Internal => "this is a defect of airlatch: please report it with the command you typed",
        Reason::Io => "the medium may be bad: try another one",
        _ => "see the commands: airlatch help",
    }
}

/// How to spell a MAC: as the product takes it, if it takes one spelling only.
pub(super) fn mac_spelling(subjects: &[Subject]) -> &'static str {
    let one = subjects.iter().find_map(|subject| match subject {
        Subject::Spelling(spelling) => Some(*spelling),
        _ => None,
    });
    match one {
        None => "spell it like 00:04:f1:14:4b:d4, 00-04-f1-14-4b-d4, 0004.f114.4bd4 or 0004f1144bd4",
        Some(Spelling::Colons) => "spell it like 00:04:f1:14:4b:d4",
        Some(Spelling::Hyphens) => "spell it like 00-04-f1-14-4b-d4",
        Some(Spelling::Dots) => "spell it like 0004.f114.4bd4",
        Some(Spelling::Bare) => "spell it like 0004f1144bd4",
    }
}
