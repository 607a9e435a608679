//! What came of a batch: a row for each device, or every bad line.

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use crate::crypto::PublicKey;
use crate::desk::PlannedRow;
use crate::model::{Answer, DocumentId, Trouble};

use super::Batch;

/// Bad lines shown to a person; a program sees all.
const SHOWN_TROUBLES: usize = 20;
/// Rows of the result table shown to a person; a program sees all.
const SHOWN_ROWS: usize = 25;

/// One line of the result.
pub(super) struct Row {
    mac: String,
    number: String,
    file: String,
    id: String,
    result: &'static str,
}

impl Row {
    pub(super) fn of(planned: &PlannedRow, id: DocumentId, result: &'static str) -> Self {
        Self {
            mac: planned.row.mac.to_string(),
            number: planned.row.number.clone(),
            file: planned.name.clone(),
            id: id.to_string(),
            result,
        }
    }
}

/// Reports every bad line, and that nothing was issued.
pub(super) fn refuse_all(troubles: Vec<Trouble>, session: &mut Session) -> Result<Outcome> {
    let no = troubles.iter().all(|trouble| trouble.reason().answer() == Answer::No);
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

pub(super) fn licenses(count: usize) -> String {
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

/// Shows what became of every line; `more` goes into the object for programs.
pub(super) fn show(args: &Batch, rows: &[Row], signer: PublicKey, more: Value, session: &mut Session) {
    let issued = rows.iter().filter(|row| row.result == "issued").count();
    let unchanged = rows.len() - issued;
    if rows.len() <= SHOWN_ROWS {
        table(rows).iter().for_each(|line| session.screen.line(line));
    }
    let folder = args.out_dir.display();
    session.screen.line(&format!("{} issued into {folder}, {unchanged} unchanged", licenses(issued)));
    if !session.screen.is_json() {
        return;
    }
    let row = |row: &Row| json!({ "mac": row.mac, "number": row.number, "file": row.file, "id": row.id, "result": row.result });
    let mut value = json!({
        "issued": issued,
        "unchanged": unchanged,
        "key_id": signer.key_id().to_string(),
        "folder": input::name(&args.out_dir),
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
    });
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    session.screen.json("batch", value);
}
