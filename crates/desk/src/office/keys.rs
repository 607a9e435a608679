//! Reads key files, and refuses a private key that other users could read or replace.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use airlatch_core::crypto::{self, EncryptedKey, KeyFile, PrivateKey, PublicKey};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Cause, Error, Reason, Result};
use airlatch_machine::platform::{Exposure, Files};

/// Reads a public key from a file.
///
/// # Errors
/// Those of [`crypto::read_key`] and of reading a file.
pub fn public_key(files: &Files, path: &Path) -> Result<PublicKey> {
    let bytes = files.read(path, limits::DOCUMENT_FILE)?;
    let key = crypto::read_key(&bytes).and_then(crypto::expect_public);
    let other = |error| match format::open_one(&bytes) {
        Ok((sealed, _)) => {
            Error::new(Reason::BadKey, format!("the file is a {}, not a key", sealed.kind().word()))
        }
        Err(_) => error,
    };
    key.map_err(|error| other(error).at(path.display()))
}

/// A private key file that was read and checked, but not decrypted yet.
#[derive(Debug)]
pub struct LockedKey {
    path: PathBuf,
    file: KeyFile,
    /// Whether it was read from the file at `path`, and not from a stream or variable that is shown so.
    is_file: bool,
}

/// Reads a private key file, before anybody is asked for a passphrase. A key that other users could read or replace is refused
/// unless `accept_exposed`.
///
/// # Errors
/// Those of [`crypto::read_key`], `public-key-given`, `exposed-key`; those of reading a file.
pub fn load_key(files: &Files, path: &Path, accept_exposed: bool) -> Result<LockedKey> {
    let bytes = Zeroizing::new(files.read(path, limits::KEY_FILE)?);
    let key = read_private(&bytes, path)?;
    if !accept_exposed {
        refuse_exposed(files, path)?;
    }
    Ok(LockedKey { is_file: true, ..key })
}

/// Reads a private key that came from a stream or a variable; `name` is shown as its place.
///
/// # Errors
/// Those of [`crypto::read_key`], `public-key-given`.
pub fn read_private(bytes: &[u8], name: &Path) -> Result<LockedKey> {
    let file = crypto::read_key(bytes).map_err(|error| error.at(name.display()))?;
    if let KeyFile::Public(key) = &file {
        return Err(public_given(key).at(name.display()));
    }
    Ok(LockedKey { path: name.to_owned(), file, is_file: false })
}

impl LockedKey {
    /// The path of the file, or what is shown in its place.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the key; `unlock` decrypts an encrypted one.
    ///
    /// # Errors
    /// Those of `unlock`; `key-mismatch` if the public key beside it belongs to another key.
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
        if self.is_file {
            refuse_mismatch(files, &self.path, &key)?;
        }
        Ok(key)
    }
}

fn public_given(key: &PublicKey) -> Error {
    Error::new(
        Reason::PublicKeyGiven,
        format!("this is the public key {}, a private key is needed", key.key_id()),
    )
}

/// Checks a private key against the public key beside it. An unencrypted key file has no checksum, so this is the only way to
/// detect a flipped bit.
fn refuse_mismatch(files: &Files, path: &Path, key: &PrivateKey) -> Result<()> {
    let beside = path.with_extension("pub");
    if beside == path || !files.exists(&beside) {
        return Ok(());
    }
    match public_key(files, &beside) {
        Ok(other) if other != key.public() => {
            let error =
                Error::new(Reason::KeyMismatch, "the private key does not match the public key beside it");
            let error = error.at(path.display()).detail(format!("private  {}", key.public().key_id()));
            Err(error.detail(format!("public   {} in {}", other.key_id(), beside.display())))
        }
        _ => Ok(()),
    }
}

fn refuse_exposed(files: &Files, path: &Path) -> Result<()> {
    match files.exposed(path)? {
        None => Ok(()),
        Some(exposure) => Err(Error::new(Reason::ExposedKey, exposure_message(exposure))
            .because(exposure_cause(exposure))
            .at(path.display())),
    }
}

fn exposure_cause(exposure: Exposure) -> Cause {
    match exposure {
        Exposure::File(_) => Cause::ExposedFile,
        Exposure::Fixed(_) => Cause::ExposedMount,
        Exposure::Folder(_) => Cause::ExposedFolder,
        Exposure::NoModes(_) => Cause::NoFileModes,
    }
}

fn exposure_message(exposure: Exposure) -> String {
    match exposure {
        Exposure::File(mode) => {
            format!("other users can access this private key: its mode is {mode:03o}, not 600")
        }
        Exposure::Fixed(mode) => {
            format!(
                "other users can access this private key: its mode is {mode:03o}, and you can't change it"
            )
        }
        Exposure::Folder(mode) => {
            format!("all users can replace this private key: the mode of its folder is {mode:03o}")
        }
        Exposure::NoModes(_) => {
            "this file system has no access rights, so other users can read this private key".into()
        }
    }
}
