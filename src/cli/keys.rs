//! Reading key files named on the command line, asking for passphrases where one is needed.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use airlatch_core::crypto::{self, EncryptedKey, KeyFile, Passphrase, PrivateKey, PublicKey};
use airlatch_core::format::limits;
use airlatch_core::model::{Reason, Result, Trouble};
use airlatch_machine::platform::Exposure;

use super::args::KeyArgs;
use super::desk_home::DeskHome;
use super::session::Session;

/// How often a person at a terminal may try.
const TRIES: usize = 3;

/// The public key in a file.
pub(super) fn public(session: &Session, path: &Path) -> Result<PublicKey> {
    let bytes = session.files.read(path, limits::DOCUMENT_FILE)?;
    let key = crypto::read_key(&bytes).and_then(crypto::expect_public);
    let other = |trouble| match super::input::document_word(&bytes) {
        Some(word) => Trouble::new(Reason::BadKey, format!("this is a {word}, not a key")),
        None => trouble,
    };
    key.map_err(|trouble| other(trouble).at(path.display()))
}

/// A private key that was read and may be used, but is not opened yet.
pub(super) struct Locked<'a> {
    path: PathBuf,
    file: KeyFile,
    args: &'a KeyArgs,
}

/// Reads the private key that signs, and refuses what is none or open to others, before anybody is asked anything.
pub(super) fn load<'a>(session: &Session, path: &Path, args: &'a KeyArgs) -> Result<Locked<'a>> {
    let bytes = Zeroizing::new(session.files.read(path, limits::KEY_FILE)?);
    let file = crypto::read_key(&bytes).map_err(|trouble| trouble.at(path.display()))?;
    if let KeyFile::Public(key) = &file {
        return Err(public_given(key).at(path.display()));
    }
    if !args.accept_insecure_key {
        refuse_exposed(session, path)?;
    }
    Ok(Locked { path: path.to_owned(), file, args })
}

impl Locked<'_> {
    /// Opens the key, asking for its passphrase where it has one.
    pub(super) fn open(self, session: &mut Session) -> Result<PrivateKey> {
        let path = self.path.as_path();
        let key = match self.file {
            KeyFile::Encrypted(key) => open(session, &key, path, self.args)?,
            KeyFile::Private(key) => key,
            KeyFile::Public(key) => return Err(public_given(&key).at(path.display())),
        };
        refuse_mismatch(session, path, &key)?;
        Ok(key)
    }
}

/// Refuses a key that the desk does not know: what it signed could not be read back from the ledger.
pub(super) fn refuse_foreign(desk: &DeskHome, key: &PrivateKey) -> Result<()> {
    if desk.trusted().contains(&key.public()) {
        return Ok(());
    }
    let what = format!("{} is not one of this desk's keys", key.public().key_id());
    Err(Trouble::new(Reason::UntrustedKey, what).at(desk.path().join("keys").display()))
}

fn public_given(key: &PublicKey) -> Trouble {
    Trouble::new(Reason::PublicKeyGiven, format!("this is the public half of {}", key.key_id()))
}

/// A plain key file holds nothing that would show a flipped bit; the public half beside it does.
fn refuse_mismatch(session: &Session, path: &Path, key: &PrivateKey) -> Result<()> {
    let beside = path.with_extension("pub");
    if beside == path || !session.files.exists(&beside) {
        return Ok(());
    }
    match public(session, &beside) {
        Ok(half) if half != key.public() => {
            let trouble =
                Trouble::new(Reason::KeyMismatch, "this key does not fit the public half beside it");
            let trouble = trouble.at(path.display()).detail(format!("this key  {}", key.public().key_id()));
            Err(trouble.detail(format!("the half  {} in {}", half.key_id(), beside.display())))
        }
        _ => Ok(()),
    }
}

fn refuse_exposed(session: &Session, path: &Path) -> Result<()> {
    match session.files.exposed(path)? {
        None => Ok(()),
        Some(exposure) => Err(Trouble::new(Reason::ExposedKey, exposed(exposure)).at(path.display())),
    }
}

fn exposed(exposure: Exposure) -> String {
    match exposure {
        Exposure::File(mode) => format!("others may use this private key: its mode is {mode:03o}, not 600"),
        Exposure::Folder(mode) => {
            format!("everybody may replace this private key: the mode of its folder is {mode:03o}")
        }
        Exposure::NoModes(_) => {
            "this file system holds no access rights, so others may use this private key".into()
        }
    }
}

fn open(session: &mut Session, key: &EncryptedKey, path: &Path, args: &KeyArgs) -> Result<PrivateKey> {
    let place = |trouble: Trouble| trouble.at(path.display());
    if let Some(file) = &args.passphrase_file {
        return key.open(&passphrase_from(session, file)?).map_err(place);
    }
    let prompt = format!("Passphrase of {}", airlatch_core::format::visible(&path.display().to_string()));
    for attempt in 1.. {
        let text = session.ask.passphrase(&prompt, false, "--passphrase-file FILE")?;
        match Passphrase::new(text).and_then(|passphrase| key.open(&passphrase)) {
            Err(trouble) if trouble.reason() == Reason::WrongPassphrase && attempt < TRIES => {
                session.screen.tell("that does not open it, please try again");
            }
            result => return result.map_err(place),
        }
    }
    Err(Trouble::new(Reason::WrongPassphrase, "the passphrase does not open the key").at(path.display()))
}

/// The passphrase for a new key: from a file, or asked for twice; nothing where the key is to be left without one.
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

/// The first line of a file, or of stdin: one line end at its end is dropped.
pub(super) fn passphrase_from(session: &mut Session, path: &Path) -> Result<Passphrase> {
    let bytes = Zeroizing::new(super::input::read(session, path, limits::PASSPHRASE_FILE)?);
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Trouble::new(Reason::BadPassphrase, "the passphrase is not UTF-8").at(path.display()))?;
    if text.starts_with('\u{feff}') {
        session
            .screen
            .talk("note: the passphrase file begins with a byte order mark, which is part of the passphrase");
    }
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.contains('\n') {
        return Err(Trouble::new(Reason::BadPassphrase, "the passphrase file has more than one line")
            .at(path.display()));
    }
    Passphrase::new(text.to_owned()).map_err(|trouble| trouble.at(path.display()))
}
