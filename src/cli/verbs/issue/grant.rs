//! `issue --grant`: a license no ledger knows of.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::cli::session::Session;
use crate::cli::{Outcome, earlier, grant, input, keys, output};
use crate::view::{self, View as _};
use airlatch_core::crypto::{PublicKey, Verified};
use airlatch_core::model::{License, Reason, Request, Trouble};
use airlatch_desk::catalog::Grant;
use airlatch_desk::desk::{self, Issued};

use super::{Issue, confirm, named, output_path, preview, refuse_same_file, result, say_wish, wanted};

pub(super) fn run(
    args: &Issue,
    path: &Path,
    request: Option<Verified<Request>>,
    session: &mut Session,
) -> Result<Outcome> {
    let grant = grant::read(session, path)?;
    let named = named(args, request, &grant.mac, session)?;
    let out = output_path(args, &named);
    let no_key = || Trouble::new(Reason::Usage, "a grant is issued with a key of its own");
    let key = args.key.as_deref().ok_or_else(no_key)?;
    refuse_same_file(args, key, &out, session)?;
    let wanted = wanted(args)?;
    let decide =
        airlatch_desk::charge::decide(&grant, named.ask(), &wanted, args.number.as_deref(), session.now);
    let of_grant = |trouble: Trouble| match trouble.reason() {
        Reason::BadTime => trouble.at(input::name(path)),
        _ => trouble,
    };
    let decision = decide.map_err(of_grant)?;
    let key = keys::load(session, key, &args.opening)?;
    if !input::is_stream(&out) {
        output::refuse_missing_folder(session, &out)?;
        if !args.force {
            earlier::refuse_other(&decision.license, &grant, &out, session)?;
        }
    }
    let mut lines = vec!["license to issue".to_owned()];
    lines.extend(view::License::of(&decision.license).lines(session.now));
    preview(args, &out, &lines, session);
    say_wish(&named, session);
    decision.notes.iter().for_each(|note| session.screen.talk(&format!("note: {note}")));
    if args.dry_run {
        return Ok(dry_run(args, &decision.license, session));
    }
    confirm(args, session)?;
    let key = key.open(session)?;
    let issued = desk::seal(decision, &key)?;
    write(args, &issued, &grant, key.public(), &out, session)
}

fn dry_run(args: &Issue, license: &License, session: &mut Session) -> Outcome {
    if args.site.as_deref() == Some("new") {
        session.screen.talk("note: the site serial shown is an example; a new one is made when it is issued");
    }
    session.screen.line("nothing was signed or written");
    session.screen.json("issue-dry-run", json!({ "license": view::License::of(license) }));
    Outcome::Done
}

fn write(
    args: &Issue,
    issued: &Issued,
    grant: &Grant,
    signer: PublicKey,
    out: &Path,
    session: &mut Session,
) -> Result<Outcome> {
    let text = issued.text();
    if input::is_stream(out) {
        let value = result(issued.sealed.document_id(), &issued.license, signer);
        output::document(session, "issue", &text, value)?;
        return Ok(Outcome::Done);
    }
    let earlier = if args.force { None } else { earlier::staying(issued, grant, signer, out, session) };
    let (id, license) = match &earlier {
        Some(earlier) => (earlier.document_id(), earlier.get()),
        None => {
            output::file(session, out, &text, args.force)?;
            (issued.sealed.document_id(), &issued.license)
        }
    };
    let out_name = out.display();
    session.screen.line(&match &earlier {
        Some(_) => format!("license {id}, issued {}, is in {out_name} already and stays", license.issued),
        None => format!("license {id} written to {out_name}; carry it to where it is used"),
    });
    let mut value = result(id, license, signer);
    value["file"] = json!(input::name(out));
    value["unchanged"] = json!(earlier.is_some());
    session.screen.json("issue", value);
    Ok(Outcome::Done)
}
