//! `batch`: a license file for every device of a list; all of them or none.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::args::KeyArgs;
use crate::cli::progress::Progress;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, describe, earlier, grant, input, keys};
use crate::crypto::PrivateKey;
use crate::desk::{self, Issued, NameTemplate, Planned};
use crate::format::{self, DeviceList, limits};
use crate::model::{DocumentId, Features, Grant, Reason, Trouble};
use crate::platform::Stage;
use crate::rules::{self, Ask};

/// Issue a license file for every device of a list
///
/// The list holds `license number TAB MAC`, one device a line. Every line is checked before the first signature: all bad
/// lines are reported at once, and nothing is issued if there is any. No file appears before all are made and safe on the
/// medium. A rerun leaves what is there already and adds the rest.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch batch --key keys/acme.key --grant grant.toml macs.tsv --out-dir licenses --name '{mac}-license.cfg'
  airlatch batch --key keys/acme.key --grant grant.toml macs.tsv --out-dir licenses --dry-run")]
pub(in crate::cli) struct Batch {
    #[command(flatten)]
    key: KeyArgs,

    /// What each device gets
    #[arg(long, value_name = "FILE")]
    grant: PathBuf,

    /// The devices; `-` is stdin
    #[arg(value_name = "LIST")]
    list: PathBuf,

    /// The folder for the licenses; made if it is missing
    #[arg(long, value_name = "DIR")]
    out_dir: PathBuf,

    /// Name of each file, with {mac}, {MAC} and {number} filled in
    #[arg(long, value_name = "TEMPLATE", default_value = "{mac}-license.cfg")]
    name: String,

    /// Check everything; sign and write nothing
    #[arg(long, short = 'n')]
    dry_run: bool,
}

/// Rows signed between two steps of the progress bar; bounds the memory a batch takes.
const BLOCK: usize = 2_048;
/// Bad lines shown to a person; a program sees all.
const SHOWN_TROUBLES: usize = 20;
/// Rows of the result table shown to a person; a program sees all.
const SHOWN_ROWS: usize = 25;

pub(in crate::cli) fn run(args: &Batch, session: &mut Session) -> Result<Outcome> {
    let streams = [&args.list, &args.grant].into_iter().chain(&args.key.passphrase_file);
    input::refuse_two_streams(streams.map(PathBuf::as_path))?;
    let grant = grant::read(session, &args.grant)?;
    let names = NameTemplate::new(&args.name)?;
    let bytes = input::read(session, &args.list, limits::LIST_FILE)?;
    let place = |trouble: Trouble| trouble.at(input::name(&args.list));
    let list = match format::read_list(&bytes, &grant.mac) {
        Ok(list) => list,
        Err(troubles) => {
            if let Some(what) = grant::instead(&bytes) {
                return Err(
                    place(Trouble::new(Reason::BadList, format!("this is {what}, not a list"))).into()
                );
            }
            return refuse_all(troubles.into_iter().map(place).collect(), session);
        }
    };
    input::say_repairs(session, &args.list, &list.repairs);
    let DeviceList { rows, .. } = list;
    if let Some(row) = rows.iter().find(|row| row.quantity.is_some()) {
        let what =
            "the list says how much each device gets, but the grant fixes that: leave the quantities out";
        let trouble = Trouble::new(Reason::BadList, what).at(format!("line {}", row.line));
        return refuse_all(vec![place(trouble)], session);
    }
    let planned = match desk::plan(rows, &names) {
        Ok(planned) => planned,
        Err(troubles) => return refuse_all(troubles.into_iter().map(place).collect(), session),
    };
    grant.term.starting(session.now.start_of_day())?;
    let key = keys::load(session, &args.key)?;
    preview(&grant, session);
    if args.dry_run {
        return dry_run(args, &grant, &planned, session);
    }
    session.screen.finish()?;
    let key = key.open(session)?;
    session.files.make_dir(&args.out_dir, false)?;
    let mut stage = session.files.stage(&args.out_dir)?;
    let mut progress = Progress::new("licenses", planned.len());
    let mut results = Vec::with_capacity(planned.len());
    let mut taken = Vec::new();
    for block in planned.chunks(BLOCK) {
        for (row, issued) in block.iter().zip(sign(block, &grant, &key, session)?) {
            match place_one(args, row, &issued, &grant, &key, &mut stage, session)? {
                Placed::Taken(trouble) => taken.push(trouble),
                Placed::New => results.push(Row::of(row, issued.sealed.document_id(), "issued")),
                Placed::Unchanged(id) => results.push(Row::of(row, id, "unchanged")),
            }
        }
        progress.advance(block.len());
    }
    if !taken.is_empty() {
        return refuse_all(taken, session);
    }
    stage.commit()?;
    progress.finish();
    show(args, &results, &key, session);
    Ok(Outcome::Done)
}

