//! `request --move`: a host's signed ask to have a license put on the hardware it has now.

use anyhow::Result;

use crate::cli::session::Session;
use crate::cli::{Outcome, answer, host_home, trust};
use crate::here::ThisHost;
use crate::model::{Reason, Trouble};
use crate::rules::Question;

use super::Request;

pub(super) fn run(args: &Request, session: &mut Session) -> Result<Outcome> {
    let home = host_home::of(session)?;
    let trusted = trust::set(session, Some(&home), &[])?;
    let mut host = ThisHost::read(&home, &session.root)?;
    let question = Question { now: session.now, supposed: false, product: None, features: Vec::new() };
    let checked = host.check(home.licenses()?, &trusted, &question, &mut *session.entropy);
    checked.notes.iter().for_each(|note| answer::warn(note, session));
    let Some(judged) = host.moved(&checked, args.product.as_deref()) else {
        let what = "no license of this installation is stopped by its hardware: there is nothing to move";
        let trouble = Trouble::new(Reason::NotActivated, what).at(home.path().display());
        return Err(checked
            .judged()
            .fold(trouble, |trouble, judged| {
                let license = judged.license.get();
                trouble.detail(format!("installed  {}, {}", license.title(), judged.license.document_id()))
            })
            .into());
    };
    let key = host_home::key(session, &home)?;
    let (request, sealed) = host.move_request(judged, &key, args.note.clone(), session.now)?;
    super::write(args, &format!("{}.request", request.product), &request, &sealed, session)
}
