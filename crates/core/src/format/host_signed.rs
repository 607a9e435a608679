//! Documents signed by a host: the System ID in the content has to be that of the signer.

use crate::crypto::{self, PublicKey, Sealed, TrustedSet, Verified};
use crate::model::{Error, Kind, Reason, Result, SystemId};

/// Reads a document that a host signed; `system_id` returns the System ID in its content.
pub(super) fn read<T>(
    sealed: &Sealed,
    kind: Kind,
    parse: fn(&[u8]) -> Result<T>,
    system_id: fn(&T) -> SystemId,
) -> Result<Verified<T>> {
    parse_checked(crypto::check_host_signed(sealed, kind)?, parse, system_id)
}

/// Reads a document that the host with the key `own` signed. It is faster than [`read`], since the key is decoded already.
pub(super) fn read_own<T>(
    sealed: &Sealed,
    kind: Kind,
    own: PublicKey,
    parse: fn(&[u8]) -> Result<T>,
    system_id: fn(&T) -> SystemId,
) -> Result<Verified<T>> {
    parse_checked(crypto::check(sealed, kind, &TrustedSet::new([own]))?, parse, system_id)
}

/// Parses the content, and compares its System ID with that of the signer.
fn parse_checked<T>(
    checked: Verified<Vec<u8>>,
    parse: fn(&[u8]) -> Result<T>,
    system_id: fn(&T) -> SystemId,
) -> Result<Verified<T>> {
    let (kind, signer) = (checked.kind(), checked.signer().system_id());
    checked.parse(|payload| {
        let content = parse(payload)?;
        let named = system_id(&content);
        if named == signer {
            return Ok(content);
        }
        let message = format!("the {} is signed by another host than it names", kind.word());
        let error = Error::new(Reason::ForeignRequest, message);
        Err(error.detail(format!("names    {named}")).detail(format!("signed   {signer}")))
    })
}
