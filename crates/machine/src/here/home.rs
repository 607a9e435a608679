//! The host home: its settings, trusted keys and licenses.

use std::path::{Path, PathBuf};

use crate::platform::{self, Access, Existing, Files, Folder, Probe};
use airlatch_core::crypto::{self, PublicKey};
use airlatch_core::format::{self, HostSettings, limits};
use airlatch_core::model::{Cause, DocumentId, Error, HostFacts, HostIdentity, Reason, Result, SystemId};

pub(super) const SETTINGS: &str = "host.toml";
pub(super) const LICENSES: &str = "licenses";
pub(super) const TRUST: &str = "trust";
/// More files than one host will ever hold.
const MOST_FILES: usize = 100_000;
/// For how many seconds whoever has to keep something waits for another run.
pub(super) const WAIT: u64 = 20;

/// A file and its bytes, or why it can't be read.
pub type Bytes = (PathBuf, Result<Vec<u8>>);

/// A host home that may not exist yet.
#[derive(Debug, Clone)]
pub struct Home {
    pub(super) path: PathBuf,
    pub(super) files: Files,
    pub(super) state: Folder,
    pub(super) instance: Option<String>,
}

impl Home {
    /// The home at `path`, a folder or nothing yet.
    ///
    /// # Errors
    /// `no-home` when something else stands there.
    pub fn new(path: &Path, files: &Files) -> Result<Self> {
        // Another process may make the folder between two looks, so the last one counts.
        if !files.is_dir(path) && files.exists(path) && !files.is_dir(path) {
            let error =
                Error::new(Reason::NoHome, "what is named as the home is no folder").at(path.display());
            return Err(error.because(Cause::NamedHome));
        }
        Ok(Self { path: path.to_owned(), files: files.clone(), state: Folder::None, instance: None })
    }

    /// Whether this is the path of a license that is installed here.
    pub(super) fn is_installed(&self, path: &Path) -> bool {
        path.starts_with(self.path.join(LICENSES))
    }

    /// With the folder in which what the host remembers is kept a second time.
    #[must_use]
    pub fn with_state(self, state: Folder) -> Self {
        Self { state, ..self }
    }

