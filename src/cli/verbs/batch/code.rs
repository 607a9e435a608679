//! `batch` on the ledger: everything is planned before anything is charged, charged in groups, and written from the ledger.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::desk_home::DeskHome;
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::cli::verbs::order;
use crate::cli::{Outcome, input, keys, parallel};
use crate::crypto::{PrivateKey, Sealed};
use crate::desk::{self, Activated, Clerk, NameTemplate, Particulars, Plan, PlannedRow, Pools, Wish};
use crate::format::{self, DeviceList};
use crate::ledger::{Book, Head};
use crate::model::{Kind, License, MacRule, OrderCode, Reason, Trouble};
use crate::platform::Stage;
use crate::rules::{Ask, Wanted};

use super::cost::{Cost, costs, notes, preview};
use super::result::{Row, licenses, refuse_all, show};
use super::{Batch, at_list, in_the_way, list};

/// Lines charged in one transaction: enough that waiting for the disk is nothing beside signing, few enough that another
/// desk need not wait long.
const GROUP: usize = 1_000;

/// A line, the codes it is charged to, and what came of planning it.
pub(super) struct Line {
    row: PlannedRow,
    codes: Vec<OrderCode>,
    pub(super) plan: Plan,
}

pub(super) fn run(
    args: &Batch,
    bytes: &[u8],
    names: &NameTemplate,
    session: &mut Session,
) -> Result<Outcome> {
    let desk = DeskHome::of(session, &args.desk)?;
    let named = desk.look(session, |book| order::codes(book, &args.code))?;
    let mut numbers = Numbers::new();
    let list =
        match desk.look(session, |book| read(args, bytes, &desk, book, &named, &mut numbers, session))? {
            Ok(list) => list,
            Err(troubles) => return refuse_all(troubles, session),
        };
    input::say_repairs(session, &args.list, &list.repairs);
    let rows = match desk::plan(list.rows, names) {
        Ok(rows) => rows,
        Err(troubles) => {
            return refuse_all(troubles.into_iter().map(|t| at_list(args, t)).collect(), session);
        }
    };
    let mut pools = Pools::default();
    let lines = match plan(args, &desk, rows, &named, &numbers, &mut pools, session)? {
        Ok(lines) => lines,
        Err(troubles) => return refuse_all(troubles, session),
    };
    let taken = desk.look(session, |book| in_the_way_of(args, &lines, book, session))?;
    if !taken.is_empty() {
        return refuse_all(taken, session);
    }
    let new = lines.iter().filter(|line| matches!(line.plan, Plan::New(_))).count();
    let costs = costs(&lines, &pools);
    let known = lines.len() - new;
    session.screen.line(&format!("{} to issue, {known} in the ledger already", licenses(new)));
    preview(&lines, session);
    costs.iter().for_each(|cost| session.screen.line(&cost.line()));
    notes(&lines).iter().for_each(|note| session.screen.talk(note));
    if args.dry_run {
        session.screen.line("nothing was charged, signed or written");
        let charge: Vec<Value> = costs.iter().map(Cost::json).collect();
        session.screen.json(
            "batch-dry-run",
            json!({ "new": new, "known": known, "charge": charge, "unmetered": false }),
        );
        return Ok(Outcome::Done);
    }
    let key = keys::load(session, &args.key.clone().unwrap_or_else(|| desk.key()), &args.opening)?;
    if new > 0 {
        order::confirm("Issue and charge these?", args.yes, session)?;
    }
    session.screen.finish()?;
    let key = key.open(session)?;
    keys::refuse_foreign(&desk, &key)?;
    let rows = issue(args, &desk, &lines, &key, session)?;
    let charge: Vec<Value> = costs.iter().map(Cost::json).collect();
    show(args, &rows, key.public(), json!({ "charge": charge, "unmetered": false }), session);
    Ok(Outcome::Done)
}

/// The codes that the numbers of a list mean.
type Numbers = BTreeMap<String, OrderCode>;

