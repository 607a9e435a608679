//! Every line of a list planned, as if those before it were issued; little of each is kept.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

use anyhow::Result;

use crate::cli::session::Session;
use airlatch_core::format;
use airlatch_core::model::{DocumentId, OrderCode, Trouble};
use airlatch_desk::charge::{Ask, Wanted};
use airlatch_desk::desk::{self, Particulars, Plan, Planned, PlannedRow, Pools, Wish};
use airlatch_desk::ledger::{Book, Head};
use airlatch_desk::office::{DeskHome, LedgerReader};

use super::args::Batch;
use super::cost::Sums;
use super::list::{at_list, in_the_way};

/// The codes that the numbers of a list mean.
pub(super) type Numbers = BTreeMap<String, OrderCode>;

/// A line, and what came of planning it: little, for there may be a million.
pub(super) struct Line {
    pub(super) row: PlannedRow,
    /// The codes it is charged to.
    pub(super) codes: Codes,
    pub(super) state: State,
}

/// The codes of a line.
#[derive(Clone, Copy)]
pub(super) enum Codes {
    /// Those that were named for all lines.
    Named,
    /// The one its number means.
    Own(OrderCode),
}

/// What came of planning a line.
pub(super) enum State {
    /// It will be issued; two plans with the same print say the same.
    New(u64),
    /// It is in the ledger, and in the folder too if it is `written`.
    Found { id: DocumentId, written: bool },
}

/// All lines, planned.
pub(super) struct Survey {
    pub(super) lines: Vec<Line>,
    /// Where the ledger stood then.
    pub(super) head: Head,
    pub(super) sums: Sums,
    /// The codes as they will stand.
    pub(super) pools: Pools,
}

/// Plans every line as if those before it were issued; every line that can't be is reported, else every line whose file
/// has another one in its place.
pub(super) fn survey(
    args: &Batch,
    desk: &DeskHome,
    reader: &LedgerReader<'_>,
    rows: Vec<PlannedRow>,
    named: &[OrderCode],
    numbers: &Numbers,
    session: &Session,
) -> Result<Result<Survey, Vec<Trouble>>> {
    let clerk = desk.clerk();
    let folder = session.files.exists(&args.out_dir);
    let (mut lines, mut troubles, mut taken) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    let (mut pools, mut sums) = (Pools::default(), Sums::default());
    let head = reader.look(|book| {
        for row in rows {
            let codes = match numbers.get(&row.row.number) {
                Some(code) if named.is_empty() => Codes::Own(*code),
                _ => Codes::Named,
            };
            let plan = match desk::plan_wish(&clerk, book, &wish(args, &row, codes, named), &mut pools) {
                Ok(plan) => plan,
                Err(trouble) => {
                    troubles.push(at_list(args, trouble.at(format!("line {}", row.row.line))));
                    continue;
                }
            };
            let standing = if folder { standing(args, &row, &plan, session) } else { Standing::Nothing };
            let written = matches!(standing, Standing::Same);
            if let Standing::Other(bytes) = standing {
                taken.push(other(book, row.row.line, &args.out_dir.join(&row.name), &bytes)?);
            }
            let state = match &plan {
                Plan::New(planned) => State::New(print(planned)),
                Plan::Found(found) => State::Found { id: found.sealed.document_id(), written },
            };
            sums.add(plan);
            lines.push(Line { row, codes, state });
        }
        book.head()
    })?;
    if troubles.is_empty() && taken.is_empty() {
        return Ok(Ok(Survey { lines, head, sums, pools }));
    }
    Ok(Err(if troubles.is_empty() { taken } else { troubles }))
}

/// What a line asks for.
pub(super) fn wish<'a>(args: &'a Batch, row: &PlannedRow, codes: Codes, named: &[OrderCode]) -> Wish<'a> {
    Wish {
        ask: Ask::Mac(row.row.mac),
        product: None,
        codes: match codes {
            Codes::Named => named.to_vec(),
            Codes::Own(code) => vec![code],
        },
        wanted: Wanted::Each(row.row.quantity.unwrap_or(1)),
        model: args.model.as_deref(),
        may_overdraw: args.overdraft,
        other_hardware: false,
        particulars: Particulars { number: Some(row.row.number.clone()), ..Particulars::default() },
    }
}

/// What stands where the file of a line belongs.
enum Standing {
    Nothing,
    Same,
    /// A file with other content: nothing is charged while there is one.
    Other(Vec<u8>),
}

fn standing(args: &Batch, row: &PlannedRow, plan: &Plan, session: &Session) -> Standing {
    let target = args.out_dir.join(&row.name);
    if !session.files.exists(&target) {
        return Standing::Nothing;
    }
    let bytes = session.files.read(&target, format::limits::DOCUMENT_FILE).unwrap_or_default();
    match plan {
        Plan::Found(found)
            if bytes == format::license_text(found.license.get(), &found.sealed).as_bytes() =>
        {
            Standing::Same
        }
        _ => Standing::Other(bytes),
    }
}

/// Reports the file with this content, which stands where the one of a line belongs.
fn other(book: &dyn Book, line: usize, target: &Path, bytes: &[u8]) -> airlatch_core::model::Result<Trouble> {
    let trouble = in_the_way(line, target);
    Ok(match format::open_one(bytes) {
        Ok((sealed, _)) if book.license(sealed.document_id())?.is_some() => {
            trouble.detail("it is a license that this desk issued before: ledger reprint gives it again")
        }
        _ => trouble,
    })
}

/// A number that tells a plan from one that says or costs something else, so that the plans themselves need not be kept.
pub(super) fn print(planned: &Planned) -> u64 {
    let mut print = Print(DefaultHasher::new());
    // Writing into a number can't fail.
    let _ = write!(print, "{:?}", (&planned.takes, &planned.license));
    print.0.finish()
}

struct Print(DefaultHasher);

impl fmt::Write for Print {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}
