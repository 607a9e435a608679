//! A file that holds an earlier license of the same unit: the one that supersedes it takes its place.

use airlatch_core::format;
use airlatch_core::model::{DocumentId, Kind, Result};
use airlatch_desk::desk::{self, ActivationPlan};
use airlatch_desk::ledger::Book;

/// The license in these bytes, if this ledger issued it before that of the plan, to the same unit and for the same product.
///
/// # Errors
/// Those of the ledger.
pub(super) fn in_file(book: &dyn Book, bytes: &[u8], plan: &ActivationPlan) -> Result<Option<DocumentId>> {
    let Ok((sealed, _)) = format::open_one(bytes) else { return Ok(None) };
    if sealed.kind() != Kind::License {
        return Ok(None);
    }
    let (license, new) = match plan {
        ActivationPlan::New(planned) => (&planned.license, None),
        ActivationPlan::Found(found) => (found.license.get(), Some(found.sealed.document_id())),
    };
    let Some(unit) = license.lock.unit() else { return Ok(None) };
    let earlier = sealed.document_id();
    Ok(desk::is_earlier(book, earlier, unit, &license.product, new)?.then_some(earlier))
}
