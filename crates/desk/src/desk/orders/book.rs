//! Booking an order: once, under its own number, as a pool on a new code.

use crate::catalog::{GrantEnd, GrantTerm};
use crate::desk::Operator;
use crate::ledger::{self, Act, Book, Holder, Query, Transfer};
use crate::orders::{AccountName, Order, Pool};
use airlatch_core::model::{Error, MAX_QUANTITY, OrderCode, Reason, Result, Time};

use super::{pool, refuse_used_code};

/// The longest term that can be sold, in days; beyond it stands `permanent`.
const LONGEST_TERM_DAYS: i64 = 36_500;

/// An order that stands in the ledger.
#[derive(Debug, Clone)]
pub struct Booked {
    /// Its code, with all that is known of it.
    pub pool: Pool,
    /// It stood booked before, just so.
    pub already: bool,
}

/// Books an order under `code`, which has to be random. The same order once more changes nothing and keeps its first code.
///
/// # Errors
/// `order-differs` when its number is taken by other content or written another way, `not-sold`, `not-booked` (the account), `bad-time`,
/// `bad-field`.
pub fn book_order(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    order: Order,
    account: Option<AccountName>,
    code: OrderCode,
) -> Result<Booked> {
    if let Some((booked, code)) = ledger::order(book, &order.number)? {
        let pool = pool(book, code)?;
        let mut differences = differences(&booked, &order);
        if account.is_some() && account != pool.account {
            let name = |account: &Option<AccountName>| {
                account.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string)
            };
            differences.push(difference("account", &name(&pool.account), &name(&account)));
        }
        if differences.is_empty() {
            return Ok(Booked { pool, already: true });
        }
        let message = format!("order `{}` is booked already, with other content", order.number);
        let error = Error::new(Reason::OrderDiffers, message);
        return Err(differences.into_iter().fold(error, Error::detail));
    }
    check(operator, &order)?;
    refuse_same_number(book, &order.number)?;
    refuse_used_code(book, code)?;
    if let Some(account) = &account {
        crate::desk::account(book, account)?;
    }
    let transfer = |(article, quantity): (&airlatch_core::model::FeatureName, &u64)| Transfer {
        article: article.clone(),
        quantity: *quantity,
        from: Holder::Source,
        to: Holder::Pool(code),
    };
    let transfers = order.lines.iter().map(transfer).collect();
    operator.post(book, Act::Ordered { code, order, account }, transfers, None)?;
    Ok(Booked { pool: pool(book, code)?, already: false })
}

fn check(operator: &Operator<'_>, order: &Order) -> Result<()> {
    let product = operator.product(&order.product)?;
    if let Some(version) = order.version.as_ref().filter(|version| !product.versions.contains(version)) {
        let message = format!("the catalog has no version `{version}` of `{}`", product.id);
        let versions = if product.versions.is_empty() { "none".into() } else { product.versions.join(", ") };
        return Err(Error::new(Reason::NotSold, message).detail(format!("it has  {versions}")));
    }
    if order.lines.is_empty() {
        return Err(Error::new(Reason::BadField, "an order has at least one line").at("lines"));
    }
    for (article, quantity) in &order.lines {
        product.article(article)?;
        if !(1..=MAX_QUANTITY).contains(quantity) {
            let message = format!("of `{article}` 1 to {MAX_QUANTITY} can be ordered, not {quantity}");
            return Err(Error::new(Reason::BadField, message).at("lines"));
        }
    }
    if order.overdraft > 100 {
        let message = format!("an overdraft lies from 0 to 100 percent, not at {}", order.overdraft);
        return Err(Error::new(Reason::BadField, message).at("overdraft"));
    }
    check_number(&order.number)?;
    check_term(&order.term, operator.now)
}

/// A number that looks like no other: of letters, digits, signs and single blanks, and no authorization code.
fn check_number(number: &str) -> Result<()> {
    let bad = |message: String| Err(Error::new(Reason::BadField, message).at("number"));
    // Digits of other scripts, combining marks and what can't be seen make twins that no eye tells apart.
    let plain = |c: char| c == ' ' || c.is_ascii_graphic() || c.is_alphabetic() && !c.is_numeric();
    if let Some(c) = number.chars().find(|c| !plain(*c)) {
        return bad(format!("U+{:04X} can't stand in an order number", u32::from(c)));
    }
    if number.is_empty() || number.trim() != number || number.contains("  ") {
        return bad("an order number has no blanks around it, and no two in a row".into());
    }
    if number.parse::<OrderCode>().is_ok() {
        return bad("this order number would be taken for an authorization code".into());
    }
    Ok(())
}

/// Refuses a number that is booked already but for the size of its letters: the same order would be given out twice.
fn refuse_same_number(book: &dyn Book, number: &str) -> Result<()> {
    let folded = number.to_lowercase();
    let orders = book.entries(&Query { acts: vec!["ordered"], ..Query::default() })?;
    let same = orders.iter().find_map(|entry| match &entry.act {
        Act::Ordered { order, .. } if order.number.to_lowercase() == folded => Some(order),
        _ => None,
    });
    match same {
        Some(booked) => {
            let message = format!("order `{number}` is booked already, written `{}`", booked.number);
            Err(Error::new(Reason::OrderDiffers, message))
        }
        None => Ok(()),
    }
}

/// A term that isn't over, and not longer than anybody means.
///
/// # Errors
/// `bad-time`.
pub(super) fn check_term(stated: &GrantTerm, now: Time) -> Result<()> {
    let term = stated.starting(now.start_of_day())?;
    if let Some(end) = term.until.filter(|end| *end <= now) {
        return Err(
            Error::new(Reason::BadTime, format!("the term is over already: it ends at {end}")).at("term")
        );
    }
    let days = term.until.map_or(0, |end| term.from.days_until(end));
    if days > LONGEST_TERM_DAYS && !matches!(stated.end, GrantEnd::Permanent) {
        let message =
            format!("a term has at most {LONGEST_TERM_DAYS} days, this one has {days}; longer is permanent");
        return Err(Error::new(Reason::BadTime, message).at("term"));
    }
    Ok(())
}

fn difference(field: &str, booked: &str, now: &str) -> String {
    format!("{field}: booked {booked}, now {now}")
}

/// What differs between an order as it was booked and as it is said now, one line each.
fn differences(booked: &Order, now: &Order) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".into());
    let lines = |order: &Order| {
        let line =
            |(article, quantity): (&airlatch_core::model::FeatureName, &u64)| format!("{article} {quantity}");
        order.lines.iter().map(line).collect::<Vec<_>>().join(", ")
    };
    let pairs = [
        ("reference", text(&booked.reference), text(&now.reference)),
        ("customer", text(&booked.customer), text(&now.customer)),
        ("product", booked.product.clone(), now.product.clone()),
        ("version", text(&booked.version), text(&now.version)),
        ("term", booked.term.to_string(), now.term.to_string()),
        ("lines", lines(booked), lines(now)),
        ("overdraft", booked.overdraft.to_string(), now.overdraft.to_string()),
    ];
    pairs
        .into_iter()
        .filter(|(_, booked, now)| booked != now)
        .map(|(field, booked, now)| difference(field, &booked, &now))
        .collect()
}
