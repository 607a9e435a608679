//! The table of what a search of the ledger found.

use airlatch_core::model::Unit;
use airlatch_desk::desk::{Found, Hit};

use super::Table;

/// A row for each account, order, code or license.
pub(crate) fn found(hits: &[Hit], spelled: impl Fn(Unit, &str) -> String) -> Table {
    let cell = |value: Option<String>| value.unwrap_or_default();
    Table::of(hits, "nothing found")
        .text("kind", |hit| match &hit.found {
            Found::Account(..) => "account",
            Found::Code(pool) if pool.parent.is_some() => "passed on",
            Found::Code(_) => "order",
            Found::License(_) => "license",
        })
        .text("name", |hit| match &hit.found {
            Found::Account(name, _) => name.clone(),
            Found::Code(pool) if pool.parent.is_some() => cell(pool.order.reference.clone()),
            Found::Code(pool) => pool.order.number.clone(),
            Found::License(it) => it.unit.to_string(),
        })
        .people(|hit| match &hit.found {
            Found::Account(name, _) => name.clone(),
            Found::Code(pool) if pool.parent.is_some() => cell(pool.order.reference.clone()),
            Found::Code(pool) => pool.order.number.clone(),
            Found::License(it) => spelled(it.unit, &it.product),
        })
        .text("product", |hit| match &hit.found {
            Found::Account(..) => String::new(),
            Found::Code(pool) => pool.order.product.clone(),
            Found::License(it) => it.product.clone(),
        })
        .text("customer", |hit| match &hit.found {
            Found::Account(_, title) => cell(title.clone()),
            Found::Code(pool) => {
                let recipient = pool.parent.as_ref().map(|(_, recipient)| recipient.clone());
                cell(recipient.or_else(|| pool.order.customer.clone()))
            }
            Found::License(it) => it.customers.join(", "),
        })
        .text("end_user", |hit| match &hit.found {
            Found::License(it) => cell(it.end_user.clone()),
            _ => String::new(),
        })
        .head("end user")
        .text("state", |hit| match &hit.found {
            Found::Code(pool) if pool.cancelled => "cancelled",
            Found::License(it) if it.released => "released",
            _ => "",
        })
        .text("id", |hit| match &hit.found {
            Found::Account(..) => String::new(),
            Found::Code(pool) => pool.code.to_string(),
            Found::License(it) => it.license.map(|id| id.to_string()).unwrap_or_default(),
        })
        .text("found_in", |hit| hit.by.0)
        .people(|hit| match hit.by {
            // These are in the row already.
            ("code" | "order" | "customer" | "recipient" | "unit" | "license" | "end user", _) => {
                hit.by.0.into()
            }
            (label, ref text) => format!("{label} {text}"),
        })
        .head("found in")
        .done()
}
