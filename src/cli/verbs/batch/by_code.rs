//! `batch` on the ledger: plans all lines and shows the charge before anything is booked.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::json;

use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal};
use crate::cli::session::Session;
use crate::cli::verbs::order::find;
use crate::cli::{Outcome, input, keys};
use crate::view::{self, View as _};
use airlatch_core::model::{Error, FeatureName, OrderCode, Time};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::desk::{self, NameTemplate, Pools};
use airlatch_desk::ledger::Book;
use airlatch_desk::lists::DeviceList;
use airlatch_desk::office::DeskHome;

use super::args::Batch;
use super::charge::charge;
use super::list::{Codes, in_list, list, quantities_refused};
use super::list_plan::{ListPlan, Numbers, Request, plan_list};
use super::result::{licenses, refuse_all, report};

pub(super) fn run(
    args: &Batch,
    bytes: &[u8],
    names: &NameTemplate,
    session: &mut Session,
) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let reader = desk.reader()?;
    let named = reader.read(|book| find::codes(book, &args.code))?;
    let mut numbers = Numbers::new();
    let list = match reader.read(|book| read(args, bytes, &desk, book, &named, &mut numbers))? {
        Ok(list) => list,
        Err(errors) => return refuse_all(errors, session),
    };
    input::say_repairs(session, &args.list, &list.repairs);
    if !args.wanted.is_empty()
        && let Some(error) = quantities_refused(args, &list.rows, "--quantity or --all sets them")
    {
        return refuse_all(vec![error], session);
    }
    let rows = match desk::plan(list.rows, names) {
        Ok(rows) => rows,
        Err(errors) => {
            return refuse_all(errors.into_iter().map(|t| in_list(args, t)).collect(), session);
        }
    };
    let features = args.wanted.features()?;
    let request = Request { args, named: &named, features: &features };
    let plan = match plan_list(request, &desk, &reader, rows, &numbers, session)? {
        Ok(plan) => plan,
        Err(errors) => return refuse_all(errors, session),
    };
    drop(reader);
    let charged = plan.totals.charges();
    let charges = view::ChargeLine::all(&charged, &plan.pools);
    let stays = plan.totals.stays(|codes, article| left(&plan.pools, codes, &named, article));
    let proposal = proposal(&plan, &charges, &stays, session.now);
    let path = args.key.clone().unwrap_or_else(|| desk.key());
    let mut loaded = || {
        keys::load(session, &path, &args.opening).map_err(|error| match args.key {
            None => desk.key_error(error),
            Some(_) => error,
        })
    };
    let key = if args.dry_run { None } else { Some(loaded()?) };
    let confirmed = proposal.confirmed(Consent { yes: args.yes, dry_run: args.dry_run }, None, session)?;
    let Some(key) = key.filter(|_| confirmed) else { return Ok(Outcome::Done) };
    session.screen.finish()?;
    let key = keys::open(session, key, &args.opening)?;
    desk.refuse_foreign(&key)?;
    let rows = charge(request, &desk, &plan, &key, session)?;
    report(
        args,
        &rows,
        key.public(),
        json!({ "charge": charges, "stays": stays, "unmetered": false }),
        session,
    );
    Ok(Outcome::Done)
}

/// What would be issued, charged and left on the codes.
fn proposal(
    plan: &ListPlan,
    charges: &[view::ChargeLine<'_>],
    stays: &[view::Stays<'_>],
    now: Time,
) -> Proposal {
    let new = plan.totals.new;
    let known = plan.lines.len() - new;
    let mut lines = vec![format!("{} to issue, {known} in the ledger already", licenses(new))];
    lines.extend(plan.totals.lines(now));
    lines.extend(charges.iter().flat_map(|charge| charge.lines(now)));
    Proposal {
        lines,
        notes: plan.totals.notes().chain(stays.iter().map(view::Stays::note)).collect(),
        question: (new > 0).then(|| "Issue and charge these licenses?".into()),
        declined: "nothing was changed",
        dry_run_message: "nothing was charged, signed or written",
        dry_run_json: (
            "batch-dry-run",
            json!({ "new": new, "known": known, "charge": charges, "stays": stays, "unmetered": false }),
        ),
    }
}

/// How much of an article is left on the codes of a line.
fn left(pools: &Pools, codes: Codes, named: &[OrderCode], article: &FeatureName) -> u64 {
    let is_used = |code: &OrderCode| match codes {
        Codes::Named => named.contains(code),
        Codes::Own(own) => own == *code,
    };
    let used = pools.iter().filter(|pool| is_used(&pool.code));
    used.filter_map(|pool| pool.left.get(article)).fold(0, |sum, left| sum.saturating_add(*left))
}

/// Reads the list. The code of a line decides its product, and the product decides the MAC rule of the line.
fn read(
    args: &Batch,
    bytes: &[u8],
    desk: &DeskHome,
    book: &dyn Book,
    named: &[OrderCode],
    numbers: &mut Numbers,
) -> airlatch_core::model::Result<Result<DeviceList, Vec<Error>>> {
    let operator = desk.operator();
    let rule = |code: OrderCode| Ok(&operator.product(&desk::pool(book, code)?.order.product)?.mac);
    if let Some(first) = named.first() {
        let rule = rule(*first)?;
        return Ok(list(args, bytes, &mut |_| Ok(rule)));
    }
    let mut known: BTreeMap<String, airlatch_core::model::Result<&MacRule>> = BTreeMap::new();
    Ok(list(args, bytes, &mut |number| {
        if let Some(rule) = known.get(number) {
            return rule.clone();
        }
        let found = find::find(book, number).and_then(|pool| {
            numbers.insert(number.to_owned(), pool.code);
            rule(pool.code)
        });
        known.insert(number.to_owned(), found.clone());
        found
    }))
}
