//! The tables of the ledger: accounts, codes, activations, codes passed on, licenses, entries.

use serde_json::{Value, json};

use airlatch_core::model::{FeatureName, License, Time, Unit, hex};
use airlatch_desk::desk::{LicenseRow, PassedOn, Releases};
use airlatch_desk::ledger::{Activation, Customer, Entry, Holder, Transfer};
use airlatch_desk::orders::{Amounts, Pool};

use super::entry::{about, reverses, unit};
use super::{Table, features, grant_term, text, when};

/// A cell that may be empty.
fn cell(value: Option<impl ToString>) -> String {
    value.map(text).unwrap_or_default()
}

fn state(pool: &Pool) -> &'static str {
    match (pool.reversed, pool.cancelled) {
        (true, _) => "reversed",
        (false, true) => "cancelled",
        (false, false) => "open",
    }
}

/// The articles of a code with their quantities.
fn articles(pool: &Pool) -> impl Iterator<Item = (&FeatureName, Amounts)> {
    pool.articles().into_iter().map(|article| (article, pool.amounts(article)))
}

/// The number of an order; of a code that was passed on, the reference that finds it, since the order's number finds the giver's.
fn number(pool: &Pool) -> String {
    match (&pool.parent, &pool.order.reference) {
        (None, _) => pool.order.number.clone(),
        (Some(_), Some(reference)) => reference.clone(),
        (Some(_), None) => format!("of {}", pool.order.number),
    }
}

/// All accounts.
pub(crate) fn accounts(customers: &[Customer]) -> Table {
    Table::of(customers, "no account yet")
        .text("account", |it| it.name.clone())
        .text("title", |it| cell(it.title.as_ref()))
        .text("group", |it| cell(it.group.as_ref()))
        .done()
}

/// Orders and codes; the recipient of a code that was passed on is its customer, as on the order sheet.
pub(crate) fn orders(pools: &[Pool]) -> Table {
    let recipient = |pool: &Pool| pool.parent.as_ref().map(|(_, recipient)| recipient.clone());
    Table::of(pools, "no order yet")
        .text("order", |pool| pool.order.number.clone())
        .people(number)
        .text("code", |pool| pool.code)
        .text("product", |pool| pool.order.product.clone())
        .text("account", |pool| cell(pool.account.as_ref()))
        .text("customer", |pool| cell(recipient(pool).or(pool.order.customer.clone())))
        .text("state", state)
        .unless("open")
        .text("term", |pool| text(&pool.order.term))
        .people(|pool| grant_term(&pool.order.term, None))
        .text("from", |pool| cell(pool.parent.as_ref().map(|(from, _)| from)))
        .head("passed on from")
        .done()
}

/// The balance of each code: added, used, passed on, left.
pub(crate) fn balance(pools: &[Pool]) -> Table {
    let rows = pools.iter().flat_map(|pool| articles(pool).map(move |(it, amounts)| (pool, it, amounts)));
    let rows: Vec<_> = rows.collect();
    Table::of(&rows, "no code yet")
        .text("account", |(pool, ..)| cell(pool.account.as_ref()))
        .text("order", |(pool, ..)| pool.order.number.clone())
        .people(|(pool, ..)| number(pool))
        .text("product", |(pool, ..)| pool.order.product.clone())
        .text("article", |(_, article, _)| text(article))
        .number("added", |(.., it)| it.added)
        .number("overdrawn", |(.., it)| it.overdrawn)
        .head("beyond")
        .unless("0")
        .number("used", |(.., it)| it.used)
        .number("passed", |(.., it)| it.passed)
        .unless("0")
        .number("returned", |(.., it)| it.returned)
        .head("cancelled")
        .unless("0")
        .number("left", |(.., it)| it.left)
        .text("state", |(pool, ..)| state(pool))
        .unless("open")
        .text("code", |(pool, ..)| pool.code)
        .done()
}

/// The codes that were passed on, and whether and by whom they were used.
pub(crate) fn passed(found: &[PassedOn]) -> Table {
    let rows = found
        .iter()
        .flat_map(|passed| articles(&passed.pool).map(move |(it, amounts)| (passed, it, amounts)));
    let rows: Vec<_> = rows.collect();
    Table::of(&rows, "nothing was passed on")
        .text("to", |(passed, ..)| passed.pool.code)
        .head("code")
        .text("recipient", |(passed, ..)| passed.recipient.clone())
        .text("added_by", |(passed, ..)| cell(passed.pool.account.as_ref()))
        .head("added by")
        .text("article", |(_, article, _)| text(article))
        .number("passed", |(.., it)| it.added)
        .number("used", |(.., it)| it.used)
        .number("onward", |(.., it)| it.passed)
        .unless("0")
        .number("returned", |(.., it)| it.returned)
        .head("cancelled")
        .unless("0")
        .number("left", |(.., it)| it.left)
        .text("time", |(passed, ..)| passed.time)
        .people(|(passed, ..)| when::at(passed.time, None))
        .text("from", |(passed, ..)| passed.from)
        .text("note", |(passed, ..)| cell(passed.note.as_ref()))
        .done()
}

