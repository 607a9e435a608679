//! The host's own key in its home.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::platform::{self, Access, Existing};
use airlatch_core::crypto::{self, KeyFile, PrivateKey, PublicKey};
use airlatch_core::format::limits;
use airlatch_core::model::{Cause, Error, Reason, Result, SystemId};

use super::home::{LOCK_TIMEOUT_SECONDS, read_if_there};
use super::{Home, LoadedMemory};

pub(super) const KEY: &str = "host.key";
pub(super) const PUBLIC: &str = "host.pub";

impl Home {
    /// The host's private key, created at first use.
    ///
    /// # Errors
    /// `lost-key` if only its public key exists; those of keys, files and `entropy`.
    pub fn key(&self, entropy: &mut dyn FnMut(&mut [u8]) -> Result<()>) -> Result<PrivateKey> {
        if let Some(key) = self.read_key().map_err(|error| self.explained(error))? {
            self.write_public(&key)?;
            return Ok(key);
        }
        self.refuse_lost_key()?;
        self.files.make_dir(&self.path, true)?;
        // Errors are ignored: without a lock, the key that is written first becomes the host's key.
        let _lock = self.lock_memory(LOCK_TIMEOUT_SECONDS);
        if let Some(key) = self.read_key()? {
            return Ok(key);
        }
        let mut seed = Zeroizing::new([0; 32]);
        entropy(seed.as_mut_slice())?;
        let key = PrivateKey::from_seed(&seed)?;
        // A key without a clock mark counts as a lost mark, so the mark is written first.
        self.begin_memory(&key, &seed)?;
        let pem = key.to_pem();
        match self.files.write(&self.path.join(KEY), pem.as_bytes(), Access::Private, Existing::Keep) {
            Ok(_) => {}
            // Another process wrote its key first: that is the host's key.
            Err(error) if error.reason() == Reason::Exists => {}
            Err(error) if error.reason() == Reason::Busy => self.wait_for_key(),
            Err(error) => return Err(error),
        }
        let lost =
            || Error::new(Reason::NotFound, "the host's key is missing").at(self.path.join(KEY).display());
        let key = self.read_key()?.ok_or_else(lost)?;
        self.write_public(&key)?;
        Ok(key)
    }

    /// Whether the home has a host key.
    pub fn is_set_up(&self) -> bool {
        self.files.exists(&self.path.join(KEY))
    }

    /// The error if the key is missing although the public key, or a dangling link in the key's place, exists.
    pub(super) fn lost_key(&self) -> Option<Error> {
        // A dangling link, for example to a volume that is not mounted, does not mean that the home is new.
        let is_gone =
            || matches!(read_if_there(&self.files, &self.path.join(KEY), limits::KEY_FILE), Ok(None));
        let is_lost = (self.is_set_up() || self.files.exists(&self.path.join(PUBLIC))) && is_gone();
        let message = "the host's own key is missing; a new one would give the host another System ID";
        is_lost.then(|| Error::new(Reason::LostKey, message).at(self.path.join(KEY).display()))
    }

    /// Refuses a home with a lost key.
    ///
    /// # Errors
    /// `lost-key`.
    pub fn refuse_lost_key(&self) -> Result<()> {
        self.lost_key().map_or(Ok(()), Err)
    }

    /// The error of the host's own key, as far as this user may read it: it is missing, is not a key, or does not fit the
    /// public key beside it.
    pub fn key_error(&self) -> Option<Error> {
        match self.read_key() {
            Ok(None) => self.lost_key(),
            Ok(Some(key)) => self.mismatch(key.public().system_id(), self.public_key_copy().ok()??),
            Err(error) if matches!(error.reason(), Reason::Denied | Reason::Io) => None,
            Err(error) => Some(error),
        }
    }

    /// The error if the public key file does not fit the host's private key, whose System ID is `id`.
    pub(super) fn mismatch(&self, id: SystemId, copy: PublicKey) -> Option<Error> {
        let message = "the public key beside the host's own key belongs to another key";
        let error = || {
            Error::new(Reason::KeyMismatch, message)
                .at(self.path.join(PUBLIC).display())
                .because(Cause::HostPublicKey)
        };
        let detailed =
            || error().detail(format!("host.key   {id}")).detail(format!("host.pub   {}", copy.system_id()));
        (copy.system_id() != id).then(detailed)
    }

    /// The path of the host's own key, if other users may read it. The key is used nevertheless.
    pub fn exposed_key(&self) -> Option<PathBuf> {
        let path = self.path.join(KEY);
        matches!(self.files.exposed(&path), Ok(Some(_))).then_some(path)
    }

