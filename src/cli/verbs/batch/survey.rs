//! Every line of a list planned, as if those before it were issued; little of each is kept.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

use anyhow::Result;

use crate::cli::session::Session;
use airlatch_core::format;
use airlatch_core::model::{DocumentId, Error, OrderCode};
use airlatch_desk::charge::{Applicant, Wanted};
use airlatch_desk::desk::{
    self, ActivationNotes, ActivationPlan, ActivationRequest, PlannedLicense, PlannedRow, Pools,
};
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
) -> Result<Result<Survey, Vec<Error>>> {
    let operator = desk.operator();
    let folder = session.files.exists(&args.out_dir);
    let (mut lines, mut errors, mut taken) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    let (mut pools, mut sums) = (Pools::default(), Sums::default());
    let head = reader.read(|book| {
        for row in rows {
            let codes = match numbers.get(&row.row.number) {
                Some(code) if named.is_empty() => Codes::Own(*code),
                _ => Codes::Named,
            };
            let plan = match desk::plan_activation(
                &operator,
                book,
                &requested(args, &row, codes, named),
                &mut pools,
            ) {
                Ok(plan) => plan,
                Err(error) => {
                    errors.push(at_list(args, error.at(format!("line {}", row.row.line))));
                    continue;
                }
            };
            let existing_file =
                if folder { existing_file(args, &row, &plan, session) } else { ExistingFile::Nothing };
            let written = matches!(existing_file, ExistingFile::Same);
            if let ExistingFile::Other(bytes) = existing_file {
                taken.push(other(book, row.row.line, &args.out_dir.join(&row.name), &bytes)?);
            }
            let state = match &plan {
                ActivationPlan::New(planned) => State::New(plan_digest(planned)),
                ActivationPlan::Found(found) => State::Found { id: found.sealed.document_id(), written },
            };
            sums.add(plan);
            lines.push(Line { row, codes, state });
        }
        book.head()
    })?;
    if errors.is_empty() && taken.is_empty() {
        return Ok(Ok(Survey { lines, head, sums, pools }));
    }
    Ok(Err(if errors.is_empty() { taken } else { errors }))
}

/// What a line asks for.
pub(super) fn requested<'a>(
    args: &'a Batch,
    row: &PlannedRow,
    codes: Codes,
    named: &[OrderCode],
) -> ActivationRequest<'a> {
    ActivationRequest {
        applicant: Applicant::Mac(row.row.mac),
        product: None,
        codes: match codes {
            Codes::Named => named.to_vec(),
            Codes::Own(code) => vec![code],
        },
        wanted: Wanted::PerUnit(row.row.quantity.unwrap_or(1)),
        model: args.model.as_deref(),
        may_overdraw: args.overdraft,
        other_hardware: false,
        particulars: ActivationNotes { number: Some(row.row.number.clone()), ..ActivationNotes::default() },
    }
}

/// What stands where the file of a line belongs.
enum ExistingFile {
    Nothing,
    Same,
    /// A file with other content: nothing is charged while there is one.
    Other(Vec<u8>),
}

fn existing_file(args: &Batch, row: &PlannedRow, plan: &ActivationPlan, session: &Session) -> ExistingFile {
    let target = args.out_dir.join(&row.name);
    if !session.files.exists(&target) {
        return ExistingFile::Nothing;
    }
    let bytes = session.files.read(&target, format::limits::DOCUMENT_FILE).unwrap_or_default();
    match plan {
        ActivationPlan::Found(found)
            if bytes == format::license_text(found.license.get(), &found.sealed).as_bytes() =>
        {
            ExistingFile::Same
        }
        _ => ExistingFile::Other(bytes),
    }
}

/// Reports the file with this content, which stands where the one of a line belongs.
fn other(book: &dyn Book, line: usize, target: &Path, bytes: &[u8]) -> airlatch_core::model::Result<Error> {
    let error = in_the_way(line, target);
    Ok(match format::open_one(bytes) {
        Ok((sealed, _)) if book.license(sealed.document_id())?.is_some() => {
            error.detail("it is a license that this desk issued before: ledger reprint gives it again")
        }
        _ => error,
    })
}

/// A number that tells a plan from one that says or costs something else, so that the plans themselves need not be kept.
pub(super) fn plan_digest(planned: &PlannedLicense) -> u64 {
    let mut plan_digest = PlanDigest(DefaultHasher::new());
    // Writing into a number can't fail.
    let _ = write!(plan_digest, "{:?}", (&planned.charged, &planned.license));
    plan_digest.0.finish()
}

struct PlanDigest(DefaultHasher);

impl fmt::Write for PlanDigest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}
