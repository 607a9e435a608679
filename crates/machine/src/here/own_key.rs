//! The installation's own key in the host home: made once, and what is read of it.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::platform::{self, Access, Existing};
use airlatch_core::crypto::{self, KeyFile, PrivateKey, PublicKey};
use airlatch_core::format::limits;
use airlatch_core::model::{Cause, Error, Reason, Result, SystemId};

use super::home::{WAIT, read_if_there};
use super::{Home, LoadedMemory};

pub(super) const KEY: &str = "host.key";
pub(super) const PUBLIC: &str = "host.pub";

impl Home {
    /// The installation's own key, made at first use.
    ///
    /// # Errors
    /// `lost-key` when only its public half is there; else those of keys, files and `entropy`.
    pub fn key(&self, entropy: &mut dyn FnMut(&mut [u8]) -> Result<()>) -> Result<PrivateKey> {
        if let Some(key) = self.read_key()? {
            self.write_public(&key)?;
            return Ok(key);
        }
        self.refuse_lost_key()?;
        self.files.make_dir(&self.path, true)?;
        // Where nothing can be locked, the first key to be written is the installation's all the same.
        let _guard = self.guard(WAIT);
        if let Some(key) = self.read_key()? {
            return Ok(key);
        }
        let mut seed = Zeroizing::new([0; 32]);
        entropy(seed.as_mut_slice())?;
        let key = PrivateKey::from_seed(&seed)?;
        // A key without a memory has lost it, so the memory comes first.
        self.begin_memory(&key, &seed)?;
        let pem = key.to_pem();
        match self.files.write(&self.path.join(KEY), pem.as_bytes(), Access::Private, Existing::Keep) {
            Ok(_) => {}
            // Another run was faster: its key is the installation's.
            Err(error) if error.reason() == Reason::Exists => {}
            Err(error) if error.reason() == Reason::Busy => self.wait_for_key(),
            Err(error) => return Err(error),
        }
        let lost =
            || Error::new(Reason::NotFound, "the host's key is gone").at(self.path.join(KEY).display());
        let key = self.read_key()?.ok_or_else(lost)?;
        self.write_public(&key)?;
        Ok(key)
    }

    /// Whether an installation has its key here already.
    pub fn is_set_up(&self) -> bool {
        self.files.exists(&self.path.join(KEY))
    }

    /// What is wrong where only the public half of the installation's key is left, or a link that leads nowhere.
    pub(super) fn lost_key(&self) -> Option<Error> {
        // A link to what is not there, such as a volume that is not mounted, is no key and no new home either.
        let is_gone =
            || matches!(read_if_there(&self.files, &self.path.join(KEY), limits::KEY_FILE), Ok(None));
        let is_lost = (self.is_set_up() || self.files.exists(&self.path.join(PUBLIC))) && is_gone();
        let what = "the host's own key is gone; a new one would make it another installation";
        is_lost.then(|| Error::new(Reason::LostKey, what).at(self.path.join(KEY).display()))
    }

    /// Refuses a home where the installation's key is gone.
    ///
    /// # Errors
    /// `lost-key`.
    pub fn refuse_lost_key(&self) -> Result<()> {
        self.lost_key().map_or(Ok(()), Err)
    }

    /// What is wrong with the installation's own key, as far as this user may read it: it is gone, it is none, or the public
    /// half beside it is another one's.
    pub fn key_error(&self) -> Option<Error> {
        match self.read_key() {
            Ok(None) => self.lost_key(),
            Ok(Some(key)) => self.mismatch(key.public().system_id(), self.public_half().ok()??),
            Err(error) if matches!(error.reason(), Reason::Denied | Reason::Io) => None,
            Err(error) => Some(error),
        }
    }

    /// What is wrong where the half beside the key is not that of the installation `id`.
    pub(super) fn mismatch(&self, id: SystemId, half: PublicKey) -> Option<Error> {
        let what = "the public half beside the host's own key belongs to another key";
        let error = || {
            Error::new(Reason::KeyMismatch, what)
                .at(self.path.join(PUBLIC).display())
                .because(Cause::HostPublicKey)
        };
        let detailed =
            || error().detail(format!("the key    {id}")).detail(format!("the half   {}", half.system_id()));
        (half.system_id() != id).then(detailed)
    }

    /// Where the host's own key lies, if others may read it. It works all the same: whoever could read it could as well
    /// copy the whole home.
    pub fn exposed_key(&self) -> Option<PathBuf> {
        let path = self.path.join(KEY);
        matches!(self.files.exposed(&path), Ok(Some(_))).then_some(path)
    }

    /// Another run is writing the key at this moment: that takes as long as a disk takes to sync.
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

    /// The public half of the installation's own key: the key itself says it; the copy beside it is for users who may
    /// not read the key, and means nothing without one.
    ///
    /// # Errors
    /// `denied` for a user who may read neither; those of keys and files.
    pub fn public_key(&self) -> Result<Option<PublicKey>> {
        match self.read_key() {
            Err(error) if error.reason() == Reason::Denied => {
                let what = "this user may not read the host's own key, and its public half is not there";
                let unknown = || Error::new(Reason::Denied, what).at(self.path.join(KEY).display());
                self.public_half()?.ok_or_else(unknown).map(Some)
            }
            read => Ok(read?.map(|key| key.public())),
        }
    }

    /// Which installation this is, by its public key, and what it remembers.
    ///
    /// To find the public half of a key takes half as long as a check of a license. The copy beside it says it at once, and a
    /// mark signed under it that lies here proves that copy and mark belong together; where anything is unusual, the key
    /// itself is asked.
    ///
    /// # Errors
    /// Those of keys and files; what is wrong with a mark, or that the key is gone, is only noted.
    pub fn remembered(&self) -> Result<(Option<PublicKey>, LoadedMemory)> {
        if self.is_set_up()
            && let Ok(Some(half)) = self.public_half()
        {
            let recall = self.recall(Some(half));
            if recall.mark.is_some() && recall.notes.is_empty() {
                return Ok((Some(half), recall));
            }
        }
        let own = self.public_key()?;
        let mut recall = self.recall(own);
        recall.notes.extend(self.lost_key());
        Ok((own, recall))
    }

    /// The key that signs for this installation.
    ///
    /// # Errors
    /// `denied` for a user who may not read it, `lost-key` where there is none; those of keys and files.
    pub(super) fn signing_key(&self) -> Result<PrivateKey> {
        let gone = || Error::new(Reason::LostKey, "the host's own key is gone");
        match self.read_key() {
            Err(error) if error.reason() == Reason::Denied => {
                let what = "this user may not read the host's key";
                Err(Error::new(Reason::Denied, what).at(self.path.display()))
            }
            read => read?.ok_or_else(|| gone().at(self.path.join(KEY).display())),
        }
    }

    /// The copy of the public half beside the key, whatever the key itself says.
    ///
    /// # Errors
    /// Those of keys and files.
    pub fn public_half(&self) -> Result<Option<PublicKey>> {
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
            // Another run is writing the same.
            Err(error) if error.reason() == Reason::Busy => Ok(()),
            written => written.map(|_| ()),
        }
    }
}
