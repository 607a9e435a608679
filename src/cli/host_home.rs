//! The host home of a run, and its key with a word about who else may use it.

use crate::crypto::PrivateKey;
use crate::here::Home;
use crate::model::{Identity, Result};
use crate::platform::Homes;

use super::session::Session;

/// The home this run uses; it may not exist yet.
pub(super) fn of(session: &Session) -> Result<Home> {
    if let Some(instance) = &session.env.instance {
        Identity::check_instance(instance).map_err(|trouble| trouble.at("AIRLATCH_INSTANCE"))?;
    }
    let homes = Homes::new(&session.env, session.home.as_deref(), None);
    let home = Home::new(homes.host()?, &session.files)?;
    Ok(home.with_state(session.env.state.clone()).with_instance(session.env.instance.clone()))
}

/// The installation's own key, made at first use.
pub(super) fn key(session: &mut Session, home: &Home) -> Result<PrivateKey> {
    let key = home.key(&mut session.entropy)?;
    if let Some(path) = home.exposed_key() {
        session.screen.talk(&format!("note: others may use this host's key: chmod 600 {}", path.display()));
    }
    Ok(key)
}
