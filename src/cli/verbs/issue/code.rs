//! `issue --code`: a license charged to what was bought, stored in the ledger before any file is written.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::cli::desk_home::DeskHome;
use crate::cli::session::Session;
use crate::cli::verbs::order;
use crate::cli::{Outcome, input, keys, output};
use crate::view::{self, View as _};
use airlatch_core::crypto::{Sealed, Verified};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Features, License, OrderCode, Reason, Request, Trouble};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::charge::Wanted;
use airlatch_desk::desk::{self, Particulars, Plan, Planned, Pools, Wish};

use super::{
    Issue, Named, confirm, named, offer, output_path, preview, refuse_same_file, refuse_standing, say_wish,
    wanted,
};

pub(super) fn run(
    args: &Issue,
    request: Option<Verified<Request>>,
    session: &mut Session,
) -> Result<Outcome> {
    let desk = DeskHome::of(session, &args.desk)?;
    let codes = desk.look(session, |book| order::codes(book, &args.code))?;
    let rule = mac_rule(args, &desk, &codes, session)?;
    let named = named(args, request, &rule, session)?;
    let features = wanted_of(args, &named)?;
    let wish = wish(args, &named, codes, &features)?;
    let out = output_path(args, &named);
    let key = args.key.clone().unwrap_or_else(|| desk.key());
    refuse_same_file(args, &key, &out, session)?;
    // Before the ledger is asked: a file that comes to stand there later may be this very license, issued by another desk.
    let stands = !input::is_stream(&out) && session.files.exists(&out);
    let mut pools = Pools::default();
    let clerk = desk.clerk(session);
    let plan = desk.look(session, |book| desk::plan_wish(&clerk, book, &wish, &mut pools))?;
    let planned = match plan {
        Plan::Found(found) => {
            let issued = found.license.get().issued;
            let lines = [format!("license in the ledger already, issued {issued}: nothing to charge")];
            preview(args, &out, &lines, session);
            preview(args, &out, &view::License::of(found.license.get()).lines(session.now), session);
            found.notes.iter().for_each(|note| session.screen.talk(&format!("note: {note}")));
            if args.dry_run {
                return Ok(dry_run(args, found.license.get(), None, &pools, session));
            }
            desk.catch_up(session, "issue");
            return hand_out(args, found.license.get(), &found.sealed, None, &out, session);
        }
        Plan::New(planned) => planned,
    };
    if !input::is_stream(&out) {
        output::refuse_missing_folder(session, &out)?;
        refuse_standing(args, stands, &out)?;
    }
    let key = keys::load(session, &key, &args.opening)?;
    let mut lines = vec!["license to issue".to_owned()];
    lines.extend(view::License::of(&planned.license).lines(session.now));
    lines.extend(offer::lines(&planned, &pools));
    preview(args, &out, &lines, session);
    say_wish(&named, session);
    planned.notes.iter().for_each(|note| session.screen.talk(&format!("note: {note}")));
    if args.dry_run {
        return Ok(dry_run(args, &planned.license, Some(&planned), &pools, session));
    }
    confirm(args, session)?;
    let key = key.open(session)?;
    keys::refuse_foreign(&desk, &key)?;
    let clerk = desk.clerk(session);
    let (license, sealed) = desk.work(session, "issue", |book| {
        match desk::plan_wish(&clerk, book, &wish, &mut Pools::default())? {
            Plan::Found(found) => Ok((found.license.get().clone(), found.sealed.clone())),
            Plan::New(now) if now.takes == planned.takes && now.license == planned.license => {
                let done = desk::activate(&clerk, book, &now, &wish.codes, &wish.particulars, &key)?;
                Ok((done.license, done.sealed))
            }
            Plan::New(_) => Err(Trouble::new(
                Reason::ChangedMeanwhile,
                "the ledger changed since the license was shown: it would be another one now",
            )),
        }
    })?;
    hand_out(args, &license, &sealed, Some((&planned, &pools)), &out, session)
}

