//! Writes a request, and prints its content.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::session::Session;
use crate::cli::{Outcome, input, output};
use crate::view;
use airlatch_core::crypto::Sealed;
use airlatch_core::format;
use airlatch_core::model::{Kind, Request as Document};

use super::args::Request;

/// Writes a request to --out, else to `default`.
pub(super) fn write(
    args: &Request,
    default: &str,
    request: &Document,
    sealed: &Sealed,
    session: &mut Session,
) -> Result<Outcome> {
    let text = format::armor(Kind::Request, sealed.bytes(), &format::summary_of_request(request));
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(default));
    let id = sealed.document_id().to_string();
    if input::is_stream(&out) {
        output::document(session, "request", &text, result(request, &id))?;
        return Ok(Outcome::Done);
    }
    output::file(session, &out, &text, args.force)?;
    report(request, &id, &out, session);
    Ok(Outcome::Done)
}

fn report(request: &Document, id: &str, out: &Path, session: &mut Session) {
    session.screen.line(&format!("request {id}"));
    session.screen.each([&view::Request::of(request)], session.now);
    session.screen.line(&format!("written to {}; carry it to the desk", out.display()));
    let mut value = result(request, id);
    value["file"] = json!(input::name(out));
    session.screen.json("request", value);
}

fn result(request: &Document, id: &str) -> Value {
    let mut value = json!(view::Request::of(request));
    value["id"] = json!(id);
    value
}
