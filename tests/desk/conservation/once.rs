//! One activation in a history: planned and booked.

use airlatch_core::model::{DocumentId, Result, Unit};
use airlatch_desk::charge::ChargeLine;
use airlatch_desk::desk::{self, ActivationPlan, ActivationRequest, Operator, Pools};

use crate::scene::key;

type New = (Unit, Vec<ChargeLine>, airlatch_core::model::License);

/// The charge, if any, and the license.
type Once = (Option<New>, (DocumentId, Vec<u8>));

/// Plans and activates once; returns what is new, and the bytes.
pub fn once(
    operator: &Operator<'_>,
    book: &mut dyn airlatch_desk::ledger::Book,
    requested: &ActivationRequest<'_>,
) -> Result<Once> {
    let bytes = |sealed: &airlatch_core::crypto::Sealed| (sealed.document_id(), sealed.bytes().to_vec());
    match desk::plan_activation(operator, book, requested, &mut Pools::default())? {
        ActivationPlan::Found(found) => Ok((None, bytes(&found.sealed))),
        ActivationPlan::New(planned) => {
            let done = desk::activate(operator, book, &planned, &requested.codes, &requested.notes, &key(1))?;
            assert_eq!(done.license.lock.unit(), Some(planned.unit));
            Ok((Some((planned.unit, planned.charged.clone(), done.license)), bytes(&done.sealed)))
        }
    }
}
