//! Identifies a file that holds no document: a key, grant, catalog or list of devices.

use airlatch_core::crypto::KeyFile;
use airlatch_core::format::{self, Repair, limits};
use airlatch_core::model::{Error, Reason};
use airlatch_desk::catalog;
use airlatch_desk::catalog::MacRule;
use airlatch_desk::lists;
use airlatch_machine::here::{doctor::Check, doctor::Finding, doctor::State};

/// The errors of a file that is meant as a key.
const KEY_FAULTS: [Reason; 5] =
    [Reason::ForeignKey, Reason::WeakKey, Reason::KeyMismatch, Reason::CostlyKey, Reason::BadKey];

/// The findings if the file is of another kind that airlatch knows; `no_document` is the error of reading it as a document.
pub(super) fn identify(name: &str, bytes: &[u8], no_document: &Error) -> Option<Vec<Finding>> {
    if no_document.reason() != Reason::NoDocument {
        return None;
    }
    if let Some(found) = key(bytes) {
        return Some(vec![found.named(name)]);
    }
    let fits = |limit: u64| bytes.len() as u64 <= limit;
    let ok = |what: String| Some(vec![Finding::ok(Check::File, what).named(name)]);
    if fits(limits::GRANT_FILE) {
        if let Ok(grant) = catalog::read_grant(bytes) {
            return ok(format!("a grant for {}; `issue` reads it, a host does not", grant.product));
        }
        if let Ok(settings) = format::read_settings(bytes)
            && (settings.site.is_some() || !settings.codes.is_empty())
        {
            return ok("a host's settings; the file belongs in the host's home".into());
        }
    }
    if fits(limits::CATALOG_FILE)
        && let Ok(catalog) = catalog::read_catalog(bytes)
    {
        return ok(format!(
            "a catalog with {} products; the desk reads it, a host does not",
            catalog.products.len()
        ));
    }
    match lists::read_list(bytes, &MacRule { allow_local: true, ..MacRule::default() }) {
        Ok(list) => ok(format!("a list of {} devices; `batch` reads it, a host does not", list.rows.len())),
        // A file with TABs is meant as a list.
        Err(errors) if bytes.contains(&b'\t') => {
            let bad = |error| vec![Finding::of(Check::File, State::Bad, error).named(name)];
            errors.into_iter().next().map(bad)
        }
        Err(_) => None,
    }
}

fn key(bytes: &[u8]) -> Option<Finding> {
    let is_pem = bytes.windows(4).any(|window| window == b"KEY-");
    Some(match format::open_key(bytes) {
        Ok((KeyFile::Public(key), repairs)) => {
            let what = format!("a public key, {}; use it with --trust", key.key_id());
            let repaired = |finding: Finding, repair: &Repair| finding.detail(format!("repaired   {repair}"));
            repairs.iter().fold(Finding::ok(Check::File, what), repaired)
        }
        Ok((KeyFile::Private(key), _)) => {
            private_key_found(format!("a private key without a passphrase, {}", key.public().key_id()))
        }
        Ok((KeyFile::Encrypted(_), _)) => private_key_found("a private key with a passphrase".into()),
        Err(error) if is_pem && KEY_FAULTS.contains(&error.reason()) => {
            Finding::of(Check::File, State::Bad, error)
        }
        Err(_) => return None,
    })
}

/// The finding for a private key on a host.
fn private_key_found(what: String) -> Finding {
    let error = Error::new(Reason::PrivateKeyGiven, what);
    Finding::of(Check::File, State::Bad, error.detail("a private key must stay at the desk"))
}