/// Reads the list. The codes tell the product of each line, and the product tells how its MACs are to be spelt.
fn read(
    args: &Batch,
    bytes: &[u8],
    desk: &DeskHome,
    book: &dyn Book,
    named: &[OrderCode],
    numbers: &mut Numbers,
    session: &Session,
) -> crate::model::Result<Result<DeviceList, Vec<Trouble>>> {
    let clerk = desk.clerk(session);
    let rule = |code: OrderCode| Ok(&clerk.product(&desk::pool(book, code)?.order.product)?.mac);
    if let Some(first) = named.first() {
        let rule = rule(*first)?;
        return Ok(list(args, bytes, &mut |_| Ok(rule)));
    }
    let mut known: BTreeMap<String, crate::model::Result<&MacRule>> = BTreeMap::new();
    Ok(list(args, bytes, &mut |number| {
        if let Some(rule) = known.get(number) {
            return rule.clone();
        }
        let found = order::find(book, number).and_then(|pool| {
            numbers.insert(number.to_owned(), pool.code);
            rule(pool.code)
        });
        known.insert(number.to_owned(), found.clone());
        found
    }))
}

/// Plans every line as if those before it were issued; every line that can't be is reported.
fn plan(
    args: &Batch,
    desk: &DeskHome,
    rows: Vec<PlannedRow>,
    named: &[OrderCode],
    numbers: &Numbers,
    pools: &mut Pools,
    session: &Session,
) -> Result<Result<Vec<Line>, Vec<Trouble>>> {
    let clerk = desk.clerk(session);
    let found = desk.look(session, |book| {
        let (mut lines, mut troubles) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            let codes = match numbers.get(&row.row.number) {
                Some(code) if named.is_empty() => vec![*code],
                _ => named.to_vec(),
            };
            match desk::plan_wish(&clerk, book, &wish(args, &row, codes.clone()), pools) {
                Ok(plan) => lines.push(Line { row, codes, plan }),
                Err(trouble) => troubles.push(trouble.at(format!("line {}", row.row.line))),
            }
        }
        Ok(if troubles.is_empty() { Ok(lines) } else { Err(troubles) })
    })?;
    Ok(found.map_err(|troubles| troubles.into_iter().map(|trouble| at_list(args, trouble)).collect()))
}

fn wish<'a>(args: &'a Batch, row: &PlannedRow, codes: Vec<OrderCode>) -> Wish<'a> {
    Wish {
        ask: Ask::Mac(row.row.mac),
        product: None,
        codes,
        wanted: Wanted::Each(row.row.quantity.unwrap_or(1)),
        model: args.model.as_deref(),
        may_overdraw: args.overdraft,
        other_hardware: false,
        particulars: Particulars { number: Some(row.row.number.clone()), ..Particulars::default() },
    }
}

/// Files that stand where licenses belong: nothing is charged while there is one with other content.
fn in_the_way_of(
    args: &Batch,
    lines: &[Line],
    book: &dyn Book,
    session: &Session,
) -> crate::model::Result<Vec<Trouble>> {
    let mut taken = Vec::new();
    if !session.files.exists(&args.out_dir) {
        return Ok(taken);
    }
    for line in lines {
        let target = args.out_dir.join(&line.row.name);
        if !session.files.exists(&target) {
            continue;
        }
        let bytes = session.files.read(&target, format::limits::DOCUMENT_FILE).unwrap_or_default();
        if let Plan::Found(found) = &line.plan
            && bytes == text(found.license.get(), &found.sealed).as_bytes()
        {
            continue;
        }
        let mut trouble = in_the_way(line.row.row.line, &target);
        if let Ok((sealed, _)) = format::open_one(&bytes)
            && book.license(sealed.document_id())?.is_some()
        {
            trouble =
                trouble.detail("it is a license that this desk issued before: ledger reprint gives it again");
        }
        taken.push(trouble);
    }
    Ok(taken)
}

