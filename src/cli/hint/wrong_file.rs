//! The next step for a file that is something else than was asked for.

use airlatch_core::model::{Cause, Kind, Reason};

use super::Ran;

/// What to do with the file; none where the reason word says what is needed in its place.
pub(super) fn step(cause: Cause, reason: Reason, ran: &Ran) -> Option<&'static str> {
    match (cause, reason) {
        (_, Reason::BadGrant) => {
            Some("name a grant, which is a TOML file; see its fields: airlatch man format")
        }
        (_, Reason::BadList) => Some("name a list of devices: each line is number, TAB, MAC"),
        (Cause::DocumentGiven(kind), _) => document(kind, ran),
        (Cause::PublicKeyGiven, _) if ran.verb() == "verify" => {
            Some("verify a license with this key: airlatch verify LICENSE --trust FILE")
        }
        (Cause::PublicKeyGiven, _) if ran.is_at_host() => Some("to trust this key: airlatch trust add FILE"),
        (Cause::PrivateKeyGiven, _) if ran.is_at_host() => {
            Some("remove the private key from this machine; name the document")
        }
        (Cause::PublicKeyGiven | Cause::PrivateKeyGiven, _) => Some("name the document, not the key"),
        _ => None,
    }
}

/// A document is taken to where it has its use.
fn document(kind: Kind, ran: &Ran) -> Option<&'static str> {
    Some(match kind {
        Kind::Request if ran.is_at_host() => {
            "carry it to the desk, which issues a license for it: airlatch issue FILE --code CODE"
        }
        Kind::Request => "issue a license for it: airlatch issue FILE --code CODE",
        Kind::License if ran.is_at_host() => "install it: airlatch install FILE",
        Kind::License => "on its host, install it: airlatch install FILE",
        Kind::ReleaseReceipt if ran.is_at_host() => {
            "carry it to the desk, which books the license back: airlatch issue FILE"
        }
        Kind::ReleaseReceipt => "book the license back: airlatch issue FILE",
        Kind::ClockReset if ran.is_at_host() => "install it: airlatch install FILE",
        Kind::ClockReset => "on its host, install it: airlatch install FILE",
        Kind::ClockMark => "leave it in the home of its host",
        Kind::KeyCertificate | Kind::RevocationList => "name the license: this file is of no use alone",
    })
}
