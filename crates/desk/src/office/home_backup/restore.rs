//! Makes a desk from its backup, after every file of the backup was compared with its hash and the ledger was audited.

use std::path::{Path, PathBuf};

use airlatch_core::model::{Error, Reason, Result, Time};
use airlatch_machine::platform::{Existing, Files};

use crate::ledger::Head;

use super::manifest::{Manifest, below, sha256};
use super::write::copy;
use crate::office::create::NewDesk;
use crate::office::home::{DeskHome, LEDGER};
use crate::office::restore;
use crate::office::witness_file::WITNESS;

/// A backup that was checked, and the folder to make a desk of it in.
pub struct HomeRestorePlan {
    backup: PathBuf,
    target: PathBuf,
    manifest: Manifest,
    /// The number of entries in the ledger.
    pub entries: u64,
    /// The number of licenses in the ledger.
    pub licenses: u64,
    /// The desk in the backup.
    pub desk: DeskHome,
}

impl HomeRestorePlan {
    /// When the backup was made.
    pub fn made(&self) -> Time {
        self.manifest.made
    }
}

/// Checks the backup in a folder, and that a desk can be made of it in `target`, which has none. `actors` are the name given, and
/// that of the user.
///
/// # Errors
/// `bad-backup`; `exists` if there is a desk in `target`, or another file under the name of one of the backup; the first fault of
/// the audit; those of files and of storage.
pub fn plan_home(
    files: &Files,
    backup: &Path,
    target: &Path,
    actors: [Option<&str>; 2],
    now: Time,
) -> Result<HomeRestorePlan> {
    let manifest = Manifest::read(files, backup)?;
    manifest.check(files, backup)?;
    NewDesk::refuse_existing(files, target)?;
    for (name, hash) in manifest.files.iter().filter(|(name, _)| !is_of_ledger(name)) {
        let path = below(target, name);
        if files.exists(&path) && sha256(files, &path)? != *hash {
            let message = "the file exists, and differs from that of the backup";
            return Err(Error::new(Reason::Exists, message).at(path.display()));
        }
    }
    let desk = DeskHome::open_copy(files, backup.to_owned(), actors, now)?;
    let audited = restore::plan(&desk, None)?;
    let (entries, licenses) = (audited.entries, audited.licenses);
    let (backup, target) = (backup.to_owned(), target.to_owned());
    Ok(HomeRestorePlan { backup, target, manifest, entries, licenses, desk })
}

/// Makes the desk as planned. The ledger records the restore; its witness is written last, so that an interrupted run leaves no
/// desk, and can be repeated.
///
/// # Errors
/// `unsafe-folder`, `exposed-key`; `changed-meanwhile` if the backup changed since it was checked; those of files and of storage.
pub fn restore_home(
    files: &Files,
    plan: &HomeRestorePlan,
    actors: [Option<&str>; 2],
    note: Option<String>,
) -> Result<Head> {
    let HomeRestorePlan { backup, target, manifest, .. } = plan;
    NewDesk::begin(files, target)?;
    for (name, _) in manifest.files.iter().filter(|(name, _)| !is_of_ledger(name)) {
        copy(files, [backup, target], name, Existing::Keep, false)?;
    }
    let home = DeskHome::open(files, target.clone(), actors[0], actors[1], plan.desk.operator().now)?;
    let ledger = restore::plan(&home, Some(&backup.join(LEDGER)))?;
    if ledger.entries != plan.entries {
        let message = "the backup changed since it was checked: restore again";
        return Err(Error::new(Reason::ChangedMeanwhile, message).at(backup.display()));
    }
    Ok(restore::restore(&home, &ledger, note)?.head)
}

/// Whether the file is the ledger or its witness: the ledger is copied by the store, and gets a witness of its own.
fn is_of_ledger(name: &str) -> bool {
    [LEDGER, WITNESS].contains(&name)
}
