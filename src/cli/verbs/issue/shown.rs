//! The proposal and the JSON result of `issue`.

use serde_json::{Value, json};

use crate::cli::proposal::Proposal;
use crate::view::{self, View as _};
use airlatch_core::crypto::PublicKey;
use airlatch_core::model::{DocumentId, License, Time, Unit};
use airlatch_desk::catalog::MacRule;

/// The JSON result of an issued license.
pub(super) fn result(id: DocumentId, license: &License, signer: PublicKey) -> Value {
    json!({
        "id": id.to_string(),
        "key_id": signer.key_id().to_string(),
        "license": view::License::of(license),
    })
}

/// What the license is carried to.
pub(super) fn unit_kind(license: &License) -> &'static str {
    match license.lock.unit() {
        Some(Unit::Device(_)) => "device",
        Some(Unit::Site(_)) => "site",
        Some(Unit::Host(_) | Unit::Hardware(_)) | None => "host",
    }
}

/// The rows of a license, its MAC spelled as the product takes it.
pub(super) fn license_lines(license: &License, rule: &MacRule, now: Time) -> Vec<String> {
    let rows = view::License::of(license).rows(now);
    let rows = match license.lock.unit() {
        Some(Unit::Device(mac)) => rows.instead("for", format!("device {}", rule.spelled(mac))),
        _ => rows,
    };
    rows.lines()
}

/// The proposal of a license; `more` are the lines of the charge.
pub(super) fn proposal(
    license: &License,
    rule: &MacRule,
    more: Vec<String>,
    notes: Vec<String>,
    now: Time,
) -> Proposal {
    let mut lines = vec!["license to issue".to_owned()];
    lines.extend(license_lines(license, rule, now));
    lines.extend(more);
    Proposal {
        lines,
        notes,
        question: Some("Issue this license?".into()),
        declined: "nothing was issued",
        dry_run_message: "nothing was signed or written",
        dry_run_json: ("issue-dry-run", json!({ "license": view::License::of(license) })),
    }
}
