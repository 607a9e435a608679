//! Passing a part of a code on, as a new code for somebody else.

use crate::catalog::GrantEnd;
use crate::desk::Operator;
use crate::ledger::{self, Act, Book, Holder, Transfer};
use crate::orders::{Lines, Pool};
use airlatch_core::model::{Error, OrderCode, Reason, Result};

use super::{living_pool, pool, refuse_taken};

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
    let giver = living_pool(book, from)?;
    if lines.is_empty() {
        return Err(Error::new(Reason::BadField, "something has to be passed on").at("lines"));
    }
    refuse_taken(book, to)?;
    for (article, quantity) in lines {
        if *quantity == 0 {
            let what = format!("of `{article}` at least one has to be passed on");
            return Err(Error::new(Reason::BadField, what).at("lines"));
        }
        let left = giver.left.get(article).copied().unwrap_or(0);
        if left < *quantity {
            let what = format!("less `{article}` is left on {from} than is to be passed on");
            return Err(Error::new(Reason::ShortPool, what)
                .detail(format!("wanted  {quantity}"))
                .detail(format!("left    {left}")));
        }
    }
    refuse_started(book, &giver, lines)?;
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
fn refuse_started(book: &dyn Book, giver: &Pool, lines: &Lines) -> Result<()> {
    let started = match giver.order.term.end {
        GrantEnd::For(_) => ledger::started_terms(book, giver.code)?,
        _ => None,
    };
    let Some(started) = started else { return Ok(()) };
    match lines
        .iter()
        .find_map(|(article, quantity)| Some((article, started.start_of_next(article, *quantity)?)))
    {
        None => Ok(()),
        Some((article, since)) => {
            let what =
                format!("what was given back of `{article}` keeps its term, and stays on {}", giver.code);
            Err(Error::new(Reason::ShortPool, what)
                .detail(format!(
                    "left    {}, counted with what was given back",
                    giver.left.get(article).copied().unwrap_or(0)
                ))
                .detail(format!("since   {since}, when the first of them was activated")))
        }
    }
}
