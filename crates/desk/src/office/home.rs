//! The desk home: its folder with settings, catalog and keys.

use std::path::{Path, PathBuf};

use airlatch_core::crypto::{PrivateKey, PublicKey, TrustedSet};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Cause, Error, Reason, Result, Time};
use airlatch_machine::platform::{FileLock, Files};

use crate::catalog::{self, Catalog};
use crate::desk::{ClockPolicy, Operator};

use super::home_backup::MANIFEST;
use super::keys;
use super::settings::{DeskSettings, read_desk_settings};

/// The settings file in the desk home.
pub(super) const SETTINGS: &str = "desk.toml";
/// The catalog file in the desk home.
pub const CATALOG: &str = "catalog.toml";
/// The ledger file in the desk home.
pub const LEDGER: &str = "ledger.db";
/// The folder of the keys in the desk home.
pub const KEYS: &str = "keys";
/// The write-ahead log of the ledger.
pub(super) const WAL: &str = "ledger.db-wal";
/// The memory that processes share about the write-ahead log.
pub(super) const SHARED_MEMORY: &str = "ledger.db-shm";
/// The lock file of the ledger, with the name of its holder.
pub(super) const LOCK: &str = "ledger.lock";
/// How long to wait for the lock of the ledger.
const LOCK_TIMEOUT_SECONDS: u64 = 10;
/// The most files that are read in the key folder.
pub(super) const MAX_KEYS: usize = 1_000;

/// A desk home with settings, catalog and keys, which opens the ledger.
#[derive(Debug)]
pub struct DeskHome {
    pub(super) files: Files,
    pub(super) path: PathBuf,
    settings: DeskSettings,
    trusted: TrustedSet,
    keys_hidden: Option<Error>,
    actor: String,
    catalog: Catalog,
    now: Time,
    clock_is_right: bool,
    override_because: Option<String>,
}

impl DeskHome {
    /// Reads the desk in a folder. The actor is `named`, else that of the settings, else `user`, else `desk`. `now` is the time
    /// of everything done with this value.
    ///
    /// # Errors
    /// `no-desk` if there are no settings, or the folder is a backup; those of reading settings, catalog and keys; `bad-field` for an invalid actor.
    pub fn open(
        files: &Files,
        folder: PathBuf,
        named: Option<&str>,
        user: Option<&str>,
        now: Time,
    ) -> Result<Self> {
        if files.exists(&folder.join(MANIFEST)) {
            let error = Error::new(Reason::NoDesk, "this is the backup of a desk, and is not used as a desk");
            return Err(error.because(Cause::BackupGiven).at(folder.display()));
        }
        Self::open_copy(files, folder, [named, user], now)
    }

    /// As [`open`](Self::open), also for the copy of a desk in a backup.
    pub(super) fn open_copy(
        files: &Files,
        folder: PathBuf,
        actors: [Option<&str>; 2],
        now: Time,
    ) -> Result<Self> {
        let [named, user] = actors;
        let settings = folder.join(SETTINGS);
        let bytes = files.read(&settings, limits::GRANT_FILE).map_err(|it| match it.reason() {
            Reason::NotFound => Error::new(Reason::NoDesk, "there is no desk here").at(folder.display()),
            _ => it,
        })?;
        let settings = read_desk_settings(&bytes).map_err(|error| error.at(settings.display()))?;
        let actor = named.or(settings.actor.as_deref()).or(user).unwrap_or("desk").to_owned();
        format::check_text("actor", Some(&actor), 100)?;
        let catalog = read_catalog(files, &folder.join(CATALOG)).map_err(|error| match error.reason() {
            Reason::NotFound => Error::new(Reason::NotFound, "the desk's catalog is missing")
                .because(Cause::CatalogGone)
                .at(folder.join(CATALOG).display()),
            _ => error,
        })?;
        // Somebody who may only look need not read keys.
        let (trusted, keys_hidden) = match trusted_keys(files, &folder) {
            Err(error) if error.reason() == Reason::Denied => (TrustedSet::default(), Some(error)),
            keys => (keys?, None),
        };
        let (clock_is_right, override_because) = (false, None);
        let files = files.clone();
        Ok(Self {
            files,
            path: folder,
            settings,
            trusted,
            keys_hidden,
            actor,
            catalog,
            now,
            clock_is_right,
            override_because,
        })
    }

