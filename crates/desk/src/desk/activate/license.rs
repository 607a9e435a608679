//! Drafts the license of a plan, and compares it with the previous one.

use crate::catalog::Product;
use crate::charge::{Applicant, Bound, Charge, PreviousLicense};
use crate::orders::Pool;
use std::collections::BTreeSet;

use airlatch_core::model::{DocumentId, FeatureName, Features, License, Quantity, Term, Time};

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
    bound: Bound,
    now: airlatch_core::model::Time,
) -> License {
    let request = match requested.applicant {
        Applicant::Request(request) => Some(request),
        _ => None,
    };
    let recipient = || Some(pools.first()?.parent.as_ref()?.1.clone());
    let orders: Vec<&str> = charge.orders.iter().map(String::as_str).collect();
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
        memory_days: product.memory_days,
        // Who has not bought anything has no plant to keep running.
        advisory: product.advisory && !pools.is_empty(),
        not_transferable: !product.transferable,
        weak_lock: bound.is_weak,
        ledger: None,
        lock: bound.lock,
        unknown: Vec::new(),
    }
}

/// Sets the customer: the end user if there is one, else the customer of the order, else that of the previous license.
pub(super) fn set_customer(draft: &mut License, end_user: Option<&str>, before: Option<&License>) {
    let customer = draft.customer.take().or_else(|| before?.customer.clone());
    draft.customer = end_user.map(str::to_owned).or(customer);
}

/// Notes on features of which the previous license grants more at some time from `from` on: this may be intended, but should
/// not go unnoticed. What begins later in both is no reduction.
pub(super) fn reductions(before: &License, now: &License, from: Time) -> Vec<String> {
    let edges =
        before.spans().chain(now.spans()).flat_map(|(term, _)| [Some(term.from), term.until]).flatten();
    let edges: BTreeSet<Time> = edges.filter(|edge| *edge > from).chain([from]).collect();
    let mut found: Vec<Reduction> = Vec::new();
    for edge in edges {
        let (then, at_edge) = (features_at(before, edge), features_at(now, edge));
        for (name, was) in then.into_iter().flat_map(Features::iter) {
            let is = at_edge.and_then(|features| features.get(name));
            let known = found.iter_mut().find(|it| it.name == *name && it.is_open);
            let same = known.as_ref().is_some_and(|it| (it.was, it.is) == (was, is));
            if let Some(known) = known.filter(|_| !same) {
                (known.until, known.is_open) = (Some(edge), false);
            }
            if is.is_none_or(|is| !is.covers(was)) && !same {
                found.push(Reduction {
                    name: name.clone(),
                    was,
                    is,
                    begin: edge,
                    until: None,
                    is_open: true,
                });
            }
        }
        let ended = |it: &&mut Reduction| it.is_open && then.is_none_or(|then| then.get(&it.name).is_none());
        // With the previous license the comparison ends.
        found.iter_mut().filter(ended).for_each(|it| it.is_open = false);
    }
    found.iter().map(|it| it.note(from)).collect()
}

/// A feature of which a license grants less than the previous one, and for how long.
struct Reduction {
    name: FeatureName,
    was: Quantity,
    is: Option<Quantity>,
    begin: Time,
    /// When the license grants as much again.
    until: Option<Time>,
    /// Whether it goes on at the time that is looked at.
    is_open: bool,
}

impl Reduction {
    fn note(&self, from: Time) -> String {
        let now = self.is.map_or_else(|| "none".to_owned(), |now| now.to_string());
        let begin = if self.begin > from { format!(" from {}", self.begin) } else { String::new() };
        let until = self.until.map(|until| format!(" until {until}")).unwrap_or_default();
        format!(
            "less than in the previous license: `{}` was {}, is now {now}{begin}{until}",
            self.name, self.was
        )
    }
}

/// The features that a license gives now, or gave last.
pub(super) fn latest_features(license: &License, now: Time) -> Features {
    let last = || license.spans().last().map(|(_, features)| features);
    features_at(license, now).or_else(last).cloned().unwrap_or_default()
}

/// The license of an entry: its periods that are not over now, or else the last one.
pub(super) fn previous(license: &License, entry: u64, now: Time) -> PreviousLicense {
    let periods: Vec<_> = license.spans().map(|(term, features)| (term, features.clone())).collect();
    let is_over = |(term, _): &&(Term, Features)| term.until.is_some_and(|end| end <= now);
    let over = periods.iter().take_while(is_over).count().min(periods.len() - 1);
    PreviousLicense { entry, periods: periods[over..].to_vec() }
}

/// The features of a license at one time; none outside its periods.
fn features_at(license: &License, time: Time) -> Option<&Features> {
    license.spans().find(|(term, _)| term.contains(time)).map(|(_, features)| features)
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

#[cfg(test)]
mod tests {
    use super::*;
    use airlatch_core::model::{AllowedClasses, Lock, Mac, Period, Term};

    fn day(day: i64) -> Time {
        Time::from_seconds(0).plus_days(day)
    }

    fn sessions(number: u64) -> Features {
        let mut features = Features::default();
        if number > 0 {
            features.add("sessions".parse().unwrap(), Quantity::count(number).unwrap()).unwrap();
        }
        features
    }

    /// A license from day 0 with so many sessions up to each day.
    fn license(periods: &[(u64, Option<i64>)]) -> License {
        let mut periods =
            periods.iter().map(|(number, end)| Period { until: end.map(day), features: sessions(*number) });
        let first = periods.next().unwrap();
        License {
            issued: day(0),
            product: "pbx".into(),
            version: None,
            number: None,
            customer: None,
            order: None,
            unmetered: false,
            request: None,
            model: None,
            term: Term { from: day(0), until: first.until },
            features: first.features,
            after: periods.collect(),
            grace_days: 0,
            drift_days: 0,
            allow: AllowedClasses::default(),
            advisory: false,
            memory_days: airlatch_core::model::MEMORY_DAYS,
            not_transferable: false,
            weak_lock: false,
            ledger: None,
            lock: Lock::Mac(Mac([0, 4, 0xf2, 0, 0, 1])),
            unknown: Vec::new(),
        }
    }

    #[test]
    fn licenses_are_compared_period_by_period() {
        let later = "1970-01-11T00:00:00Z";
        for (before, now, notes) in [
            (vec![(20, None)], vec![(20, None)], vec![]),
            (vec![(20, None)], vec![(12, None)], vec!["was 20, is now 12".to_owned()]),
            // It begins later in both.
            (vec![(0, Some(10)), (5, None)], vec![(0, Some(10)), (5, None)], vec![]),
            (vec![(20, None)], vec![(20, Some(10))], vec![format!("was 20, is now none from {later}")]),
            (vec![(20, Some(10))], vec![(20, Some(20))], vec![]),
            (
                vec![(20, Some(20))],
                vec![(5, Some(10)), (20, None)],
                vec![format!("was 20, is now 5 until {later}")],
            ),
            (
                vec![(20, Some(10)), (10, Some(20))],
                vec![(12, Some(10)), (9, None)],
                vec![format!("was 20, is now 12 until {later}"), format!("was 10, is now 9 from {later}")],
            ),
        ] {
            let found = reductions(&license(&before), &license(&now), day(1));
            let notes: Vec<String> = notes
                .iter()
                .map(|note| format!("less than in the previous license: `sessions` {note}"))
                .collect();
            assert_eq!(found, notes, "{before:?} {now:?}");
        }
    }
}
