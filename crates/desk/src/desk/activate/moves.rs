//! How often a license moved to another machine within a year: shown, and limited where the catalog says so.

use crate::catalog::Product;
use crate::desk::{Operator, machines};
use crate::ledger::{self, Book, Query};
use airlatch_core::model::{Cause, Error, Reason, Result, Unit};

/// The days that are counted back.
const YEAR: i64 = 365;

/// Adds a note about the moves of a unit's license within a year, before it moves again.
///
/// # Errors
/// `wrong-host` if the catalog allows no more.
pub(super) fn check(
    operator: &Operator<'_>,
    book: &dyn Book,
    unit: Unit,
    product: &Product,
    notes: &mut Vec<String>,
) -> Result<()> {
    let query = Query { unit: Some(unit), product: Some(product.id.clone()), ..Query::default() };
    let history = ledger::activations(book, query)?;
    let since = operator.now.plus_days(-YEAR);
    let times = machines::moves(history.iter().map(|(entry, activation)| (entry, activation)));
    let times: Vec<_> = times.into_iter().filter(|time| *time >= since).collect();
    let count = times.len();
    if let Some(most) = product.moves_per_year.filter(|most| count >= *most as usize) {
        let message = format!(
            "this license moved to another machine as often as the catalog allows within a year: {most}"
        );
        let error = Error::new(Reason::WrongHost, message).at(unit).because(Cause::MovesUsed);
        return Err(times.iter().fold(error, |error, time| error.detail(format!("moved  {time}"))));
    }
    if count > 0 {
        notes.push(format!("moves of this license to another machine within the last year: {count}"));
    }
    Ok(())
}