    /// The same desk, of which was said that its clock is right, and why entries may be booked after one in the future.
    pub fn with_clock(self, is_right: bool, override_because: Option<String>) -> Self {
        Self { clock_is_right: is_right, override_because, ..self }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The catalog.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The desk's own public keys.
    pub fn trusted(&self) -> &TrustedSet {
        &self.trusted
    }

    /// The error of reading the key folder, if this user may not read it. Then nothing can be verified or signed.
    pub fn keys_hidden(&self) -> Option<&Error> {
        self.keys_hidden.as_ref()
    }

    /// Refuses what needs the desk's keys if this user may not read them.
    ///
    /// # Errors
    /// `denied`.
    pub fn refuse_hidden_keys(&self) -> Result<()> {
        self.keys_hidden.clone().map_or(Ok(()), Err)
    }

    /// The error of reading the signing key at [`key`](Self::key).
    pub fn key_error(&self, error: Error) -> Error {
        match error.reason() {
            Reason::NotFound => Error::new(Reason::NotFound, "the desk's private key is missing")
                .because(Cause::DeskKeyGone)
                .at(self.key().display()),
            _ => error,
        }
    }

    /// The path of the signing key.
    pub fn key(&self) -> PathBuf {
        self.path.join(&self.settings.key)
    }

    /// The public key of the signing key, from the file beside it.
    ///
    /// # Errors
    /// Those of reading a public key.
    pub fn signer(&self) -> Result<PublicKey> {
        keys::public_key(&self.files, &self.key().with_extension("pub")).map(|(key, _)| key)
    }

    /// Refuses a signing key whose public key the desk doesn't have: documents signed with it couldn't be verified later.
    ///
    /// # Errors
    /// `untrusted-key`.
    pub fn refuse_foreign(&self, key: &PrivateKey) -> Result<()> {
        self.refuse_hidden_keys()?;
        if self.trusted.contains(&key.public()) {
            return Ok(());
        }
        let message = format!("{} is not one of this desk's keys", key.public().key_id());
        Err(Error::new(Reason::UntrustedKey, message).at(self.path.join(KEYS).display()))
    }

    /// The operator for use cases of this desk.
    pub fn operator(&self) -> Operator<'_> {
        let clock =
            ClockPolicy { is_right: self.clock_is_right, override_because: self.override_because.as_deref() };
        Operator { catalog: &self.catalog, trusted: &self.trusted, now: self.now, actor: &self.actor, clock }
    }

    /// The path of the ledger, after a check that a ledger is safe in this folder.
    pub(super) fn ledger_path(&self) -> Result<PathBuf> {
        self.files.safe_for_ledger(&self.path)?;
        if !self.has_ledger()? {
            return Err(ledger_gone(&self.path.join(LEDGER)));
        }
        self.files.resolve(&self.path.join(LEDGER))
    }

    /// Whether the desk has a ledger.
    ///
    /// # Errors
    /// `not-a-file` if there is a link, folder or pipe in the place of one of its files.
    pub(super) fn has_ledger(&self) -> Result<bool> {
        let has = |name: &str| {
            self.files.has_own(&self.path.join(name)).map_err(|error| match error.reason() {
                Reason::NotAFile => error.because(Cause::NotOwnFile),
                _ => error,
            })
        };
        has(WAL)?;
        has(SHARED_MEMORY)?;
        has(LEDGER)
    }

    /// Locks the ledger for writing, and waits for its current holder.
    ///
    /// # Errors
    /// `busy` after [`LOCK_TIMEOUT_SECONDS`].
    pub(super) fn lock(&self, verb: &str) -> Result<FileLock> {
        self.lock_within(verb, LOCK_TIMEOUT_SECONDS)
    }

    /// As [`lock`](Self::lock), with another timeout.
    pub(super) fn lock_within(&self, verb: &str, seconds: u64) -> Result<FileLock> {
        self.files.lock_file(&self.path.join(LOCK), &format!("airlatch {verb}"), seconds)
    }

    /// The holder of the lock, if the ledger is locked.
    pub(super) fn lock_holder(&self) -> Option<String> {
        self.files.lock_holder(&self.path.join(LOCK))
    }
}

/// The error for a desk without a ledger.
pub(super) fn ledger_gone(path: &Path) -> Error {
    Error::new(Reason::NotFound, "the ledger is gone").because(Cause::LedgerGone).at(path.display())
}

/// Reads a catalog file; an error is the first fault, with the number of others.
///
/// # Errors
/// Those of [`catalog::read_catalog`] and of reading a file.
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

/// Reads all public keys in the key folder.
fn trusted_keys(files: &Files, home: &Path) -> Result<TrustedSet> {
    let folder = home.join(KEYS);
    let names = match files.list(&folder, MAX_KEYS) {
        Err(error) if error.reason() == Reason::NotFound => return Ok(TrustedSet::default()),
        names => names?,
    };
    let mut trusted = Vec::new();
    for name in names.into_iter().filter_map(|name| name.into_string().ok()) {
        if name.ends_with(".pub") && !name.starts_with('.') {
            trusted.push(keys::public_key(files, &folder.join(name))?.0);
        }
    }
    Ok(TrustedSet::new(trusted))
}
