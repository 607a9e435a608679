//! Giving a license back: what the host signs, and what it has to remember so that it uses the license no more.

use crate::crypto::Verified;
use crate::model::{
    Error, HostMemory, License, Lock, Reason, Receipt, ReleasedLicense, Result, Subject, SystemId, Time,
};

/// The receipt for a license, and the memory that goes with it; the memory has to be kept before the receipt leaves the
/// host. Giving back what was given back gives the same receipt again.
///
/// # Errors
/// `wrong-host` when the license is another installation's; `not-releasable` when it names no installation, may not leave
/// its unit, or was charged to no ledger; `bad-time` for a time that can't travel; `released` when a later license of the same
/// ledger and product was given back.
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
        refuse_given_back(content, &memory)?;
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

/// A license that was given back took with it what the same ledger had issued for the product before.
fn refuse_given_back(license: &License, memory: &HostMemory) -> Result<()> {
    let later = memory.released.iter().find(|released| released.also_releases(license));
    later.map_or(Ok(()), |released| {
        let error = Error::new(Reason::Released, "its seats were given back with a later license")
            .at("ledger")
            .about(Subject::Product(license.product.clone()));
        Err(error.detail(format!("given back {}, license {}", released.at, released.license)))
    })
}

fn check(license: &License, here: SystemId) -> Result<()> {
    let cannot = |what: &str, field: &str| Err(Error::new(Reason::NotReleasable, what).at(field));
    let (Lock::Fingerprint { system_id, .. } | Lock::SystemId(system_id)) = &license.lock else {
        return cannot("this license names no installation, so none can give it back", "lock");
    };
    if *system_id != here {
        let error = Error::new(Reason::WrongHost, "this license is another installation's to give back");
        return Err(error
            .at("lock.system-id")
            .detail(format!("this host  {here}"))
            .detail(format!("license    {system_id}")));
    }
    if license.not_transferable {
        return cannot("this license may not leave its unit", "transferable");
    }
    if license.ledger.is_none() {
        return cannot("this license was charged to no ledger, so there is nothing to give back", "ledger");
    }
    Ok(())
}
