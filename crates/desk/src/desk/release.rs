//! Books the release of a license: what the unit holds returns to its codes, once.

use crate::catalog::GrantEnd;
use crate::ledger::{self, Act, Activation, Book, Entry, Holder, Holding, Transfer};
use airlatch_core::crypto::Sealed;
use airlatch_core::format;
use airlatch_core::model::{Cause, Error, License, Reason, Receipt, Result, Subject, Time, Unit};

use super::operator::not_booked;
use super::reprint::issued;
use super::{Operator, pool};

/// A release, planned or booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The receipt, signed by the host.
    pub receipt: Receipt,
    /// The license that is released.
    pub license: License,
    /// Whether it is a trial license, which returns nothing.
    pub evaluation: bool,
    /// What returns to the codes.
    pub transfers: Vec<Transfer>,
    /// Number and time of the entry; `None` if it isn't booked yet.
    pub booked: Option<(u64, Time)>,
    /// Whether it was already booked before.
    pub already: bool,
    /// Notes for the person who books it.
    pub notes: Vec<String>,
}

/// What a receipt would return, or has already returned. Another receipt for the same license counts as the same receipt.
///
/// # Errors
/// Those of [`format::read_receipt`]; `not-booked` if the license isn't in this ledger, `wrong-host`, `wrong-product`,
/// `not-releasable`; `stale-receipt` if the unit has a later license for the product.
pub fn plan_release(operator: &Operator<'_>, book: &dyn Book, receipt: &Sealed) -> Result<Release> {
    let receipt = format::read_receipt(receipt)?.get().clone();
    let unknown = || {
        not_booked(Cause::NoLicense, "license", receipt.license)
            .detail("a license from a grant was not charged: there is nothing to return")
    };
    let (entry, activation) = issued(book, receipt.license)?.ok_or_else(unknown)?;
    check_unit(&receipt, &activation)?;
    let license = operator.stored(book, &entry)?.0.get().clone();
    let release = |transfers, booked: Option<(u64, Time)>, notes| Release {
        receipt: receipt.clone(),
        license: license.clone(),
        evaluation: activation.evaluation,
        transfers,
        already: booked.is_some(),
        booked,
        notes,
    };
    if let Some(back) = ledger::release_entry(book, &entry, &activation)? {
        refuse_superseded(&receipt, &back)?;
        return Ok(release(back.transfers.clone(), Some((back.number, back.time)), Vec::new()));
    }
    let latest = ledger::latest(book, activation.unit, &activation.product)?;
    if let Some(latest) = latest.and_then(|(latest, _)| Some((latest.license?.id, latest.time)))
        && latest.0 != receipt.license
    {
        let error =
            stale_receipt(&receipt).detail(format!("latest        {}, issued {}", latest.0, latest.1));
        return Err(error.about(Subject::License(latest.0.to_string())));
    }
    if license.not_transferable {
        return Err(Error::new(
            Reason::NotReleasable,
            "the product doesn't allow its licenses to leave their unit",
        ));
    }
    operator.time(book)?;
    let (mut transfers, mut notes) = (Vec::new(), Vec::new());
    for holding in ledger::holdings(book, activation.unit, &activation.product)? {
        notes.extend(notes_on_return(operator, book, activation.unit, &holding)?);
        let (from, to) = (Holder::Unit(activation.unit, holding.code), Holder::Pool(holding.code));
        let give = |(article, quantity)| Transfer { article, quantity, from, to };
        transfers.extend(holding.lines.into_iter().map(give));
    }
    Ok(release(transfers, None, notes))
}

/// Books a release and stores the receipt as evidence, unless it is already booked.
///
/// # Errors
/// As [`plan_release`], and those of the ledger; then nothing was booked.
pub fn release(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    receipt: &Sealed,
    note: Option<String>,
) -> Result<Release> {
    let planned = plan_release(operator, book, receipt)?;
    if planned.already {
        return Ok(planned);
    }
    let act = Act::Released {
        unit: Unit::Host(planned.receipt.system_id),
        product: planned.receipt.product.clone(),
        license: planned.receipt.license,
        receipt: receipt.document_id(),
        note,
    };
    let sealed = (receipt.document_id(), receipt.bytes().to_vec());
    let entry = operator.post(book, act, planned.transfers.clone(), Some(sealed))?;
    Ok(Release { booked: Some((entry.number, entry.time)), ..planned })
}

/// Refuses a receipt that was not signed by the host of the license.
fn check_unit(receipt: &Receipt, activation: &Activation) -> Result<()> {
    let signed = Unit::Host(receipt.system_id);
    if !matches!(activation.unit, Unit::Host(_)) {
        let message = "this license is not for an installation, so no host can release it";
        return Err(
            Error::new(Reason::NotReleasable, message).detail(format!("license  {}", activation.unit))
        );
    }
    if activation.unit != signed {
        let message = "this license belongs to another installation, which alone can release it";
        return Err(Error::new(Reason::WrongHost, message)
            .at("receipt")
            .detail(format!("receipt  {signed}"))
            .detail(format!("license  {}", activation.unit)));
    }
    if activation.product != receipt.product {
        let message = "the receipt is for another product than its license";
        return Err(Error::new(Reason::WrongProduct, message)
            .detail(format!("receipt  {}", receipt.product))
            .detail(format!("license  {}", activation.product)));
    }
    Ok(())
}

/// Refuses a receipt for a license that was superseded when the later one was released.
fn refuse_superseded(receipt: &Receipt, back: &Entry) -> Result<()> {
    match &back.act {
        Act::Released { license, .. } if *license != receipt.license => {
            let given = format!("booked back   {license}, by entry {}, at {}", back.number, back.time);
            Err(stale_receipt(receipt).detail(given))
        }
        _ => Ok(()),
    }
}

fn stale_receipt(receipt: &Receipt) -> Error {
    let message = "the receipt is for a license that is not the latest one of this host";
    Error::new(Reason::StaleReceipt, message).detail(format!("receipt       {}", receipt.license))
}

/// Notes on what happens with articles that return to a code.
fn notes_on_return(
    operator: &Operator<'_>,
    book: &dyn Book,
    unit: Unit,
    holding: &Holding,
) -> Result<Vec<String>> {
    let code = holding.code;
    let pool = pool(book, code)?;
    let mut notes = Vec::new();
    if pool.cancelled {
        notes.push(format!("{code} was cancelled: articles booked back to it can't be used"));
    } else if let GrantEnd::For(_) = &pool.order.term.end {
        let started = ledger::started_terms(book, code)?.unwrap_or_default();
        let since = started.start_for_unit(unit).unwrap_or(holding.since);
        let back = holding.lines.keys().filter_map(|article| started.start_of_released(article));
        let since = back.fold(since, Time::min);
        // After a renewal the end may be before the start: then the term is over.
        let end = pool.order.term.end_if_started(since).ok().flatten();
        notes.push(match end.filter(|end| *end > operator.now) {
            Some(end) => {
                format!("the term of articles booked back to {code} continues: they can be used until {end}")
            }
            None => {
                format!("the term of articles booked back to {code} is over: renew the code to use them")
            }
        });
    }
    Ok(notes)
}
