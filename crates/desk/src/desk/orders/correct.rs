//! Corrects an order: customer, reference, and quantities that were not used yet.

use crate::desk::Operator;
use crate::ledger::{Act, Book, Holder, Transfer};
use crate::orders::{Lines, Pool};
use airlatch_core::model::{Cause, Error, FeatureName, MAX_QUANTITY, OrderCode, Reason, Result};

use super::{active_pool, pool};

/// What was booked wrongly, and what is right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// The right customer.
    pub customer: Option<String>,
    /// The right reference.
    pub reference: Option<String>,
    /// The right quantities; 0 for an article that should not have been booked.
    pub lines: Lines,
    /// Why.
    pub because: String,
}

/// Corrects an order; a correction that changes nothing books nothing.
///
/// # Errors
/// `not-booked`, `cancelled`, `not-sold`, `short-pool` if more than the new quantity was used, passed on or taken as overdraft;
/// `bad-field` for a code that was passed on, or if no article would be left.
pub fn correct(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    code: OrderCode,
    correction: &Correction,
) -> Result<Pool> {
    let current = active_pool(book, code)?;
    if let Some((from, _)) = &current.parent {
        let message = format!("{code} was passed on from {from}: it has no order of its own to correct");
        return Err(Error::new(Reason::BadField, message).because(Cause::LineInUse));
    }
    let differs = |now: &Option<String>, booked: &Option<String>| now.clone().filter(|_| now != booked);
    let customer = differs(&correction.customer, &current.order.customer);
    let reference = differs(&correction.reference, &current.order.reference);
    let transfers = transfers(operator, &current, &correction.lines)?;
    if customer.is_none() && reference.is_none() && transfers.is_empty() {
        return Ok(current);
    }
    let act = Act::Corrected { code, customer, reference, because: correction.because.clone() };
    operator.post(book, act, transfers, None)?;
    pool(book, code)
}

/// What has to be moved so that the quantities are right.
fn transfers(operator: &Operator<'_>, current: &Pool, right: &Lines) -> Result<Vec<Transfer>> {
    let product = operator.product(&current.order.product)?;
    let (source, pool) = (Holder::Source, Holder::Pool(current.code));
    let mut transfers = Vec::new();
    for (article, quantity) in right {
        let booked = current.order.lines.get(article).copied().unwrap_or(0);
        if booked == 0 {
            product.article(article)?;
        }
        if *quantity > MAX_QUANTITY {
            let message =
                format!("the quantity of `{article}` is {quantity}, it has to be 0 to {MAX_QUANTITY}");
            return Err(Error::new(Reason::BadField, message).at("lines"));
        }
        let (from, to) = if *quantity > booked { (source, pool) } else { (pool, source) };
        let difference = quantity.abs_diff(booked);
        if *quantity < booked {
            refuse_used(current, article, *quantity, difference)?;
        }
        if difference > 0 {
            transfers.push(Transfer { article: article.clone(), quantity: difference, from, to });
        }
    }
    let stays = current.order.lines.keys().any(|article| right.get(article).is_none_or(|right| *right > 0));
    if !stays && !right.values().any(|quantity| *quantity > 0) {
        let message = "an order needs at least one line: reverse its entry instead";
        return Err(Error::new(Reason::BadField, message).at("lines"));
    }
    Ok(transfers)
}

/// Refuses a quantity below what is in use; the overdraft taken was a part of the quantity that was booked.
fn refuse_used(current: &Pool, article: &FeatureName, quantity: u64, difference: u64) -> Result<()> {
    let amounts = current.amounts(article);
    if amounts.overdrawn == 0 && difference <= amounts.left {
        return Ok(());
    }
    let message = format!("more of `{article}` is in use than {quantity}");
    let error = Error::new(Reason::ShortPool, message).because(Cause::LineInUse);
    let counts = [("used", amounts.used), ("passed on", amounts.passed), ("overdraft", amounts.overdrawn)];
    let counts = counts.into_iter().filter(|(_, quantity)| *quantity > 0);
    Err(counts.fold(error, |error, (word, quantity)| error.detail(format!("{word:<9}  {quantity}"))))
}
