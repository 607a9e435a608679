//! Insists on the salt of the product, so that the desk can compare the hashes of all hosts.

use crate::desk::Operator;
use airlatch_core::crypto;
use airlatch_core::model::{Cause, Error, License, Lock, Reason, Request, Result, hex};

/// Checks that the hashes of a request have the salt of its product: with the key of this desk, with none because the host
/// trusts none or several, or that of the unit's previous license.
///
/// # Errors
/// `weak-host`.
pub(super) fn check(operator: &Operator<'_>, request: &Request, before: Option<&License>) -> Result<()> {
    let salt = request.fingerprint.salt;
    let of_before = match before.map(|before| &before.lock) {
        Some(Lock::Fingerprint { fingerprint, .. }) => Some(fingerprint.salt),
        _ => None,
    };
    let own = operator.trusted.iter().map(|key| Some(key.key_id())).chain([None]);
    let mut expected = own.map(|key| crypto::product_salt(key, &request.product));
    // Without hashes there is nothing to compare.
    if request.fingerprint.hashes.is_empty() || of_before == Some(salt) || expected.any(|it| it == salt) {
        return Ok(());
    }
    let message =
        "the hashes of the request have another salt than those of this product: they can't be compared";
    Err(Error::new(Reason::WeakHost, message)
        .at("fingerprint.salt")
        .detail(format!("request  {}", hex::write(&salt)))
        .because(Cause::OtherSalt))
}
