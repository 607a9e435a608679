//! Charges a batch in groups: while one group is booked, the next is signed and the one before is written.

use anyhow::Result;

use crate::cli::desk_home;
use crate::cli::session::Session;
use airlatch_core::crypto::PrivateKey;
use airlatch_core::format;
use airlatch_core::model::{Error, Place, Reason};
use airlatch_desk::desk::{self, Activated, ActivationPlan, Operator, Pools};
use airlatch_desk::ledger::{Book, Head};
use airlatch_desk::office::parallel;
use airlatch_desk::office::{DeskHome, LedgerWriter};
use airlatch_machine::platform::{Existing, Stage};

use super::list_plan::{Line, ListPlan, Request, State, plan_digest};
use super::result::Row;

/// Lines charged in one transaction: enough that syncing the disk costs little beside signing, few enough that another
/// process does not wait long for the lock.
const GROUP: usize = 1_000;

/// Lines with their plans; `None` for a license file that is written already.
type Group<'a> = Vec<(&'a Line<'a>, Option<ActivationPlan>)>;

/// A line with its license if it was signed now (`new`), and the text of its file if that has to be written.
struct SignedLine<'a> {
    line: &'a Line<'a>,
    new: Option<Activated>,
    text: Option<String>,
}

/// The folder and the ledger, held until the batch is written.
pub(super) struct Held<'d> {
    stage: Stage,
    open: LedgerWriter<'d>,
}

/// Takes hold of the folder for the files, and of the ledger.
pub(super) fn hold<'d>(request: Request<'_>, desk: &'d DeskHome, session: &Session) -> Result<Held<'d>> {
    // The ledger first: where it can't be written, no folder is made.
    let open = desk_home::writer(desk, "batch")?;
    let folder = &request.args.out_dir;
    session.files.make_dir(folder, false)?;
    Ok(Held { stage: session.files.stage(folder)?, open })
}

impl Held<'_> {
    /// Reads the ledger, which nobody else changes now.
    pub(super) fn read<T>(
        &mut self,
        work: impl FnOnce(&dyn Book) -> airlatch_core::model::Result<T>,
    ) -> Result<T> {
        Ok(self.open.transact(|book| work(book))?)
    }
}

/// Charges, signs and stores the groups; then all files get their names at once. While a group is booked, the group before
/// it is written to unnamed files, and the next one is signed.
pub(super) fn charge<'a>(
    request: Request<'_>,
    desk: &DeskHome,
    plan: &'a ListPlan<'a>,
    held: Held<'_>,
    key: &PrivateKey,
    session: &mut Session,
) -> Result<Vec<Row<'a>>> {
    let Held { mut stage, mut open } = held;
    let operator = desk.operator();
    let mut progress = session.screen.progress("licenses", plan.lines.len());
    let mut rows = Vec::with_capacity(plan.lines.len());
    let mut groups = plan.lines.chunks(GROUP);
    let mut planner = Planner { request, operator: &operator, pools: Pools::default(), changed: false };
    let (ledger, mut head, mut group, mut next) = open.transact(|book| {
        let head = book.head()?;
        planner.changed = head != plan.head;
        let group = planner.plan(book, groups.next())?;
        Ok((book.id()?, head, group, planner.plan(book, groups.next())?))
    })?;
    let mut signed = sign(&operator, &group, ledger, &head, key)?;
    let mut charged = Vec::new();
    while !group.is_empty() {
        let (posted, ahead) = parallel::both(
            || {
                open.transact_one_of_many(|book| {
                    planner.post(book, &group, &signed, &head, key)?;
                    Ok((book.head()?, planner.plan(book, groups.next())?))
                })
            },
            || {
                stage_group(&charged, &mut stage, &mut rows)?;
                sign(&operator, &next, ledger, &head, key)
            },
        )?;
        progress.advance(group.len());
        let (new_head, later) = posted?;
        charged = std::mem::replace(&mut signed, ahead?);
        group = std::mem::replace(&mut next, later);
        head = new_head;
    }
    stage_group(&charged, &mut stage, &mut rows)?;
    desk_home::close(session, open);
    stage.commit()?;
    progress.finish();
    Ok(rows)
}

