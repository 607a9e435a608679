//! Planning: what would be issued and charged, and whether it stands in the ledger already.

use crate::crypto::{Sealed, Verified};
use crate::desk::Clerk;
use crate::ledger::{self, Act, Activation, Book, Entry, Holding, Query};
use crate::model::{License, Lines, Pool, Product, Reason, Request, Result, Term, Trouble, Unit};
use crate::rules::{self, Ask, Charge, Offer, Situation, Source, Take, Wanted};

use super::{Pools, Wish, hardware, license, unit};

/// What came of a wish.
#[derive(Debug, Clone)]
pub enum Plan {
    /// It was issued before: the same bytes, and no charge.
    Found(Box<Found>),
    /// It would be issued.
    New(Box<Planned>),
}

/// A license that stands in the ledger.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it says.
    pub license: Verified<License>,
    /// Its bytes.
    pub sealed: Sealed,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// A license that would be issued, and its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// For whom.
    pub unit: Unit,
    /// What it would say; when it is issued and where the ledger stands then is not in it yet.
    pub license: License,
    /// What would be taken from which code: only what the unit does not hold yet.
    pub takes: Vec<Take>,
    /// A license for trying out.
    pub evaluation: bool,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// What is known of the unit before anything is planned.
struct Known {
    unit: Unit,
    latest: Option<(Entry, Activation)>,
    before: Option<(Verified<License>, Sealed)>,
}

/// Plans a wish. What is planned is taken off `pools`, so that a list of wishes is planned as if each were issued.
///
/// # Errors
/// Every reason why it can't be issued: those of [`rules::charge`] and [`rules::bind`], `not-booked`, `wrong-lock`,
/// `already-issued`, `evaluation-used`, `wrong-host`.
pub fn plan(clerk: &Clerk<'_>, book: &dyn Book, wish: &Wish<'_>, pools: &mut Pools) -> Result<Plan> {
    let named = named(book, wish, pools)?;
    let product = product(clerk, wish, &named)?;
    let mut notes = Vec::new();
    if let Ask::Request(request) = wish.ask {
        if let Some((entry, answer)) = ledger::answer_to(book, request.document_id())? {
            return answered(clerk, book, wish, &entry, &answer);
        }
        let version = named.first().and_then(|pool| pool.order.version.as_deref());
        rules::check_request(&product.id, version, request.get(), clerk.now, &mut notes)?;
    }
    let known = know(clerk, book, unit::unit(wish.ask), product)?;
    let before = known.before.as_ref().map(|(license, _)| license.get());
    if let (Ask::Request(request), Some(before)) = (wish.ask, before) {
        same_hardware(wish, request.get(), before, &mut notes)?;
    }
    let model = unit::model(product, wish.ask, wish.model, before)?;
    let charge = match wish.codes.is_empty() {
        true => evaluation(clerk, book, &known, product)?,
        false => charge(clerk, book, wish, &known, product, &named, model.as_deref(), pools)?,
    };
    let lock = unit::lock(product, wish.ask, before, &mut notes)?;
    let draft = license::draft(wish, product, &named, &charge, model, lock, clerk.now);
    notes.extend(charge.notes);
    if let Some((before, sealed)) = known.before
        && charge.takes.is_empty()
        && (license::says_the_same(before.get(), &draft)
            || (license::gives_the_same(before.get(), &draft)
                && asked_before(book, wish, &known.unit, product)?))
    {
        return Ok(Plan::Found(Box::new(Found { license: before, sealed, notes })));
    }
    // Nobody is shown, or asked about, what could not be booked by this clock.
    clerk.time(book)?;
    pools.take(&charge.takes);
    let evaluation = wish.codes.is_empty();
    Ok(Plan::New(Box::new(Planned {
        unit: known.unit,
        license: draft,
        takes: charge.takes,
        evaluation,
        notes,
    })))
}

