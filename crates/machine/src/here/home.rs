//! The host home: its settings, trusted keys and licenses.

use std::path::{Path, PathBuf};

use crate::platform::{self, Access, Existing, Files, Folder, PathInfo, Probe};
use airlatch_core::format::{self, HostSettings, limits};
use airlatch_core::model::{
    BootClock, Cause, ComponentKind, DocumentId, Error, HostFacts, HostIdentity, Reason, Result, SystemId,
};

use super::closed::closed_folder;

pub(super) const SETTINGS: &str = "host.toml";
pub(super) const LICENSES: &str = "licenses";
pub(super) const TRUST: &str = "trust";
/// The most files in a folder of the home; far more than a host needs.
const MAX_FILES: usize = 100_000;
/// How long a write of the clock mark that must not be skipped waits for another process.
pub(super) const LOCK_TIMEOUT_SECONDS: u64 = 20;

/// A file and its bytes, or why it can't be read.
pub type Bytes = (PathBuf, Result<Vec<u8>>);

/// A host home that may not exist yet.
#[derive(Debug, Clone)]
pub struct Home {
    pub(super) path: PathBuf,
    pub(super) files: Files,
    pub(super) state: Folder,
    pub(super) instance: Option<String>,
    pub(super) boot: Option<BootClock>,
}

impl Home {
    /// The home at `path`, which is a folder or does not exist yet.
    ///
    /// # Errors
    /// `no-home` if it is something else.
    pub fn new(path: &Path, files: &Files) -> Result<Self> {
        // Checked twice, since another process may create the folder between the first two calls.
        if !files.is_dir(path) && files.exists(path) && !files.is_dir(path) {
            let error =
                Error::new(Reason::NoHome, "the path given as the home is not a folder").at(path.display());
            return Err(error.because(Cause::NamedHome));
        }
        let files = files.clone().keeping_owner();
        Ok(Self { path: path.to_owned(), files, state: Folder::None, instance: None, boot: None })
    }

    /// Whether this is the path of a license that is installed here.
    pub(super) fn is_installed(&self, path: &Path) -> bool {
        path.starts_with(self.path.join(LICENSES))
    }

    /// With the folder for the second copy of the clock mark.
    #[must_use]
    pub fn with_state(self, state: Folder) -> Self {
        Self { state, ..self }
    }

    /// With the instance id from the environment, which has precedence over the one in the settings.
    #[must_use]
    pub fn with_instance(self, instance: Option<String>) -> Self {
        Self { instance, ..self }
    }

