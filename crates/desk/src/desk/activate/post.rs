//! Signs the license of a plan and posts its charge in one transaction.

use crate::desk::Operator;
use crate::ledger::{Act, Activation, Book, Head, Holder, Transfer};
use airlatch_core::crypto::{self, PrivateKey, Sealed};
use airlatch_core::format;
use airlatch_core::model::{Kind, License, OrderCode, Result};

use super::{ActivationNotes, PlannedLicense};

/// A license that was charged for and signed.
#[derive(Debug, Clone)]
pub struct Activated {
    /// The license.
    pub license: License,
    /// Its sealed bytes.
    pub sealed: Sealed,
}

impl Activated {
    /// Signs the license of a plan for a ledger with this head. It is not valid until it is posted.
    ///
    /// # Errors
    /// `too-large`.
    pub fn sign(
        operator: &Operator<'_>,
        planned: &PlannedLicense,
        ledger: [u8; 16],
        head: &Head,
        key: &PrivateKey,
    ) -> Result<Self> {
        let license =
            License { issued: operator.now, ledger: Some(head.mark(ledger)), ..planned.license.clone() };
        let payload = format::write_license(&license)?;
        Ok(Self { sealed: crypto::seal(Kind::License, &payload, key), license })
    }

    /// Posts the charge, overdraft first, and stores the license.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn post(
        &self,
        operator: &Operator<'_>,
        book: &mut dyn Book,
        planned: &PlannedLicense,
        codes: &[OrderCode],
        notes: &ActivationNotes,
        key: &PrivateKey,
    ) -> Result<()> {
        for take in planned.charged.iter().filter(|take| take.overdrawn > 0) {
            let to = Holder::Pool(take.code);
            let transfer = Transfer {
                article: take.article.clone(),
                quantity: take.overdrawn,
                from: Holder::Source,
                to,
            };
            operator.post(book, Act::Overdrawn { code: take.code }, vec![transfer], None)?;
        }
        let transfer = |take: &crate::charge::ChargeLine| Transfer {
            article: take.article.clone(),
            quantity: take.quantity,
            from: Holder::Pool(take.code),
            to: Holder::Unit(planned.unit, take.code),
        };
        let activation = Activation {
            unit: planned.unit,
            product: self.license.product.clone(),
            model: self.license.model.clone(),
            codes: codes.to_vec(),
            evaluation: planned.evaluation,
            request: self.license.request,
            hardware: self.license.lock.hardware(),
            weak_lock: self.license.weak_lock,
            number: notes.number.clone(),
            end_user: planned.end_user.clone(),
            location: planned.location.clone(),
            comment: notes.comment.clone(),
            key: key.public().key_id(),
        };
        let sealed = (self.sealed.document_id(), self.sealed.bytes().to_vec());
        let transfers = planned.charged.iter().map(transfer).collect();
        operator.post(book, Act::Activated(activation), transfers, Some(sealed))?;
        Ok(())
    }
}

/// Signs and posts one plan.
///
/// # Errors
/// Those of the ledger, and `too-large`; then nothing was issued.
pub fn activate(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    planned: &PlannedLicense,
    codes: &[OrderCode],
    notes: &ActivationNotes,
    key: &PrivateKey,
) -> Result<Activated> {
    let activated = Activated::sign(operator, planned, book.id()?, &book.head()?, key)?;
    activated.post(operator, book, planned, codes, notes, key)?;
    Ok(activated)
}
