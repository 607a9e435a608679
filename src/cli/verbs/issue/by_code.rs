//! `issue --code` and `--evaluation`: a license charged to codes, stored in the ledger before any file is written.

use anyhow::Result;
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::desk_home;
use crate::cli::proposal::Proposal;
use crate::cli::session::Session;
use crate::cli::target::{Document, Target};
use crate::cli::verbs::order::find;
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
use airlatch_desk::office::LedgerReader;

use super::args::Issue;
use super::shown::{proposal, unit_kind};
use super::unit::Unit;

pub(super) fn run(
    args: &Issue,
    request: Option<Verified<Request>>,
    session: &mut Session,
) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let operator = desk.operator();
    let reader = desk.reader()?;
    let codes = reader.read(|book| find::codes(book, &args.code))?;
    let product = args.booking.product.as_deref();
    let rule = || mac_rule(&operator, &reader, codes.first(), product);
    let unit = Unit::read(&args.unit, request, rule, session)?;
    let features = args.wanted.features()?;
    let features = match unit.request() {
        Some(request) if args.wanted.is_empty() => request.wanted.clone(),
        _ => features,
    };
    let requested = requested(args, &unit, codes, &features)?;
    let key = args.key.clone().unwrap_or_else(|| desk.key());
    let target = args.target(unit.file(args.request.as_deref()), &key, session)?;
    let mut pools = Pools::default();
    let plan = reader.read(|book| desk::plan_activation(&operator, book, &requested, &mut pools))?;
    drop(reader);
    let planned = match plan {
        ActivationPlan::New(planned) => planned,
        ActivationPlan::Found(found) => {
            if reissue_proposal(&found, session.now).confirmed(args.consent(), Some(&target), session)? {
                desk_home::catch_up(session, &desk, "issue");
                target.write(document(found.license.get(), &found.sealed, None, &target), session)?;
            }
            return Ok(Outcome::Done);
        }
    };
    target.refuse_missing_folder(session)?;
    target.refuse_existing()?;
    let signing = args.signing(&key, Some(&desk), &target, session)?;
    let shown = view::Charge::of(&planned, &pools);
    let charge = json!(shown);
    let proposal = Proposal {
        dry_run_message: DRY_RUN_MESSAGE,
        dry_run_json: ("issue-dry-run", dry_run(&planned.license, charge.clone(), false)),
        ..proposal(
            &planned.license,
            shown.lines(session.now),
            unit.notes(
                &new_notes(&planned, &unit, operator.product(&planned.license.product)?),
                args.dry_run,
            ),
            session.now,
        )
    };
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
    codes: Vec<OrderCode>,
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
        codes,
        wanted,
        model: ModelInput {
            named: booking.model.as_deref(),
            otherwise: None,
            corrects: booking.correct_model,
        },
        may_overdraw: booking.overdraft,
        other_hardware: booking.other_hardware,
        clock_ahead: booking.clock_ahead,
        notes: ActivationNotes {
            number: args.number.clone(),
            end_user: booking.end_user.clone(),
            location: booking.location.clone(),
            comment: booking.comment.clone(),
        },
    })
}

/// The proposal for a license that is in the ledger already and is only written again.
fn reissue_proposal(found: &ExistingLicense, now: Time) -> Proposal {
    let license = found.license.get();
    let mut lines = vec![format!(
        "license is in the ledger already, issued {}: nothing to charge",
        view::when::since(license.issued, now)
    )];
    lines.extend(view::License::of(license).lines(now));
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
fn new_notes(planned: &PlannedLicense, unit: &Unit, product: &Product) -> Vec<String> {
    let has_hosts = product.lock.kinds.iter().any(|kind| !matches!(kind, LockKind::Mac | LockKind::Site));
    let unseen = has_hosts.then(|| unit.unseen_host(&planned.license)).flatten();
    notes(&planned.notes, &planned.unavailable).into_iter().chain(unseen).collect()
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
