//! The host home of this run: its key, and the check of the licenses installed in it, with their warnings.

use airlatch_core::crypto::PrivateKey;
use airlatch_core::model::{HostIdentity, Result};
use airlatch_core::rules::Question;
use airlatch_machine::here::{Home, HostCheck, ThisHost};
use airlatch_machine::platform::Homes;

use super::session::Session;
use super::{checked_file, trust};

/// The home folder of this run; it may not exist yet.
pub(super) fn locate(session: &Session) -> Result<Home> {
    HostIdentity::check_variable(session.env.instance.as_deref())?;
    let homes = Homes::new(&session.env, session.home.as_deref(), None);
    let home = Home::new(&homes.host()?, &session.files)?;
    let env = &session.env;
    Ok(home.with_state(env.state.clone()).with_instance(env.instance.clone()).with_boot((session.boot)()))
}

/// The installation's own private key, created at first use.
pub(super) fn key(session: &mut Session, home: &Home) -> Result<PrivateKey> {
    let is_new = !home.is_set_up();
    let key = home.key(&mut session.entropy)?;
    // A folder given with --home may be a typing mistake: a license would be issued for an installation that nobody uses.
    if is_new && session.home.is_some() {
        let home = home.path().display();
        session.screen.talk(&format!("note: created a new installation in {home}: the folder held none"));
    }
    if let Some(path) = home.exposed_key() {
        session.screen.talk(&format!(
            "note: other users can read this host's private key: chmod 600 {}",
            path.display()
        ));
    }
    Ok(key)
}

/// Checks all installed licenses with the keys this host trusts, and prints the warnings.
pub(super) fn check(session: &mut Session, home: &Home) -> Result<(ThisHost, HostCheck)> {
    let trusted = trust::set(session, Some(home), &[])?;
    let mut host = ThisHost::read(home, &session.root)?;
    let question = Question::now(session.now);
    let checked = host.check(home.licenses()?, &trusted, &question, &mut *session.entropy);
    checked.notes.iter().for_each(|note| checked_file::warn(note, session));
    Ok((host, checked))
}
