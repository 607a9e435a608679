//! Key files: public keys, and the private key that signs, refused where others may use it.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use airlatch_core::crypto::{self, EncryptedKey, KeyFile, PrivateKey, PublicKey};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Error, Reason, Result};
use airlatch_machine::platform::{Exposure, Files};

/// The public key in a file.
///
/// # Errors
/// `bad-key` and its like; those of reading a file.
pub fn public_key(files: &Files, path: &Path) -> Result<PublicKey> {
    let bytes = files.read(path, limits::DOCUMENT_FILE)?;
    let key = crypto::read_key(&bytes).and_then(crypto::expect_public);
    let other = |error| match format::open_one(&bytes) {
        Ok((sealed, _)) => {
            Error::new(Reason::BadKey, format!("this is a {}, not a key", sealed.kind().word()))
        }
        Err(_) => error,
    };
    key.map_err(|error| other(error).at(path.display()))
}

/// A private key that was read and may be used, but is not opened yet.
#[derive(Debug)]
pub struct LockedKey {
    path: PathBuf,
    file: KeyFile,
}

/// Reads the private key that signs, before anybody is asked anything; one that others may use is refused, unless it is
/// accepted as it is.
///
/// # Errors
/// `bad-key` and its like, `public-key-given`, `exposed-key`; those of reading a file.
pub fn load_key(files: &Files, path: &Path, accept_exposed: bool) -> Result<LockedKey> {
    let bytes = Zeroizing::new(files.read(path, limits::KEY_FILE)?);
    let file = crypto::read_key(&bytes).map_err(|error| error.at(path.display()))?;
    if let KeyFile::Public(key) = &file {
        return Err(public_given(key).at(path.display()));
    }
    if !accept_exposed {
        refuse_exposed(files, path)?;
    }
    Ok(LockedKey { path: path.to_owned(), file })
}

impl LockedKey {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the key; `unlock` opens one that is encrypted.
    ///
    /// # Errors
    /// Those of `unlock`; `key-mismatch` where another key's public half lies beside it: a plain key file holds nothing
    /// that would show a flipped bit.
    pub fn open(
        self,
        files: &Files,
        unlock: impl FnOnce(&EncryptedKey, &Path) -> Result<PrivateKey>,
    ) -> Result<PrivateKey> {
        let key = match self.file {
            KeyFile::Encrypted(key) => unlock(&key, &self.path)?,
            KeyFile::Private(key) => key,
            KeyFile::Public(key) => return Err(public_given(&key).at(self.path.display())),
        };
        refuse_mismatch(files, &self.path, &key)?;
        Ok(key)
    }
}

fn public_given(key: &PublicKey) -> Error {
    Error::new(Reason::PublicKeyGiven, format!("this is the public half of {}", key.key_id()))
}

/// A plain key file holds nothing that would show a flipped bit; the public half beside it does.
fn refuse_mismatch(files: &Files, path: &Path, key: &PrivateKey) -> Result<()> {
    let beside = path.with_extension("pub");
    if beside == path || !files.exists(&beside) {
        return Ok(());
    }
    match public_key(files, &beside) {
        Ok(half) if half != key.public() => {
            let error = Error::new(Reason::KeyMismatch, "this key does not fit the public half beside it");
            let error = error.at(path.display()).detail(format!("this key  {}", key.public().key_id()));
            Err(error.detail(format!("the half  {} in {}", half.key_id(), beside.display())))
        }
        _ => Ok(()),
    }
}

fn refuse_exposed(files: &Files, path: &Path) -> Result<()> {
    match files.exposed(path)? {
        None => Ok(()),
        Some(exposure) => Err(Error::new(Reason::ExposedKey, exposed(exposure)).at(path.display())),
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
