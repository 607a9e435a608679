//! Making a desk: keys, a catalog to fill in, settings, the ledger and its witness.

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

const KEY: &str = "desk.key";
const PUBLIC: &str = "desk.pub";

/// A desk that is being made in a folder. What an interrupted run left there is kept, and made whole.
#[derive(Debug)]
pub struct NewDesk<'a> {
    files: &'a Files,
    folder: &'a Path,
}

impl<'a> NewDesk<'a> {
    /// Makes the folder.
    ///
    /// # Errors
    /// `exists` where a desk is already; `unsafe-folder`; those of making a folder.
    pub fn begin(files: &'a Files, folder: &'a Path) -> Result<Self> {
        files.make_dir(folder, true)?;
        files.safe_for_ledger(folder)?;
        Ok(Self { files, folder })
    }

    /// Refuses a folder in which a desk is already.
    ///
    /// # Errors
    /// `exists`.
    pub fn refuse_existing(files: &Files, folder: &Path) -> Result<()> {
        if files.exists(&folder.join(WITNESS)) {
            return Err(Error::new(Reason::Exists, "a desk is there already").at(folder.display()));
        }
        Ok(())
    }

    /// Where the private key is, or will be.
    pub fn private_key(&self) -> PathBuf {
        self.folder.join(KEYS).join(KEY)
    }

    /// Where its public half is, or will be.
    pub fn public_key(&self) -> PathBuf {
        self.folder.join(KEYS).join(PUBLIC)
    }

    /// The public half of the key that an interrupted run left.
    ///
    /// # Errors
    /// `exists` for a private key without its public half.
    pub fn key_left(&self) -> Result<Option<PublicKey>> {
        let (private, public) = (self.private_key(), self.public_key());
        self.files.make_dir(&self.folder.join(KEYS), true)?;
        if !self.files.exists(&private) {
            return Ok(None);
        }
        if self.files.exists(&public) {
            return keys::public_key(self.files, &public).map(Some);
        }
        let what = "a private key is there without its public half";
        let out = self.folder.join(KEYS).join("desk");
        let rescue = format!("airlatch keygen --public {} --out {}", private.display(), out.display());
        Err(Error::new(Reason::Exists, what).at(private.display()).detail(rescue))
    }

    /// Writes the key pair; `pem` is the private half, as it shall be kept.
    ///
    /// # Errors
    /// Those of writing a file.
    pub fn write_key(&self, key: &PrivateKey, pem: &str) -> Result<()> {
        // The public half first: whoever runs this again then finds both, or makes a new pair of which nothing was signed.
        let public = key.public().to_pem();
        self.files.write(&self.public_key(), public.as_bytes(), Access::Public, Existing::Replace)?;
        self.files.write(&self.private_key(), pem.as_bytes(), Access::Private, Existing::Keep)?;
        Ok(())
    }

    /// Writes settings and the catalog to fill in, where there are none yet.
    ///
    /// # Errors
    /// Those of writing a file.
    pub fn write_files(&self, catalog: &str) -> Result<()> {
        let settings = DeskSettings { key: format!("{KEYS}/{KEY}"), actor: None };
        self.write_new(CATALOG, catalog.as_bytes())?;
        self.write_new(SETTINGS, &write_desk_settings(&settings)?)
    }

    /// A file that an interrupted run may have left, and that somebody may have filled in by now.
    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        if !self.files.exists(&path) {
            self.files.write(&path, bytes, Access::Public, Existing::Keep)?;
        }
        Ok(())
    }

    /// Makes the ledger with its first entry, and at last the witness, by which a desk is told from half of one.
    ///
    /// # Errors
    /// Those of [`Store::create`], and of writing a file.
    pub fn open_ledger(&self, vendor: Option<String>, nonce: [u8; 16], actor: &str, now: Time) -> Result<()> {
        let resolved = self.files.resolve(&self.folder.join(LEDGER))?;
        // An interrupted run may have left a ledger, or a file that never became one.
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
        witness_file::keep(self.files, self.folder, &witness)
    }
}
