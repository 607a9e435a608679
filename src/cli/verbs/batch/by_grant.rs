//! `batch --grant`: licenses no ledger knows of; all of them or none.

use airlatch_desk::charge;
use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, earlier, input, keys};
use crate::view::{self, View as _};
use airlatch_core::crypto::PrivateKey;
use airlatch_core::format::limits;
use airlatch_core::model::{DocumentId, Error, Features, Place, Reason, Time};
use airlatch_desk::catalog::Grant;
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk::{self, Issued, NameTemplate, PlannedRow};
use airlatch_desk::lists::DeviceList;
use airlatch_desk::office::parallel;
use airlatch_machine::platform::Stage;

use super::args::Batch;
use super::list::{at_list, in_the_way, list};
use super::result::{Row, licenses, refuse_all, show};

/// Rows signed between two steps of the progress bar; bounds the memory a batch takes.
const BLOCK: usize = 2_048;

pub(super) fn run(
    args: &Batch,
    grant_file: &Path,
    names: &NameTemplate,
    session: &mut Session,
) -> Result<Outcome> {
    let grant = crate::cli::grant::read(session, grant_file)?;
    let bytes = input::read(session, &args.list, limits::LIST_FILE)?;
    let DeviceList { rows, repairs } = match list(args, &bytes, &mut |_| Ok(&grant.mac)) {
        Ok(list) => list,
        Err(errors) => return refuse_all(errors, session),
    };
    input::say_repairs(session, &args.list, &repairs);
    if let Some(row) = rows.iter().find(|row| row.quantity.is_some()) {
        let what =
            "the list says how much each device gets, but the grant fixes that: leave the quantities out";
        let error = Error::new(Reason::BadList, what).at(Place::Line(row.line));
        return refuse_all(vec![at_list(args, error)], session);
    }
    let planned = match desk::plan(rows, names) {
        Ok(planned) => planned,
        Err(errors) => {
            return refuse_all(errors.into_iter().map(|t| at_list(args, t)).collect(), session);
        }
    };
    grant.term.starting(session.now.start_of_day())?;
    let no_key = || Error::new(Reason::Usage, "a grant is issued with a key of its own");
    let key = keys::load(session, args.key.as_deref().ok_or_else(no_key)?, &args.opening)?;
    preview(&grant, session);
    if args.dry_run {
        return dry_run(args, &grant, &planned, session);
    }
    session.screen.finish()?;
    let key = keys::open(session, key, &args.opening)?;
    session.files.make_dir(&args.out_dir, false)?;
    let mut stage = session.files.stage(&args.out_dir)?;
    let mut progress = session.screen.progress("licenses", planned.len());
    let mut results = Vec::with_capacity(planned.len());
    let mut taken = Vec::new();
    for block in planned.chunks(BLOCK) {
        for (row, issued) in block.iter().zip(sign(block, &grant, &key, session.now)?) {
            match place_one(args, row, &issued, &grant, &key, &mut stage, session)? {
                FileResult::Taken(error) => taken.push(error),
                FileResult::New => results.push(Row::of(row, issued.sealed.document_id(), "issued")),
                FileResult::Unchanged(id) => results.push(Row::of(row, id, "unchanged")),
            }
        }
        progress.advance(block.len());
    }
    if !taken.is_empty() {
        return refuse_all(taken, session);
    }
    stage.commit()?;
    progress.finish();
    show(args, &results, key.public(), json!({ "unmetered": true }), session);
    Ok(Outcome::Done)
}

/// Shows what each device gets.
fn preview(grant: &Grant, session: &mut Session) {
    session.screen.line(&format!("each device gets {}", grant.product));
    let rows = view::Grant::of(grant).rows(session.now).without("lock");
    rows.lines().iter().for_each(|line| session.screen.line(line));
}

/// Finds what the real run would find, without a signature: files that stay, and files in the way.
fn dry_run(args: &Batch, grant: &Grant, planned: &[PlannedRow], session: &mut Session) -> Result<Outcome> {
    if session.files.exists(&args.out_dir) && !session.files.is_dir(&args.out_dir) {
        let error = Error::new(Reason::Exists, "a file stands where the folder for the licenses belongs");
        return Err(error.at(args.out_dir.display()).into());
    }
    let (mut there, mut taken) = (0, Vec::new());
    for planned in planned {
        let row = &planned.row;
        let target = args.out_dir.join(&planned.name);
        let ask = Applicant::Mac(row.mac);
        let decision = charge::decide(grant, ask, &Features::default(), Some(&row.number), session.now)?;
        match earlier::refuse_other(&decision.license, grant, &target, session) {
            Err(_) => taken.push(in_the_way(row.line, &target)),
            Ok(()) => there += usize::from(session.files.exists(&target)),
        }
    }
    if !taken.is_empty() {
        return refuse_all(taken, session);
    }
    let count = licenses(planned.len());
    let already = if there == 1 { "1 file is".into() } else { format!("{there} files are") };
    session
        .screen
        .line(&format!("{count} in the list, {already} there already; nothing was signed or written"));
    let value = json!({
        "devices": planned.len(),
        "there": there,
        "grant": view::Grant::of(grant),
        "unmetered": true,
    });
    session.screen.json("batch-dry-run", value);
    Ok(Outcome::Done)
}

/// What became of one file.
enum FileResult {
    New,
    Unchanged(DocumentId),
    Taken(Error),
}

/// Signs a block on all processors, in order.
fn sign(
    block: &[PlannedRow],
    grant: &Grant,
    key: &PrivateKey,
    now: Time,
) -> airlatch_core::model::Result<Vec<Issued>> {
    parallel::map(block, |planned: &PlannedRow| {
        let row = &planned.row;
        desk::issue(grant, Applicant::Mac(row.mac), &Features::default(), Some(&row.number), key, now)
            .map_err(|error| error.at(Place::Line(row.line)))
    })
}

/// Stages a file that is not there yet; what is there stays when it says the same.
fn place_one(
    args: &Batch,
    planned: &PlannedRow,
    issued: &Issued,
    grant: &Grant,
    key: &PrivateKey,
    stage: &mut Stage,
    session: &Session,
) -> Result<FileResult> {
    let target = args.out_dir.join(&planned.name);
    if !session.files.exists(&target) {
        stage.add(&planned.name, issued.text().as_bytes())?;
        return Ok(FileResult::New);
    }
    if let Some(earlier) = earlier::staying(issued, grant, key.public(), &target, session) {
        return Ok(FileResult::Unchanged(earlier.document_id()));
    }
    Ok(FileResult::Taken(in_the_way(planned.row.line, &target)))
}