/// Charges, signs and stores group by group; then all files get their names at once. While a group goes into the ledger,
/// the one before it is written into files that have no name yet, and the next one is signed.
fn issue(
    args: &Batch,
    desk: &DeskHome,
    lines: &[Line],
    key: &PrivateKey,
    session: &mut Session,
) -> Result<Vec<Row>> {
    session.files.make_dir(&args.out_dir, false)?;
    let mut stage = session.files.stage(&args.out_dir)?;
    let mut open = desk.open(session, "batch")?;
    let clerk = desk.clerk(session);
    let mut progress = Progress::new("licenses", lines.len());
    let mut rows = Vec::with_capacity(lines.len());
    let (ledger, mut head) = open.work(|book| Ok((book.id()?, book.head()?)))?;
    let mut groups = lines.chunks(GROUP);
    let mut next = groups.next().unwrap_or_default();
    let mut signed = sign(&clerk, next, ledger, &head, key)?;
    let mut charged: (&[Line], Vec<Made>) = (&[], Vec::new());
    let mut first = true;
    while !next.is_empty() {
        let group = std::mem::replace(&mut next, groups.next().unwrap_or_default());
        let (posted, ahead) = parallel::both(
            || {
                let expected = (!first).then_some(head);
                open.work(|book| post(args, &clerk, book, (group, &signed), expected, key))
            },
            || {
                place(charged.0, &charged.1, &mut stage, &mut rows)?;
                sign(&clerk, next, ledger, &head, key)
            },
        )?;
        (head, first) = (posted?, false);
        charged = (group, std::mem::replace(&mut signed, ahead?));
        progress.advance(group.len());
    }
    place(charged.0, &charged.1, &mut stage, &mut rows)?;
    open.close(session);
    stage.commit()?;
    progress.finish();
    Ok(rows)
}

/// The license of a line that is new, and the text of its file, new or not.
struct Made {
    new: Option<Activated>,
    text: String,
}

/// Signs a group for a ledger that stands, or stood a group ago, at `head`.
fn sign(
    clerk: &Clerk<'_>,
    group: &[Line],
    ledger: [u8; 16],
    head: &Head,
    key: &PrivateKey,
) -> Result<Vec<Made>> {
    parallel::map(group, |line| match &line.plan {
        Plan::Found(found) => Ok(Made { new: None, text: text(found.license.get(), &found.sealed) }),
        Plan::New(planned) => {
            let new = Activated::sign(clerk, planned, ledger, head, key)?;
            Ok(Made { text: text(&new.license, &new.sealed), new: Some(new) })
        }
    })
}

/// One group in one transaction; gives where the ledger stands then. The first one, and any behind which somebody else
/// booked, is planned once more: what would be another license by now is not issued.
fn post(
    args: &Batch,
    clerk: &Clerk<'_>,
    book: &mut dyn Book,
    (group, signed): (&[Line], &[Made]),
    expected: Option<Head>,
    key: &PrivateKey,
) -> crate::model::Result<Head> {
    if signed.iter().any(|made| made.new.is_some()) && Some(book.head()?) != expected {
        unchanged(args, clerk, book, group)?;
    }
    for (line, made) in group.iter().zip(signed) {
        if let (Plan::New(planned), Some(new)) = (&line.plan, &made.new) {
            let particulars = wish(args, &line.row, Vec::new()).particulars;
            new.post(clerk, book, planned, &line.codes, &particulars, key)?;
        }
    }
    book.head()
}

/// Refuses a group whose plans are no longer what the ledger would say.
fn unchanged(args: &Batch, clerk: &Clerk<'_>, book: &dyn Book, group: &[Line]) -> crate::model::Result<()> {
    let mut pools = Pools::default();
    for line in group {
        let now = desk::plan_wish(clerk, book, &wish(args, &line.row, line.codes.clone()), &mut pools)?;
        let same = match (&now, &line.plan) {
            (Plan::New(now), Plan::New(then)) => now.takes == then.takes && now.license == then.license,
            (Plan::Found(now), Plan::Found(then)) => now.sealed.document_id() == then.sealed.document_id(),
            _ => false,
        };
        if !same {
            let what =
                "the ledger changed since this line was checked: run the batch again, it goes on from here";
            return Err(
                Trouble::new(Reason::ChangedMeanwhile, what).at(format!("line {}", line.row.row.line))
            );
        }
    }
    Ok(())
}

/// Writes the files of a group that is in the ledger.
fn place(group: &[Line], made: &[Made], stage: &mut Stage, rows: &mut Vec<Row>) -> Result<()> {
    for (line, made) in group.iter().zip(made) {
        let (id, result) = match (&line.plan, &made.new) {
            (_, Some(new)) => (new.sealed.document_id(), "issued"),
            (Plan::Found(found), None) => (found.sealed.document_id(), "unchanged"),
            (Plan::New(_), None) => {
                return Err(Trouble::new(Reason::Internal, "a license was not signed").into());
            }
        };
        stage.add(&line.row.name, made.text.as_bytes())?;
        rows.push(Row::of(&line.row, id, result));
    }
    Ok(())
}

fn text(license: &License, sealed: &Sealed) -> String {
    format::armor(Kind::License, sealed.bytes(), &format::summary(license))
}
