//! Plans an activation: the license and charge, or the existing license.

use crate::catalog::Product;
use crate::charge;
use crate::charge::{Applicant, Bound, Charge, ChargeContext, ChargeSource};
use crate::desk::Operator;
use crate::ledger::{self, Activation, Book, Entry, Holding};
use crate::orders::Pool;
use airlatch_core::model::{Cause, Error, License, Reason, Request, Result, Unit};

use super::answered::{self, earlier_answer};
use super::notes::{self, end_user_and_location, new_note, note_of_reversal};
use super::planned::{ActivationPlan, ExistingLicense, KnownUnit, LicenseTarget, PlannedLicense};
use super::renewal::CodeEnd;
use super::{
    ActivationRequest, Pools, evaluation, hardware, license, licensed_hardware, moves, renewal, returned,
    salt, same_hardware, same_unit, unit,
};

/// Plans an activation. The charge is subtracted from `pools`, so that a list can be planned as if each license were issued.
///
/// # Errors
/// Those of [`charge::charge`] and [`charge::bind`], `not-booked`, `wrong-lock`, `already-issued`, `released`,
/// `evaluation-used`, `wrong-host`, `wrong-class`, `wrong-product`, `clock-rollback`; `duplicate` if `pools` already has a plan
/// for the unit.
pub fn plan(
    operator: &Operator<'_>,
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    pools: &mut Pools,
) -> Result<ActivationPlan> {
    let issued = operator.now;
    let operator = &operator.at_ledger_time(book)?;
    let named = named_pools(book, requested, pools)?;
    let product = product(operator, requested, &named)?;
    let known = known_unit(operator, book, same_unit::unit(book, requested, product)?, product)?;
    let before = known.before.as_ref().map(|(license, _)| license.get());
    let mut notes = Vec::new();
    if let Applicant::Request(request) = requested.applicant {
        if let Some(answer) = ledger::answer_to(book, request.document_id())? {
            return answered_before(operator, book, requested, &answer, product, &known, &named, pools);
        }
        check_request(operator, requested, request.get(), product, &named, &mut notes)?;
        salt::check(operator, request.get(), before)?;
    }
    check_hardware(operator, book, requested, (&known, product), &mut notes)?;
    let lock = lock(requested, product, &known, &mut notes)?;
    let model = unit::model(product, requested, before, &mut notes)?;
    let version = license::version(requested, &named, before);
    let target = LicenseTarget { product, version, model: model.as_deref() };
    let same = licensed_hardware::find(operator, book, &known, &product.id, requested.applicant)?;
    let (charge, ends) = decide(operator, book, requested, (&known, target), &named, pools)
        .map_err(|error| licensed_hardware::explain(error, &same))?;
    let mut draft = license::draft(requested, product, &named, &charge, version, model, lock, issued);
    let noted = notes::noted(book, &known)?;
    let [end_user, location] = end_user_and_location(requested, &noted);
    license::set_customer(&mut draft, end_user.as_deref(), before);
    notes.extend(charge.notes);
    let unavailable = charge.unavailable;
    if charge.charged.is_empty() {
        notes.extend(before.and_then(|before| renewal::not_renewed(&ends, &draft, before, operator.now)));
    }
    if same.is_empty() {
        notes.extend(same_hardware::note(book, known.unit, &product.id, &draft.lock)?);
    }
    if charge.charged.is_empty()
        && previous_suffices(book, requested, product, &known, &draft)?
        && let Some((license, sealed)) = known.before
    {
        notes.extend(known.latest.map(|(entry, _)| note_of_reversal(book, &entry)).transpose()?.flatten());
        let note = new_note(requested, known.unit, &noted);
        let found = ExistingLicense { license, sealed, unavailable, note, notes };
        return Ok(ActivationPlan::Found(Box::new(found)));
    }
    notes.extend(before.map(|before| license::reductions(before, &draft, operator.now)).unwrap_or_default());
    let evaluation = requested.codes.is_empty();
    if evaluation && known.latest.as_ref().is_some_and(|(_, latest)| latest.evaluation) {
        return Err(evaluation::already_used(&known, product));
    }
    operator.time(book)?;
    pools.take(known.unit, &product.id, &charge.charged)?;
    Ok(ActivationPlan::New(Box::new(PlannedLicense {
        unit: known.unit,
        license: draft,
        charged: charge.charged,
        evaluation,
        end_user,
        location,
        unavailable,
        second_of: same.into_iter().next(),
        notes,
    })))
}