/// Shows what each device gets.
fn preview(grant: &Grant, session: &mut Session) {
    session.screen.line(&format!("each device gets {}", grant.product));
    let lines = describe::grant(grant);
    lines.iter().filter(|line| !line.starts_with("  lock")).for_each(|line| session.screen.line(line));
}

/// Finds what the real run would find, without a signature: files that stay, and files in the way.
fn dry_run(args: &Batch, grant: &Grant, planned: &[Planned], session: &mut Session) -> Result<Outcome> {
    if session.files.exists(&args.out_dir) && !session.files.is_dir(&args.out_dir) {
        let trouble = Trouble::new(Reason::Exists, "a file stands where the folder for the licenses belongs");
        return Err(trouble.at(args.out_dir.display()).into());
    }
    let (mut there, mut taken) = (0, Vec::new());
    for planned in planned {
        let row = &planned.row;
        let target = args.out_dir.join(&planned.name);
        let ask = Ask::Mac(row.mac);
        let decision = rules::decide(grant, ask, &Features::default(), Some(&row.number), session.now)?;
        match earlier::refuse_other(&decision.license, grant, &target, session) {
            Err(_) => taken.push(in_the_way(row.line).at(target.display())),
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
    let value = json!({ "devices": planned.len(), "there": there, "grant": describe::grant_json(grant) });
    session.screen.json("batch-dry-run", value);
    Ok(Outcome::Done)
}

fn in_the_way(line: usize) -> Trouble {
    Trouble::new(Reason::Exists, format!("the file for line {line} is there already, with other content"))
}

/// One line of the result.
struct Row {
    mac: String,
    number: String,
    file: String,
    id: String,
    result: &'static str,
}

impl Row {
    fn of(planned: &Planned, id: DocumentId, result: &'static str) -> Self {
        Self {
            mac: planned.row.mac.to_string(),
            number: planned.row.number.clone(),
            file: planned.name.clone(),
            id: id.to_string(),
            result,
        }
    }
}

/// What became of one file.
enum Placed {
    New,
    Unchanged(DocumentId),
    Taken(Trouble),
}

/// Signs a block on all processors, in order.
fn sign(block: &[Planned], grant: &Grant, key: &PrivateKey, session: &Session) -> Result<Vec<Issued>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = block.len().div_ceil(workers).max(1);
    let now = session.now;
    let one = |planned: &Planned| {
        let row = &planned.row;
        desk::issue(grant, Ask::Mac(row.mac), &Features::default(), Some(&row.number), key, now)
            .map_err(|trouble| trouble.at(format!("line {}", row.line)))
    };
    let all = |part: &[Planned]| part.iter().map(one).collect::<crate::model::Result<Vec<Issued>>>();
    let all = &all;
    let parts: Vec<_> = std::thread::scope(|scope| {
        let start =
            |part| std::thread::Builder::new().spawn_scoped(scope, move || all(part)).map_err(|_| part);
        let started: Vec<_> = block.chunks(share).map(start).collect();
        let lost = || Err(Trouble::new(Reason::Internal, "a signing thread ended early"));
        let finish = |started: Result<std::thread::ScopedJoinHandle<'_, _>, _>| match started {
            Ok(worker) => worker.join().unwrap_or_else(|_| lost()),
            // No thread is to be had: this one does the work.
            Err(part) => all(part),
        };
        started.into_iter().map(finish).collect()
    });
    let mut issued = Vec::with_capacity(block.len());
    for part in parts {
        issued.extend(part?);
    }
    Ok(issued)
}

