//! Booking a license back that a host gave back: what it held returns to its codes, once.

use crate::catalog::GrantEnd;
use crate::ledger::{self, Act, Activation, Book, Entry, Holder, Holding, Transfer};
use airlatch_core::crypto::Sealed;
use airlatch_core::format;
use airlatch_core::model::{Error, License, Reason, Receipt, Result, Time, Unit};

use super::operator::not_booked;
use super::reprint::issued;
use super::{Operator, pool};

/// A license that is given back, and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// What the host signed.
    pub receipt: Receipt,
    /// What the license said.
    pub license: License,
    /// It was for trying out, and gives nothing back.
    pub evaluation: bool,
    /// What returns to the codes.
    pub transfers: Vec<Transfer>,
    /// The entry by which it is booked back, and when that was made; `None` as long as it isn't.
    pub booked: Option<(u64, Time)>,
    /// It stood there before.
    pub already: bool,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// What a receipt would give back, or gave back already: another receipt for the same license counts as the same.
///
/// # Errors
/// Those of [`format::read_receipt`]; `not-booked` when no ledger or another one charged for the license, `wrong-host`,
/// `wrong-product`, `not-releasable`; `stale-receipt` when the host's unit has a later license for the product by now.
pub fn plan_release(operator: &Operator<'_>, book: &dyn Book, receipt: &Sealed) -> Result<Release> {
    let receipt = format::read_receipt(receipt)?.get().clone();
    let unknown = || {
        not_booked("license", receipt.license)
            .detail("a license from a grant was charged to nobody: there is nothing to book back")
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
        return Err(
            stale_receipt(&receipt).detail(format!("the last one  {}, issued {}", latest.0, latest.1))
        );
    }
    if license.not_transferable {
        return Err(Error::new(Reason::NotReleasable, "this license may not leave its unit"));
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

/// Books it back with the receipt as evidence, unless it was booked back before.
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

/// Refuses a receipt that another host signed than the one that was licensed.
fn check_unit(receipt: &Receipt, activation: &Activation) -> Result<()> {
    let signed = Unit::Host(receipt.system_id);
    if !matches!(activation.unit, Unit::Host(_)) {
        let message = "this license names no installation, so none can give it back";
        return Err(
            Error::new(Reason::NotReleasable, message).detail(format!("license  {}", activation.unit))
        );
    }
    if activation.unit != signed {
        let message = "this license is another installation's to give back";
        return Err(Error::new(Reason::WrongHost, message)
            .at("receipt")
            .detail(format!("receipt  {signed}"))
            .detail(format!("license  {}", activation.unit)));
    }
    if activation.product != receipt.product {
        let message = "the receipt names another product than its license is for";
        return Err(Error::new(Reason::WrongProduct, message)
            .detail(format!("receipt  {}", receipt.product))
            .detail(format!("license  {}", activation.product)));
    }
    Ok(())
}

/// Refuses a receipt for a license that a later one had replaced when that was given back.
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
    let message = "the receipt is about a license that is not the last one of this host";
    Error::new(Reason::StaleReceipt, message).detail(format!("receipt       {}", receipt.license))
}

/// What somebody should know of a code before it gets back what a unit holds.
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
        notes.push(format!("{code} was cancelled: what comes back to it can't be used"));
    } else if let GrantEnd::For(_) = &pool.order.term.end {
        let started = ledger::started_terms(book, code)?.unwrap_or_default();
        let since = started.start_for_unit(unit).unwrap_or(holding.since);
        let back = holding.lines.keys().filter_map(|article| started.start_of_released(article));
        let since = back.fold(since, Time::min).start_of_day();
        // A renewal may have put its end before its beginning: then it is over.
        let end = pool.order.term.starting(since).ok().and_then(|term| term.until);
        notes.push(match end.filter(|end| *end > operator.now) {
            Some(end) => format!("the term of what comes back to {code} goes on: it can be used until {end}"),
            None => {
                format!("the term of what comes back to {code} is over: it can be used when it is renewed")
            }
        });
    }
    Ok(notes)
}