/// Plans each group again before it is charged, so that the plans of a million lines need not be kept in memory.
struct Planner<'a> {
    request: Request<'a>,
    operator: &'a Operator<'a>,
    pools: Pools,
    /// Another process booked since the lines were planned: then a line whose plan differs now is refused.
    changed: bool,
}

impl Planner<'_> {
    fn plan<'l>(
        &mut self,
        book: &dyn Book,
        group: Option<&'l [Line<'l>]>,
    ) -> airlatch_core::model::Result<Group<'l>> {
        group.unwrap_or_default().iter().map(|line| Ok((line, self.plan_one(book, line)?))).collect()
    }

    fn plan_one(
        &mut self,
        book: &dyn Book,
        line: &Line<'_>,
    ) -> airlatch_core::model::Result<Option<ActivationPlan>> {
        if let State::Found { written: true, .. } = line.state {
            return Ok(None);
        }
        let requested = self.request.of(line.row, line.codes);
        let plan = desk::plan_activation(self.operator, book, &requested, &mut self.pools)?;
        let same = match (&plan, &line.state) {
            (ActivationPlan::New(planned), State::New(then)) => {
                !self.changed || plan_digest(planned) == *then
            }
            (ActivationPlan::Found(found), State::Found { id, .. }) => found.sealed.document_id() == *id,
            _ => false,
        };
        if same {
            return Ok(Some(plan));
        }
        let what =
            "the ledger changed since this line was checked: run the batch again, it continues from here";
        Err(Error::new(Reason::ChangedMeanwhile, what).at(Place::Line(line.row.row.line)))
    }

    /// Books a group; the ledger must still end with `head`.
    fn post(
        &self,
        book: &mut dyn Book,
        group: &Group<'_>,
        signed: &[SignedLine<'_>],
        head: &Head,
        key: &PrivateKey,
    ) -> airlatch_core::model::Result<()> {
        if book.head()? != *head {
            let what = "another program wrote into the ledger despite its lock";
            return Err(Error::new(Reason::ChangedMeanwhile, what));
        }
        for ((line, plan), made) in group.iter().zip(signed) {
            if let (Some(ActivationPlan::New(planned)), Some(new)) = (plan, &made.new) {
                let requested = self.request.of(line.row, line.codes);
                new.post(self.operator, book, planned, &requested.codes, &requested.notes, key)?;
            }
        }
        Ok(())
    }
}

/// Signs a group; `head` is the last entry of the ledger, or that of one group ago.
fn sign<'a>(
    operator: &Operator<'_>,
    group: &Group<'a>,
    ledger: [u8; 16],
    head: &Head,
    key: &PrivateKey,
) -> airlatch_core::model::Result<Vec<SignedLine<'a>>> {
    parallel::map(group, |(line, plan)| {
        Ok(match plan {
            None => SignedLine { line, new: None, text: None },
            Some(ActivationPlan::Found(found)) => SignedLine {
                line,
                new: None,
                text: Some(format::license_text(found.license.get(), &found.sealed)),
            },
            Some(ActivationPlan::New(planned)) => {
                let new = Activated::sign(operator, planned, ledger, head, key)?;
                SignedLine {
                    line,
                    text: Some(format::license_text(&new.license, &new.sealed)),
                    new: Some(new),
                }
            }
        })
    })
}

/// Stages the files of a group that is booked.
fn stage_group<'a>(
    charged: &[SignedLine<'a>],
    stage: &mut Stage,
    rows: &mut Vec<Row<'a>>,
) -> airlatch_core::model::Result<()> {
    for SignedLine { line, new, text } in charged {
        let (id, result) = match (new, &line.state) {
            (Some(new), _) => (new.sealed.document_id(), "issued"),
            (None, State::Found { id, .. }) => (*id, "unchanged"),
            (None, State::New(_)) => {
                return Err(Error::new(Reason::Internal, "a license was not signed"));
            }
        };
        if let Some(text) = text {
            let existing = if line.replaces { Existing::Replace } else { Existing::Keep };
            stage.add(&line.row.name, text.as_bytes(), existing)?;
        }
        rows.push(Row::of(line.row, id, result));
    }
    Ok(())
}
