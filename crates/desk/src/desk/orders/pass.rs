//! Passes a part of a code on, under a new code.

use crate::catalog::GrantEnd;
use crate::desk::Operator;
use crate::ledger::{self, Act, Book, DeskTimes, Holder, Query, Transfer};
use crate::orders::{Lines, Pool, check_number, composed};
use airlatch_core::model::{Error, OrderCode, Reason, Result, Time};

use super::book_order::refuse_same_number;
use super::{JUST_NOW_SECONDS, active_pool, pool, refuse_used_code};

/// Who gets a part of a code.
#[derive(Debug, Clone, Default)]
pub struct Recipient {
    /// The name.
    pub name: String,
    /// The recipient's own reference, unique among order numbers and such references.
    pub reference: Option<String>,
    /// A comment for the ledger.
    pub note: Option<String>,
}

/// The last code on which the same lines were passed from this code to the same recipient, and when: under the same reference at
/// any time, without one within minutes.
///
/// # Errors
/// Those of the ledger.
pub fn passed_before(
    operator: &Operator<'_>,
    book: &dyn Book,
    from: OrderCode,
    lines: &Lines,
    recipient: &Recipient,
) -> Result<Option<(Pool, Time)>> {
    let now = recipient.reference.as_deref().map(composed);
    let times = DeskTimes::of(book)?;
    let recent = operator.now.plus_seconds(-JUST_NOW_SECONDS);
    let query = Query { acts: vec!["passed"], parent: Some(from), backwards: true, ..Query::default() };
    for entry in book.entries(&query)? {
        let Act::Passed { to, recipient: name, reference, .. } = &entry.act else { continue };
        let time = times.time(&entry);
        let moved = entry.transfers.iter().map(|it| (it.article.clone(), it.quantity)).collect::<Lines>();
        if *name != recipient.name || *reference != now || moved != *lines || (now.is_none() && time < recent)
        {
            continue;
        }
        let passed = pool(book, *to)?;
        if !passed.cancelled {
            return Ok(Some((passed, time)));
        }
    }
    Ok(None)
}

/// Passes `lines` from the code `from` on to `recipient`, under the new code `to`, which has to be random. Returns the new
/// pool.
///
/// # Errors
/// `short-pool`, also if the articles left were released and their term has started; `not-booked`, `cancelled`, `bad-field`;
/// `order-differs` if the reference is taken.
pub fn pass_on(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    from: OrderCode,
    to: OrderCode,
    lines: &Lines,
    recipient: &Recipient,
) -> Result<Pool> {
    let source = active_pool(book, from)?;
    if lines.is_empty() {
        return Err(Error::new(Reason::BadField, "pass on at least one article").at("lines"));
    }
    refuse_used_code(book, to)?;
    let reference = recipient.reference.as_deref().map(composed);
    if let Some(reference) = &reference {
        check_number(reference, "reference")?;
        refuse_same_number(book, reference, false)?;
    }
    for (article, quantity) in lines {
        if *quantity == 0 {
            let message = format!("the quantity of `{article}` is 0, it has to be at least 1");
            return Err(Error::new(Reason::BadField, message).at("lines"));
        }
        let left = source.left.get(article).copied().unwrap_or(0);
        if left < *quantity {
            let message = format!("too little `{article}` is left on {from}");
            return Err(Error::new(Reason::ShortPool, message)
                .detail(format!("wanted  {quantity}"))
                .detail(format!("left    {left}")));
        }
    }
    refuse_started(book, &source, lines)?;
    let transfers = lines
        .iter()
        .map(|(article, quantity)| Transfer {
            article: article.clone(),
            quantity: *quantity,
            from: Holder::Pool(from),
            to: Holder::Pool(to),
        })
        .collect();
    let Recipient { name, reference, note } = recipient.clone();
    let act = Act::Passed { from, to, recipient: name, reference, note };
    operator.post(book, act, transfers, None)?;
    pool(book, to)
}

/// Refuses to pass on released articles if the term is a length: under a new code their term would start again.
fn refuse_started(book: &dyn Book, source: &Pool, lines: &Lines) -> Result<()> {
    let started = match source.order.term.end {
        GrantEnd::For(_) => ledger::started_terms(book, source.code)?,
        _ => None,
    };
    let Some(started) = started else { return Ok(()) };
    match lines
        .iter()
        .find_map(|(article, quantity)| Some((article, started.start_of_next(article, *quantity)?)))
    {
        None => Ok(()),
        Some((article, since)) => {
            let message =
                format!("released `{article}` can't be passed on from {}: its term has started", source.code);
            Err(Error::new(Reason::ShortPool, message)
                .detail(format!(
                    "left    {}, including what was released",
                    source.left.get(article).copied().unwrap_or(0)
                ))
                .detail(format!("since   {since}, when the first of them was activated")))
        }
    }
}
