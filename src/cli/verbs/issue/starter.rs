//! `issue --starter`: the license that a product is shipped with, for the first days on any host.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use crate::cli::desk_home::DeskHome;
use crate::cli::session::Session;
use crate::cli::{Outcome, input, keys, output};
use crate::view::{License, View as _};
use airlatch_desk::desk;

use super::{Issue, confirm, preview, refuse_same_file, result};

pub(super) fn run(args: &Issue, product: &str, session: &mut Session) -> Result<Outcome> {
    let desk = DeskHome::of(session, &args.desk)?;
    let key = args.key.clone().unwrap_or_else(|| desk.key());
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{product}-starter.license")));
    refuse_same_file(args, &key, &out, session)?;
    let license = desk::starter(desk.clerk(session).product(product)?, session.now)?;
    let key = keys::load(session, &key, &args.opening)?;
    if !input::is_stream(&out) {
        output::refuse_missing_folder(session, &out)?;
    }
    let mut lines = vec!["license to issue".to_owned()];
    lines.extend(License::of(&license).lines(session.now));
    preview(args, &out, &lines, session);
    if args.dry_run {
        session.screen.line("nothing was signed or written");
        session.screen.json("issue-dry-run", json!({ "license": License::of(&license) }));
        return Ok(Outcome::Done);
    }
    confirm(args, session)?;
    let key = key.open(session)?;
    keys::refuse_foreign(&desk, &key)?;
    let issued = desk::seal_starter(license, &key)?;
    let id = issued.sealed.document_id();
    let mut value = result(id, &issued.license, key.public());
    if input::is_stream(&out) {
        output::document(session, "issue", &issued.text(), value)?;
        return Ok(Outcome::Done);
    }
    output::file(session, &out, &issued.text(), args.force)?;
    session.screen.line(&format!("license {id} written to {}; ship it with the product", out.display()));
    value["file"] = json!(input::name(&out));
    session.screen.json("issue", value);
    Ok(Outcome::Done)
}