    /// With the time since the machine was started, by which time goes on whatever the clock shows.
    #[must_use]
    pub fn with_boot(self, boot: Option<BootClock>) -> Self {
        Self { boot, ..self }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The facts of this host: the settings of its home, and the machine probed below `root`.
    ///
    /// # Errors
    /// Those of keys, settings and files.
    pub fn facts(&self, root: &Path) -> Result<HostFacts> {
        let system_id = self.public_key()?.map(|key| key.system_id());
        self.facts_of(system_id, root)
    }

    /// The components of the machine below `root` that its licenses may depend on, and that not every user may read.
    ///
    /// # Errors
    /// Those of the settings.
    pub fn restricted(&self, root: &Path) -> Result<Vec<ComponentKind>> {
        let (_, identity) = self.unprobed_facts(None)?;
        Ok(platform::restricted(root, &identity))
    }

    /// The facts of the installation with this System ID.
    pub(super) fn facts_of(&self, system_id: Option<SystemId>, root: &Path) -> Result<HostFacts> {
        let (facts, identity) = self.unprobed_facts(system_id)?;
        Ok(probed_facts(root, &identity, facts))
    }

    /// The facts without a probe of the machine, and what identifies the host.
    pub(super) fn unprobed_facts(&self, system_id: Option<SystemId>) -> Result<(HostFacts, HostIdentity)> {
        let HostSettings { site, identity, .. } = self.settings()?;
        let identity = identity.with_instance(self.instance.clone());
        Ok((HostFacts { system_id, site, ..HostFacts::unknown() }, identity))
    }

    /// The facts of a machine without a home: it is probed below `root`.
    pub fn facts_without(root: &Path, identity: &HostIdentity) -> HostFacts {
        probed_facts(root, identity, HostFacts::unknown())
    }

    /// The settings of the host: site, codes and identity.
    ///
    /// # Errors
    /// `bad-field`, and those of files.
    pub fn settings(&self) -> Result<HostSettings> {
        let path = self.path.join(SETTINGS);
        let bytes = read_if_there(&self.files, &path, limits::GRANT_FILE)?.unwrap_or_default();
        format::read_settings(&bytes).map_err(|error| error.at(path.display()))
    }

    /// Writes the settings.
    ///
    /// # Errors
    /// `bad-field` for values out of limits, and those of files.
    pub fn write_settings(&self, settings: &HostSettings) -> Result<()> {
        self.files.make_dir(&self.path, true)?;
        let bytes = format::write_settings(settings)?;
        format::read_settings(&bytes)?;
        self.files.write(&self.path.join(SETTINGS), &bytes, Access::Public, Existing::Replace).map(|_| ())
    }

    /// The installed license files, by name.
    ///
    /// # Errors
    /// Those of the folder; the error of a single file is in the list.
    pub fn licenses(&self) -> Result<Vec<Bytes>> {
        let folder = self.path.join(LICENSES);
        let names = list_if_there(&self.files, &folder, ".license");
        let names = names.map_err(|error| self.explained(error))?.into_iter();
        let read = |name: String| {
            let path = folder.join(name);
            let bytes = self.files.read(&path, limits::DOCUMENT_FILE);
            (path, bytes)
        };
        Ok(names.map(read).collect())
    }

    /// The error of a file in the home; where a folder is closed to this user, that is what has to be changed.
    pub(super) fn explained(&self, error: Error) -> Error {
        match error.reason() {
            Reason::Denied => closed_folder(&self.files, &self.path, &[LICENSES, TRUST]).unwrap_or(error),
            _ => error,
        }
    }

    /// Makes a folder of what other users may read, which a home that they may enter lets them read: the product may run as
    /// one of them.
    ///
    /// # Errors
    /// Those of files.
    pub(super) fn make_folder(&self, folder: &Path) -> Result<()> {
        let is_open = |info: PathInfo| info.mode.is_some_and(|mode| mode & 0o055 != 0);
        let is_private = !self.files.path_info(&self.path).is_ok_and(is_open);
        self.files.make_dir(folder, is_private)
    }

    /// Writes the file of a license into the home; the same license has the same file.
    ///
    /// # Errors
    /// Those of files.
    pub fn write_license(&self, id: DocumentId, text: &str) -> Result<PathBuf> {
        let folder = self.path.join(LICENSES);
        self.make_folder(&folder)?;
        let path = folder.join(format!("{id}.license"));
        self.files.write(&path, text.as_bytes(), Access::Public, Existing::Replace)?;
        Ok(path)
    }
}

/// The facts with the components of the machine below `root`.
pub(super) fn probed_facts(root: &Path, identity: &HostIdentity, facts: HostFacts) -> HostFacts {
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

/// The files with this ending, without hidden ones, which some systems create beside each file.
pub(super) fn list_if_there(files: &Files, folder: &Path, ending: &str) -> Result<Vec<String>> {
    let names = match files.list(folder, MAX_FILES) {
        // A folder without read permission must not count as empty.
        Err(error) if error.reason() == Reason::Denied => return Err(error),
        Err(_) if !files.exists(folder) => return Ok(Vec::new()),
        Err(_) if !files.is_dir(folder) => {
            return Err(Error::new(Reason::NotAFile, "this has to be a folder").at(folder.display()));
        }
        names => names?,
    };
    // airlatch writes only names in UTF-8.
    let names = names.into_iter().filter_map(|name| name.into_string().ok());
    Ok(names.filter(|name| name.ends_with(ending) && !name.starts_with('.')).collect())
}