/// Whether the unit was licensed by this very wish: then a license that came later, and gives no less, answers it too.
fn asked_before(book: &dyn Book, wish: &Wish<'_>, unit: &Unit, product: &Product) -> Result<bool> {
    let query = Query {
        acts: vec!["activated"],
        unit: Some(*unit),
        product: Some(product.id.clone()),
        ..Query::default()
    };
    let request = match wish.ask {
        Ask::Request(request) => Some(request.document_id()),
        _ => None,
    };
    let now = &wish.particulars;
    Ok(book.entries(&query)?.iter().any(|entry| match &entry.act {
        Act::Activated(then) => {
            then.codes == wish.codes
                && then.request == request
                && then.number == now.number
                && (now.end_user.is_none() || then.end_user == now.end_user)
        }
        _ => false,
    }))
}

/// What could be had from the codes named, feature by feature.
///
/// # Errors
/// Those of [`plan`] that stand before any quantity.
pub fn offered(clerk: &Clerk<'_>, book: &dyn Book, wish: &Wish<'_>, pools: &mut Pools) -> Result<Vec<Offer>> {
    let named = named(book, wish, pools)?;
    let product = product(clerk, wish, &named)?;
    let known = know(clerk, book, unit::unit(wish.ask), product)?;
    let before = known.before.as_ref().map(|(license, _)| license.get());
    let model = unit::model(product, wish.ask, wish.model, before)?;
    rules::offers(&situation(clerk, book, &known, product, &named, model.as_deref(), pools)?)
}

fn named(book: &dyn Book, wish: &Wish<'_>, pools: &mut Pools) -> Result<Vec<Pool>> {
    for (at, code) in wish.codes.iter().enumerate() {
        if wish.codes[..at].contains(code) {
            return Err(Trouble::new(Reason::Duplicate, format!("the code {code} is named twice")));
        }
    }
    wish.codes.iter().map(|code| pools.get(book, *code).cloned()).collect()
}

fn product<'a>(clerk: &Clerk<'a>, wish: &Wish<'_>, named: &[Pool]) -> Result<&'a Product> {
    let asked = match wish.ask {
        Ask::Request(request) => Some(request.get().product.as_str()),
        _ => wish.product,
    };
    let sold = named.first().map(|pool| pool.order.product.as_str());
    let nobody = || Trouble::new(Reason::NotSold, "a product has to be named").at("product");
    clerk.product(sold.or(asked).ok_or_else(nobody)?)
}

fn know(clerk: &Clerk<'_>, book: &dyn Book, unit: Unit, product: &Product) -> Result<Known> {
    let latest = ledger::latest(book, unit, &product.id)?;
    let license = latest.as_ref().and_then(|(entry, _)| entry.license);
    let before = license.map(|license| clerk.stored(book, &license)).transpose()?;
    Ok(Known { unit, latest, before })
}

/// The request was answered before: the same answer, unless something else is wanted by now.
fn answered(
    clerk: &Clerk<'_>,
    book: &dyn Book,
    wish: &Wish<'_>,
    entry: &Entry,
    answer: &Activation,
) -> Result<Plan> {
    let gone = || Trouble::new(Reason::DamagedLedger, format!("entry {} names no license", entry.number));
    let (license, sealed) = clerk.stored(book, &entry.license.ok_or_else(gone)?)?;
    let as_before = match &wish.wanted {
        Wanted::These(wanted) => {
            wanted.iter().all(|(name, quantity)| license.get().features.get(name) == Some(quantity))
        }
        Wanted::Unsaid | Wanted::All | Wanted::Each(_) => true,
    };
    let same_codes = wish.codes.iter().all(|code| answer.codes.contains(code));
    if same_codes && as_before && answer.evaluation == wish.codes.is_empty() {
        let notes =
            vec![format!("this request was answered before, at {}: the same license, no charge", entry.time)];
        return Ok(Plan::Found(Box::new(Found { license, sealed, notes })));
    }
    let what = "this request was answered already, with another license";
    Err(Trouble::new(Reason::AlreadyIssued, what)
        .detail(format!("license  {}, issued {}", license.document_id(), license.get().issued))
        .detail(format!("it gives {}", license.get().features))
        .detail(format!("unit     {}", answer.unit)))
}

