//! Plans every line of a list as if the lines before it were issued; keeps little of each plan, for lists of a million lines.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

use crate::cli::earlier_license;
use crate::cli::output;
use crate::cli::session::Session;
use airlatch_core::format;
use airlatch_core::model::{DocumentId, Error, Features, OrderCode, Place, Reason, Result};
use airlatch_desk::charge::{Applicant, Wanted};
use airlatch_desk::desk::{
    self, ActivationNotes, ActivationPlan, ActivationRequest, ModelInput, PlannedLicense, PlannedRow, Pools,
};
use airlatch_desk::ledger::{Book, Head};
use airlatch_desk::office::DeskHome;

use super::args::Batch;
use super::cost::Totals;
use super::list::{Codes, in_list, occupied_target};

/// The codes that the license numbers of a list stand for.
pub(super) type Numbers = BTreeMap<String, OrderCode>;

/// A planned line.
pub(super) struct Line<'r> {
    pub(super) row: &'r PlannedRow,
    /// The codes it is charged to.
    pub(super) codes: Codes,
    pub(super) state: State,
    /// Whether its file exists with other content, which it replaces.
    pub(super) replaces: bool,
}

/// What the command line says about every line.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) args: &'a Batch,
    pub(super) named: &'a [OrderCode],
    pub(super) features: &'a Features,
}

/// The result of planning a line.
pub(super) enum State {
    /// It will be issued; the digest of its plan.
    New(u64),
    /// It is in the ledger; `written` if its file exists too.
    Found { id: DocumentId, written: bool },
}

/// The plan of a list.
pub(super) struct ListPlan<'r> {
    pub(super) lines: Vec<Line<'r>>,
    /// The last entry of the ledger when the lines were planned.
    pub(super) head: Head,
    pub(super) totals: Totals,
    /// How many files with older licenses of the same devices are replaced.
    pub(super) older_files: usize,
    /// The pools of the codes after the batch.
    pub(super) pools: Pools,
}

/// Plans every line as if the lines before it were issued.
///
/// # Errors
/// Those of the ledger; inside, one for every line that is refused, else one for every line whose file exists with other content.
pub(super) fn plan_list<'r>(
    request: Request<'_>,
    desk: &DeskHome,
    book: &dyn Book,
    rows: &'r [PlannedRow],
    numbers: &Numbers,
    session: &Session,
) -> Planned<'r> {
    let Request { args, named, .. } = request;
    let operator = desk.operator();
    let folder = session.files.exists(&args.out_dir);
    let (mut lines, mut errors, mut taken) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    let (mut pools, mut totals, mut older_files) = (Pools::default(), Totals::default(), 0);
    for row in rows {
        let codes = match numbers.get(&row.row.number) {
            Some(code) if named.is_empty() => Codes::Own(*code),
            _ => Codes::Named,
        };
        let plan = match desk::plan_activation(&operator, book, &request.of(row, codes), &mut pools) {
            Ok(plan) => plan,
            Err(error) => {
                errors.push(in_list(args, error.at(Place::Line(row.row.line))));
                continue;
            }
        };
        let existing_file =
            if folder { existing_file(args, row, &plan, session) } else { ExistingFile::Nothing };
        let written = matches!(existing_file, ExistingFile::Same);
        let mut replaces = false;
        if let ExistingFile::Other(bytes) = existing_file {
            let target = args.out_dir.join(&row.name);
            let is_older = earlier_license::in_file(book, &bytes, &plan)?.is_some();
            replaces = is_older || args.force;
            older_files += usize::from(is_older);
            if !replaces {
                taken.push(occupied_by(book, row.row.line, &target, &bytes)?);
            } else if let Err(error) = output::refuse_irreplaceable(session, &target) {
                taken.push(error.at(Place::Line(row.row.line)));
            }
        }
        let state = match &plan {
            ActivationPlan::New(planned) => State::New(plan_digest(planned)),
            ActivationPlan::Found(found) => State::Found { id: found.sealed.document_id(), written },
        };
        totals.add(plan, codes);
        lines.push(Line { row, codes, state, replaces });
    }
    let head = book.head()?;
    let (good, short) = (lines.len(), errors.len());
    if good + short > 1 && errors.iter().all(|error: &Error| error.reason() == Reason::ShortPool) {
        let in_all = format!("of {} lines, {good} can be charged, {short} can't", good + short);
        errors = errors.into_iter().map(|error| error.detail(in_all.clone())).collect();
    }
    if errors.is_empty() && taken.is_empty() {
        return Ok(Ok(ListPlan { lines, head, totals, older_files, pools }));
    }
    let is_taken = errors.is_empty();
    Ok(Err(Unplanned { errors: if is_taken { taken } else { errors }, taken_at: is_taken.then_some(head) }))
}

/// A plan, or why there is none; outside, an error of the ledger.
pub(super) type Planned<'r> = Result<std::result::Result<ListPlan<'r>, Unplanned>>;

/// Why a list can't be issued.
pub(super) struct Unplanned {
    pub(super) errors: Vec<Error>,
    /// The head of the ledger that was read, if the only errors are files that exist with other content. If the ledger went on
    /// since, another batch may just have booked and written them.
    pub(super) taken_at: Option<Head>,
}

impl<'a> Request<'a> {
    /// The activation request of a line.
    pub(super) fn of<'r>(&self, row: &'r PlannedRow, codes: Codes) -> ActivationRequest<'r>
    where
        'a: 'r,
    {
        let args = self.args;
        ActivationRequest {
            applicant: Applicant::Mac(row.row.mac),
            product: None,
            codes: match codes {
                Codes::Named => self.named.to_vec(),
                Codes::Own(code) => vec![code],
            },
            wanted: args.wanted.or(self.features, Wanted::PerUnit(row.row.quantity.unwrap_or(1))),
            model: ModelInput {
                named: row.row.model.as_deref(),
                otherwise: args.model.as_deref(),
                corrects: args.correct_model,
            },
            may_overdraw: args.overdraft,
            other_hardware: false,
            clock_ahead: false,
            weak_lock: false,
            notes: ActivationNotes { number: Some(row.row.number.clone()), ..ActivationNotes::default() },
        }
    }
}

/// The file that exists under the name of a line's license.
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

/// The error for a file with this content under the name of a line's license.
fn occupied_by(book: &dyn Book, line: usize, target: &Path, bytes: &[u8]) -> Result<Error> {
    let error = occupied_target(line, target);
    Ok(match format::open_one(bytes) {
        Ok((sealed, _)) if book.license(sealed.document_id())?.is_some() => error.detail(
            "it is a license that this desk issued before; reprint it with `airlatch ledger reprint`",
        ),
        _ => error,
    })
}

/// A digest of the license and charge of a plan, to notice a changed plan without keeping it.
pub(super) fn plan_digest(planned: &PlannedLicense) -> u64 {
    let mut digest = PlanDigest(DefaultHasher::new());
    // Writing into a hasher can't fail.
    let _ = write!(digest, "{:?}", (&planned.charged, &planned.license));
    digest.0.finish()
}

struct PlanDigest(DefaultHasher);

impl fmt::Write for PlanDigest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}
