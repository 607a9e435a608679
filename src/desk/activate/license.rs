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
    let orders: Vec<&str> = pools.iter().map(|pool| pool.order.number.as_str()).collect();
    License {
        issued: now,
        product: product.id.clone(),
        version: first
            .and_then(|order| order.version.clone())
            .or_else(|| request.and_then(|request| request.get().version.clone())),
        number: wish.particulars.number.clone(),
        customer: wish
            .particulars
            .end_user
            .clone()
            .or_else(|| first.and_then(|order| order.customer.clone())),
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

/// The order numbers in one line, as many as fit a field.
fn short(orders: &[&str]) -> String {
    let whole = orders.join(", ");
    if whole.len() as u64 <= crate::format::limits::TEXT_FIELD {
        return whole;
    }
    format!("{} and {} more", orders[0], orders.len() - 1)
}

/// Whether two licenses give the same, whatever order was named for it.
pub(super) fn gives_the_same(before: &License, now: &License) -> bool {
    let named = License {
        number: before.number.clone(),
        customer: before.customer.clone(),
        order: before.order.clone(),
        version: before.version.clone(),
        ..now.clone()
    };
    says_the_same(before, &named)
}

/// Whether two licenses say the same but for when they were issued and where the ledger stood.
pub(super) fn says_the_same(before: &License, now: &License) -> bool {
    let dated = License { issued: before.issued, ledger: before.ledger, ..now.clone() };
    *before == dated
}