/// Activations: a row for each article charged, one for an activation without a charge.
pub(crate) fn activations(
    found: &[(Entry, Activation)],
    back: &Releases,
    spelled: impl Fn(Unit, &str) -> String,
) -> Table {
    let mut rows: Vec<(&Entry, &Activation, Option<&Transfer>)> = Vec::new();
    for (entry, activation) in found {
        rows.extend(entry.transfers.iter().map(|transfer| (entry, activation, Some(transfer))));
        rows.extend(entry.transfers.is_empty().then_some((entry, activation, None)));
    }
    let code = |transfer: &Transfer| match transfer.from {
        Holder::Pool(code) => Some(code),
        _ => None,
    };
    Table::of(&rows, "no activation")
        .number("entry", |(entry, ..)| entry.number)
        .text("time", |(entry, ..)| entry.time)
        .people(|(entry, ..)| when::at(entry.time, None))
        .text("unit", |(_, it, _)| it.unit)
        .people(|(_, it, _)| spelled(it.unit, &it.product))
        .text("model", |(_, it, _)| cell(it.model.as_ref()))
        .text("article", |(.., transfer)| cell(transfer.map(|transfer| &transfer.article)))
        .number("took", |(.., transfer)| transfer.map_or(0, |transfer| transfer.quantity))
        .text("evaluation", |(_, it, _)| cell(it.evaluation.then_some("yes")))
        .text("weak_lock", |(_, it, _)| cell(it.weak_lock.then_some("yes")))
        .head("weak lock")
        .text("product", |(_, it, _)| it.product.clone())
        .text("code", |(.., transfer)| cell(transfer.and_then(code)))
        .text("license", |(entry, ..)| cell(entry.license.map(|license| license.id)))
        .text("end_user", |(_, it, _)| cell(it.end_user.as_ref()))
        .head("end user")
        .text("location", |(_, it, _)| cell(it.location.as_ref()))
        .text("comment", |(_, it, _)| cell(it.comment.as_ref()))
        .text("actor", |(entry, ..)| entry.actor.clone())
        .text("given_back", |(entry, it, _)| cell(back.released_at(entry, it)))
        .people(|(entry, it, _)| cell(back.released_at(entry, it).map(|time| when::at(time, None))))
        .head("released")
        .text("reversed", |(entry, ..)| cell(back.reversed_at(entry)))
        .people(|(entry, ..)| cell(back.reversed_at(entry).map(|time| when::at(time, None))))
        .done()
}

/// The current license of each unit.
pub(crate) fn licenses(found: &[LicenseRow], now: Time, spelled: impl Fn(Unit, &str) -> String) -> Table {
    let unit = |license: &License| match license.lock.unit() {
        Some(unit) => spelled(unit, &license.product),
        None => license.lock.unit_name(),
    };
    Table::of(found, "no license")
        .text("unit", |it| it.license.get().lock.unit_name())
        .people(|it| unit(it.license.get()))
        .text("product", |it| it.license.get().title())
        .text("features", |it| it.license.get().timetable().join("; then "))
        .people(|it| super::License::of(it.license.get()).timetable(None).join("; then "))
        .text("ends", |it| it.license.get().end().map_or_else(|| "never".into(), text))
        .people(|it| it.license.get().end().map_or_else(|| "never".into(), |end| when::until(end, None)))
        .number("days_left", |it| cell(it.license.get().end().and_then(|end| when::days_left(now, end))))
        .head("days left")
        .text("customer", |it| cell(it.license.get().customer.as_ref()))
        .text("issued", |it| it.license.get().issued)
        .people(|it| when::since(it.license.get().issued, None))
        .text("license", |it| it.license.document_id())
        .text("state", |it| it.reversed_at.map_or("current", |_| "to be replaced"))
        .unless("current")
        .text("weak_lock", |it| cell(it.license.get().weak_lock.then_some("yes")))
        .head("weak lock")
        .text("end_user", |it| cell(it.notes.end_user.as_ref()))
        .head("end user")
        .text("location", |it| cell(it.notes.location.as_ref()))
        .text("comment", |it| cell(it.notes.comment.as_ref()))
        .exactly(|it| {
            json!({
                "features": features(&it.license.get().features),
                "after": super::License::of(it.license.get()).after,
                "ends": it.license.get().end().map(text),
            })
        })
}

/// Every act by number.
pub(crate) fn entries(entries: &[Entry]) -> Table {
    Table::of(entries, "no entry")
        .number("entry", |entry| entry.number)
        .text("time", |entry| entry.time)
        .people(|entry| when::at(entry.time, None))
        .text("actor", |entry| entry.actor.clone())
        .text("act", |entry| entry.act.word())
        .text("moves", |entry| {
            let moves = entry.transfers.iter().map(|it| format!("{} {}", it.article, it.quantity));
            moves.collect::<Vec<_>>().join(", ")
        })
        .text("about", |entry| about(entry, |term| text(term)))
        .people(|entry| about(entry, |it| grant_term(it, None)))
        .text("hash", |entry| hex::write(&entry.hash[..8]))
        .exactly(|entry| {
            json!({
                "moves": entry.transfers.iter().map(transfer).collect::<Vec<_>>(),
                "code": entry.act.labels().code,
                "unit": unit(&entry.act),
                "license": entry.license.map(|license| text(license.id)),
                "reverses": reverses(&entry.act),
            })
        })
}

/// A transfer for programs.
pub(super) fn transfer(transfer: &Transfer) -> Value {
    json!({
        "article": transfer.article.as_str(),
        "quantity": transfer.quantity,
        "from": transfer.from.to_string(),
        "to": transfer.to.to_string(),
    })
}
