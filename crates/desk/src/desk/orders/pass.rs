//! Passing a part of a code on, as a new code for somebody else.

use crate::catalog::GrantEnd;
use crate::desk::Operator;
use crate::ledger::{self, Act, Book, Holder, Transfer};
use crate::orders::{Lines, Pool};
use airlatch_core::model::{Error, OrderCode, Reason, Result};

use super::{active_pool, pool, refuse_used_code};

/// Passes `lines` of what is left on `from` on to `recipient`, under the code `to`, which has to be random. Gives the new
/// pool.
///
/// # Errors
/// `short-pool`, also where what is left was given back and its term has begun; `not-booked`, `cancelled`, `bad-field`.
pub fn pass_on(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    from: OrderCode,
    to: OrderCode,
    lines: &Lines,
    recipient: &str,
    note: Option<String>,
) -> Result<Pool> {
    let source = active_pool(book, from)?;
    if lines.is_empty() {
        return Err(Error::new(Reason::BadField, "something has to be passed on").at("lines"));
    }
    refuse_used_code(book, to)?;
    for (article, quantity) in lines {
        if *quantity == 0 {
            let message = format!("of `{article}` at least one has to be passed on");
            return Err(Error::new(Reason::BadField, message).at("lines"));
        }
        let left = source.left.get(article).copied().unwrap_or(0);
        if left < *quantity {
            let message = format!("less `{article}` is left on {from} than is to be passed on");
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
    let act = Act::Passed { from, to, recipient: recipient.to_owned(), note };
    operator.post(book, act, transfers, None)?;
    pool(book, to)
}

/// Refuses to pass on what was given back where its term is a length: under another code it would begin anew.
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
                format!("what was given back of `{article}` keeps its term, and stays on {}", source.code);
            Err(Error::new(Reason::ShortPool, message)
                .detail(format!(
                    "left    {}, counted with what was given back",
                    source.left.get(article).copied().unwrap_or(0)
                ))
                .detail(format!("since   {since}, when the first of them was activated")))
        }
    }
}
