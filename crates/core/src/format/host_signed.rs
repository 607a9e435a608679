//! What a host signs with its own key: read only when the host it names is the one that signed it.

use crate::crypto::{self, PublicKey, Sealed, TrustedSet, Verified};
use crate::model::{Error, Kind, Reason, Result, SystemId};

/// Reads the payload of a document that a host signed; `system_id` finds the host it names.
pub(super) fn read<T>(
    sealed: &Sealed,
    kind: Kind,
    parse: fn(&[u8]) -> Result<T>,
    system_id: fn(&T) -> SystemId,
) -> Result<Verified<T>> {
    by_its_signer(crypto::check_host_signed(sealed, kind)?, parse, system_id)
}

/// The same of the host with this key, whose point is known already.
pub(super) fn read_own<T>(
    sealed: &Sealed,
    kind: Kind,
    own: PublicKey,
    parse: fn(&[u8]) -> Result<T>,
    system_id: fn(&T) -> SystemId,
) -> Result<Verified<T>> {
    by_its_signer(crypto::check(sealed, kind, &TrustedSet::new([own]))?, parse, system_id)
}

fn by_its_signer<T>(
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
        let what = format!("the {} is signed by another host than it names", kind.word());
        let error = Error::new(Reason::ForeignRequest, what);
        Err(error.detail(format!("names    {named}")).detail(format!("signed   {signer}")))
    })
}
