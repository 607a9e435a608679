//! `issue` for a request that asks for a clock reset: shows it, asks, books it in the ledger if there is one, and signs.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;

use crate::cli::desk_home;
use crate::cli::proposal::Proposal;
use crate::cli::session::Session;
use crate::cli::target::{Document, Target};
use crate::cli::{Outcome, grant};
use crate::view;
use airlatch_core::crypto::Verified;
use airlatch_core::format;
use airlatch_core::model::{Cause, Error, Reason, Request, Time, Unit};
use airlatch_desk::desk::{self, Reset};

use super::args::Issue;
use super::by_grant::key;
use super::unit::request_notes;

pub(super) fn run(args: &Issue, request: &Verified<Request>, session: &mut Session) -> Result<Outcome> {
    if !args.code.is_empty() || args.evaluation {
        let what =
            "this request asks for a clock reset, which is not charged: leave --code and --evaluation out";
        return Err(Error::new(Reason::Usage, what).because(Cause::NeverCharged).into());
    }
    let out = PathBuf::from(format!("{}.reset", request.get().product));
    match &args.grant {
        Some(path) => without_ledger(args, path, request, out, session),
        None => with_ledger(args, request, out, session),
    }
}

fn with_ledger(
    args: &Issue,
    request: &Verified<Request>,
    out: PathBuf,
    session: &mut Session,
) -> Result<Outcome> {
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    let key = args.key.clone().unwrap_or_else(|| desk.key());
    let target = args.target(out, &key, session)?;
    let any_host = args.booking.unknown_host;
    let operator = desk.operator();
    let planned = desk.read(|book| desk::plan_reset(&operator, book, request, any_host))?;
    if let Some(time) = planned.answered_at {
        let head =
            format!("clock reset is in the ledger already, signed {}", view::when::since(time, session.now));
        let proposal = Proposal { question: None, ..proposal(head, &planned, request.get(), session.now) };
        if proposal.confirmed(args.consent(), Some(&target), session)? {
            desk_home::catch_up(session, &desk, "issue");
            target.write(document(&planned, &target)?, session)?;
        }
        return Ok(Outcome::Done);
    }
    target.refuse_missing_folder(session)?;
    target.refuse_existing()?;
    let signing = args.signing(&key, Some(&desk), &target, session)?;
    let proposal = proposal("clock reset to sign".into(), &planned, request.get(), session.now);
    signing.sign(proposal, args.consent(), session, |key, session| {
        let signed = desk_home::work(session, &desk, "issue", |book| {
            desk::reset(&operator, book, request, any_host, key)
        })?;
        document(&signed, &target)
    })
}

fn without_ledger(
    args: &Issue,
    path: &Path,
    request: &Verified<Request>,
    out: PathBuf,
    session: &mut Session,
) -> Result<Outcome> {
    let grant = grant::read(session, path)?;
    let key = key(args)?;
    let target = args.target(out, key, session)?;
    let drafted = desk::draft_reset(request, &grant.product, session.now)?;
    let signing = args.signing(key, None, &target, session)?;
    target.refuse_missing_folder(session)?;
    let proposal = proposal("clock reset to sign, in no ledger".into(), &drafted, request.get(), session.now);
    signing
        .sign(proposal, args.consent(), session, |key, _| document(&desk::sign_reset(drafted, key)?, &target))
}

fn proposal(head: String, planned: &Reset, asked: &Request, now: Time) -> Proposal {
    let rows = view::Rows::below()
        .words(head)
        .row("product", asked.title())
        .row("for", Unit::Host(planned.reset.system_id))
        .row("clock", format!("{}, at the time of the request", view::when::at(asked.made, now)))
        .each(
            "clock mark",
            asked.clock.map(|clock| {
                format!("{}, which the request says is wrong", view::when::at(clock.latest_time, now))
            }),
        )
        .row("reset to", view::when::at(planned.reset.issued, now));
    let mut notes = request_notes(asked);
    notes.extend_from_slice(&planned.notes);
    Proposal {
        lines: rows.lines(),
        notes,
        question: Some("Sign this clock reset?".into()),
        declined: "nothing was signed",
        dry_run_message: "nothing was signed or written",
        dry_run_json: ("issue-dry-run", json!({ "reset": view::Reset::of(planned) })),
    }
}

fn document(signed: &Reset, target: &Target) -> Result<Document> {
    let unsigned = || Error::new(Reason::Internal, "a clock reset was not signed");
    let sealed = signed.sealed.as_ref().ok_or_else(unsigned)?;
    let (id, out) = (sealed.document_id(), target.path().display());
    let written = if signed.answered_at.is_some() { "reprinted" } else { "written" };
    Ok(Document {
        kind: "issue-reset",
        text: Some(format::reset_text(&signed.reset, sealed)),
        value: json!({
            "id": id.to_string(),
            "reset": view::Reset::of(signed),
            "unchanged": signed.answered_at.is_some(),
        }),
        line: format!("clock reset {id} {written} to {out}; carry it to its host"),
        kept: None,
    })
}
