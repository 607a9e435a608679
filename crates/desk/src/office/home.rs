//! The folder of a desk, with everything in it read but the ledger.

use std::path::{Path, PathBuf};

use airlatch_core::crypto::{PrivateKey, TrustedSet};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Cause, Error, Reason, Result, Time};
use airlatch_machine::platform::{FileLock, Files};

use crate::catalog::{self, Catalog};
use crate::desk::Operator;

use super::keys;
use super::settings::{DeskSettings, read_desk_settings};

/// The settings of a desk, in its folder.
pub(super) const SETTINGS: &str = "desk.toml";
/// What is sold, in the folder of a desk.
pub const CATALOG: &str = "catalog.toml";
/// The ledger, in the folder of a desk.
pub const LEDGER: &str = "ledger.db";
/// The folder of the keys, in the folder of a desk.
pub const KEYS: &str = "keys";
/// What the database has not moved into the ledger's file yet.
pub(super) const LOG: &str = "ledger.db-wal";
/// The file that says who is at work on the ledger.
const LOCK: &str = "ledger.lock";
/// For so many seconds another desk's work is waited for.
const PATIENCE: u64 = 10;
/// More keys than a desk will ever have.
const MANY_KEYS: usize = 1_000;

/// A desk home: settings, catalog and keys as they were read, and the way to the ledger.
#[derive(Debug)]
pub struct DeskHome {
    pub(super) files: Files,
    pub(super) path: PathBuf,
    settings: DeskSettings,
    trusted: TrustedSet,
    actor: String,
    catalog: Catalog,
    now: Time,
}

impl DeskHome {
    /// Reads the desk in a folder. Who acts is `named`, else who the settings name, else `user`, else `desk`; `now` is the
    /// time of all that is done with it.
    ///
    /// # Errors
    /// `no-desk` where there are no settings; what is wrong with settings, catalog, keys or the name of who acts.
    pub fn open(
        files: &Files,
        folder: PathBuf,
        named: Option<&str>,
        user: Option<&str>,
        now: Time,
    ) -> Result<Self> {
        let settings = folder.join(SETTINGS);
        let bytes = files.read(&settings, limits::GRANT_FILE).map_err(|it| match it.reason() {
            Reason::NotFound => Error::new(Reason::NoDesk, "there is no desk here").at(folder.display()),
            _ => it,
        })?;
        let settings = read_desk_settings(&bytes).map_err(|error| error.at(settings.display()))?;
        let actor = named.or(settings.actor.as_deref()).or(user).unwrap_or("desk").to_owned();
        format::check_text("actor", Some(&actor), 100)?;
        let catalog = read_catalog(files, &folder.join(CATALOG))?;
        let trusted = trusted(files, &folder)?;
        Ok(Self { files: files.clone(), path: folder, settings, trusted, actor, catalog, now })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is sold.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The desk's own keys.
    pub fn trusted(&self) -> &TrustedSet {
        &self.trusted
    }

    /// Where the key that signs is.
    pub fn key(&self) -> PathBuf {
        self.path.join(&self.settings.key)
    }

    /// Refuses a key that the desk does not know: what it signed could not be read back from the ledger.
    ///
    /// # Errors
    /// `untrusted-key`.
    pub fn refuse_foreign(&self, key: &PrivateKey) -> Result<()> {
        if self.trusted.contains(&key.public()) {
            return Ok(());
        }
        let what = format!("{} is not one of this desk's keys", key.public().key_id());
        Err(Error::new(Reason::UntrustedKey, what).at(self.path.join(KEYS).display()))
    }

    /// Who acts, when, and by which catalog.
    pub fn operator(&self) -> Operator<'_> {
        Operator { catalog: &self.catalog, trusted: &self.trusted, now: self.now, actor: &self.actor }
    }

    /// Where the ledger is, in a folder that is safe for it.
    pub(super) fn ledger_path(&self) -> Result<PathBuf> {
        self.files.safe_for_ledger(&self.path)?;
        let path = self.path.join(LEDGER);
        if !self.files.exists(&path) {
            return Err(Error::new(Reason::NotFound, "the ledger is gone")
                .because(Cause::LedgerGone)
                .at(path.display()));
        }
        self.files.resolve(&path)
    }

    /// Keeps everybody else out of the ledger; waits for whoever is at work.
    pub(super) fn guard(&self, verb: &str) -> Result<FileLock> {
        self.guard_within(verb, PATIENCE)
    }

    /// As [`guard`](Self::guard), waiting for so many seconds at most.
    pub(super) fn guard_within(&self, verb: &str, seconds: u64) -> Result<FileLock> {
        self.files.lock_file(&self.path.join(LOCK), &format!("airlatch {verb}"), seconds)
    }

    /// Who is at work on the ledger, if anybody is.
    pub(super) fn guarded_by(&self) -> Option<String> {
        self.files.lock_holder(&self.path.join(LOCK))
    }
}

/// The catalog in a file, or the first of its faults.
///
/// # Errors
/// Those of [`catalog::read_catalog`], and of reading a file.
pub fn read_catalog(files: &Files, path: &Path) -> Result<Catalog> {
    let bytes = files.read(path, limits::CATALOG_FILE)?;
    catalog::read_catalog(&bytes).map_err(|faults| {
        let more = faults.len().saturating_sub(1);
        let first = faults.into_iter().next();
        let first = first.unwrap_or_else(|| Error::new(Reason::BadCatalog, "the catalog can't be used"));
        let first = first.at(path.display());
        if more > 0 { first.detail(format!("and {more} more faults")) } else { first }
    })
}

fn trusted(files: &Files, home: &Path) -> Result<TrustedSet> {
    let folder = home.join(KEYS);
    let names = match files.list(&folder, MANY_KEYS) {
        Err(error) if error.reason() == Reason::NotFound => return Ok(TrustedSet::default()),
        names => names?,
    };
    let mut trusted = Vec::new();
    for name in names.into_iter().filter_map(|name| name.into_string().ok()) {
        if name.ends_with(".pub") && !name.starts_with('.') {
            trusted.push(keys::public_key(files, &folder.join(name))?);
        }
    }
    Ok(TrustedSet::new(trusted))
}
