//! Creates a desk: keys, catalog template, settings, the ledger and its witness.

use std::path::{Path, PathBuf};

use airlatch_core::crypto::{PrivateKey, PublicKey};
use airlatch_core::model::{Error, Reason, Result, Time};
use airlatch_machine::platform::{Access, Existing, Files};

use crate::ledger::{Act, Draft, Ledger, Witness};
use crate::store::Store;

use super::home::{CATALOG, KEYS, LEDGER, SETTINGS};
use super::keys;
use super::settings::{DeskSettings, write_desk_settings};
use super::witness_file::{self, WITNESS};

const PRIVATE_KEY_FILE: &str = "desk.key";
const PUBLIC_KEY_FILE: &str = "desk.pub";

/// A desk that is being created in a folder. Files left by an interrupted run are kept and completed.
#[derive(Debug)]
pub struct NewDesk<'a> {
    files: &'a Files,
    folder: &'a Path,
}

impl<'a> NewDesk<'a> {
    /// Creates the folder.
    ///
    /// # Errors
    /// `unsafe-folder` if a ledger can't be kept there; those of creating a folder.
    pub fn begin(files: &'a Files, folder: &'a Path) -> Result<Self> {
        files.make_dir(folder, true)?;
        files.safe_for_ledger(folder)?;
        Ok(Self { files, folder })
    }

    /// Refuses a folder that already has a desk.
    ///
    /// # Errors
    /// `exists`.
    pub fn refuse_existing(files: &Files, folder: &Path) -> Result<()> {
        if files.exists(&folder.join(WITNESS)) {
            return Err(Error::new(Reason::Exists, "there is already a desk here").at(folder.display()));
        }
        Ok(())
    }

    /// The path of the private key.
    pub fn private_key(&self) -> PathBuf {
        self.folder.join(KEYS).join(PRIVATE_KEY_FILE)
    }

    /// The path of the public key.
    pub fn public_key(&self) -> PathBuf {
        self.folder.join(KEYS).join(PUBLIC_KEY_FILE)
    }

    /// The public key of a key pair left by an interrupted run.
    ///
    /// # Errors
    /// `exists` if there is a private key without its public key.
    pub fn key_left(&self) -> Result<Option<PublicKey>> {
        let (private, public) = (self.private_key(), self.public_key());
        self.files.make_dir(&self.folder.join(KEYS), true)?;
        if !self.files.exists(&private) {
            return Ok(None);
        }
        if self.files.exists(&public) {
            return keys::public_key(self.files, &public).map(|(key, _)| Some(key));
        }
        let message = "there is a private key without its public key";
        let out = self.folder.join(KEYS).join("desk");
        let rescue = format!("airlatch keygen --public {} --out {}", private.display(), out.display());
        Err(Error::new(Reason::Exists, message).at(private.display()).detail(rescue))
    }

    /// Writes the key pair; `pem` is the private key as it is to be stored, encrypted or not.
    ///
    /// # Errors
    /// Those of writing a file.
    pub fn write_key(&self, key: &PrivateKey, pem: &str) -> Result<()> {
        // The public key first: after an interruption there are either both keys, or no private key, and a new pair is made.
        let public = key.public().to_pem();
        self.files.write(&self.public_key(), public.as_bytes(), Access::Public, Existing::Replace)?;
        self.files.write(&self.private_key(), pem.as_bytes(), Access::Private, Existing::Keep)?;
        Ok(())
    }

    /// Writes the settings and a catalog template, unless these files exist.
    ///
    /// # Errors
    /// Those of writing a file.
    pub fn write_files(&self, catalog: &str) -> Result<()> {
        let settings = DeskSettings { key: format!("{KEYS}/{PRIVATE_KEY_FILE}"), actor: None };
        self.write_new(CATALOG, catalog.as_bytes())?;
        self.write_new(SETTINGS, &write_desk_settings(&settings)?)
    }

    /// Writes a file unless it exists: an interrupted run may have left it, and somebody may have edited it since.
    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        if !self.files.exists(&path) {
            self.files.write(&path, bytes, Access::Public, Existing::Keep)?;
        }
        Ok(())
    }

    /// Creates the ledger with its first entry, and finally the witness, which marks the desk as complete.
    ///
    /// # Errors
    /// Those of [`Store::create`] and of writing a file.
    pub fn open_ledger(&self, vendor: Option<String>, nonce: [u8; 16], actor: &str, now: Time) -> Result<()> {
        let ledger = self.folder.join(LEDGER);
        self.files.has_own(&ledger)?;
        let resolved = self.files.resolve(&ledger)?;
        // An interrupted run may have left a ledger.
        let mut store = match Store::create(&resolved) {
            Err(error) if error.reason() == Reason::Exists => Store::open(&resolved)?,
            made => made?,
        };
        let witness = store.transact(|book| {
            if book.head()?.number == 0 {
                let act = Act::Opened { nonce, vendor };
                let actor = actor.to_owned();
                book.post(Draft { time: now, actor, act, transfers: Vec::new(), sealed: None })?;
            }
            Witness::of(book)
        })?;
        witness_file::write(self.files, self.folder, &witness)
    }
}
