//! `issue --grant`: a license that is in no ledger.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::target::{Document, Target};
use crate::cli::{Outcome, existing_output, grant, input};
use crate::view::when;
use airlatch_core::crypto::{PublicKey, Verified};
use airlatch_core::model::{Error, Reason, Request};
use airlatch_desk::catalog::Grant;
use airlatch_desk::charge;
use airlatch_desk::desk::{self, Issued};

use super::args::Issue;
use super::shown::{proposal, result, unit_kind};
use super::unit::Unit;

pub(super) fn run(
    args: &Issue,
    path: &Path,
    request: Option<Verified<Request>>,
    session: &mut Session,
) -> Result<Outcome> {
    let mut grant = grant::read(session, path)?;
    grant.lock.accepts_weak = args.weak_lock;
    let unit = Unit::read(&args.unit, request, || Ok(grant.mac.clone()), session)?;
    let key = key(args)?;
    let target = args.target(unit.file(args.request.as_deref()), key, session)?;
    let wanted = args.wanted.features()?;
    let decide = charge::decide(&grant, unit.ask(), &wanted, args.number.as_deref(), session.now);
    let decision = decide.map_err(|error| match error.reason() {
        Reason::BadTime => error.at(input::place(path)),
        _ => error,
    })?;
    let signing = args.signing(key, None, &target, session)?;
    target.refuse_missing_folder(session)?;
    if !target.is_stream() && !target.replaces() {
        existing_output::refuse_other_content(&decision.license, &grant, target.path(), session)?;
    }
    let mut found = decision.notes.clone();
    // A grant has no models, so the license does not name that of the request.
    let model = unit.request().and_then(|request| request.model.as_ref());
    found.extend(model.map(|model| format!("the request names the model {model}; the license does not")));
    found.extend(unit.unseen_host(&decision.license));
    let notes = unit.notes(&found, args.dry_run);
    let proposal = proposal(&decision.license, &grant.mac, Vec::new(), notes, session.now);
    signing.sign(proposal, args.consent(), session, |key, session| {
        let issued = desk::seal(decision, key)?;
        Ok(document(&issued, &grant, key.public(), &target, session))
    })
}

/// The key that signs with a grant: there is no desk to take it from.
pub(super) fn key(args: &Issue) -> Result<&Path> {
    let no_key = || Error::new(Reason::Usage, "--grant needs --key");
    Ok(args.key.as_deref().ok_or_else(no_key)?)
}

/// The license file; an existing file is kept if it holds the same license.
fn document(
    issued: &Issued,
    grant: &Grant,
    signer: PublicKey,
    target: &Target,
    session: &Session,
) -> Document {
    let id = issued.sealed.document_id();
    let new = |line| Document {
        kind: "issue",
        text: Some(issued.text()),
        value: result(id, &issued.license, signer),
        line,
        kept: None,
    };
    if target.is_stream() {
        return new(String::new());
    }
    let out = target.path().display();
    let may_keep = !target.replaces();
    let earlier = may_keep
        .then(|| existing_output::unchanged_license(issued, grant, signer, target.path(), session))
        .flatten();
    let mut document = match &earlier {
        None => new(format!("license {id} written to {out}; carry it to its {}", unit_kind(&issued.license))),
        Some(earlier) => {
            let (id, license) = (earlier.document_id(), earlier.get());
            let line = format!(
                "license {id}, issued {}, is in {out} already; the file is unchanged",
                when::since(license.issued, session.now)
            );
            Document { text: None, value: result(id, license, signer), ..new(line) }
        }
    };
    document.value["unchanged"] = json!(earlier.is_some());
    document
}
