//! Which keys are trusted: those the binary was built with and nothing else, or those of the home and those named.

use std::path::PathBuf;

use airlatch_core::crypto::{self, PublicKey, TrustedSet};
use airlatch_core::model::{Error, Reason, Result};

use super::session::Session;
use airlatch_desk::office;
use airlatch_machine::here::Home;

/// The trusted set of this run; `home` is missing where there is none.
pub(super) fn set(session: &mut Session, home: Option<&Home>, named: &[PathBuf]) -> Result<TrustedSet> {
    let named = self::named(session, named)?;
    with(session, home, &named)
}

/// The keys in the files named on the command line, each read once.
pub(super) fn named(session: &Session, paths: &[PathBuf]) -> Result<Vec<PublicKey>> {
    paths.iter().map(|path| office::public_key(&session.files, path)).collect()
}

/// The trusted set with these keys named.
pub(super) fn with(session: &mut Session, home: Option<&Home>, named: &[PublicKey]) -> Result<TrustedSet> {
    if !session.built_in.is_empty() {
        return built_in(session, named);
    }
    let mut trusted = named.to_vec();
    if let Some(home) = home {
        let (keys, others) = match home.trusted() {
            // Without a key that was named nothing is trusted, and that is said besides.
            Err(error) if error.reason() == Reason::Denied => (Vec::new(), vec![error]),
            found => found?,
        };
        trusted.extend(keys);
        others.iter().for_each(|error| session.screen.talk(&format!("note: not trusted: {error}")));
    }
    Ok(TrustedSet::new(trusted))
}

/// A folder the licensee can write to, or a flag he can type, would make built-in keys decoration.
pub(super) fn built_in(session: &Session, named: &[PublicKey]) -> Result<TrustedSet> {
    if !named.is_empty() {
        let what = "this airlatch was built with the keys it trusts, and trusts no others";
        return Err(Error::new(Reason::BuiltInTrust, what));
    }
    let key = |(name, pem): &(&str, &str)| {
        let key = crypto::read_key(pem.as_bytes()).and_then(crypto::expect_public);
        key.map_err(|error| error.at(format!("built-in key {name}")))
    };
    session.built_in.iter().map(key).collect()
}

/// The error of a run that trusts no key at all.
pub(super) fn nobody() -> Error {
    airlatch_machine::here::no_trusted_key()
}
