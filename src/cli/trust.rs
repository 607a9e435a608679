//! The trusted keys: only the built-in ones if there are any, else those of the home and of --trust.

use std::path::PathBuf;

use airlatch_core::crypto::{self, PublicKey, TrustedSet};
use airlatch_core::model::{Error, Reason, Result};

use super::input;
use super::session::Session;
use super::wrong_file;
use airlatch_desk::office;
use airlatch_machine::here::Home;

/// The trusted set of this run, with the keys in the files `named`.
pub(super) fn set(session: &mut Session, home: Option<&Home>, named: &[PathBuf]) -> Result<TrustedSet> {
    let named = self::named(session, named)?;
    with(session, home, &named)
}

/// Reads the key files named on the command line.
pub(super) fn named(session: &mut Session, paths: &[PathBuf]) -> Result<Vec<PublicKey>> {
    let mut keys = Vec::with_capacity(paths.len());
    for path in paths {
        let key = office::public_key(&session.files, path);
        let (key, repairs) = key.map_err(|error| wrong_file::of_key(session, path, error))?;
        input::say_repairs(session, path, &repairs);
        keys.push(key);
    }
    Ok(keys)
}

/// The trusted set of this run, with the keys `named`.
pub(super) fn with(session: &mut Session, home: Option<&Home>, named: &[PublicKey]) -> Result<TrustedSet> {
    if !session.built_in.is_empty() {
        return built_in(session, named);
    }
    let mut trusted = named.to_vec();
    if let Some(home) = home {
        let (keys, others) = match home.trusted() {
            // An unreadable trust folder is a note: the keys named may be enough.
            Err(error) if error.reason() == Reason::Denied => (Vec::new(), vec![error]),
            found => found?,
        };
        trusted.extend(keys);
        others.iter().for_each(|error| session.screen.talk(&format!("note: not trusted: {error}")));
    }
    Ok(TrustedSet::new(trusted))
}

/// The built-in keys. Other keys are refused: a folder or an option that the licensee controls would bypass the built-in ones.
pub(super) fn built_in(session: &Session, named: &[PublicKey]) -> Result<TrustedSet> {
    if !named.is_empty() {
        let what = "this airlatch was built with its trusted keys and accepts no others";
        return Err(Error::new(Reason::BuiltInTrust, what));
    }
    let key = |(name, pem): &(&str, &str)| {
        let key = crypto::read_key(pem.as_bytes()).and_then(crypto::expect_public);
        key.map_err(|error| error.at(format!("built-in key {name}")))
    };
    session.built_in.iter().map(key).collect()
}

/// The error of a run without any trusted key.
pub(super) fn no_trusted_key() -> Error {
    airlatch_machine::here::no_trusted_key()
}
