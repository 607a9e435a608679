//! `issue REQUEST` where that asks for a clock reset: shown, asked for, signed, and written down where there is a ledger.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;

use crate::cli::desk_home;
use crate::cli::session::Session;
use crate::cli::{Outcome, grant, input, keys, output};
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::format;
use airlatch_core::model::{Reason, Request, Trouble, Unit};
use airlatch_desk::desk::{self, Reset};

use super::{Issue, preview, refuse_same_file, refuse_standing, say_wish_of};

pub(super) fn run(args: &Issue, request: &Verified<Request>, session: &mut Session) -> Result<Outcome> {
    if !args.code.is_empty() || args.evaluation {
        let what = "this request asks for a reset of its host's clock, which is charged to nothing";
        return Err(Trouble::new(Reason::Usage, what).into());
    }
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.reset", request.get().product)));
    match &args.grant {
        Some(path) => of_grant(args, path, request, &out, session),
        None => of_desk(args, request, &out, session),
    }
}

fn of_desk(args: &Issue, request: &Verified<Request>, out: &Path, session: &mut Session) -> Result<Outcome> {
    let desk = desk_home::open(session, &args.desk)?;
    let key = args.key.clone().unwrap_or_else(|| desk.key());
    refuse_same_file(args, &key, out, session)?;
    let stands = !input::is_stream(out) && session.files.exists(out);
    let any_host = args.booking.unknown_host;
    let clerk = desk.clerk();
    let planned = desk.look(|book| desk::plan_reset(&clerk, book, request, any_host))?;
    if let Some(time) = planned.already {
        let line = format!("clock reset in the ledger already, signed {time}");
        show(args, &planned, request, &[line], out, session);
        if args.dry_run {
            return Ok(dry_run(&planned, session));
        }
        desk_home::catch_up(session, &desk, "issue");
        return hand_out(args, &planned, out, session);
    }
    if !input::is_stream(out) {
        output::refuse_missing_folder(session, out)?;
        refuse_standing(args, stands, out)?;
    }
    let key = keys::load(session, &key, &args.opening)?;
    show(args, &planned, request, &["clock reset to sign".to_owned()], out, session);
    if args.dry_run {
        return Ok(dry_run(&planned, session));
    }
    session.confirm("Sign this clock reset?", args.yes, "nothing was signed")?;
    let key = keys::open(session, key, &args.opening)?;
    desk.refuse_foreign(&key)?;
    let clerk = desk.clerk();
    let signed =
        desk_home::work(session, &desk, "issue", |book| desk::reset(&clerk, book, request, any_host, &key))?;
    hand_out(args, &signed, out, session)
}

fn of_grant(
    args: &Issue,
    path: &Path,
    request: &Verified<Request>,
    out: &Path,
    session: &mut Session,
) -> Result<Outcome> {
    let grant = grant::read(session, path)?;
    let no_key = || Trouble::new(Reason::Usage, "a grant is issued with a key of its own");
    let key = args.key.as_deref().ok_or_else(no_key)?;
    refuse_same_file(args, key, out, session)?;
    let drafted = desk::draft_reset(request, &grant.product, session.now)?;
    let key = keys::load(session, key, &args.opening)?;
    if !input::is_stream(out) {
        output::refuse_missing_folder(session, out)?;
    }
    show(args, &drafted, request, &["clock reset to sign, in no ledger".to_owned()], out, session);
    if args.dry_run {
        return Ok(dry_run(&drafted, session));
    }
    session.confirm("Sign this clock reset?", args.yes, "nothing was signed")?;
    let signed = desk::sign_reset(drafted, &keys::open(session, key, &args.opening)?)?;
    hand_out(args, &signed, out, session)
}

fn show(
    args: &Issue,
    planned: &Reset,
    request: &Verified<Request>,
    head: &[String],
    out: &Path,
    session: &mut Session,
) {
    let mut lines = head.to_vec();
    let asked = request.get();
    lines.push(format!("  product    {}", asked.title()));
    lines.push(format!("  for        {}", Unit::Host(planned.reset.system_id)));
    lines.push(format!("  its clock  {}, when it asked", asked.made));
    lines.extend(asked.clock.map(|clock| format!("  remembers  {}, which it says never was", clock.latest)));
    lines.push(format!("  begins at  {}", planned.reset.issued));
    preview(args, out, &lines, session);
    say_wish_of(asked, session);
    planned.notes.iter().for_each(|note| session.screen.talk(&format!("note: {note}")));
}

fn dry_run(planned: &Reset, session: &mut Session) -> Outcome {
    session.screen.line("nothing was signed or written");
    session.screen.json("issue-dry-run", json!({ "reset": value(planned) }));
    Outcome::Done
}

fn hand_out(args: &Issue, signed: &Reset, out: &Path, session: &mut Session) -> Result<Outcome> {
    let unsigned = || Trouble::new(Reason::Internal, "a clock reset was not signed");
    let sealed: &Sealed = signed.sealed.as_ref().ok_or_else(unsigned)?;
    let id = sealed.document_id();
    let text = format::reset_text(&signed.reset, sealed);
    let mut json = json!({
        "id": id.to_string(),
        "reset": value(signed),
        "unchanged": signed.already.is_some(),
    });
    if input::is_stream(out) {
        output::document(session, "issue-reset", &text, json)?;
        return Ok(Outcome::Done);
    }
    output::file(session, out, &text, args.force)?;
    let once_more = if signed.already.is_some() { " once more" } else { "" };
    let line = format!("clock reset {id} written to {}{once_more}; carry it to its host", out.display());
    session.screen.line(&line);
    json["file"] = json!(input::name(out));
    session.screen.json("issue-reset", json);
    Ok(Outcome::Done)
}

fn value(reset: &Reset) -> serde_json::Value {
    json!({
        "product": reset.reset.product,
        "unit": Unit::Host(reset.reset.system_id).to_string(),
        "issued": reset.reset.issued.to_string(),
        "request": reset.reset.request.to_string(),
    })
}
