//! The newest known state of a desk's ledger.

use airlatch_core::model::{Error, Reason, Result};

use crate::ledger::Witness;
use crate::office::home::{DeskHome, LEDGER};
use crate::office::home_backup::sha256;
use crate::office::witness_file::{WitnessFile, Witnessed};

/// What is known of the newest state.
#[derive(PartialEq, Eq)]
pub(super) struct Known {
    /// That of the witness, or of the ledger if its witness lags behind; `None` without a witness.
    pub(super) witness: Option<Witness>,
    /// Whether the ledger is whole and has that state, so that its log can be moved into its file.
    pub(super) is_whole: bool,
    /// Whether the write-ahead log is gone, and the last entries may be lost with it.
    pub(super) lost_log: bool,
}

/// Reads witness and ledger. A ledger that can't be used is no error: it is to be replaced.
///
/// # Errors
/// `not-a-file` if there is something else in the place of a file; those of reading the witness, and of reading
/// the ledger if they say nothing about the ledger itself.
pub(super) fn known(home: &DeskHome) -> Result<Known> {
    let exists = home.has_ledger()?;
    let file = match WitnessFile::read(&home.files, home.path()) {
        Err(error) if error.reason() == Reason::NoWitness => {
            return Ok(Known { witness: None, is_whole: false, lost_log: false });
        }
        file => file?,
    };
    if !exists {
        return Ok(Known { witness: Some(file.witness), is_whole: false, lost_log: false });
    }
    let lost_log = file.lost_its_log(&home.files, home.path());
    let path = home.files.resolve(&home.path().join(LEDGER))?;
    let read = || -> Result<Witness> {
        let own = file.is_own_wal(&home.files, home.path(), &path);
        let (reader, witnessed) = home.checked_reader(&path, &file, own)?;
        match witnessed {
            Witnessed::Has => reader.read(|book| Witness::of(book)),
            // An interrupted restore is done again: what it replaced is what is lost.
            Witnessed::Replaced => Ok(file.witness),
        }
    };
    match read() {
        Ok(witness) => Ok(Known { witness: Some(witness), is_whole: true, lost_log }),
        Err(error) if is_unfit(home, &error) => {
            Ok(Known { witness: Some(file.witness), is_whole: false, lost_log })
        }
        Err(error) => Err(error),
    }
}

/// Whether the error says that the ledger itself can't be used.
fn is_unfit(home: &DeskHome, error: &Error) -> bool {
    match error.reason() {
        Reason::NotALedger
        | Reason::NewerLedger
        | Reason::DamagedLedger
        | Reason::RestoredLedger
        | Reason::ForkedLedger => true,
        // A medium with bad sectors: then the file can't be read at all.
        Reason::Io => sha256(&home.files, &home.path().join(LEDGER)).is_err(),
        _ => false,
    }
}
