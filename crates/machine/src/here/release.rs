//! Releases a license on this host.
//!
//! The release is stored in both copies of the clock mark and as a receipt in the home, before the receipt leaves the host.

use std::path::PathBuf;

use crate::platform::{Access, Existing};
use airlatch_core::crypto::{PrivateKey, Sealed, seal};
use airlatch_core::format::{self, limits};
use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{
    ClockMark, Error, HostMemory, Kind, Reason, Receipt, ReleasedLicense, Result, Subject, SystemId, Time,
    Verdict,
};
use airlatch_core::rules::Judgement;

use super::home::LOCK_TIMEOUT_SECONDS;
use super::memory::{Copies, Entropy};
use super::{Home, ThisHost};

/// The folder of the receipts in the home.
const FOLDER: &str = "released";
/// A probe file in that folder, written and removed to check that a receipt can be written.
const PROBE_FILE: &str = "trial";
/// The size of the probe file in bytes; larger than any receipt.
const PROBE_SIZE: usize = 8 * 1024;
/// The most receipts that are read.
const MAX_RECEIPTS: usize = 1_000;

impl ThisHost {
    /// The receipt that releasing a license would make.
    ///
    /// # Errors
    /// Those of [`host::release`].
    pub fn plan_release(&self, judged: &JudgedLicense, note: Option<String>, now: Time) -> Result<Receipt> {
        Ok(self.released(judged, &self.recall.memory(now), note, now)?.0)
    }

    /// Whether the license of this receipt was released before.
    pub fn was_released(&self, receipt: &Receipt) -> bool {
        self.recall.memory(receipt.made).released.iter().any(|released| released.license == receipt.license)
    }

    /// Releases a license: stores the release, and returns the signed receipt. Releasing it again gives the same receipt.
    ///
    /// # Errors
    /// Those of [`host::release`], `busy`, and the error if no receipt can be written into the home: then nothing is released.
    /// If writing the receipt fails after that check, the license is released, and a repetition gives the receipt.
    pub fn release(
        &self,
        judged: &JudgedLicense,
        key: &PrivateKey,
        note: Option<String>,
        now: Time,
        entropy: Entropy<'_>,
    ) -> Result<(Receipt, Sealed)> {
        let home = self.home()?;
        let mut receipt = None;
        let step = |mark: ClockMark| {
            home.check_receipts_writable()?;
            let (made, memory) = self.released(judged, &mark.memory, note, now)?;
            receipt = Some(made);
            Ok(ClockMark { memory, ..mark })
        };
        home.remember_in(Copies::All, key, now, entropy, LOCK_TIMEOUT_SECONDS, step)?;
        let receipt = receipt.ok_or_else(|| Error::new(Reason::Internal, "no receipt was made"))?;
        let sealed = seal(Kind::ReleaseReceipt, &format::write_receipt(&receipt)?, key);
        let again =
            "the license is released; once the home can be written, the same command writes the receipt";
        home.write_receipt(&receipt, &sealed).map_err(|error| error.detail(again))?;
        Ok((receipt, sealed))
    }

    fn released(
        &self,
        judged: &JudgedLicense,
        memory: &HostMemory,
        note: Option<String>,
        now: Time,
    ) -> Result<(Receipt, HostMemory)> {
        let none = || Error::new(Reason::WrongHost, "this host has no key of its own yet");
        let here = self.facts.system_id.ok_or_else(none)?;
        host::release(&judged.license, here, memory, note, now)
    }
}

impl Home {
    /// Checks, under the lock, that a receipt can be written, for example that the home is not full or write-protected.
    /// Without the lock, two releases would remove each other's probe file.
    fn check_receipts_writable(&self) -> Result<()> {
        let folder = self.path.join(FOLDER);
        self.make_folder(&folder)?;
        let probe = folder.join(PROBE_FILE);
        self.files.write(&probe, &[b' '; PROBE_SIZE], Access::Public, Existing::Replace)?;
        self.files.remove(&probe)
    }

    /// Writes a receipt into the home: a released license stays released even if both clock marks are lost.
    fn write_receipt(&self, receipt: &Receipt, sealed: &Sealed) -> Result<()> {
        let folder = self.path.join(FOLDER);
        self.make_folder(&folder)?;
        let path = folder.join(format!("{}.receipt", receipt.license));
        let text = format::receipt_text(receipt, sealed);
        self.files.write(&path, text.as_bytes(), Access::Public, Existing::Replace).map(|_| ())
    }

    /// Adds to the refusal of a released license where its receipt is.
    pub(super) fn name_receipt(&self, judged: &mut JudgedLicense) {
        let Judgement { verdict, base_verdict, .. } = &mut judged.judgement;
        for verdict in [verdict, base_verdict] {
            let Verdict::Refused(reasons) = verdict else { continue };
            let released = reasons.iter_mut().filter(|error| error.reason() == Reason::Released);
            for error in released {
                let receipt = self.receipt_of(error).map(|path| format!("receipt    {}", path.display()));
                *error = receipt.into_iter().fold(error.clone(), Error::detail);
            }
        }
    }

    /// The receipt of the license that an error is about, if it is in the home.
    fn receipt_of(&self, error: &Error) -> Option<PathBuf> {
        let id = error.subjects().iter().find_map(|subject| match subject {
            Subject::License(id) => Some(id),
            _ => None,
        })?;
        let path = self.path.join(FOLDER).join(format!("{id}.receipt"));
        self.files.exists(&path).then_some(path)
    }

    /// The licenses that this installation released, by the receipts in the home; receipts that can't be read are ignored.
    pub(super) fn released_licenses(&self, own: SystemId) -> Vec<ReleasedLicense> {
        let folder = self.path.join(FOLDER);
        if !self.files.is_dir(&folder) {
            return Vec::new();
        }
        let names = self.files.list(&folder, MAX_RECEIPTS).unwrap_or_default();
        let read = |path: PathBuf| {
            let bytes = self.files.read_own(&path, limits::DOCUMENT_FILE).ok()?;
            let (sealed, _) = format::open_one(&bytes).ok()?;
            let receipt = format::read_receipt(&sealed).ok()?.get().clone();
            let released = ReleasedLicense {
                license: receipt.license,
                product: receipt.product,
                ledger: None,
                at: receipt.made,
            };
            (receipt.system_id == own).then_some(released)
        };
        names.into_iter().filter_map(|name| read(folder.join(name))).collect()
    }
}
