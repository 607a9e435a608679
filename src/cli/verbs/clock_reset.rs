//! `request --clock-reset`: a host's signed ask to have its clock mark mended.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, describe, host_home, input, output, trust};
use crate::crypto;
use crate::format;
use crate::here::{Home, ThisHost};
use crate::host::{self, Wish};
use crate::model::{ClockAsk, Kind, Reason, Trouble};
use crate::rules::CLOCK_TOLERANCE;

/// Makes the request; `product` may be empty where a license is installed.
pub(super) fn run(
    product: &str,
    note: Option<&str>,
    out: Option<&Path>,
    force: bool,
    session: &mut Session,
) -> Result<Outcome> {
    let home = host_home::of(session)?;
    let host = ThisHost::read(Some(&home), &session.root)?;
    let ask = host.clock_ask()?;
    let key = host_home::key(session, &home)?;
    let product = if product.is_empty() { installed(&home, session)? } else { product.to_owned() };
    format::check_text("--note", note, format::limits::NOTE_FIELD)?;
    let wish = Wish { product, note: note.map(str::to_owned), clock: Some(ask), ..Wish::default() };
    let request = host::draft(wish, &host.facts, session.random()?, session.now)?;
    let sealed = crypto::seal(Kind::Request, &format::write_request(&request)?, &key);
    let text = format::armor(Kind::Request, sealed.bytes(), &format::summary_of_request(&request));
    let mut value = describe::request_json(&request);
    value["id"] = json!(sealed.document_id().to_string());
    value["clock"] = json!({ "latest": ask.latest.to_string(), "now": session.now.to_string() });
    if session.now.plus(CLOCK_TOLERANCE) >= ask.latest {
        session
            .screen
            .talk("note: this host's clock is not behind what it remembers: nothing has to be reset");
    }
    let out = out.unwrap_or(Path::new("reset.request"));
    if input::is_stream(out) {
        output::document(session, "request", &text, value)?;
        return Ok(Outcome::Done);
    }
    output::file(session, out, &text, force)?;
    session.screen.line(&format!("request {} for a reset of the clock", sealed.document_id()));
    session.screen.line(&format!("  product    {}", request.product));
    session.screen.line(&format!("  System ID  {}", request.system_id));
    say(ask, session);
    session.screen.line(&format!("written to {}; carry it to the desk", out.display()));
    value["file"] = json!(input::name(out));
    session.screen.json("request", value);
    Ok(Outcome::Done)
}

fn say(ask: ClockAsk, session: &mut Session) {
    let now = session.now;
    session.screen.line(&format!("  clock      {now}"));
    session.screen.line(&format!("  known      {}: this host says it never was that late", ask.latest));
}

/// The product of a license that is installed.
fn installed(home: &Home, session: &mut Session) -> Result<String> {
    let trusted = trust::set(session, Some(home), &[])?;
    let licenses = home.licenses()?.into_iter();
    let mut opened = licenses.filter_map(|(_, bytes)| host::open(&bytes.ok()?, &trusted).ok());
    let none =
        || Trouble::new(Reason::Usage, "no license is installed, so the product has to be named: --product");
    Ok(opened.next().ok_or_else(none)?.license.get().product.clone())
}