fn check_request(
    operator: &Operator<'_>,
    requested: &ActivationRequest<'_>,
    request: &Request,
    product: &Product,
    named: &[Pool],
    notes: &mut Vec<String>,
) -> Result<()> {
    let version = license::version(requested, named, None);
    let clock = (operator.now, requested.clock_ahead);
    charge::check_request(&product.id, version, request, clock, notes).map_err(|error| {
        match error.reason() {
            Reason::FutureRequest => error.because(Cause::HostClockAhead),
            _ => error,
        }
    })?;
    charge::check_class(product.lock.rule.allow, request)
}

/// What is charged, and when the named codes end; a trial is charged to none.
fn decide(
    operator: &Operator<'_>,
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    (known, target): (&KnownUnit, LicenseTarget<'_>),
    named: &[Pool],
    pools: &mut Pools,
) -> Result<(Charge, Vec<CodeEnd>)> {
    if requested.codes.is_empty() {
        let charge = evaluation::charge(operator, book, requested.applicant, known, &target)?;
        return Ok((charge, Vec::new()));
    }
    let context = context(operator, book, known, target, named, pools)?;
    let ends = renewal::ends(&context);
    Ok((returned::charge(book, context, requested, pools)?, ends))
}

/// The plan for a request that was answered already.
#[allow(clippy::too_many_arguments)]
fn answered_before(
    operator: &Operator<'_>,
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    answer: &(Entry, Activation),
    product: &Product,
    known: &KnownUnit,
    named: &[Pool],
    pools: &mut Pools,
) -> Result<ActivationPlan> {
    let before = known.before.as_ref().map(|(license, _)| license.get());
    let version = license::version(requested, named, before);
    let model = unit::model(product, requested, before, &mut Vec::new());
    let context = model.as_ref().map_err(Clone::clone).and_then(|model| {
        let target = LicenseTarget { product, version, model: model.as_deref() };
        context(operator, book, known, target, named, pools)
    });
    earlier_answer(operator, book, requested, answer, product, context, before)
}

/// The lock: that of the previous license, if the host is licensed under another of its ids.
fn lock(
    requested: &ActivationRequest<'_>,
    product: &Product,
    known: &KnownUnit,
    notes: &mut Vec<String>,
) -> Result<Bound> {
    let before = known.before.as_ref().map(|(license, _)| license.get());
    match before {
        Some(before) if known.unit != unit::unit(requested.applicant) => {
            notes.push(format!(
                "this host is already licensed as {}: that unit keeps the license",
                known.unit
            ));
            Ok(Bound { lock: before.lock.clone(), is_weak: before.weak_lock })
        }
        _ => unit::lock(product, requested.applicant, requested.weak_lock, before, notes),
    }
}

/// Whether the previous license already is what this one would be.
fn previous_suffices(
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    product: &Product,
    known: &KnownUnit,
    draft: &License,
) -> Result<bool> {
    let Some(before) = known.before.as_ref().map(|(license, _)| license.get()) else { return Ok(false) };
    let asked_before = || answered::asked_before(book, requested, known.unit, product);
    Ok(license::is_equal_except_dates(before, draft)
        || (license::grants_the_same(before, draft) && asked_before()?))
}

fn named_pools(book: &dyn Book, requested: &ActivationRequest<'_>, pools: &mut Pools) -> Result<Vec<Pool>> {
    for (at, code) in requested.codes.iter().enumerate() {
        if requested.codes[..at].contains(code) {
            return Err(Error::new(Reason::Duplicate, format!("the code {code} is named twice")));
        }
    }
    requested.codes.iter().map(|code| pools.get(book, *code).cloned()).collect()
}

fn product<'a>(
    operator: &Operator<'a>,
    requested: &ActivationRequest<'_>,
    named: &[Pool],
) -> Result<&'a Product> {
    let asked = match requested.applicant {
        Applicant::Request(request) => Some(request.get().product.as_str()),
        _ => requested.product,
    };
    let sold = named.first().map(|pool| pool.order.product.as_str());
    if let (Some(sold), Some(named)) = (sold, requested.product)
        && sold != named
    {
        return Err(Error::new(Reason::WrongProduct, "the code is for another product than was named")
            .detail(format!("named  {named}"))
            .detail(format!("code   {sold}")));
    }
    let missing = || Error::new(Reason::NotSold, "the product is missing").at("product");
    operator.product(sold.or(asked).ok_or_else(missing)?)
}

