//! `batch` on the ledger: everything is planned before anything is charged, charged in groups, and written from the ledger.

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::desk_home::{DeskHome, Open};
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::cli::verbs::order;
use crate::cli::{Outcome, input, keys, parallel};
use crate::crypto::{PrivateKey, Sealed};
use crate::desk::{self, Activated, Clerk, NameTemplate, Particulars, Plan, PlannedRow, Pools, Wish};
use crate::format;
use crate::ledger::{Book, Head};
use crate::model::{Kind, License, MacRule, OrderCode, Reason, Trouble};
use crate::platform::Stage;
use crate::rules::{Ask, Wanted};

use super::result::{Row, licenses, refuse_all, show};
use super::{Batch, at_list, in_the_way, list};

/// Lines charged in one transaction: enough that waiting for the disk is nothing beside signing, few enough that another
/// desk need not wait long.
const GROUP: usize = 1_000;

/// A line, the codes it is charged to, and what came of planning it.
struct Line {
    row: PlannedRow,
    codes: Vec<OrderCode>,
    plan: Plan,
}

pub(super) fn run(
    args: &Batch,
    bytes: &[u8],
    names: &NameTemplate,
    session: &mut Session,
) -> Result<Outcome> {
    let desk = DeskHome::of(session, &args.desk)?;
    let named = desk.look(session, |book| order::codes(book, &args.code))?;
    // The codes tell the product, and the product tells how its MACs are to be spelt.
    let lenient = MacRule { allow_local: true, ..MacRule::default() };
    let first = match list(args, bytes, &lenient) {
        Ok(first) => first.rows.first().map(|row| row.number.clone()),
        Err(troubles) => return refuse_all(troubles, session),
    };
    let rule = desk.look(session, |book| {
        let pool = match (named.first(), first) {
            (Some(code), _) => desk::pool(book, *code)?,
            (None, Some(number)) => order::find(book, &number).map_err(|trouble| at_list(args, trouble))?,
            (None, None) => return Ok(lenient),
        };
        Ok(desk.clerk(session).product(&pool.order.product)?.mac.clone())
    })?;
    let list = match list(args, bytes, &rule) {
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
    let lines = match plan(args, &desk, rows, (&named, &rule), &mut pools, session)? {
        Ok(lines) => lines,
        Err(troubles) => return refuse_all(troubles, session),
    };
    let taken = in_the_way_of(args, &lines, session);
    if !taken.is_empty() {
        return refuse_all(taken, session);
    }
    let new = lines.iter().filter(|line| matches!(line.plan, Plan::New(_))).count();
    let costs = costs(&lines, &pools);
    let known = lines.len() - new;
    session.screen.line(&format!("{} to issue, {known} in the ledger already", licenses(new)));
    costs.iter().for_each(|cost| session.screen.line(&cost.line()));
    if args.dry_run {
        session.screen.line("nothing was charged, signed or written");
        let charge: Vec<Value> = costs.iter().map(Cost::json).collect();
        session.screen.json("batch-dry-run", json!({ "new": new, "known": known, "charge": charge }));
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
    show(args, &rows, key.public(), json!({ "charge": charge }), session);
    Ok(Outcome::Done)
}

/// Plans every line as if those before it were issued; every line that can't be is reported.
fn plan(
    args: &Batch,
    desk: &DeskHome,
    rows: Vec<PlannedRow>,
    (named, rule): (&[OrderCode], &MacRule),
    pools: &mut Pools,
    session: &Session,
) -> Result<Result<Vec<Line>, Vec<Trouble>>> {
    let clerk = desk.clerk(session);
    let found = desk.look(session, |book| {
        let (mut lines, mut troubles) = (Vec::with_capacity(rows.len()), Vec::new());
        let mut numbers = std::collections::BTreeMap::new();
        for row in rows {
            let codes = codes(book, named, &row, &mut numbers)
                .and_then(|codes| same_rule(&clerk, book, codes, rule, pools));
            let codes = match codes {
                Ok(codes) => codes,
                Err(trouble) => {
                    troubles.push(trouble.at(format!("line {}", row.row.line)));
                    continue;
                }
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

/// The codes a line is charged to: those named for all, else the one its number means.
fn codes(
    book: &dyn Book,
    named: &[OrderCode],
    row: &PlannedRow,
    numbers: &mut std::collections::BTreeMap<String, OrderCode>,
) -> crate::model::Result<Vec<OrderCode>> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    if let Some(code) = numbers.get(&row.row.number) {
        return Ok(vec![*code]);
    }
    let code = order::find(book, &row.row.number)?.code;
    numbers.insert(row.row.number.clone(), code);
    Ok(vec![code])
}

/// The codes of a line, if their product reads MACs as the list was read: by the rule of the first line's product.
fn same_rule(
    clerk: &Clerk<'_>,
    book: &dyn Book,
    codes: Vec<OrderCode>,
    rule: &MacRule,
    pools: &mut Pools,
) -> crate::model::Result<Vec<OrderCode>> {
    for code in &codes {
        let product = &pools.get(book, *code)?.order.product;
        if clerk.product(product)?.mac != *rule {
            let what = "this line is of a product with another rule for MACs: it needs a list of its own";
            return Err(Trouble::new(Reason::WrongProduct, what).detail(format!("product  {product}")));
        }
    }
    Ok(codes)
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
fn in_the_way_of(args: &Batch, lines: &[Line], session: &Session) -> Vec<Trouble> {
    let mut taken = Vec::new();
    for line in lines {
        let target = args.out_dir.join(&line.row.name);
        if !session.files.exists(&target) {
            continue;
        }
        let same = match &line.plan {
            Plan::New(_) => false,
            Plan::Found(found) => session
                .files
                .read(&target, format::limits::DOCUMENT_FILE)
                .is_ok_and(|bytes| bytes == text(found.license.get(), &found.sealed).as_bytes()),
        };
        if !same {
            taken.push(in_the_way(line.row.row.line).at(target.display()));
        }
    }
    taken
}

/// Charges, signs and stores group by group; then all files get their names at once.
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
    let mut head = None;
    let mut progress = Progress::new("licenses", lines.len());
    let mut rows = Vec::with_capacity(lines.len());
    for group in lines.chunks(GROUP) {
        for (line, done) in group.iter().zip(charge(args, &clerk, group, key, &mut head, &mut open)?) {
            rows.push(place(line, done, &mut stage)?);
        }
        progress.advance(group.len());
    }
    open.close(session);
    stage.commit()?;
    progress.finish();
    Ok(rows)
}

/// One group in one transaction. The first one, and any behind which somebody else booked, is planned once more: what would
/// be another license by now is not issued.
fn charge(
    args: &Batch,
    clerk: &Clerk<'_>,
    group: &[Line],
    key: &PrivateKey,
    expected: &mut Option<Head>,
    open: &mut Open<'_>,
) -> Result<Vec<Option<Activated>>> {
    if group.iter().all(|line| matches!(line.plan, Plan::Found(_))) {
        return Ok(group.iter().map(|_| None).collect());
    }
    let mut failed = None;
    let (done, head) = open
        .work(|book| {
            let (ledger, head) = (book.id()?, book.head()?);
            if *expected != Some(head) {
                unchanged(args, clerk, book, group)?;
            }
            let sign = |line: &Line| match &line.plan {
                Plan::Found(_) => Ok(None),
                Plan::New(planned) => Activated::sign(clerk, planned, ledger, &head, key).map(Some),
            };
            let signed = match parallel::map(group, sign) {
                Ok(signed) => signed,
                Err(error) => {
                    failed = Some(error);
                    return Err(Trouble::new(Reason::Internal, "signing failed"));
                }
            };
            for (line, signed) in group.iter().zip(&signed) {
                if let (Plan::New(planned), Some(signed)) = (&line.plan, signed) {
                    let particulars = wish(args, &line.row, Vec::new()).particulars;
                    signed.post(clerk, book, planned, &line.codes, &particulars, key)?;
                }
            }
            Ok((signed, book.head()?))
        })
        .map_err(|trouble| failed.take().unwrap_or_else(|| trouble.into()))?;
    *expected = Some(head);
    Ok(done)
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

fn place(line: &Line, done: Option<Activated>, stage: &mut Stage) -> Result<Row> {
    let (text, id, result) = match (&line.plan, done) {
        (_, Some(done)) => (text(&done.license, &done.sealed), done.sealed.document_id(), "issued"),
        (Plan::Found(found), None) => {
            (text(found.license.get(), &found.sealed), found.sealed.document_id(), "unchanged")
        }
        (Plan::New(_), None) => return Err(Trouble::new(Reason::Internal, "a license was not signed").into()),
    };
    stage.add(&line.row.name, text.as_bytes())?;
    Ok(Row::of(&line.row, id, result))
}

fn text(license: &License, sealed: &Sealed) -> String {
    format::armor(Kind::License, sealed.bytes(), &format::summary(license))
}

/// What a code gives to the whole list of an article.
struct Cost {
    code: OrderCode,
    article: String,
    quantity: u64,
    overdrawn: u64,
    left: u64,
}

impl Cost {
    fn line(&self) -> String {
        let beyond = match self.overdrawn {
            0 => String::new(),
            beyond => format!(", {beyond} of them beyond the order, to be invoiced"),
        };
        format!(
            "  charge     {} {} from {}, leaves {}{beyond}",
            self.article, self.quantity, self.code, self.left
        )
    }

    fn json(&self) -> Value {
        json!({
            "code": self.code.to_string(),
            "article": self.article,
            "quantity": self.quantity,
            "overdrawn": self.overdrawn,
            "left": self.left,
        })
    }
}

fn costs(lines: &[Line], pools: &Pools) -> Vec<Cost> {
    let mut sums = std::collections::BTreeMap::new();
    for line in lines {
        let Plan::New(planned) = &line.plan else { continue };
        for take in &planned.takes {
            let sum: &mut (u64, u64) = sums.entry((take.code, take.article.clone())).or_default();
            sum.0 += take.quantity;
            sum.1 += take.overdrawn;
        }
    }
    let cost =
        |((code, article), (quantity, overdrawn)): ((OrderCode, crate::model::FeatureName), (u64, u64))| {
            let pool = pools.iter().find(|pool| pool.code == code);
            let left = pool.and_then(|pool| pool.left.get(&article)).copied().unwrap_or(0);
            Cost { code, article: article.to_string(), quantity, overdrawn, left }
        };
    sums.into_iter().map(cost).collect()
}
