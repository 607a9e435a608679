//! `ledger audit`: checks the whole ledger, and compares license files from the field with it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::args::DeskArgs;
use crate::cli::desk_home;
use crate::cli::hint::quoted;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use airlatch_core::format::{self, Repair, limits};
use airlatch_core::model::{Error, Kind, Reason};
use airlatch_desk::desk::{self, Ahead, CheckAll, ClockState, FieldStatus};
use airlatch_desk::office::DeskHome;
use airlatch_desk::office::parallel;

use crate::cli::count;
use crate::view::when;

/// Audit the ledger: hash chain, balances, witness, and the signature of every license
///
/// Entries in the future are named: with a reason, --clock-override books after them. What no audit can find is in
/// airlatch-format(5), under LEDGER.
///
/// --against compares license files with the hash chain: a license that is not in it, or was issued after its last entry,
/// proves that the ledger was forked or replaced by an older copy.
#[derive(Args)]
#[command(mut_arg("actor", |actor| actor.hide(true)))]
#[command(after_help = "Examples:
  airlatch ledger audit
  airlatch ledger audit --against returned-sticks/")]
pub(in crate::cli) struct Audit {
    /// Folder of license files from the field
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,

    #[command(flatten)]
    desk: DeskArgs,
}

/// Most files that are read from one folder.
const MOST_FILES: usize = 1_000_000;

pub(super) fn run(args: &Audit, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let mut errors = Vec::new();
    // The field first: an older copy of the ledger is refused by its witness, and the license files prove more than that.
    let field = args.against.as_deref().map(|folder| field(folder, &desk, session)).transpose()?;
    if let Some(field) = &field {
        errors.extend(field.proofs.iter().cloned());
    }
    let operator = desk.operator();
    let nothing: CheckAll<'_> = &|_, _| Ok(Vec::new());
    let check_all = if desk.keys_hidden().is_some() { nothing } else { &parallel::check_all };
    let (audit, clock) = desk.reader_without_witness()?.read(|book| {
        let mut progress =
            session.screen.progress("entries", usize::try_from(book.head()?.number).unwrap_or(usize::MAX));
        let audit = desk::audit(&operator, book, check_all, &mut |steps| progress.advance(steps));
        progress.finish();
        Ok((audit?, desk::clock_state(&operator, book)))
    })?;
    errors.extend(audit.errors);
    if let Some(ahead) = &audit.ahead {
        errors.extend(in_future(ahead, clock.ok(), session));
    }
    errors.extend(desk.reader().err());
    let reports: Vec<Report> =
        errors.into_iter().map(|error| Report::new(error, "ledger", &session.known)).collect();
    if !session.screen.is_json() {
        let lines: Vec<String> = reports.iter().flat_map(Report::lines).collect();
        lines.iter().for_each(|line| session.screen.talk(line));
    }
    say_limits(&desk, session);
    if let Some(field) = &field {
        session.screen.line(&format!(
            "{} in the folder: {} in the ledger, {} missing from it, {} unmetered, {} of other ledgers, {} unreadable",
            count::licenses(field.files as u64),
            field.booked,
            field.proofs.len(),
            field.unmetered,
            field.others,
            field.unreadable
        ));
    }
    let verdict = match reports.len() {
        0 => "no faults".to_owned(),
        1 => "1 fault".to_owned(),
        count => format!("{count} faults"),
    };
    session.screen.line(&format!(
        "{}, {}: {verdict}",
        count::entries(audit.entries),
        count::licenses(audit.licenses)
    ));
    let faults: Vec<Value> = reports.iter().map(Report::json).collect();
    let value = json!({ "entries": audit.entries, "licenses": audit.licenses, "faults": faults, "ahead": audit.ahead.as_ref().map(ahead_json), "field": field.map(|field| field.json()) });
    session.screen.json("audit", value);
    Ok(if reports.is_empty() { Outcome::Done } else { Outcome::No })
}

/// Says what this user could not check, and what every other user could change.
fn say_limits(desk: &DeskHome, session: &mut Session) {
    if let Some(hidden) = desk.keys_hidden() {
        session
            .screen
            .talk(&format!("note: no signature was checked, since the keys can't be read: {hidden}"));
    }
    let open = desk.open_to_others();
    if !open.is_empty() {
        let names = open.iter().map(|path| path.display().to_string());
        let names = names.map(|name| quoted(&name).unwrap_or(name)).collect::<Vec<_>>().join(" ");
        session
            .screen
            .talk(&format!("note: every user of this machine can change the desk: chmod o-w {names}"));
    }
}

