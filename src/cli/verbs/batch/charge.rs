//! Charging a batch: group by group into the ledger, while the licenses of other groups are signed and written.

use anyhow::Result;

use crate::cli::desk_home;
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use airlatch_core::crypto::PrivateKey;
use airlatch_core::format;
use airlatch_core::model::{Error, OrderCode, Reason};
use airlatch_desk::desk::{self, Activated, ActivationPlan, Operator, Pools};
use airlatch_desk::ledger::{Book, Head};
use airlatch_desk::office::DeskHome;
use airlatch_desk::office::parallel;
use airlatch_machine::platform::Stage;

use super::args::Batch;
use super::result::Row;
use super::survey::{Line, State, Survey, plan_digest, requested};

/// Lines charged in one transaction: enough that waiting for the disk is nothing beside signing, few enough that another
/// desk need not wait long.
const GROUP: usize = 1_000;

/// Lines with their plans; none where the license is in its place already.
type Group<'a> = Vec<(&'a Line, Option<ActivationPlan>)>;

/// The license of a line: signed now where it is `new`, and the text of its file where that has to be written.
struct SignedLine<'a> {
    line: &'a Line,
    new: Option<Activated>,
    text: Option<String>,
}

/// Charges, signs and stores group by group; then all files get their names at once. While a group goes into the ledger,
/// the one before it is written into files that have no name yet, and the next one is signed.
pub(super) fn charge<'a>(
    args: &Batch,
    desk: &DeskHome,
    survey: &'a Survey,
    named: &[OrderCode],
    key: &PrivateKey,
    session: &mut Session,
) -> Result<Vec<Row<'a>>> {
    session.files.make_dir(&args.out_dir, false)?;
    let mut stage = session.files.stage(&args.out_dir)?;
    let mut open = desk_home::writer(desk, "batch")?;
    let operator = desk.operator();
    let mut progress = Progress::new("licenses", survey.lines.len());
    let mut rows = Vec::with_capacity(survey.lines.len());
    let mut groups = survey.lines.chunks(GROUP);
    let mut planner = Planner { args, operator: &operator, named, pools: Pools::default(), changed: false };
    let (ledger, mut head, mut group, mut next) = open.transact(|book| {
        let head = book.head()?;
        planner.changed = head != survey.head;
        let group = planner.plan(book, groups.next())?;
        Ok((book.id()?, head, group, planner.plan(book, groups.next())?))
    })?;
    let mut signed = sign(&operator, &group, ledger, &head, key)?;
    let mut charged = Vec::new();
    while !group.is_empty() {
        let (posted, ahead) = parallel::both(
            || {
                open.transact(|book| {
                    planner.post(book, &group, &signed, &head, key)?;
                    Ok((book.head()?, planner.plan(book, groups.next())?))
                })
            },
            || {
                place(&charged, &mut stage, &mut rows)?;
                sign(&operator, &next, ledger, &head, key)
            },
        )?;
        progress.advance(group.len());
        let (stands, later) = posted?;
        charged = std::mem::replace(&mut signed, ahead?);
        group = std::mem::replace(&mut next, later);
        head = stands;
    }
    place(&charged, &mut stage, &mut rows)?;
    desk_home::close(session, open);
    stage.commit()?;
    progress.finish();
    Ok(rows)
}

/// Plans once more what was shown, group by group: so that not all plans have to be kept.
struct Planner<'a> {
    args: &'a Batch,
    operator: &'a Operator<'a>,
    named: &'a [OrderCode],
    pools: Pools,
    /// Somebody else booked since the lines were planned: what would be another license by now is not issued.
    changed: bool,
}

impl Planner<'_> {
    fn plan<'l>(
        &mut self,
        book: &dyn Book,
        group: Option<&'l [Line]>,
    ) -> airlatch_core::model::Result<Group<'l>> {
        group.unwrap_or_default().iter().map(|line| Ok((line, self.plan_one(book, line)?))).collect()
    }

    fn plan_one(
        &mut self,
        book: &dyn Book,
        line: &Line,
    ) -> airlatch_core::model::Result<Option<ActivationPlan>> {
        if let State::Found { written: true, .. } = line.state {
            return Ok(None);
        }
        let requested = requested(self.args, &line.row, line.codes, self.named);
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
            "the ledger changed since this line was checked: run the batch again, it goes on from here";
        Err(Error::new(Reason::ChangedMeanwhile, what).at(format!("line {}", line.row.row.line)))
    }

    /// Posts a group to a ledger that stands at `head`.
    fn post(
        &self,
        book: &mut dyn Book,
        group: &Group<'_>,
        signed: &[SignedLine<'_>],
        head: &Head,
        key: &PrivateKey,
    ) -> airlatch_core::model::Result<()> {
        if book.head()? != *head {
            let what = "somebody else wrote into the ledger in spite of its lock";
            return Err(Error::new(Reason::ChangedMeanwhile, what));
        }
        for ((line, plan), made) in group.iter().zip(signed) {
            if let (Some(ActivationPlan::New(planned)), Some(new)) = (plan, &made.new) {
                let requested = requested(self.args, &line.row, line.codes, self.named);
                new.post(self.operator, book, planned, &requested.codes, &requested.particulars, key)?;
            }
        }
        Ok(())
    }
}

/// Signs a group for a ledger that stands, or stood a group ago, at `head`.
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

/// Writes the files of a group that is in the ledger.
fn place<'a>(
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
            stage.add(&line.row.name, text.as_bytes())?;
        }
        rows.push(Row::of(&line.row, id, result));
    }
    Ok(())
}
