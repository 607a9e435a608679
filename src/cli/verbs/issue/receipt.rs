//! `issue RECEIPT` and `ledger return`: books a released license back to its codes, once.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal};
use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use crate::view::{self, View as _};
use airlatch_core::crypto::Sealed;
use airlatch_core::format;
use airlatch_core::model::{Cause, Error, Reason};
use airlatch_desk::desk::{self, Release};
use airlatch_desk::office::DeskHome;

use super::args::Issue;

pub(super) fn run(args: &Issue, path: &Path, receipt: &Sealed, session: &mut Session) -> Result<Outcome> {
    if !args.code.is_empty() || args.evaluation || args.grant.is_some() {
        let what = "this is a release receipt: it is booked back to the codes of its license, so name none";
        return Err(Error::new(Reason::Usage, what)
            .because(Cause::NeverCharged)
            .at(input::place(path))
            .into());
    }
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    book(&desk, path, receipt, args.booking.comment.as_deref(), args.consent(), session)
}

/// Shows what is returned, asks, and books it; `comment` goes into the ledger.
pub(in crate::cli::verbs) fn book(
    desk: &DeskHome,
    path: &Path,
    receipt: &Sealed,
    comment: Option<&str>,
    consent: Consent,
    session: &mut Session,
) -> Result<Outcome> {
    format::read_receipt(receipt).map_err(|error| error.at(input::place(path)))?;
    let operator = desk.operator();
    let planned = desk.read(|book| desk::plan_release(&operator, book, receipt))?;
    if planned.already {
        desk_home::catch_up(session, desk, "issue");
        return Ok(done(&planned, receipt, session));
    }
    let shown = view::Release::of(&planned, receipt.document_id().to_string());
    let proposal = Proposal {
        lines: shown.lines(session.now),
        notes: planned.notes.clone(),
        question: Some("Book this license back?".into()),
        declined: "nothing was booked",
        dry_run_message: "nothing was booked",
        dry_run_json: ("issue-receipt", json!(shown)),
    };
    if !proposal.confirmed(consent, None, session)? {
        return Ok(Outcome::Done);
    }
    let comment = comment.map(str::to_owned);
    let booked =
        desk_home::work(session, desk, "issue", |book| desk::release(&operator, book, receipt, comment))?;
    Ok(done(&booked, receipt, session))
}

fn done(release: &Release, receipt: &Sealed, session: &mut Session) -> Outcome {
    let (number, time) = release.booked.unwrap_or((0, session.now));
    session.screen.line(&match release.already {
        true => {
            let time = view::when::at(time, session.now);
            format!("booked back already, entry {number}, at {time}: nothing was booked")
        }
        false => format!("booked back by entry {number}"),
    });
    session.screen.json("issue-receipt", view::Release::of(release, receipt.document_id().to_string()));
    Outcome::Done
}
