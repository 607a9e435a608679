//! `batch` on the ledger: plans all lines and shows the charge before anything is booked.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal};
use crate::cli::session::Session;
use crate::cli::verbs::order::find;
use crate::cli::{Outcome, keys};
use crate::view::{self, View as _};
use airlatch_core::model::{Error, FeatureName, OrderCode, Time};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::desk::{self, NameTemplate, Pools};
use airlatch_desk::ledger::Book;
use airlatch_desk::lists::DeviceList;
use airlatch_desk::office::DeskHome;

use super::args::Batch;
use super::charge;
use super::list::{Codes, in_list, list, quantities_refused, say_understood};
use super::list_plan::{ListPlan, Numbers, Planned, Request, plan_list};
use super::result::{licenses, refuse_all, report};

pub(super) fn run(
    args: &Batch,
    bytes: &[u8],
    names: &NameTemplate,
    session: &mut Session,
) -> Result<Outcome> {
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    let reader = desk.reader()?;
    let named = reader.read(|book| find::codes(book, &args.code))?;
    let mut numbers = Numbers::new();
    let list = match reader.read(|book| read(args, bytes, &desk, book, &named, &mut numbers))? {
        Ok(list) => list,
        Err(errors) => return refuse_all(errors, session),
    };
    say_understood(args, &list, session);
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
    let planner =
        |book: &dyn Book, session: &Session| plan_list(request, &desk, book, &rows, &numbers, session);
    drop(reader);
    let mut plan = match plan(&desk, &planner, session)? {
        Ok(plan) => plan,
        Err(errors) => return refuse_all(errors, session),
    };
    let path = args.key.clone().unwrap_or_else(|| desk.key());
    let mut loaded = || {
        keys::load(session, &path, &args.opening).map_err(|error| match args.key {
            None => desk.key_error(error),
            Some(_) => error,
        })
    };
    let key = if args.dry_run { None } else { Some(loaded()?) };
    let (shown, mut totals) = proposal(&plan, &named, session.now);
    let confirmed = shown.confirmed(Consent { yes: args.yes, dry_run: args.dry_run }, None, session)?;
    let Some(key) = key.filter(|_| confirmed) else { return Ok(Outcome::Done) };
    session.screen.finish()?;
    let key = keys::open(session, key, &args.opening)?;
    desk.refuse_foreign(&key)?;
    let mut held = charge::hold(request, &desk, session)?;
    // With --yes nobody confirmed just these licenses: those of the ledger as it is now are as good.
    if args.yes && held.read(|book| book.head())? != plan.head {
        plan = match held.read(|book| planner(book, session))? {
            Ok(plan) => plan,
            Err(unplanned) => return refuse_all(unplanned.errors, session),
        };
        session.screen.talk("note: the ledger changed meanwhile, so the list was planned again");
        let again = proposal(&plan, &named, session.now);
        again.0.lines.iter().for_each(|line| session.screen.line(line));
        totals = again.1;
    }
    let rows = charge::charge(request, &desk, &plan, held, &key, session)?;
    report(args, &rows, key.public(), totals, session);
    Ok(Outcome::Done)
}

/// Plans the list, and once more where a license is in the way that another batch booked and wrote since the ledger was read.
fn plan<'r>(
    desk: &DeskHome,
    planner: &dyn Fn(&dyn Book, &Session) -> Planned<'r>,
    session: &Session,
) -> Result<Result<ListPlan<'r>, Vec<Error>>> {
    let mut attempts = MAX_PLANS;
    loop {
        let unplanned = match desk.read(|book| planner(book, session))? {
            Ok(plan) => return Ok(Ok(plan)),
            Err(unplanned) => unplanned,
        };
        attempts -= 1;
        let Some(head) = unplanned.taken_at.filter(|_| attempts > 0) else {
            return Ok(Err(unplanned.errors));
        };
        if desk.read(|book| book.head())? == head {
            return Ok(Err(unplanned.errors));
        }
    }
}

/// How often a list is planned before a file in the way is believed.
const MAX_PLANS: u32 = 8;

/// What would be issued, charged and left on the codes; and the charge as JSON.
fn proposal(plan: &ListPlan<'_>, named: &[OrderCode], now: Time) -> (Proposal, Value) {
    let charged = plan.totals.charges();
    let charges = view::ChargeLine::all(&charged, &plan.pools);
    let stays = plan.totals.stays(|codes, article| left(&plan.pools, codes, named, article));
    let new = plan.totals.new;
    let known = plan.lines.len() - new;
    let mut lines = vec![format!("{} to issue, {known} in the ledger already", licenses(new))];
    lines.extend(plan.totals.lines(now));
    lines.extend(charges.iter().flat_map(|charge| charge.lines(now)));
    let notes = plan.totals.notes().chain(stays.iter().map(view::Stays::note));
    let proposal = Proposal {
        lines,
        notes: notes.chain(older_files(plan.older_files)).collect(),
        question: (new > 0).then(|| "Issue and charge these licenses?".into()),
        declined: "nothing was changed",
        dry_run_message: "nothing was charged, signed or written",
        dry_run_json: (
            "batch-dry-run",
            json!({ "new": new, "known": known, "charge": charges, "stays": stays, "unmetered": false }),
        ),
    };
    (proposal, json!({ "charge": charges, "stays": stays, "unmetered": false }))
}

/// The note on files that are replaced.
fn older_files(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 file has an older license of the same device, and is replaced".into()),
        count => Some(format!("{count} files have older licenses of the same devices, and are replaced")),
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
