//! The vendor keys that a host trusts: the files in the folder `trust` of its home.

use std::path::PathBuf;

use crate::platform::{Access, Existing, WriteResult};
use airlatch_core::crypto::{self, PublicKey};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Error, KeyId, Result};

use super::home::{Home, TRUST, list_if_there};

impl Home {
    /// The trusted vendor keys of the home, and the errors of files that are no such key.
    ///
    /// # Errors
    /// Those of files.
    pub fn trusted(&self) -> Result<(Vec<PublicKey>, Vec<Error>)> {
        let (mut keys, mut errors) = (Vec::new(), Vec::new());
        for (path, read) in self.trusted_files()? {
            match read {
                Ok(key) => keys.push(key),
                Err(error) => errors.push(error.at(path.display())),
            }
        }
        Ok((keys, errors))
    }

    /// The key files, by name, each with its key or why it is none.
    ///
    /// # Errors
    /// Those of the folder.
    pub fn trusted_files(&self) -> Result<Vec<(PathBuf, Result<PublicKey>)>> {
        let folder = self.path.join(TRUST);
        let read = |name: String| {
            let path = folder.join(name);
            let bytes = self.files.read(&path, limits::DOCUMENT_FILE);
            let key = bytes.and_then(|bytes| format::open_key(&bytes));
            let key = key.and_then(|(key, _)| crypto::expect_public(key));
            (path, key)
        };
        Ok(list_if_there(&self.files, &folder, ".pub")?.into_iter().map(read).collect())
    }

    /// Adds a vendor key to the trusted keys; whether it is new there.
    ///
    /// # Errors
    /// Those of files.
    pub fn add_trusted(&self, key: PublicKey) -> Result<bool> {
        let folder = self.path.join(TRUST);
        self.make_folder(&folder)?;
        let path = folder.join(format!("{}.pub", key.key_id()));
        let written = self.files.write(&path, key.to_pem().as_bytes(), Access::Public, Existing::Keep)?;
        Ok(written != WriteResult::Same)
    }

    /// Removes every file with this key, and returns their paths; none if the key was not trusted.
    ///
    /// # Errors
    /// Those of files.
    pub fn remove_trusted(&self, id: KeyId) -> Result<Vec<PathBuf>> {
        let files = self.trusted_files()?.into_iter();
        let of_key = files.filter(|(_, key)| key.as_ref().is_ok_and(|key| key.key_id() == id));
        let paths: Vec<PathBuf> = of_key.map(|(path, _)| path).collect();
        paths.iter().try_for_each(|path| self.files.remove(path))?;
        Ok(paths)
    }
}