    /// Waits up to two seconds for another process that is writing the key.
    fn wait_for_key(&self) {
        for _ in 0..200 {
            if self.files.exists(&self.path.join(KEY)) {
                return;
            }
            platform::pause();
        }
    }

    fn read_key(&self) -> Result<Option<PrivateKey>> {
        let path = self.path.join(KEY);
        let Some(bytes) = read_if_there(&self.files, &path, limits::KEY_FILE)? else { return Ok(None) };
        let unusable = |error: Error| error.at(path.display()).because(Cause::HostKey);
        match crypto::read_key(&bytes).map_err(unusable)? {
            KeyFile::Private(key) => Ok(Some(key)),
            _ => Err(unusable(Error::new(Reason::BadKey, "this is not the host's private key"))),
        }
    }

    /// The host's public key, computed from the private key. Only for a user who may not read that, it is read from the copy
    /// beside it.
    ///
    /// # Errors
    /// `denied` for a user who may not read the private key if there is no copy; those of keys and files.
    pub fn public_key(&self) -> Result<Option<PublicKey>> {
        match self.read_key() {
            Err(error) if error.reason() == Reason::Denied => {
                let message = "this user may not read the host's own key, and its public key is missing";
                let unknown = || Error::new(Reason::Denied, message).at(self.path.join(KEY).display());
                self.public_key_copy()?.ok_or_else(unknown).map(Some)
            }
            read => Ok(read?.map(|key| key.public())),
        }
    }

    /// The host's public key, and its memory.
    ///
    /// Computing the public key takes half the time of checking a license. So the copy beside the private key is used, if the
    /// clock mark in this home is signed with it, which shows that both belong together. Otherwise the private key is read.
    ///
    /// # Errors
    /// Those of keys and files; errors of a clock mark and a lost key are only noted.
    pub fn remembered(&self) -> Result<(Option<PublicKey>, LoadedMemory)> {
        if self.is_set_up()
            && let Ok(Some(copy)) = self.public_key_copy()
        {
            let recall = self.recall(Some(copy));
            if recall.mark.is_some() && recall.notes.is_empty() {
                self.refuse_other_key(copy)?;
                return Ok((Some(copy), recall));
            }
        }
        let own = self.public_key()?;
        let mut recall = self.recall(own);
        recall.notes.extend(self.lost_key());
        Ok((own, recall))
    }

    /// Refuses a public key, whose clock mark is here, that does not fit the private one, where this user may read that: anybody
    /// can copy these two from another home.
    fn refuse_other_key(&self, copy: PublicKey) -> Result<()> {
        match self.read_key() {
            Ok(Some(key)) => self.mismatch(key.public().system_id(), copy).map_or(Ok(()), Err),
            Err(error) if error.reason() == Reason::BadKey => Err(error),
            _ => Ok(()),
        }
    }

    /// The host's private key.
    ///
    /// # Errors
    /// `denied` for a user who may not read it, `lost-key` if it is missing; those of keys and files.
    pub(super) fn signing_key(&self) -> Result<PrivateKey> {
        let missing = || Error::new(Reason::LostKey, "the host's own key is missing");
        match self.read_key() {
            Err(error) if error.reason() == Reason::Denied => {
                let message = "this user may not read the host's key";
                Err(Error::new(Reason::Denied, message).at(self.path.display()))
            }
            read => read?.ok_or_else(|| missing().at(self.path.join(KEY).display())),
        }
    }

    /// The copy of the public key beside the private key; it is not compared with that.
    ///
    /// # Errors
    /// Those of keys and files.
    pub fn public_key_copy(&self) -> Result<Option<PublicKey>> {
        let path = self.path.join(PUBLIC);
        let Some(bytes) = read_if_there(&self.files, &path, limits::KEY_FILE)? else { return Ok(None) };
        let key = crypto::read_key(&bytes).and_then(crypto::expect_public);
        key.map(Some).map_err(|error| error.at(path.display()))
    }

    fn write_public(&self, key: &PrivateKey) -> Result<()> {
        let path = self.path.join(PUBLIC);
        let pem = key.public().to_pem();
        if read_if_there(&self.files, &path, limits::KEY_FILE)?.as_deref() == Some(pem.as_bytes()) {
            return Ok(());
        }
        match self.files.write(&path, pem.as_bytes(), Access::Public, Existing::Replace) {
            // Another process is writing the same.
            Err(error) if error.reason() == Reason::Busy => Ok(()),
            written => written.map(|_| ()),
        }
    }
}
