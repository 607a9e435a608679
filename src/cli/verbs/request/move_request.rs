//! `request --move`: a signed request to move an installed license to the current hardware.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::cli::session::Session;
use crate::cli::{Outcome, host_home, input, trust};
use airlatch_core::model::{Cause, Error, Reason, Verdict};
use airlatch_core::rules::Question;
use airlatch_machine::here::{self, Home, HostCheck, ThisHost};

use super::args::Request;
use super::notes;
use super::write::write;

pub(super) fn run(args: &Request, session: &mut Session) -> Result<Outcome> {
    let home = host_home::locate(session)?;
    let (host, checked) = match &args.license {
        Some(file) => check_file(file, args, &home, session)?,
        None => host_home::check(session, &home)?,
    };
    if checked.answers.is_empty() {
        return Err(here::none_installed(&home, &session.root).into());
    }
    let Some(judged) = host.license_to_move(&checked, args.product.as_deref()) else {
        if let Some(error) = checked.first_error() {
            return Err(error.clone().detail("it may be the license to move").into());
        }
        let refusals = if args.license.is_some() { checked.verdict() } else { Verdict::Valid };
        if let Verdict::Refused(reasons) = refusals
            && let Some(first) = reasons.into_iter().next()
        {
            return Err(first.into());
        }
        let what = "no license of this installation is refused because of changed hardware: there is nothing to move";
        let error = Error::new(Reason::NotActivated, what).at(home.path().display());
        let error = if checked.is_licensed() { error.because(Cause::NothingToMove) } else { error };
        return Err(checked
            .judged()
            .fold(error, |error, judged| {
                let license = judged.license.get();
                error.detail(format!("installed  {}, {}", license.title(), judged.license.document_id()))
            })
            .into());
    };
    if args.product.is_none() {
        let products: BTreeSet<&str> =
            host.licenses_to_move(&checked).map(|judged| judged.license.get().product.as_str()).collect();
        for other in products.into_iter().filter(|other| *other != judged.license.get().product) {
            session
                .screen
                .talk(&format!("note: {other} needs a move too: airlatch request --move --product {other}"));
        }
    }
    let key = host_home::key(session, &home)?;
    let root = session.root.clone();
    notes::of_restricted(&home, &root, session)?;
    let (request, sealed) = host.move_request(judged, &key, args.note.clone(), session.now)?;
    write(args, &format!("{}.request", request.product), &request, &sealed, session)
}

/// Checks the license in a file that is not installed.
fn check_file(
    file: &Path,
    args: &Request,
    home: &Home,
    session: &mut Session,
) -> Result<(ThisHost, HostCheck)> {
    let trusted = trust::set(session, Some(home), &args.trust)?;
    let bytes = input::document(session, file)?;
    let mut host = ThisHost::read(home, &session.root)?;
    let files = vec![(file.to_owned(), Ok(bytes))];
    let checked = host.check(files, &trusted, &Question::now(session.now), &mut *session.entropy);
    Ok((host, checked))
}