/// Entries in the future: a fault while nothing can be booked after them, else a note.
fn in_future(ahead: &Ahead, clock: Option<ClockState>, session: &mut Session) -> Option<Error> {
    let message = match ahead.count {
        1 => format!("entry {} is dated in the future", ahead.first),
        count => format!("{count} entries are dated in the future, {} to {}", ahead.first, ahead.last),
    };
    if !matches!(clock, Some(ClockState::Behind(_))) {
        let last = when::at(ahead.time, session.now);
        session.screen.talk(&format!("note: {message}: {last}"));
        return None;
    }
    Some(
        Error::new(Reason::ClockRollback, message)
            .detail(format!("this desk   {}", session.now))
            .detail(format!("last entry  {}", ahead.time)),
    )
}

fn ahead_json(ahead: &Ahead) -> Value {
    json!({
        "entries": ahead.count,
        "first": ahead.first,
        "last": ahead.last,
        "time": ahead.time.to_string(),
    })
}

/// Counts of the license files in a folder.
#[derive(Default)]
struct FolderCounts {
    files: usize,
    booked: usize,
    given_back: usize,
    to_replace: usize,
    unmetered: usize,
    others: usize,
    unreadable: usize,
    proofs: Vec<Error>,
    repaired: Vec<(PathBuf, Vec<Repair>)>,
}

impl FolderCounts {
    fn json(&self) -> Value {
        json!({
            "files": self.files,
            "booked": self.booked,
            "given_back": self.given_back,
            "to_replace": self.to_replace,
            "missing": self.proofs.len(),
            "unmetered": self.unmetered,
            "other_ledgers": self.others,
            "unreadable": self.unreadable,
        })
    }
}

fn field(folder: &Path, desk: &DeskHome, session: &mut Session) -> Result<FolderCounts> {
    desk.refuse_hidden_keys()?;
    if !session.files.is_dir(folder) {
        return Err(Error::new(Reason::NotFound, "there is no such folder").at(folder.display()).into());
    }
    let mut names = session.files.list(folder, MOST_FILES)?;
    names.sort();
    let (field, notes) = desk.reader_without_witness()?.read(|book| {
        let (mut field, mut notes) = (FolderCounts::default(), Vec::new());
        for path in names.iter().map(|name| folder.join(name)) {
            let Ok(bytes) = session.files.read(&path, limits::DOCUMENT_FILE) else { continue };
            // Files that are no licenses are skipped.
            let Ok((sealed, repairs)) = format::open_one(&bytes) else { continue };
            if sealed.kind() != Kind::License {
                continue;
            }
            field.repaired.push((path.clone(), repairs));
            field.files += 1;
            match format::read_license(&sealed, desk.trusted()) {
                Ok(license) => count(&mut field, desk::field_status(book, &license)?, &path, &mut notes),
                Err(error) => {
                    field.unreadable += 1;
                    notes.push(format!("note: {}: {error}", input::name(&path)));
                }
            }
        }
        Ok((field, notes))
    })?;
    field.repaired.iter().for_each(|(path, repairs)| input::say_repairs(session, path, repairs));
    notes.iter().for_each(|note| session.screen.talk(note));
    Ok(field)
}

fn count(field: &mut FolderCounts, standing: FieldStatus, path: &Path, notes: &mut Vec<String>) {
    match standing {
        FieldStatus::Booked => field.booked += 1,
        FieldStatus::Released(entry, time) => {
            field.booked += 1;
            field.given_back += 1;
            notes.push(format!("note: {}: released at {time}, entry {entry}", input::name(path)));
        }
        FieldStatus::Reversed(entry, time) => {
            field.booked += 1;
            field.to_replace += 1;
            notes.push(format!(
                "note: {}: to be replaced, reversed at {time}, entry {entry}",
                input::name(path)
            ));
        }
        FieldStatus::Unmetered => field.unmetered += 1,
        FieldStatus::OtherLedger => field.others += 1,
        FieldStatus::Proof(error) => field.proofs.push(error.at(path.display())),
    }
}
