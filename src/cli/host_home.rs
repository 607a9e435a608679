//! The host home of a run: its key with a word about who else may use it, and the check of what is installed in it.

use airlatch_core::crypto::PrivateKey;
use airlatch_core::model::{HostIdentity, Result};
use airlatch_core::rules::Question;
use airlatch_machine::here::{Home, HostCheck, ThisHost};
use airlatch_machine::platform::Homes;

use super::session::Session;
use super::{checked_file, trust};

/// The home this run uses; it may not exist yet.
pub(super) fn of(session: &Session) -> Result<Home> {
    HostIdentity::check_variable(session.env.instance.as_deref())?;
    let homes = Homes::new(&session.env, session.home.as_deref(), None);
    let home = Home::new(&homes.host()?, &session.files)?;
    Ok(home.with_state(session.env.state.clone()).with_instance(session.env.instance.clone()))
}

/// The installation's own key, made at first use.
pub(super) fn key(session: &mut Session, home: &Home) -> Result<PrivateKey> {
    let is_new = !home.is_set_up();
    let key = home.key(&mut session.entropy)?;
    // Where the folder was named, it may be the wrong one: a license would be for an installation that nobody uses.
    if is_new && session.home.is_some() {
        let home = home.path().display();
        session.screen.talk(&format!("note: a new installation begins in {home}: none was there"));
    }
    if let Some(path) = home.exposed_key() {
        session.screen.talk(&format!("note: others may use this host's key: chmod 600 {}", path.display()));
    }
    Ok(key)
}

/// This host with all that is installed on it, judged by the keys it trusts; what its owner should know is said.
pub(super) fn check(session: &mut Session, home: &Home) -> Result<(ThisHost, HostCheck)> {
    let trusted = trust::set(session, Some(home), &[])?;
    let mut host = ThisHost::read(home, &session.root)?;
    let question = Question::now(session.now);
    let checked = host.check(home.licenses()?, &trusted, &question, &mut *session.entropy);
    checked.notes.iter().for_each(|note| checked_file::warn(note, session));
    Ok((host, checked))
}
