//! Books an order under its number, as a pool with a new code.

use crate::catalog::{GrantEnd, GrantTerm};
use crate::desk::Operator;
use crate::ledger::{self, Act, Book, Holder, Query, Transfer};
use crate::orders::{AccountName, Order, Pool, check_number, composed};
use airlatch_core::model::{Cause, Error, MAX_QUANTITY, OrderCode, Reason, Result, Subject, Time, length};

use super::{pool, refuse_used_code};

/// The longest term that can be sold; longer ones have to be permanent.
const LONGEST_TERM_DAYS: i64 = 36_500;
/// How long before its first day a code can be sold; a later day is a typing error.
const LATEST_START_DAYS: i64 = 3_660;

/// An order in the ledger.
#[derive(Debug, Clone)]
pub struct Booked {
    /// The pool of its code.
    pub pool: Pool,
    /// Whether it was already booked with the same content.
    pub already: bool,
}

/// Books an order under `code`, which has to be random. Booking the same order again changes nothing and returns its first
/// code, whether it is as it was booked or as it was corrected.
///
/// # Errors
/// `order-differs` if its number is booked with other content or in another spelling, `not-sold`, `not-booked` (the account),
/// `bad-time`, `bad-field`.
pub fn book_order(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    order: Order,
    account: Option<AccountName>,
    code: OrderCode,
) -> Result<Booked> {
    let order = Order { number: composed(&order.number), ..order };
    let Some((booked, known)) = ledger::order(book, &order.number)? else {
        return book_new(operator, book, order, account, code, false);
    };
    let pool = pool(book, known)?;
    let corrected = Order { term: booked.term.clone(), ..pool.order.clone() };
    let mut differences = differences(&corrected, &order);
    if self::differences(&booked, &order).is_empty() {
        differences.clear();
    }
    if account.is_some() && account != pool.account {
        let name = |account: &Option<AccountName>| {
            account.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string)
        };
        differences.push(difference("account", &name(&pool.account), &name(&account)));
    }
    if differences.is_empty() {
        return Ok(Booked { pool, already: true });
    }
    let message = format!("order `{}` is already booked, with other content", order.number);
    let mut error = Error::new(Reason::OrderDiffers, message).about(Subject::Order(order.number.clone()));
    if pool.cancelled {
        error = error.because(Cause::NumberOfCancelled).detail(format!("it was {}", pool.closed_word()));
    }
    Err(differences.into_iter().fold(error, Error::detail))
}

/// Books the number of an order again that was cancelled or reversed; any other order as [`book_order`].
///
/// # Errors
/// As [`book_order`].
pub fn book_order_again(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    order: Order,
    account: Option<AccountName>,
    code: OrderCode,
) -> Result<Booked> {
    let order = Order { number: composed(&order.number), ..order };
    match ledger::order(book, &order.number)? {
        Some((_, known)) if pool(book, known)?.cancelled => {
            book_new(operator, book, order, account, code, true)
        }
        _ => book_order(operator, book, order, account, code),
    }
}

fn book_new(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    order: Order,
    account: Option<AccountName>,
    code: OrderCode,
    is_again: bool,
) -> Result<Booked> {
    check(operator, &order)?;
    refuse_same_number(book, &order.number, is_again)?;
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
        return Err(Error::new(Reason::BadField, "an order needs at least one line").at("lines"));
    }
    for (article, quantity) in &order.lines {
        product.article(article)?;
        if !(1..=MAX_QUANTITY).contains(quantity) {
            let message =
                format!("the quantity of `{article}` is {quantity}, it has to be 1 to {MAX_QUANTITY}");
            return Err(Error::new(Reason::BadField, message).at("lines"));
        }
    }
    if order.overdraft > 100 {
        let message = format!("the overdraft is {} percent, it has to be 0 to 100", order.overdraft);
        return Err(Error::new(Reason::BadField, message).at("overdraft"));
    }
    check_number(&order.number, "number")?;
    check_term(&order.term, operator.now)
}

/// Refuses a number that a booked order or a code that was passed on has, in any case: a number names one code.
/// The very number may be booked again if `is_again`.
pub(super) fn refuse_same_number(book: &dyn Book, number: &str, is_again: bool) -> Result<()> {
    let folded = number.to_lowercase();
    let orders = book.entries(&Query { acts: vec!["ordered", "passed"], ..Query::default() })?;
    let mut numbers = orders.iter().filter_map(|entry| number_of(&entry.act));
    let same = numbers.find(|(taken, _)| taken.to_lowercase() == folded && !(is_again && *taken == number));
    match same {
        Some((taken, how)) => {
            let message = format!("order `{number}` {how} `{taken}`");
            Err(Error::new(Reason::OrderDiffers, message).about(Subject::Order(taken.clone())))
        }
        None => Ok(()),
    }
}

/// The number that finds what an act booked, and what it is.
fn number_of(act: &Act) -> Option<(&String, &'static str)> {
    match act {
        Act::Ordered { order, .. } => Some((&order.number, "is already booked as")),
        Act::Passed { reference, .. } => Some((reference.as_ref()?, "is already the reference of a code,")),
        _ => None,
    }
}

/// Checks that a term is not over, does not begin more than [`LATEST_START_DAYS`] from now, and is not longer than
/// [`LONGEST_TERM_DAYS`].
///
/// # Errors
/// `bad-time`.
pub(super) fn check_term(stated: &GrantTerm, now: Time) -> Result<()> {
    if let GrantEnd::For(text) = &stated.end
        && !length::in_days(text).map_err(|error| error.at("term"))?
    {
        let message = format!("`{text}` has hours or minutes; the term of an order is counted in days");
        return Err(Error::new(Reason::BadTime, message).at("term"));
    }
    let term = stated.starting(now)?;
    let wait = now.days_until(term.from);
    if wait > LATEST_START_DAYS {
        let message =
            format!("the term begins in {wait} days, at {}: more than {LATEST_START_DAYS}", term.from);
        return Err(Error::new(Reason::BadTime, message).at("term"));
    }
    let days = term.until.map_or(0, |end| term.from.days_until(end));
    if days > LONGEST_TERM_DAYS && !matches!(stated.end, GrantEnd::Permanent) {
        let message = format!("the term has {days} days, more than {LONGEST_TERM_DAYS}: make it permanent");
        return Err(Error::new(Reason::BadTime, message).at("term"));
    }
    Ok(())
}

fn difference(field: &str, booked: &str, now: &str) -> String {
    format!("{field}: booked {booked}, now {now}")
}

/// The differences between a booked order and the one given now, one line each.
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
