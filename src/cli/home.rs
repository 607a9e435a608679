//! The host home: the installation's own key, its settings, trusted keys and licenses.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::crypto::{self, KeyFile, PrivateKey, PublicKey};
use crate::format::{self, HostSettings, limits};
use crate::model::{DocumentId, HostFacts, Reason, Result, Trouble};
use crate::platform::{self, Access, Existing, Homes};

use super::session::Session;

const KEY: &str = "host.key";
const PUBLIC: &str = "host.pub";
const SETTINGS: &str = "host.toml";
const LICENSES: &str = "licenses";
const TRUST: &str = "trust";
/// More files than one host will ever hold.
const MOST_FILES: usize = 100_000;

/// A file and its bytes, or why it can't be read.
pub(super) type Bytes = (PathBuf, Result<Vec<u8>>);

/// A host home that may not exist yet.
pub(super) struct HostHome(PathBuf);

impl HostHome {
    /// The home this run uses.
    pub(super) fn of(session: &Session) -> Result<Self> {
        let homes = Homes::new(&session.env, session.home.as_deref(), None);
        let path = homes.host()?;
        if session.files.exists(path) && !session.files.is_dir(path) {
            return Err(
                Trouble::new(Reason::NoHome, "what is named as the home is no folder").at(path.display())
            );
        }
        Ok(Self(path.to_owned()))
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// What this host shows below `root`, with what its home knows.
    pub(super) fn facts(&self, session: &Session, root: &Path) -> Result<HostFacts> {
        let system_id = self.public_key(session)?.map(|key| key.system_id());
        let site = self.settings(session)?.site;
        Ok(HostFacts { system_id, site, ..Self::facts_without(root) })
    }

    /// What this machine shows below `root` where there is no home at all.
    pub(super) fn facts_without(root: &Path) -> HostFacts {
        let probe = platform::probe(root);
        HostFacts {
            system_id: None,
            site: None,
            class: probe.class,
            components: probe.components,
            absent: probe.absent,
        }
    }

    /// The installation's own key, made at first use.
    pub(super) fn key(&self, session: &mut Session) -> Result<PrivateKey> {
        if let Some(key) = self.read_key(session)? {
            self.write_public(session, &key)?;
            self.warn_of_exposure(session);
            return Ok(key);
        }
        if session.files.exists(&self.0.join(PUBLIC)) {
            let what = "the host's own key is gone; a new one would make it another installation";
            return Err(Trouble::new(Reason::LostKey, what).at(self.0.join(KEY).display()));
        }
        let key = PrivateKey::from_seed(&Zeroizing::new(session.random()?))?;
        session.files.make_dir(&self.0, true)?;
        let pem = key.to_pem();
        match session.files.write(&self.0.join(KEY), pem.as_bytes(), Access::Private, Existing::Keep) {
            Ok(_) => {}
            // Another run was faster: its key is the installation's.
            Err(trouble) if trouble.reason() == Reason::Exists => {}
            Err(trouble) if trouble.reason() == Reason::Busy => self.wait_for_key(session),
            Err(trouble) => return Err(trouble),
        }
        let lost = || Trouble::new(Reason::NotFound, "the host's key is gone").at(self.0.join(KEY).display());
        let key = self.read_key(session)?.ok_or_else(lost)?;
        self.write_public(session, &key)?;
        Ok(key)
    }

    /// The host's own key works all the same: whoever could read it could as well copy the whole home.
    fn warn_of_exposure(&self, session: &mut Session) {
        let path = self.0.join(KEY);
        if matches!(session.files.exposed(&path), Ok(Some(_))) {
            session
                .screen
                .talk(&format!("note: others may use this host's key: chmod 600 {}", path.display()));
        }
    }

    /// Another run is writing the key at this moment: that takes as long as a disk takes to sync.
    fn wait_for_key(&self, session: &Session) {
        for _ in 0..200 {
            if session.files.exists(&self.0.join(KEY)) {
                return;
            }
            platform::pause();
        }
    }

    fn read_key(&self, session: &Session) -> Result<Option<PrivateKey>> {
        let path = self.0.join(KEY);
        let Some(bytes) = read_if_there(session, &path, limits::KEY_FILE)? else { return Ok(None) };
        match crypto::read_key(&bytes).map_err(|trouble| trouble.at(path.display()))? {
            KeyFile::Private(key) => Ok(Some(key)),
            _ => Err(Trouble::new(Reason::BadKey, "this is not the host's private key").at(path.display())),
        }
    }

    /// The public half of the installation's own key: the key itself says it; the copy beside it is for users who may
    /// not read the key, and means nothing without one.
    pub(super) fn public_key(&self, session: &Session) -> Result<Option<PublicKey>> {
        match self.read_key(session) {
            Err(trouble) if trouble.reason() == Reason::Denied => {}
            read => return Ok(read?.map(|key| key.public())),
        }
        let path = self.0.join(PUBLIC);
        let Some(bytes) = read_if_there(session, &path, limits::KEY_FILE)? else { return Ok(None) };
        let key = crypto::read_key(&bytes).and_then(crypto::expect_public);
        key.map(Some).map_err(|trouble| trouble.at(path.display()))
    }

    fn write_public(&self, session: &Session, key: &PrivateKey) -> Result<()> {
        let path = self.0.join(PUBLIC);
        let pem = key.public().to_pem();
        if read_if_there(session, &path, limits::KEY_FILE)?.as_deref() == Some(pem.as_bytes()) {
            return Ok(());
        }
        session.files.write(&path, pem.as_bytes(), Access::Public, Existing::Replace).map(|_| ())
    }

    /// What the host was told: site and codes.
    pub(super) fn settings(&self, session: &Session) -> Result<HostSettings> {
        let path = self.0.join(SETTINGS);
        let bytes = read_if_there(session, &path, limits::GRANT_FILE)?.unwrap_or_default();
        format::read_settings(&bytes).map_err(|trouble| trouble.at(path.display()))
    }

    /// Keeps what the host was told.
    pub(super) fn keep_settings(&self, session: &Session, settings: &HostSettings) -> Result<()> {
        session.files.make_dir(&self.0, true)?;
        let bytes = format::write_settings(settings)?;
        session.files.write(&self.0.join(SETTINGS), &bytes, Access::Public, Existing::Replace).map(|_| ())
    }

    /// The vendors' keys that were kept here; a file that is none is said to be so and left out.
    pub(super) fn trusted(&self, session: &mut Session) -> Result<Vec<PublicKey>> {
        let folder = self.0.join(TRUST);
        let mut keys = Vec::new();
        for name in list_if_there(session, &folder, ".pub")? {
            match super::keys::public(session, &folder.join(name)) {
                Ok(key) => keys.push(key),
                Err(trouble) => session.screen.talk(&format!("note: not trusted: {trouble}")),
            }
        }
        Ok(keys)
    }

    /// Trusts a vendor from now on.
    pub(super) fn keep_trusted(&self, session: &Session, key: PublicKey) -> Result<()> {
        let folder = self.0.join(TRUST);
        session.files.make_dir(&folder, true)?;
        let path = folder.join(format!("{}.pub", key.key_id()));
        session.files.write(&path, key.to_pem().as_bytes(), Access::Public, Existing::Keep).map(|_| ())
    }

    /// The installed license files, by name.
    pub(super) fn licenses(&self, session: &Session) -> Result<Vec<Bytes>> {
        let folder = self.0.join(LICENSES);
        let names = list_if_there(session, &folder, ".license")?.into_iter();
        let read = |name: String| {
            let path = folder.join(name);
            let bytes = session.files.read(&path, limits::DOCUMENT_FILE);
            (path, bytes)
        };
        Ok(names.map(read).collect())
    }

    /// Installs a license in its clean form; installing it again changes nothing.
    pub(super) fn keep_license(&self, session: &Session, id: DocumentId, text: &str) -> Result<PathBuf> {
        let folder = self.0.join(LICENSES);
        session.files.make_dir(&folder, true)?;
        let path = folder.join(format!("{id}.license"));
        session.files.write(&path, text.as_bytes(), Access::Public, Existing::Replace)?;
        Ok(path)
    }
}

fn read_if_there(session: &Session, path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    match session.files.read(path, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(trouble) if trouble.reason() == Reason::NotFound => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// The files with this ending, but for those that some systems leave beside each file.
fn list_if_there(session: &Session, folder: &Path, ending: &str) -> Result<Vec<String>> {
    if !session.files.exists(folder) {
        return Ok(Vec::new());
    }
    if !session.files.is_dir(folder) {
        return Err(Trouble::new(Reason::NotAFile, "a folder belongs here").at(folder.display()));
    }
    // A name that is no UTF-8 is none that airlatch wrote.
    let names =
        session.files.list(folder, MOST_FILES)?.into_iter().filter_map(|name| name.into_string().ok());
    Ok(names.filter(|name| name.ends_with(ending) && !name.starts_with('.')).collect())
}