/// The rule for MACs of the product that the first code, or the command line, names.
fn mac_rule(args: &Issue, desk: &DeskHome, codes: &[OrderCode], session: &Session) -> Result<MacRule> {
    if args.mac.is_none() {
        return Ok(MacRule::default());
    }
    let product = match codes.first() {
        Some(code) => desk.look(session, |book| desk::pool(book, *code))?.order.product,
        None => args.booking.product.clone().unwrap_or_default(),
    };
    Ok(desk.clerk(session).product(&product)?.mac.clone())
}

/// What is wanted: as typed, else as the request says.
fn wanted_of(args: &Issue, named: &Named) -> Result<Features> {
    let typed = wanted(args)?;
    match named {
        Named::Request(request) if typed.is_empty() && !args.all => Ok(request.get().wanted.clone()),
        _ => Ok(typed),
    }
}

fn wish<'a>(
    args: &'a Issue,
    named: &'a Named,
    codes: Vec<OrderCode>,
    features: &'a Features,
) -> Result<Wish<'a>> {
    let booking = &args.booking;
    for (flag, text) in [("--end-user", &booking.end_user), ("--location", &booking.location)] {
        format::check_text(flag, text.as_deref(), limits::TEXT_FIELD)?;
    }
    let wanted = match (args.all, features.is_empty()) {
        (true, _) => Wanted::All,
        (false, true) => Wanted::Unsaid,
        (false, false) => Wanted::These(features),
    };
    Ok(Wish {
        ask: named.ask(),
        product: booking.product.as_deref(),
        codes,
        wanted,
        model: booking.model.as_deref(),
        may_overdraw: booking.overdraft,
        other_hardware: booking.other_hardware,
        particulars: Particulars {
            number: args.number.clone(),
            end_user: booking.end_user.clone(),
            location: booking.location.clone(),
            comment: booking.comment.clone(),
        },
    })
}

fn dry_run(
    args: &Issue,
    license: &License,
    planned: Option<&Planned>,
    pools: &Pools,
    session: &mut Session,
) -> Outcome {
    if args.site.as_deref() == Some("new") {
        session.screen.talk("note: the site serial shown is an example; a new one is made when it is issued");
    }
    session.screen.line("nothing was charged, signed or written");
    let value = json!({
        "license": view::License::of(license),
        "charge": planned.map_or_else(|| json!([]), |planned| offer::json(planned, pools)),
        "in_ledger": planned.is_none(),
    });
    session.screen.json("issue-dry-run", value);
    Outcome::Done
}

/// Writes the file of a license that is in the ledger: now it can't get lost any more.
fn hand_out(
    args: &Issue,
    license: &License,
    sealed: &Sealed,
    charged: Option<(&Planned, &Pools)>,
    out: &Path,
    session: &mut Session,
) -> Result<Outcome> {
    let id = sealed.document_id();
    let text = format::license_text(license, sealed);
    let mut value = json!({
        "id": id.to_string(),
        "license": view::License::of(license),
        "charge": charged.map_or_else(|| json!([]), |(planned, pools)| offer::json(planned, pools)),
        "unchanged": charged.is_none(),
    });
    let kept = |trouble: Trouble| {
        trouble.detail(format!("license {id} is in the ledger and charged for: airlatch ledger reprint {id}"))
    };
    if input::is_stream(out) {
        output::document(session, "issue", &text, value).map_err(kept)?;
        return Ok(Outcome::Done);
    }
    output::file(session, out, &text, args.force).map_err(kept)?;
    session.screen.line(&match charged {
        None => format!("license {id} written to {} once more", out.display()),
        Some(_) => format!("license {id} written to {}; carry it to where it is used", out.display()),
    });
    value["file"] = json!(input::name(out));
    session.screen.json("issue", value);
    Ok(Outcome::Done)
}