fn known_unit(operator: &Operator<'_>, book: &dyn Book, unit: Unit, product: &Product) -> Result<KnownUnit> {
    let latest = ledger::latest(book, unit, &product.id)?;
    let before = latest.as_ref().map(|(entry, _)| operator.stored(book, entry)).transpose()?;
    Ok(KnownUnit { unit, latest, before })
}

fn check_hardware(
    operator: &Operator<'_>,
    book: &dyn Book,
    requested: &ActivationRequest<'_>,
    (known, product): (&KnownUnit, &Product),
    notes: &mut Vec<String>,
) -> Result<()> {
    let (Applicant::Request(request), Some((before, _))) = (requested.applicant, &known.before) else {
        return Ok(());
    };
    match hardware::refuse_other_hardware(request.get(), before.get(), notes) {
        Err(error) if requested.other_hardware => {
            hardware::refuse_transfer(request.get(), before, &error)?;
            moves::check(operator, book, known.unit, product, notes)?;
            notes.push(match error.cause() {
                Some(Cause::FewerComponents) => {
                    "fewer components than before: the previous license is to be replaced by this one".into()
                }
                _ => "other hardware than before: the previous license must not be used any more".into(),
            });
            Ok(())
        }
        result => result,
    }
}

fn context<'a>(
    operator: &Operator<'_>,
    book: &dyn Book,
    known: &KnownUnit,
    target: LicenseTarget<'a>,
    named: &[Pool],
    pools: &mut Pools,
) -> Result<ChargeContext<'a>> {
    let LicenseTarget { product, version, model } = target;
    // Saves a query for new units, which hold nothing; most units of a list are new.
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
    let before = known.before.as_ref().map(|(license, _)| license.get());
    let signed = before.map(|before| license::latest_features(before, operator.now)).unwrap_or_default();
    // A license for another version says nothing about the codes of this one.
    let entry = known.latest.as_ref().map(|(entry, _)| entry.number);
    let same_version = before.filter(|before| before.version.as_deref() == version);
    let previous =
        same_version.zip(entry).map(|(before, entry)| license::previous(before, entry, operator.now));
    let (unit, now) = (known.unit, operator.now);
    Ok(ChargeContext { product, unit, model, version, now, signed, previous, named: sources, others })
}

/// The charge source for a code; a term that started before the unit released everything continues.
fn source(
    book: &dyn Book,
    unit: Unit,
    pool: Pool,
    holding: Option<Holding>,
    pools: &mut Pools,
) -> Result<ChargeSource> {
    let started = pools.started_terms(book, pool.code)?.and_then(|started| started.start_for_unit(unit));
    let (held, since) = holding.map(|holding| (holding.lines, holding.since)).unzip();
    Ok(ChargeSource { pool, held: held.unwrap_or_default(), since: started.or(since) })
}