/// Stages a file that is not there yet; what is there stays when it says the same.
fn place_one(
    args: &Batch,
    planned: &Planned,
    issued: &Issued,
    grant: &Grant,
    key: &PrivateKey,
    stage: &mut Stage,
    session: &Session,
) -> Result<Placed> {
    let target = args.out_dir.join(&planned.name);
    if !session.files.exists(&target) {
        stage.add(&planned.name, issued.text().as_bytes())?;
        return Ok(Placed::New);
    }
    if let Some(earlier) = earlier::staying(issued, grant, key.public(), &target, session) {
        return Ok(Placed::Unchanged(earlier.document_id()));
    }
    Ok(Placed::Taken(in_the_way(planned.row.line).at(target.display())))
}

/// Reports every bad line, and that nothing was issued.
fn refuse_all(troubles: Vec<Trouble>, session: &mut Session) -> Result<Outcome> {
    let no = troubles.iter().all(|trouble| trouble.reason().answer() == crate::model::Answer::No);
    let count = troubles.len();
    let reports: Vec<Report> = troubles.into_iter().map(|trouble| Report::new(trouble, "batch")).collect();
    let shown = if session.screen.is_json() { 0 } else { SHOWN_TROUBLES };
    for report in reports.iter().take(shown) {
        report.lines().iter().for_each(|line| session.screen.talk(line));
    }
    if count > SHOWN_TROUBLES {
        session.screen.talk(&format!("and {} more; --json shows all", count - SHOWN_TROUBLES));
    }
    session.screen.talk("nothing was issued");
    let reports: Vec<Value> = reports.iter().map(Report::json).collect();
    session.screen.json("batch", json!({ "issued": 0, "reasons": reports }));
    Ok(if no { Outcome::No } else { Outcome::Unable })
}

fn licenses(count: usize) -> String {
    if count == 1 { "1 license".into() } else { format!("{count} licenses") }
}

/// The rows with a head, in columns as wide as their widest cell; all cells are ASCII.
fn table(rows: &[Row]) -> Vec<String> {
    let head = ["MAC", "number", "file", "result"];
    let cells = rows.iter().map(|row| [row.mac.as_str(), &row.number, &row.file, row.result]);
    let cells: Vec<_> = std::iter::once(head).chain(cells).collect();
    let width = |column: usize| cells.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let [mac, number, file] = [0, 1, 2].map(width);
    cells.iter().map(|[a, b, c, d]| format!("{a:mac$}  {b:number$}  {c:file$}  {d}")).collect()
}

fn show(args: &Batch, rows: &[Row], key: &PrivateKey, session: &mut Session) {
    let issued = rows.iter().filter(|row| row.result == "issued").count();
    let unchanged = rows.len() - issued;
    if rows.len() <= SHOWN_ROWS {
        table(rows).iter().for_each(|line| session.screen.line(line));
    }
    let folder = args.out_dir.display();
    session.screen.line(&format!("{} issued into {folder}, {unchanged} unchanged", licenses(issued)));
    let json_rows = || {
        let row = |row: &Row| json!({ "mac": row.mac, "number": row.number, "file": row.file, "id": row.id, "result": row.result });
        rows.iter().map(row).collect::<Vec<_>>()
    };
    if session.screen.is_json() {
        let value = json!({
            "issued": issued,
            "unchanged": unchanged,
            "key_id": key.public().key_id().to_string(),
            "folder": input::name(&args.out_dir),
            "rows": json_rows(),
        });
        session.screen.json("batch", value);
    }
}
