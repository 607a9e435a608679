//! `issue RECEIPT` and `ledger return`: a license that a host gave back is booked back to its codes, once.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::desk_home;
use crate::cli::proposal::{Consent, Proposal};
use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use airlatch_core::crypto::Sealed;
use airlatch_core::format;
use airlatch_core::model::{Reason, Trouble, Unit};
use airlatch_desk::desk::{self, Release};
use airlatch_desk::ledger::{Holder, Transfer};
use airlatch_desk::office::DeskHome;

use super::args::Issue;

pub(super) fn run(args: &Issue, path: &Path, receipt: &Sealed, session: &mut Session) -> Result<Outcome> {
    if !args.code.is_empty() || args.evaluation || args.grant.is_some() {
        let what = "this is a receipt: it is booked back to the codes it came from, and names no others";
        return Err(Trouble::new(Reason::Usage, what).at(input::name(path)).into());
    }
    let desk = desk_home::open(session, &args.desk)?;
    book(&desk, path, receipt, args.booking.comment.as_deref(), args.consent(), session)
}

/// Shows what comes back, asks, and books it; `comment` is for the ledger.
pub(in crate::cli::verbs) fn book(
    desk: &DeskHome,
    path: &Path,
    receipt: &Sealed,
    comment: Option<&str>,
    consent: Consent,
    session: &mut Session,
) -> Result<Outcome> {
    format::read_receipt(receipt).map_err(|trouble| trouble.at(input::name(path)))?;
    let clerk = desk.clerk();
    let planned = desk.look(|book| desk::plan_release(&clerk, book, receipt))?;
    if planned.already {
        desk_home::catch_up(session, desk, "issue");
        return Ok(done(&planned, receipt, session));
    }
    let proposal = Proposal {
        lines: lines(&planned),
        notes: planned.notes.iter().map(|note| format!("note: {note}")).collect(),
        question: Some("Book this license back?".into()),
        declined: "nothing was booked",
        only_shown: "nothing was booked",
        for_programs: ("issue-receipt", value(&planned, receipt)),
    };
    if !proposal.agreed(consent, None, session)? {
        return Ok(Outcome::Done);
    }
    let comment = comment.map(str::to_owned);
    let booked =
        desk_home::work(session, desk, "issue", |book| desk::release(&clerk, book, receipt, comment))?;
    Ok(done(&booked, receipt, session))
}

fn done(release: &Release, receipt: &Sealed, session: &mut Session) -> Outcome {
    let (number, time) = release.booked.unwrap_or((0, session.now));
    session.screen.line(&match release.already {
        true => format!("booked back already, entry {number}, at {time}: nothing was booked"),
        false => format!("booked back by entry {number}"),
    });
    session.screen.json("issue-receipt", value(release, receipt));
    Outcome::Done
}

fn lines(release: &Release) -> Vec<String> {
    let (receipt, license) = (&release.receipt, &release.license);
    let mut lines = vec![
        "license to book back".to_owned(),
        format!("  license    {}, issued {}", receipt.license, license.issued),
        format!("  product    {}", license.title()),
        format!("  for        {}", Unit::Host(receipt.system_id)),
    ];
    lines.extend(license.customer.iter().map(|customer| format!("  customer   {customer}")));
    lines.push(format!("  given back {}, by the host's clock", receipt.made));
    lines.extend(receipt.note.iter().map(|note| format!("  note       {note}")));
    if release.evaluation {
        lines.push("  returns    nothing: a license for trying out".into());
    } else if release.gives.is_empty() {
        lines.push("  returns    nothing: the unit holds nothing".into());
    }
    let returns = |it: &Transfer| format!("  returns    {} {} to {}", it.article, it.quantity, code(it));
    lines.extend(release.gives.iter().map(returns));
    lines
}

fn value(release: &Release, receipt: &Sealed) -> Value {
    let returned =
        |it: &Transfer| json!({ "code": code(it), "article": it.article.as_str(), "quantity": it.quantity });
    json!({
        "receipt": receipt.document_id().to_string(),
        "license": release.receipt.license.to_string(),
        "product": release.receipt.product,
        "unit": Unit::Host(release.receipt.system_id).to_string(),
        "made": release.receipt.made.to_string(),
        "note": release.receipt.note,
        "evaluation": release.evaluation,
        "returned": release.gives.iter().map(returned).collect::<Vec<_>>(),
        "entry": release.booked.map(|(number, _)| number),
        "booked": release.booked.map(|(_, time)| time.to_string()),
        "already": release.already,
    })
}

fn code(transfer: &Transfer) -> String {
    match transfer.to {
        Holder::Pool(code) => code.to_string(),
        other => other.to_string(),
    }
}
