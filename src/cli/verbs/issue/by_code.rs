//! `issue --code` and `--evaluation`: a license charged to codes, stored in the ledger before any file is written.

use anyhow::Result;
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::earlier_license;
use crate::cli::proposal::Proposal;
use crate::cli::session::Session;
use crate::cli::target::{Document, Target};
use crate::view::{self, View as _};
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Error, Features, License, OrderCode, Reason, Request, Time};
use airlatch_desk::catalog::{LockKind, MacRule, Product};
use airlatch_desk::charge::{Unavailable, Wanted};
use airlatch_desk::desk::{
    self, ActivationNotes, ActivationPlan, ActivationRequest, ExistingLicense, ModelInput, Operator,
    PlannedLicense, Pools,
};
use airlatch_desk::ledger::UnitNote;
use airlatch_desk::office::{DeskHome, LedgerReader};

use super::args::Issue;
use super::same_hardware;
use super::shown::{license_lines, proposal, unit_kind};
use super::source::Source;
use super::unit::Unit;

pub(super) fn run(
    args: &Issue,
    request: Option<Verified<Request>>,
    session: &mut Session,
) -> Result<Outcome> {
    let desk = desk_home::open_to_book(session, &args.desk, &args.clock)?;
    let operator = desk.operator();
    let reader = desk.reader()?;
    let source = reader.read(|book| Source::of(args, request.as_ref().map(Verified::get), book))?;
    let product = args.booking.product.as_deref();
    let rule = || mac_rule(&operator, &reader, source.codes.first(), product);
    let unit = Unit::read(&args.unit, request, rule, session)?;
    let features = args.wanted.features()?;
    let features = match unit.request() {
        Some(request) if args.wanted.is_empty() => request.wanted.clone(),
        _ => features,
    };
    let requested = requested(args, &unit, &source, &features)?;
    let key = args.key.clone().unwrap_or_else(|| desk.key());
    let target = args.target(unit.file(args.request.as_deref()), &key, session)?;
    let mut pools = Pools::default();
    let plan = reader.read(|book| desk::plan_activation(&operator, book, &requested, &mut pools))?;
    let target = replacing_earlier(target, &reader, &plan, session)?;
    drop(reader);
    let planned = match plan {
        ActivationPlan::New(planned) => planned,
        ActivationPlan::Found(found) => return reissue(&found, args, &desk, &target, session),
    };
    target.refuse_missing_folder(session)?;
    if !args.dry_run {
        target.refuse_existing()?;
    }
    let signing = args.signing(&key, Some(&desk), &target, session)?;
    let shown = view::Charge::of(&planned, &pools);
    let charge = json!(shown);
    let product = operator.product(&planned.license.product)?;
    let proposal = Proposal {
        question: Some(source.question().into()),
        dry_run_message: DRY_RUN_MESSAGE,
        dry_run_json: ("issue-dry-run", new_dry_run(&planned, &charge)),
        ..proposal(
            &planned.license,
            &product.mac,
            shown.lines(session.now),
            unit.notes(&new_notes(&planned, &unit, product, &target), args.dry_run),
            session.now,
        )
    };
    if let Some(old) = planned.second_of.as_ref().filter(|_| !planned.charged.is_empty()) {
        same_hardware::ask(old, args, session)?;
    }
    signing.sign(proposal, args.consent(), session, |key, session| {
        let (license, sealed) =
            desk_home::work(session, &desk, "issue", |book| {
                match desk::plan_activation(&operator, book, &requested, &mut Pools::default())? {
                    ActivationPlan::Found(found) => Ok((found.license.get().clone(), found.sealed.clone())),
                    ActivationPlan::New(now) if is_same_plan(&now, &planned) => {
                        let done =
                            desk::activate(&operator, book, &now, &requested.codes, &requested.notes, key)?;
                        Ok((done.license, done.sealed))
                    }
                    ActivationPlan::New(_) => Err(ledger_changed()),
                }
            })?;
        Ok(document(&license, &sealed, Some(charge), &target))
    })
}

/// The target, which is replaced if it holds an earlier license of the same unit.
fn replacing_earlier(
    target: Target,
    reader: &LedgerReader<'_>,
    plan: &ActivationPlan,
    session: &Session,
) -> Result<Target> {
    if target.is_stream() {
        return Ok(target);
    }
    let Ok(bytes) = session.files.read(target.path(), limits::DOCUMENT_FILE) else { return Ok(target) };
    let earlier = reader.read(|book| earlier_license::in_file(book, &bytes, plan))?;
    Ok(target.replacing(earlier.is_some()))
}

/// Writes a license again that is in the ledger already, and books what is stated about its unit.
fn reissue(
    found: &ExistingLicense,
    args: &Issue,
    desk: &DeskHome,
    target: &Target,
    session: &mut Session,
) -> Result<Outcome> {
    // What left the catalog is printed again too.
    let operator = desk.operator();
    let product = operator.product(&found.license.get().product);
    let rule = product.map(|product| product.mac.clone()).unwrap_or_default();
    if reissue_proposal(found, &rule, session.now).confirmed(args.consent(), Some(target), session)? {
        match found.note.clone() {
            Some(note) => book_note(session, desk, note)?,
            None => desk_home::catch_up(session, desk, "issue"),
        }
        target.write(document(found.license.get(), &found.sealed, None, target), session)?;
    }
    Ok(Outcome::Done)
}

/// Books what is stated about the unit of a license that stays as it is.
fn book_note(session: &mut Session, desk: &DeskHome, note: UnitNote) -> Result<()> {
    let operator = desk.operator();
    let noted = desk_home::work(session, desk, "issue", |book| desk::note_unit(&operator, book, note))?;
    if let Some(entry) = noted {
        session.screen.talk(&format!("note: end user, location or comment noted by entry {}", entry.number));
    }
    Ok(())
}

