//! Writes the backup of a desk: every file the desk needs, each read back and compared, and a snapshot of the ledger.

use std::path::Path;

use zeroize::Zeroizing;

use airlatch_core::crypto::{self, KeyFile};
use airlatch_core::format::limits;
use airlatch_core::model::{Error, Reason, Result};
use airlatch_machine::platform::{Access, Existing, Files};

use crate::ledger::{Head, Ledger, Witness};
use crate::store::Store;

use super::manifest::{MANIFEST, Manifest, below, is_inside, sha256};
use crate::office::home::{CATALOG, DeskHome, KEYS, LEDGER, LOCK, MAX_KEYS, SETTINGS, SHARED_MEMORY, WAL};
use crate::office::witness_file::WITNESS;

/// The most names that are listed in a desk's folder.
const MAX_FILES: usize = 100_000;

/// A completed backup.
#[derive(Debug)]
pub struct BackedUp {
    /// The last entry of the copied ledger.
    pub head: Head,
    /// How many files the backup has.
    pub files: usize,
    /// What became of the key that the desk signs with.
    pub key: KeyCopy,
    /// Files and folders of the desk's folder that are no part of the desk, and were not copied.
    pub left_out: Vec<String>,
}

/// The copy of the signing key in a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCopy {
    /// It is encrypted with its passphrase.
    Encrypted,
    /// It has no passphrase: who has the backup can sign licenses.
    Plain,
    /// It is not in the desk's folder, and not in the backup.
    Elsewhere,
}

/// Backs up a desk into a folder that is new or empty; an unfinished backup there is completed. Private keys are copied as they
/// are; `accept_exposed` writes them also where other users can read them.
///
/// # Errors
/// `exists` if the folder has other files; `exposed-key`; `damaged-ledger`; `bad-backup` if a file can't be read back; those of
/// files and of storage.
pub fn back_up_home(home: &DeskHome, folder: &Path, accept_exposed: bool) -> Result<BackedUp> {
    let files = &home.files;
    refuse_other_content(home, folder)?;
    let reader = home.reader()?;
    files.make_dir(folder, true)?;
    let unfinished = Manifest { made: home.operator().now, files: Vec::new() };
    unfinished.write(files, folder)?;
    let mut names = vec![SETTINGS.to_owned(), CATALOG.to_owned()];
    names.extend(key_names(files, home)?);
    let key = key_copy(home, &mut names)?;
    for name in &names {
        copy(files, [home.path(), folder], name, Existing::Replace, accept_exposed)?;
    }
    let ledger = folder.join(LEDGER);
    if files.exists(&ledger) {
        files.remove(&ledger)?;
    }
    let head = reader.backup(&ledger)?;
    let witness = Store::open_read_only(&files.resolve(&ledger)?)?.read(|book| Witness::of(book))?;
    let text = witness.to_string();
    files.write(&folder.join(WITNESS), text.as_bytes(), Access::Public, Existing::Replace)?;
    names.extend([LEDGER.to_owned(), WITNESS.to_owned()]);
    let hashed = |name: String| {
        let hash = sha256(files, &below(folder, &name))?;
        Ok((name, hash))
    };
    let manifest = Manifest { files: names.into_iter().map(hashed).collect::<Result<_>>()?, ..unfinished };
    manifest.write(files, folder)?;
    let left_out = left_out(files, home, &manifest)?;
    Ok(BackedUp { head, files: manifest.files.len(), key, left_out })
}

/// Refuses a folder that has files of others, such as a desk or a finished backup.
fn refuse_other_content(home: &DeskHome, folder: &Path) -> Result<()> {
    let exists = |message: &str| Err(Error::new(Reason::Exists, message).at(folder.display()));
    let names = match home.files.list(folder, MAX_KEYS) {
        Err(error) if error.reason() == Reason::NotFound && !home.files.exists(folder) => return Ok(()),
        names => names?,
    };
    if names.is_empty() {
        return Ok(());
    }
    match Manifest::read(&home.files, folder) {
        Ok(manifest) if !manifest.is_complete() => Ok(()),
        Ok(_) => exists("there is a backup in this folder, and a backup is never replaced"),
        Err(_) => exists("the folder is not empty, and a backup is written into a folder of its own"),
    }
}

/// The names of all files in the key folder.
fn key_names(files: &Files, home: &DeskHome) -> Result<Vec<String>> {
    let folder = home.path().join(KEYS);
    let names = match files.list(&folder, MAX_KEYS) {
        Err(error) if error.reason() == Reason::NotFound => Vec::new(),
        names => names?,
    };
    let names = names.into_iter().filter_map(|name| name.into_string().ok());
    let names = names.filter(|name| !files.is_dir(&folder.join(name)));
    Ok(names.map(|name| format!("{KEYS}/{name}")).collect())
}

/// What the backup has of the signing key; one elsewhere in the desk's folder is added to `names`.
fn key_copy(home: &DeskHome, names: &mut Vec<String>) -> Result<KeyCopy> {
    let path = home.key();
    let Some(inside) = path.strip_prefix(home.path()).ok().filter(|inside| is_inside(inside)) else {
        return Ok(KeyCopy::Elsewhere);
    };
    let bytes = home.files.read(&path, limits::KEY_FILE).map_err(|error| home.key_error(error))?;
    let name = inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
    if !names.contains(&name) {
        names.push(name);
    }
    match crypto::read_key(&Zeroizing::new(bytes)).map_err(|error| error.at(path.display()))? {
        KeyFile::Encrypted(_) => Ok(KeyCopy::Encrypted),
        _ => Ok(KeyCopy::Plain),
    }
}

/// Copies one file from the first folder to the second, and reads the copy back.
pub(super) fn copy(
    files: &Files,
    folders: [&Path; 2],
    name: &str,
    existing: Existing,
    accept_exposed: bool,
) -> Result<()> {
    let [source, target] = folders.map(|folder| below(folder, name));
    let bytes = Zeroizing::new(files.read(&source, limits::CATALOG_FILE.max(limits::KEY_FILE))?);
    if let Some(folder) = target.parent() {
        files.make_dir(folder, true)?;
    }
    // Whatever is no public key may be a private one.
    let is_public = [SETTINGS, CATALOG, WITNESS].contains(&name) || name.ends_with(".pub");
    let access = if is_public { Access::Public } else { Access::Private };
    match files.write(&target, &bytes, access, existing) {
        Err(error) if error.reason() == Reason::ExposedKey && accept_exposed => {
            files.write(&target, &bytes, Access::Public, existing)?;
        }
        written => drop(written?),
    }
    if sha256(files, &source)? != sha256(files, &target)? {
        let message = "the copy differs from the file it was made of";
        return Err(Error::new(Reason::BadBackup, message).at(target.display()));
    }
    Ok(())
}

/// What else is in the desk's folder.
fn left_out(files: &Files, home: &DeskHome, manifest: &Manifest) -> Result<Vec<String>> {
    let own = [MANIFEST, KEYS, LOCK, WAL, SHARED_MEMORY];
    let copied =
        |name: &String| manifest.files.iter().any(|(copied, _)| copied.split('/').next() == Some(name));
    let names =
        files.list(home.path(), MAX_FILES)?.into_iter().map(|name| name.to_string_lossy().into_owned());
    Ok(names.filter(|name| !copied(name) && !own.contains(&name.as_str())).collect())
}
