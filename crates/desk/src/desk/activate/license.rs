//! Drafts the license of a plan, and compares it with the previous one.

use crate::catalog::Product;
use crate::charge::{Applicant, Charge};
use crate::orders::Pool;
use airlatch_core::model::{DocumentId, License, Lock};

use super::ActivationRequest;

/// The version of the license: that of the codes, else of the request, else of the previous license.
pub(super) fn version<'a>(
    requested: &'a ActivationRequest<'_>,
    named: &'a [Pool],
    before: Option<&'a License>,
) -> Option<&'a str> {
    let of_request = match requested.applicant {
        Applicant::Request(request) => request.get().version.as_deref(),
        _ => None,
    };
    let of_codes = named.iter().find_map(|pool| pool.order.version.as_deref());
    of_codes.or(of_request).or_else(|| before.and_then(|before| before.version.as_deref()))
}

/// The license, except `issued` and `ledger`, which are set when it is signed.
#[allow(clippy::too_many_arguments)]
pub(super) fn draft(
    requested: &ActivationRequest<'_>,
    product: &Product,
    pools: &[Pool],
    charge: &Charge,
    version: Option<&str>,
    model: Option<String>,
    lock: Lock,
    now: airlatch_core::model::Time,
) -> License {
    let request = match requested.applicant {
        Applicant::Request(request) => Some(request),
        _ => None,
    };
    let recipient = || Some(pools.first()?.parent.as_ref()?.1.clone());
    let orders: Vec<&str> = pools.iter().map(|pool| pool.order.number.as_str()).collect();
    License {
        issued: now,
        product: product.id.clone(),
        version: version.map(ToOwned::to_owned),
        number: requested.notes.number.clone(),
        customer: pools.iter().find_map(|pool| pool.order.customer.clone()).or_else(recipient),
        order: (!orders.is_empty()).then(|| join_order_numbers(&orders)),
        unmetered: false,
        request: request.map(|request| -> DocumentId { request.document_id() }),
        model,
        term: charge.term,
        features: charge.features.clone(),
        after: charge.after.clone(),
        // A trial license has no grace period.
        grace_days: if pools.is_empty() { 0 } else { product.grace_days },
        drift_days: product.lock.rule.drift_days,
        allow: product.lock.rule.allow,
        not_transferable: !product.transferable,
        ledger: None,
        lock,
        unknown: Vec::new(),
    }
}

/// Sets the customer: the end user if there is one, else the customer of the order, else that of the previous license.
pub(super) fn set_customer(draft: &mut License, end_user: Option<&str>, before: Option<&License>) {
    let customer = draft.customer.take().or_else(|| before?.customer.clone());
    draft.customer = end_user.map(str::to_owned).or(customer);
}

/// Notes on features of which the previous license grants more: this may be intended, but should not go unnoticed.
pub(super) fn reductions(before: &License, now: &License) -> Vec<String> {
    let given = before
        .features
        .iter()
        .filter(|(name, then)| now.features.get(name).is_none_or(|now| !now.covers(*then)));
    let line = |(name, then): (&airlatch_core::model::FeatureName, airlatch_core::model::Quantity)| {
        let now = now.features.get(name).map_or_else(|| "none".to_owned(), |now| now.to_string());
        format!("less than in the previous license: `{name}` was {then}, is now {now}")
    };
    given.map(line).collect()
}

/// The order numbers in one line; if too long for the field, the first one and the count of the others.
fn join_order_numbers(orders: &[&str]) -> String {
    let whole = orders.join(", ");
    if whole.len() as u64 <= airlatch_core::format::limits::TEXT_FIELD {
        return whole;
    }
    format!("{} and {} more", orders[0], orders.len() - 1)
}

/// Whether two licenses differ only in number, customer, order, version and dates.
pub(super) fn grants_the_same(before: &License, now: &License) -> bool {
    let named = License {
        number: before.number.clone(),
        customer: before.customer.clone(),
        order: before.order.clone(),
        version: before.version.clone(),
        ..now.clone()
    };
    is_equal_except_dates(before, &named)
}

/// Whether two licenses differ only in the time of issue and the ledger mark.
pub(super) fn is_equal_except_dates(before: &License, now: &License) -> bool {
    let dated = License { issued: before.issued, ledger: before.ledger, ..now.clone() };
    *before == dated
}