fn same_hardware(
    wish: &Wish<'_>,
    request: &Request,
    before: &License,
    notes: &mut Vec<String>,
) -> Result<()> {
    match hardware::refuse_other(request, before, notes) {
        Err(_) if wish.other_hardware => {
            notes.push("other hardware than before: the license before must not be used any more".into());
            Ok(())
        }
        result => result,
    }
}

/// A license for trying out: once for a unit, and never over one that was bought.
fn evaluation(clerk: &Clerk<'_>, book: &dyn Book, known: &Known, product: &Product) -> Result<Charge> {
    let Some(evaluation) = &product.evaluation else {
        let what = format!("the catalog gives no license for trying `{}` out", product.id);
        return Err(Trouble::new(Reason::NotSold, what));
    };
    if ledger::evaluated(book, known.unit, &product.id)? {
        let what = format!("{} has had its license for trying `{}` out", known.unit, product.id);
        let before = known.latest.as_ref().map(|(entry, _)| format!("at  {}", entry.time));
        let trouble = Trouble::new(Reason::EvaluationUsed, what);
        return Err(before.into_iter().fold(trouble, Trouble::detail));
    }
    if known.latest.is_some() {
        let what = format!("{} has a license of `{}` that was bought", known.unit, product.id);
        return Err(Trouble::new(Reason::AlreadyHeld, what));
    }
    let from = clerk.now.start_of_day();
    let until = from.plus(i64::from(evaluation.days) * 86_400);
    Ok(Charge {
        takes: Vec::new(),
        term: Term { from, until: Some(until) },
        features: evaluation.features.clone(),
        after: Vec::new(),
        notes: vec![format!("a license for trying out, {} days, charged to nobody", evaluation.days)],
    })
}

#[allow(clippy::too_many_arguments)]
fn charge(
    clerk: &Clerk<'_>,
    book: &dyn Book,
    wish: &Wish<'_>,
    known: &Known,
    product: &Product,
    named: &[Pool],
    model: Option<&str>,
    pools: &mut Pools,
) -> Result<Charge> {
    let situation = situation(clerk, book, known, product, named, model, pools)?;
    rules::charge(&situation, &wish.wanted, wish.may_overdraw)
}

fn situation<'a>(
    clerk: &Clerk<'_>,
    book: &dyn Book,
    known: &Known,
    product: &'a Product,
    named: &[Pool],
    model: Option<&'a str>,
    pools: &mut Pools,
) -> Result<Situation<'a>> {
    // A unit without a license holds nothing, and most units of a list are new.
    let mut holdings: Vec<Holding> = match &known.latest {
        None => Vec::new(),
        Some(_) => ledger::holdings(book, known.unit, &product.id)?,
    };
    let mut take = |pool: &Pool| {
        let at = holdings.iter().position(|holding| holding.code == pool.code);
        match at.map(|at| holdings.swap_remove(at)) {
            Some(holding) => Source { pool: pool.clone(), held: holding.lines, since: Some(holding.since) },
            None => Source { pool: pool.clone(), held: Lines::new(), since: None },
        }
    };
    let named = named.iter().map(&mut take).collect();
    let other = |holding: Holding| -> Result<Source> {
        let pool = pools.get(book, holding.code)?.clone();
        Ok(Source { pool, held: holding.lines, since: Some(holding.since) })
    };
    holdings.sort_by_key(|holding| holding.since);
    let others = holdings.into_iter().map(other).collect::<Result<_>>()?;
    Ok(Situation { product, unit: known.unit, model, now: clerk.now, named, others })
}