    /// With the instance id that the environment names, which goes before the one that is kept.
    #[must_use]
    pub fn with_instance(self, instance: Option<String>) -> Self {
        Self { instance, ..self }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What this host shows below `root`, with what its home knows.
    ///
    /// # Errors
    /// Those of keys, settings and files.
    pub fn facts(&self, root: &Path) -> Result<HostFacts> {
        let system_id = self.public_key()?.map(|key| key.system_id());
        self.facts_of(system_id, root)
    }

    /// The same, where it is known already which installation this is.
    pub(super) fn facts_of(&self, system_id: Option<SystemId>, root: &Path) -> Result<HostFacts> {
        let (facts, identity) = self.facts_unseen(system_id)?;
        Ok(look_at(root, &identity, facts))
    }

    /// What is known without a look at the machine, and by what it is told from others.
    pub(super) fn facts_unseen(&self, system_id: Option<SystemId>) -> Result<(HostFacts, HostIdentity)> {
        let HostSettings { site, identity, .. } = self.settings()?;
        let identity = identity.with_instance(self.instance.clone());
        Ok((HostFacts { system_id, site, ..HostFacts::unknown() }, identity))
    }

    /// What this machine shows below `root` where there is no home at all.
    pub fn facts_without(root: &Path, identity: &HostIdentity) -> HostFacts {
        look_at(root, identity, HostFacts::unknown())
    }

    /// What the host was told: site and codes.
    ///
    /// # Errors
    /// `bad-field`, and those of files.
    pub fn settings(&self) -> Result<HostSettings> {
        let path = self.path.join(SETTINGS);
        let bytes = read_if_there(&self.files, &path, limits::GRANT_FILE)?.unwrap_or_default();
        format::read_settings(&bytes).map_err(|error| error.at(path.display()))
    }

    /// Keeps what the host was told.
    ///
    /// # Errors
    /// `bad-field` for more than a home holds, and those of files.
    pub fn keep_settings(&self, settings: &HostSettings) -> Result<()> {
        self.files.make_dir(&self.path, true)?;
        let bytes = format::write_settings(settings)?;
        format::read_settings(&bytes)?;
        self.files.write(&self.path.join(SETTINGS), &bytes, Access::Public, Existing::Replace).map(|_| ())
    }

    /// The vendors' keys that were kept here, and what stands among them without being one.
    ///
    /// # Errors
    /// Those of files.
    pub fn trusted(&self) -> Result<(Vec<PublicKey>, Vec<Error>)> {
        let folder = self.path.join(TRUST);
        let (mut keys, mut others) = (Vec::new(), Vec::new());
        for name in list_if_there(&self.files, &folder, ".pub")? {
            let path = folder.join(name);
            let read =
                self.files.read(&path, limits::DOCUMENT_FILE).and_then(|bytes| crypto::read_key(&bytes));
            match read.and_then(crypto::expect_public) {
                Ok(key) => keys.push(key),
                Err(error) => others.push(error.at(path.display())),
            }
        }
        Ok((keys, others))
    }

    /// Trusts a vendor from now on.
    ///
    /// # Errors
    /// Those of files.
    pub fn keep_trusted(&self, key: PublicKey) -> Result<()> {
        let folder = self.path.join(TRUST);
        self.files.make_dir(&folder, true)?;
        let path = folder.join(format!("{}.pub", key.key_id()));
        self.files.write(&path, key.to_pem().as_bytes(), Access::Public, Existing::Keep).map(|_| ())
    }

    /// The installed license files, by name.
    ///
    /// # Errors
    /// Those of the folder; a file that can't be read is told in its place.
    pub fn licenses(&self) -> Result<Vec<Bytes>> {
        let folder = self.path.join(LICENSES);
        let names = list_if_there(&self.files, &folder, ".license")?.into_iter();
        let read = |name: String| {
            let path = folder.join(name);
            let bytes = self.files.read(&path, limits::DOCUMENT_FILE);
            (path, bytes)
        };
        Ok(names.map(read).collect())
    }

    /// Installs a license in its clean form; installing it again changes nothing.
    ///
    /// # Errors
    /// Those of files.
    pub fn keep_license(&self, id: DocumentId, text: &str) -> Result<PathBuf> {
        let folder = self.path.join(LICENSES);
        self.files.make_dir(&folder, true)?;
        let path = folder.join(format!("{id}.license"));
        self.files.write(&path, text.as_bytes(), Access::Public, Existing::Replace)?;
        Ok(path)
    }
}

/// The facts with what the machine below `root` shows.
pub(super) fn look_at(root: &Path, identity: &HostIdentity, facts: HostFacts) -> HostFacts {
    let Probe { class, components, absent } = platform::probe(root, identity);
    HostFacts { class, components, absent, ..facts }
}

pub(super) fn read_if_there(files: &Files, path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    match files.read(path, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.reason() == Reason::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The files with this ending, but for those that some systems leave beside each file.
fn list_if_there(files: &Files, folder: &Path, ending: &str) -> Result<Vec<String>> {
    let names = match files.list(folder, MOST_FILES) {
        // What may not be seen is not gone.
        Err(error) if error.reason() == Reason::Denied => return Err(error),
        Err(_) if !files.exists(folder) => return Ok(Vec::new()),
        Err(_) if !files.is_dir(folder) => {
            return Err(Error::new(Reason::NotAFile, "a folder belongs here").at(folder.display()));
        }
        names => names?,
    };
    // A name that is no UTF-8 is none that airlatch wrote.
    let names = names.into_iter().filter_map(|name| name.into_string().ok());
    Ok(names.filter(|name| name.ends_with(ending) && !name.starts_with('.')).collect())
}
