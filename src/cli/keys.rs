//! Opens private key files, and asks for a passphrase if one is needed.

use std::path::Path;

use zeroize::Zeroizing;

use airlatch_core::crypto::{EncryptedKey, Passphrase, PrivateKey};
use airlatch_core::format::limits;
use airlatch_core::model::{Error, Reason, Result};
use airlatch_desk::office::{self, LockedKey};

use super::args::KeyArgs;
use super::input;
use super::secret::{self, Secret};
use super::session::Session;

/// Attempts to type a passphrase at a terminal.
const PASSPHRASE_ATTEMPTS: usize = 3;

/// Reads the signing key file without opening it, so that its errors come before any question.
pub(super) fn load(session: &mut Session, path: &Path, args: &KeyArgs) -> Result<LockedKey> {
    match secret::read(session, path, limits::KEY_FILE)? {
        Secret::File => office::load_key(&session.files, path, args.accept_insecure_key),
        Secret::Given(bytes) => office::read_private(&bytes, Path::new(&input::name(path))),
    }
}

/// Opens the key; asks for the passphrase of an encrypted one.
pub(super) fn open(session: &mut Session, key: LockedKey, args: &KeyArgs) -> Result<PrivateKey> {
    let files = session.files.clone();
    key.open(&files, |key, path| unlock(session, key, path, args))
}

fn unlock(session: &mut Session, key: &EncryptedKey, path: &Path, args: &KeyArgs) -> Result<PrivateKey> {
    let place = |error: Error| error.at(path.display());
    if let Some(file) = &args.passphrase_file {
        return key.open(&passphrase_from(session, file)?).map_err(place);
    }
    let prompt = format!("Passphrase of {}", airlatch_core::format::visible(&path.display().to_string()));
    for attempt in 1.. {
        let text = session.ask.passphrase(&prompt, false, "--passphrase-file FILE")?;
        match Passphrase::new(text).and_then(|passphrase| key.open(&passphrase)) {
            Err(error) if error.reason() == Reason::WrongPassphrase && attempt < PASSPHRASE_ATTEMPTS => {
                session.screen.tell("wrong passphrase, please try again");
            }
            result => return result.map_err(place),
        }
    }
    Err(Error::new(Reason::WrongPassphrase, "the passphrase does not open the key").at(path.display()))
}

/// The passphrase for a new key: from a file or asked for twice; `None` for a key without a passphrase.
pub(super) fn new_passphrase(
    session: &mut Session,
    file: Option<&Path>,
    without: bool,
    prompt: &str,
) -> Result<Option<Passphrase>> {
    if without {
        return Ok(None);
    }
    if let Some(file) = file {
        return passphrase_from(session, file).map(Some);
    }
    let text = session.ask.passphrase(prompt, true, "--passphrase-file FILE, or --no-passphrase")?;
    Passphrase::new(text).map(Some)
}

/// Reads a passphrase from a file, a stream or a variable; one line end after it is dropped.
pub(super) fn passphrase_from(session: &mut Session, path: &Path) -> Result<Passphrase> {
    let bytes = match secret::read(session, path, limits::PASSPHRASE_FILE)? {
        Secret::File => Zeroizing::new(input::read(session, path, limits::PASSPHRASE_FILE)?),
        Secret::Given(bytes) => bytes,
    };
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Error::new(Reason::BadPassphrase, "the passphrase is not UTF-8").at(path.display()))?;
    if text.starts_with('\u{feff}') {
        session
            .screen
            .talk("note: the passphrase file begins with a byte order mark, which is part of the passphrase");
    }
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.contains('\n') {
        return Err(Error::new(Reason::BadPassphrase, "the passphrase file has more than one line")
            .at(path.display()));
    }
    Passphrase::new(text.to_owned()).map_err(|error| error.at(path.display()))
}
