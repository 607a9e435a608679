//! Prints the result of a batch: a row for each device, or every bad line.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use airlatch_core::crypto::PublicKey;
use airlatch_core::model::{DocumentId, Error, ExitStatus, Place, Reason};
use airlatch_desk::desk::PlannedRow;

use super::args::Batch;

/// Errors shown as text; JSON has all.
const SHOWN_ERRORS: usize = 20;
/// Line numbers shown for one error in many lines.
const SHOWN_LINES: usize = 12;
/// Rows of the result table shown as text; JSON has all.
const SHOWN_ROWS: usize = 25;

/// One row of the result.
pub(super) struct Row<'a> {
    planned: &'a PlannedRow,
    id: DocumentId,
    result: &'static str,
}

impl<'a> Row<'a> {
    pub(super) fn of(planned: &'a PlannedRow, id: DocumentId, result: &'static str) -> Self {
        Self { planned, id, result }
    }

    fn json(&self) -> Value {
        json!({
            "mac": self.planned.row.mac.to_string(),
            "number": self.planned.row.number,
            "file": self.planned.name,
            "id": self.id.to_string(),
            "result": self.result,
        })
    }
}

/// Prints every bad line, and that nothing was issued.
pub(super) fn refuse_all(errors: Vec<Error>, session: &mut Session) -> Result<Outcome> {
    let no = errors.iter().all(|error| error.reason().exit_status() == ExitStatus::No);
    let reports: Vec<Report> =
        errors.into_iter().map(|error| Report::new(error, "batch", &session.known)).collect();
    if !session.screen.is_json() {
        let groups = group_identical(&reports);
        for group in groups.iter().take(SHOWN_ERRORS) {
            group.lines().iter().for_each(|line| session.screen.talk(line));
        }
        let more: usize = groups.iter().skip(SHOWN_ERRORS).map(|group| group.0.len()).sum();
        if more > 0 {
            session.screen.talk(&format!("and {more} more; --json shows all"));
        }
    }
    session.screen.talk("nothing was issued");
    let reports: Vec<Value> = reports.iter().map(Report::json).collect();
    session.screen.json("batch", json!({ "issued": 0, "reasons": reports }));
    Ok(if no { Outcome::No } else { Outcome::Unable })
}

/// Reports that differ only in their line.
struct Group<'a>(Vec<&'a Report>);

impl Group<'_> {
    /// The first report, and the line numbers of the others.
    fn lines(&self) -> Vec<String> {
        let Some((first, others)) = self.0.split_first() else { return Vec::new() };
        let mut lines = first.lines();
        if !others.is_empty() {
            let places: Vec<String> =
                others.iter().filter_map(|other| Some(other.error().line()?.to_string())).collect();
            let shown = places.iter().take(SHOWN_LINES).cloned().collect::<Vec<_>>().join(", ");
            let more = places.len().saturating_sub(SHOWN_LINES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let what = if places.len() == 1 { "line" } else { "lines" };
            let at = lines.len().saturating_sub(1);
            lines.insert(at, format!("      the same in {what} {shown}{more}"));
        }
        lines
    }
}

/// Groups reports of the same error, in the order of the first of each.
fn group_identical(reports: &[Report]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known = BTreeMap::new();
    for report in reports {
        let error = report.error();
        if error.line().is_none() {
            groups.push(Group(vec![report]));
            continue;
        }
        // The file name differs from device to device.
        let is_file = error.reason() == Reason::Exists;
        let differs =
            |place: &&Place| is_file || matches!(place, Place::Line(_) | Place::Column(_) | Place::Unit(_));
        let places: Vec<&Place> = error.places().iter().filter(|place| !differs(place)).collect();
        let at = *known.entry((error.message(), error.details(), places)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.0.push(report),
            None => groups.push(Group(vec![report])),
        }
    }
    groups
}

pub(super) fn licenses(count: usize) -> String {
    if count == 1 { "1 license".into() } else { format!("{count} licenses") }
}

/// The rows with a header, in columns as wide as their widest cell; all cells are ASCII.
fn table(rows: &[Row<'_>]) -> Vec<String> {
    let head = ["MAC", "number", "file", "result"];
    let macs: Vec<String> = rows.iter().map(|row| row.planned.row.spelled_mac()).collect();
    let cells = rows.iter().zip(&macs).map(|(row, mac)| {
        [mac.as_str(), row.planned.row.number.as_str(), row.planned.name.as_str(), row.result]
    });
    let cells: Vec<_> = std::iter::once(head).chain(cells).collect();
    let width = |column: usize| cells.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let [mac, number, file] = [0, 1, 2].map(width);
    cells.iter().map(|[a, b, c, d]| format!("{a:mac$}  {b:number$}  {c:file$}  {d}")).collect()
}

/// Prints the result; `more` is added to the JSON object.
pub(super) fn report(args: &Batch, rows: &[Row<'_>], signer: PublicKey, more: Value, session: &mut Session) {
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
    let mut value = json!({
        "issued": issued,
        "unchanged": unchanged,
        "key_id": signer.key_id().to_string(),
        "folder": input::name(&args.out_dir),
        "rows": rows.iter().map(Row::json).collect::<Vec<_>>(),
    });
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    session.screen.json("batch", value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::hint::Known;
    use airlatch_core::model::{Mac, Unit};

    #[test]
    fn an_error_in_many_lines_is_printed_once() {
        let error = |what: &str, line: usize, place: Place, code: &str| {
            let error = Error::new(Reason::ShortPool, what).at(code).at(place).at(Place::Line(line));
            Report::new(error.at("list"), "batch", &Known::default())
        };
        let device = |number: u8| Unit::Device(Mac([0, 4, 0xf2, 0, 0, number])).into();
        let reports = [
            error("none left", 1, device(1), "A"),
            error("none left", 2, device(2), "A"),
            error("none left", 3, device(3), "B"),
            error("less left", 4, device(4), "A"),
            error("none left", 5, Place::Column(7), "A"),
        ];
        let groups = group_identical(&reports);
        assert_eq!(groups.iter().map(|group| group.0.len()).collect::<Vec<_>>(), [3, 1, 1]);
        let lines = groups[0].lines();
        assert_eq!(lines[lines.len() - 2], "      the same in lines 2, 5");
        assert!(!groups[1].lines().join("").contains("the same"));
        let many: Vec<Report> = (0..40).map(|line| error("x", line, Place::Column(1), "A")).collect();
        assert!(
            group_identical(&many)[0]
                .lines()
                .join("\n")
                .contains("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 27 more")
        );
    }
}
