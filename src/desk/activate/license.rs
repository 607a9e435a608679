//! The license of a plan, as it would be signed but for the moment and the head of the chain.

use crate::model::{DocumentId, License, Lock, Pool, Product};
use crate::rules::{Ask, Charge};

use super::Wish;

/// Everything but `issued` and `ledger`, which are known when it is signed.
pub(super) fn draft(
    wish: &Wish<'_>,
    product: &Product,
    pools: &[Pool],
    charge: &Charge,
    model: Option<String>,
    lock: Lock,
    now: crate::model::Time,
) -> License {
    let first = pools.first().map(|pool| &pool.order);
    let request = match wish.ask {
        Ask::Request(request) => Some(request),
        _ => None,
    };
    let recipient = || Some(pools.first()?.parent.as_ref()?.1.clone());
    let orders: Vec<&str> = pools.iter().map(|pool| pool.order.number.as_str()).collect();
    License {
        issued: now,
        product: product.id.clone(),
        version: first
            .and_then(|order| order.version.clone())
            .or_else(|| request.and_then(|request| request.get().version.clone())),
        number: wish.particulars.number.clone(),
        customer: first.and_then(|order| order.customer.clone()).or_else(recipient),
        order: (!orders.is_empty()).then(|| short(&orders)),
        unmetered: false,
        request: request.map(|request| -> DocumentId { request.document_id() }),
        model,
        term: charge.term,
        features: charge.features.clone(),
        after: charge.after.clone(),
        grace_days: product.grace_days,
        not_transferable: !product.transferable,
        ledger: None,
        lock,
        unknown: Vec::new(),
    }
}

/// The end user stands in the license in place of the customer. What an order does not say stays as it was: the version and
/// the customer.
pub(super) fn carry_over(draft: &mut License, end_user: Option<&str>, before: Option<&License>) {
    let customer = draft.customer.take().or_else(|| before?.customer.clone());
    draft.customer = end_user.map(str::to_owned).or(customer);
    draft.version = draft.version.take().or_else(|| before?.version.clone());
}

/// The order numbers in one line, as many as fit a field.
fn short(orders: &[&str]) -> String {
    let whole = orders.join(", ");
    if whole.len() as u64 <= crate::format::limits::TEXT_FIELD {
        return whole;
    }
    format!("{} and {} more", orders[0], orders.len() - 1)
}

/// Whether two licenses say the same but for when they were issued and where the ledger stood.
pub(super) fn says_the_same(before: &License, now: &License) -> bool {
    let dated = License { issued: before.issued, ledger: before.ledger, ..now.clone() };
    *before == dated
}
