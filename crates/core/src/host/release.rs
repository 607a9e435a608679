//! Releases a license: the receipt for the desk, and the host's memory that it must not use the license any more.

use crate::crypto::Verified;
use crate::model::{
    Cause, Error, HostMemory, License, Lock, Reason, Receipt, ReleasedLicense, Result, Subject, SystemId,
    Time,
};

/// Releases a license: returns the receipt and the new memory. The caller has to store the memory before the receipt leaves
/// the host. Releasing a license again gives the same receipt.
///
/// # Errors
/// `wrong-host` if the license is for another installation; `not-releasable` if it is for no installation, must stay on its
/// unit, or was charged to no ledger; `bad-time` for a time outside the years 1970 to 9999; `released` if a later license
/// of the same ledger and product was released.
pub fn release(
    license: &Verified<License>,
    here: SystemId,
    memory: &HostMemory,
    note: Option<String>,
    now: Time,
) -> Result<(Receipt, HostMemory)> {
    let (id, content) = (license.document_id(), license.get());
    check(content, here)?;
    let mut memory = memory.clone();
    let known = memory.released.iter().find(|released| released.license == id).map(|released| released.at);
    let made = known.map_or_else(|| now.in_range(), Ok)?;
    if known.is_none() {
        refuse_released(content, &memory)?;
        let ledger = content.ledger.map(|mark| (mark.ledger, mark.number));
        memory.released.push(ReleasedLicense {
            license: id,
            product: content.product.clone(),
            ledger,
            at: now,
        });
    }
    let product = content.product.clone();
    Ok((Receipt { made, system_id: here, product, license: id, note }, memory))
}

/// The release of a license also covers what the same ledger had issued for the product before.
fn refuse_released(license: &License, memory: &HostMemory) -> Result<()> {
    let later = memory.released.iter().find(|released| released.also_releases(license));
    later.map_or(Ok(()), |released| {
        let error = Error::new(Reason::Released, "it was released with a later license")
            .at("ledger")
            .about(Subject::Product(license.product.clone()));
        Err(error.detail(format!("released   {}, license {}", released.at, released.license)))
    })
}

fn check(license: &License, here: SystemId) -> Result<()> {
    let refuse = |message: &str, field: &str| Err(Error::new(Reason::NotReleasable, message).at(field));
    let (Lock::Fingerprint { system_id, .. } | Lock::SystemId(system_id)) = &license.lock else {
        return refuse("this license is not for an installation, so no host can release it", "lock");
    };
    if *system_id != here {
        let error = Error::new(Reason::WrongHost, "this license is for another installation")
            .because(Cause::OtherInstallation);
        return Err(error
            .at("lock.system-id")
            .detail(format!("this host  {here}"))
            .detail(format!("license    {system_id}")));
    }
    if license.not_transferable {
        return refuse("this license must stay on its unit", "transferable");
    }
    if license.ledger.is_none() {
        return refuse("this license was charged to no ledger, so there is nothing to release", "ledger");
    }
    Ok(())
}
