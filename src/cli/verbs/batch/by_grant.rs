//! `batch --grant`: licenses that are in no ledger; all files are written, or none.

use airlatch_desk::charge;
use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, existing_output, input, keys, output};
use crate::view::{self, View as _};
use airlatch_core::crypto::PrivateKey;
use airlatch_core::format::limits;
use airlatch_core::model::{DocumentId, Error, Features, Place, Reason, Time};
use airlatch_desk::catalog::Grant;
use airlatch_desk::charge::Applicant;
use airlatch_desk::desk::{self, Issued, NameTemplate, PlannedRow};
use airlatch_desk::lists::DeviceList;
use airlatch_desk::office::parallel;
use airlatch_machine::platform::{Existing, Stage};

use super::args::Batch;
use super::list::{in_list, list, models_refused, occupied_target, quantities_refused, say_understood};
use super::result::{Row, licenses, refuse_all, report};

/// Rows signed between two steps of the progress bar; limits the memory of a batch.
const BLOCK: usize = 2_048;

pub(super) fn run(
    args: &Batch,
    grant_file: &Path,
    names: &NameTemplate,
    session: &mut Session,
) -> Result<Outcome> {
    let grant = crate::cli::grant::read(session, grant_file)?;
    let bytes = input::read(session, &args.list, limits::LIST_FILE)?;
    let found = match list(args, &bytes, &mut |_| Ok(&grant.mac)) {
        Ok(list) => list,
        Err(errors) => return refuse_all(errors, session),
    };
    say_understood(args, &found, session);
    let DeviceList { rows, .. } = found;
    let quantities = quantities_refused(args, &rows, "the grant sets them");
    if let Some(error) = quantities.or_else(|| models_refused(args, &rows)) {
        return refuse_all(vec![error], session);
    }
    let planned = match desk::plan(rows, names) {
        Ok(planned) => planned,
        Err(errors) => {
            return refuse_all(errors.into_iter().map(|t| in_list(args, t)).collect(), session);
        }
    };
    grant.term.starting_on_day(session.now)?;
    let no_key = || Error::new(Reason::Usage, "--grant needs --key");
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
            match stage_file(args, row, &issued, &grant, &key, &mut stage, session)? {
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
    report(args, &results, key.public(), json!({ "unmetered": true }), session);
    Ok(Outcome::Done)
}

/// Shows what each device is licensed for.
fn preview(grant: &Grant, session: &mut Session) {
    session.screen.line(&format!("each device gets {}", grant.product));
    let rows = view::Grant::of(grant).rows(session.now).without("lock");
    rows.lines().iter().for_each(|line| session.screen.line(line));
}

/// Counts the files that the real run would leave as they are, and refuses files it would refuse; signs nothing.
fn dry_run(args: &Batch, grant: &Grant, planned: &[PlannedRow], session: &mut Session) -> Result<Outcome> {
    if session.files.exists(&args.out_dir) && !session.files.is_dir(&args.out_dir) {
        let error = Error::new(Reason::Exists, "the output folder is a file");
        return Err(error.at(args.out_dir.display()).into());
    }
    let (mut existing, mut taken) = (0, Vec::new());
    for planned in planned {
        let row = &planned.row;
        let target = args.out_dir.join(&planned.name);
        let ask = Applicant::Mac(row.mac);
        let decision = charge::decide(grant, ask, &Features::default(), Some(&row.number), session.now)?;
        match existing_output::refuse_other_content(&decision.license, grant, &target, session) {
            Err(_) if args.force => output::refuse_irreplaceable(session, &target)?,
            Err(_) => taken.push(occupied_target(row.line, &target)),
            Ok(()) => existing += usize::from(session.files.exists(&target)),
        }
    }
    if !taken.is_empty() {
        return refuse_all(taken, session);
    }
    let count = licenses(planned.len());
    let already = if existing == 1 { "1 file is".into() } else { format!("{existing} files are") };
    session
        .screen
        .line(&format!("{count} in the list, {already} written already; nothing was signed or written"));
    let value = json!({
        "devices": planned.len(),
        "there": existing,
        "grant": view::Grant::of(grant),
        "unmetered": true,
    });
    session.screen.json("batch-dry-run", value);
    Ok(Outcome::Done)
}

/// The result for one file.
enum FileResult {
    New,
    Unchanged(DocumentId),
    Taken(Error),
}

/// Signs a block on all processors; the results are in the order of the rows.
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

/// Stages a new file; an existing file is kept if it holds the same license.
fn stage_file(
    args: &Batch,
    planned: &PlannedRow,
    issued: &Issued,
    grant: &Grant,
    key: &PrivateKey,
    stage: &mut Stage,
    session: &Session,
) -> Result<FileResult> {
    let target = args.out_dir.join(&planned.name);
    let text = issued.text();
    if !session.files.exists(&target) {
        stage.add(&planned.name, text.as_bytes(), Existing::Keep)?;
        return Ok(FileResult::New);
    }
    if let Some(earlier) = existing_output::unchanged_license(issued, grant, key.public(), &target, session) {
        return Ok(FileResult::Unchanged(earlier.document_id()));
    }
    if !args.force {
        return Ok(FileResult::Taken(occupied_target(planned.row.line, &target)));
    }
    output::refuse_irreplaceable(session, &target)?;
    stage.add(&planned.name, text.as_bytes(), Existing::Replace)?;
    Ok(FileResult::New)
}
