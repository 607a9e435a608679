//! A license as `issue` shows it: before it is issued, and to programs once it is.

use serde_json::{Value, json};

use crate::cli::proposal::Proposal;
use crate::view::{self, View as _};
use airlatch_core::crypto::PublicKey;
use airlatch_core::model::{DocumentId, License, Time};

/// A license that was issued, for programs.
pub(super) fn result(id: DocumentId, license: &License, signer: PublicKey) -> Value {
    json!({
        "id": id.to_string(),
        "key_id": signer.key_id().to_string(),
        "license": view::License::of(license),
    })
}

/// A license as it is shown before it is issued; `more` lines say what it costs.
pub(super) fn proposal(license: &License, more: Vec<String>, notes: Vec<String>, now: Time) -> Proposal {
    let mut lines = vec!["license to issue".to_owned()];
    lines.extend(view::License::of(license).lines(now));
    lines.extend(more);
    Proposal {
        lines,
        notes,
        question: Some("Issue this license?".into()),
        declined: "nothing was issued",
        dry_run_says: "nothing was signed or written",
        dry_run_json: ("issue-dry-run", json!({ "license": view::License::of(license) })),
    }
}