/// The message of a dry run.
const DRY_RUN_MESSAGE: &str = "nothing was charged, signed or written";

/// The MAC rule of the product of the first code, or of --product.
fn mac_rule(
    operator: &Operator<'_>,
    reader: &LedgerReader<'_>,
    code: Option<&OrderCode>,
    product: Option<&str>,
) -> airlatch_core::model::Result<MacRule> {
    let product = match code {
        Some(code) => reader.read(|book| desk::pool(book, *code))?.order.product,
        None => product.unwrap_or_default().to_owned(),
    };
    Ok(operator.product(&product)?.mac.clone())
}

fn requested<'a>(
    args: &'a Issue,
    unit: &'a Unit,
    source: &Source,
    features: &'a Features,
) -> Result<ActivationRequest<'a>> {
    let booking = &args.booking;
    for (flag, text) in [("--end-user", &booking.end_user), ("--location", &booking.location)] {
        format::check_text(flag, text.as_deref(), limits::TEXT_FIELD)?;
    }
    let wanted = args.wanted.or(features, Wanted::Unspecified);
    Ok(ActivationRequest {
        applicant: unit.ask(),
        product: booking.product.as_deref(),
        codes: source.codes.clone(),
        wanted,
        model: ModelInput {
            named: booking.model.as_deref(),
            otherwise: None,
            corrects: booking.correct_model,
        },
        may_overdraw: booking.overdraft,
        other_hardware: booking.other_hardware || source.moves(),
        clock_ahead: booking.clock_ahead,
        weak_lock: args.weak_lock,
        notes: ActivationNotes {
            number: args.number.clone(),
            end_user: booking.end_user.clone(),
            location: booking.location.clone(),
            comment: booking.comment.clone(),
        },
    })
}

/// The proposal for a license that is in the ledger already and is only written again.
fn reissue_proposal(found: &ExistingLicense, rule: &MacRule, now: Time) -> Proposal {
    let license = found.license.get();
    let mut lines = vec![format!(
        "license is in the ledger already, issued {}: nothing to charge",
        view::when::since(license.issued, now)
    )];
    lines.extend(license_lines(license, rule, now));
    if let Some(UnitNote { end_user, location, comment, .. }) = &found.note {
        let noted = [("end user", end_user), ("location", location), ("comment", comment)];
        let noted =
            noted.into_iter().filter_map(|(what, text)| text.as_ref().map(|text| format!("{what} {text}")));
        lines.push(format!("  notes      {}, beside the license", noted.collect::<Vec<_>>().join(", ")));
    }
    Proposal {
        lines,
        notes: notes(&found.notes, &found.unavailable),
        question: None,
        declined: DRY_RUN_MESSAGE,
        dry_run_message: DRY_RUN_MESSAGE,
        dry_run_json: ("issue-dry-run", dry_run(license, json!([]), true)),
    }
}

/// The notes of a plan, and a note on each article that the model can't have.
fn notes(found: &[String], unavailable: &[Unavailable]) -> Vec<String> {
    found.iter().cloned().chain(unavailable.iter().map(ToString::to_string)).collect()
}

/// The notes of a new license. A host may be unseen only if the product is locked to hosts too, not to devices alone.
fn new_notes(planned: &PlannedLicense, unit: &Unit, product: &Product, target: &Target) -> Vec<String> {
    let has_hosts = product.lock.kinds.iter().any(|kind| !matches!(kind, LockKind::Mac | LockKind::Site));
    let unseen = has_hosts.then(|| unit.unseen_host(&planned.license)).flatten();
    notes(&planned.notes, &planned.unavailable).into_iter().chain(unseen).chain(target.note()).collect()
}

/// The same for a new license, with the unit that is licensed for the same hardware.
fn new_dry_run(planned: &PlannedLicense, charge: &serde_json::Value) -> serde_json::Value {
    let mut value = dry_run(&planned.license, charge.clone(), false);
    value["same_hardware"] = planned.second_of.as_ref().map_or(json!(null), |old| {
        json!({
            "unit": old.unit.to_string(),
            "license": old.license.to_string(),
            "issued": old.issued.to_string(),
        })
    });
    value
}

fn dry_run(license: &License, charge: serde_json::Value, in_ledger: bool) -> serde_json::Value {
    json!({ "license": view::License::of(license), "charge": charge, "in_ledger": in_ledger })
}

/// Whether the plan made under the lock is the one that was shown.
fn is_same_plan(now: &PlannedLicense, shown: &PlannedLicense) -> bool {
    now.charged == shown.charged && now.license == shown.license
}

fn ledger_changed() -> Error {
    Error::new(
        Reason::ChangedMeanwhile,
        "the ledger changed since the license was shown, and the license would differ now",
    )
}

/// The file of a license that is in the ledger; `charge` is `None` if it was there before this run.
fn document(
    license: &License,
    sealed: &Sealed,
    charge: Option<serde_json::Value>,
    target: &Target,
) -> Document {
    let (id, out) = (sealed.document_id(), target.path().display());
    let line = match &charge {
        None => format!("license {id} reprinted to {out}"),
        Some(_) => format!("license {id} written to {out}; carry it to its {}", unit_kind(license)),
    };
    Document {
        kind: "issue",
        text: Some(format::license_text(license, sealed)),
        value: json!({
            "id": id.to_string(),
            "license": view::License::of(license),
            "unchanged": charge.is_none(),
            "charge": charge.unwrap_or_else(|| json!([])),
        }),
        line,
        kept: Some(format!(
            "license {id} is booked and charged; write its file with: airlatch ledger reprint {id}"
        )),
    }
}
