//! Planning: what would be issued and charged, and whether it stands in the ledger already.

use crate::catalog::Product;
use crate::charge;
use crate::charge::{Ask, Situation, Source};
use crate::desk::Clerk;
use crate::ledger::{self, Activation, Book, Holding};
use crate::orders::Pool;
use airlatch_core::model::{License, Reason, Request, Result, Trouble, Unit};

use super::answered::{self, answered};
use super::planned::{Found, Known, Plan, Planned};
use super::{Pools, Wish, evaluation, hardware, license, returned, twin, unit};

/// What the license is going to be for.
#[derive(Clone, Copy)]
struct Aim<'a> {
    product: &'a Product,
    version: Option<&'a str>,
    model: Option<&'a str>,
}

/// Plans a wish. What is planned is taken off `pools`, so that a list of wishes is planned as if each were issued.
///
/// # Errors
/// Every reason why it can't be issued: those of [`charge::charge`] and [`charge::bind`], `not-booked`, `wrong-lock`,
/// `already-issued`, `released`, `evaluation-used`, `wrong-host`, `wrong-class`, `wrong-product`, `clock-rollback`;
/// `duplicate` when something is planned for the unit in `pools` already.
pub fn plan(clerk: &Clerk<'_>, book: &dyn Book, wish: &Wish<'_>, pools: &mut Pools) -> Result<Plan> {
    let issued = clerk.now;
    let clerk = &clerk.settled(book)?;
    let named = named(book, wish, pools)?;
    let product = product(clerk, wish, &named)?;
    let known = know(clerk, book, unit::unit(wish.ask), product)?;
    let before = known.before.as_ref().map(|(license, _)| license.get());
    let mut notes = Vec::new();
    if let Ask::Request(request) = wish.ask {
        if let Some(answer) = ledger::answer_to(book, request.document_id())? {
            let model = unit::model(product, wish.ask, wish.model, before);
            let version = license::version(wish, &named, before);
            let situation = match &model {
                Ok(model) => {
                    let aim = Aim { product, version, model: model.as_deref() };
                    situation(clerk, book, &known, aim, &named, pools)
                }
                Err(trouble) => Err(trouble.clone()),
            };
            return answered(clerk, book, wish, &answer, product, situation);
        }
        let version = license::version(wish, &named, None);
        charge::check_request(&product.id, version, request.get(), clerk.now, &mut notes)?;
        charge::check_class(product.lock.rule.allow, request.get())?;
    }
    if let (Ask::Request(request), Some(before)) = (wish.ask, before) {
        same_hardware(wish, request.get(), before, &mut notes)?;
    }
    let lock = unit::lock(product, wish.ask, before, &mut notes)?;
    let model = unit::model(product, wish.ask, wish.model, before)?;
    let version = license::version(wish, &named, before);
    let charge = match wish.codes.is_empty() {
        true => evaluation::charge(clerk, book, wish.ask, &known, product)?,
        false => {
            let aim = Aim { product, version, model: model.as_deref() };
            let situation = situation(clerk, book, &known, aim, &named, pools)?;
            returned::charge(book, situation, wish, pools)?
        }
    };
    let mut draft = license::draft(wish, product, &named, &charge, version, model, lock, issued);
    let latest = known.latest.as_ref().map(|(_, activation)| activation);
    let [end_user, location] = whose(wish, latest);
    license::carry_over(&mut draft, end_user.as_deref(), before);
    notes.extend(charge.notes);
    notes.extend(twin::note(book, known.unit, &product.id, &draft.lock)?);
    if charge.takes.is_empty()
        && stays(book, wish, product, before, &draft)?
        && let Some((license, sealed)) = known.before
    {
        return Ok(Plan::Found(Box::new(Found { license, sealed, notes })));
    }
    notes.extend(before.map(|before| license::less(before, &draft)).unwrap_or_default());
    let evaluation = wish.codes.is_empty();
    if evaluation && known.latest.is_some() {
        return Err(evaluation::used(&known, product));
    }
    clerk.time(book)?;
    pools.take(known.unit, &product.id, &charge.takes)?;
    Ok(Plan::New(Box::new(Planned {
        unit: known.unit,
        license: draft,
        takes: charge.takes,
        evaluation,
        end_user,
        location,
        notes,
    })))
}

/// Whether the license before says all that this one would say.
fn stays(
    book: &dyn Book,
    wish: &Wish<'_>,
    product: &Product,
    before: Option<&License>,
    draft: &License,
) -> Result<bool> {
    let Some(before) = before else { return Ok(false) };
    let by_wish = || answered::asked_before(book, wish, unit::unit(wish.ask), product);
    Ok(license::says_the_same(before, draft) || (license::gives_the_same(before, draft) && by_wish()?))
}

/// End user and place of the unit: as named now, else as they were.
fn whose(wish: &Wish<'_>, latest: Option<&Activation>) -> [Option<String>; 2] {
    let said = &wish.particulars;
    let before = |field: fn(&Activation) -> &Option<String>| latest.and_then(|latest| field(latest).clone());
    [
        said.end_user.clone().or_else(|| before(|latest| &latest.end_user)),
        said.location.clone().or_else(|| before(|latest| &latest.location)),
    ]
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
    if let (Some(sold), Some(named)) = (sold, wish.product)
        && sold != named
    {
        return Err(Trouble::new(Reason::WrongProduct, "the code is for another product than was named")
            .detail(format!("named  {named}"))
            .detail(format!("code   {sold}")));
    }
    let nobody = || Trouble::new(Reason::NotSold, "a product has to be named").at("product");
    clerk.product(sold.or(asked).ok_or_else(nobody)?)
}

fn know(clerk: &Clerk<'_>, book: &dyn Book, unit: Unit, product: &Product) -> Result<Known> {
    let latest = ledger::latest(book, unit, &product.id)?;
    let before = latest.as_ref().map(|(entry, _)| clerk.stored(book, entry)).transpose()?;
    Ok(Known { unit, latest, before })
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

fn situation<'a>(
    clerk: &Clerk<'_>,
    book: &dyn Book,
    known: &Known,
    aim: Aim<'a>,
    named: &[Pool],
    pools: &mut Pools,
) -> Result<Situation<'a>> {
    let Aim { product, version, model } = aim;
    // A unit without a license holds nothing, and most units of a list are new.
    let mut holdings: Vec<Holding> = match &known.latest {
        None => Vec::new(),
        Some(_) => ledger::holdings(book, known.unit, &product.id)?,
    };
    let mut sources = Vec::new();
    for pool in named {
        let at = holdings.iter().position(|holding| holding.code == pool.code);
        let holding = at.map(|at| holdings.swap_remove(at));
        sources.push(source(book, known.unit, pool.clone(), holding, pools)?);
    }
    let mut others = Vec::new();
    for holding in holdings {
        let pool = pools.get(book, holding.code)?.clone();
        others.push(source(book, known.unit, pool, Some(holding), pools)?);
    }
    others.sort_by_key(|source| source.since);
    Ok(Situation { product, unit: known.unit, model, version, now: clerk.now, named: sources, others })
}

/// A code for a unit; a term that began for it before it gave everything back goes on.
fn source(
    book: &dyn Book,
    unit: Unit,
    pool: Pool,
    holding: Option<Holding>,
    pools: &mut Pools,
) -> Result<Source> {
    let began = pools.begun(book, pool.code)?.and_then(|begun| begun.since(unit));
    let (held, since) = holding.map(|holding| (holding.lines, holding.since)).unzip();
    Ok(Source { pool, held: held.unwrap_or_default(), since: began.or(since) })
}
