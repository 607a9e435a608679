//! Giving a license back on this host: remembered in both places, and by its receipt in a third, before anything leaves it.

use std::path::PathBuf;

use crate::platform::{Access, Existing};
use airlatch_core::crypto::{PrivateKey, Sealed, seal};
use airlatch_core::format::{self, limits};
use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{
    ClockMark, Error, HostMemory, Kind, Reason, Receipt, ReleasedLicense, Result, SystemId, Time,
};

use super::home::WAIT;
use super::memory::Entropy;
use super::{Home, ThisHost};

/// The folder of the receipts in the home.
const FOLDER: &str = "released";
/// Stands in that folder while it is tried out.
const TRIAL: &str = "trial";
/// Longer than any receipt.
const TRIAL_SIZE: usize = 8 * 1024;
/// More than one host will ever give back.
const MOST: usize = 1_000;

impl ThisHost {
    /// The receipt that giving a license back would make.
    ///
    /// # Errors
    /// Those of [`host::release`].
    pub fn plan_release(&self, judged: &JudgedLicense, note: Option<String>, now: Time) -> Result<Receipt> {
        Ok(self.released(judged, &self.recall.memory(now), note, now)?.0)
    }

    /// Whether the license of this receipt was given back before it.
    pub fn gave_back(&self, receipt: &Receipt) -> bool {
        self.recall.memory(receipt.made).released.iter().any(|released| released.license == receipt.license)
    }

    /// Remembers that a license was given back, and gives the signed receipt. Doing it again gives the same one.
    ///
    /// # Errors
    /// Those of [`host::release`], `busy`, and what speaks against keeping a receipt in the home: then nothing was given back.
    /// And what writing meets afterwards: what was remembered stays so, and doing it again gives the receipt.
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
            home.try_receipts()?;
            let (made, memory) = self.released(judged, &mark.memory, note, now)?;
            receipt = Some(made);
            Ok(ClockMark { memory, ..mark })
        };
        home.remember(key, now, entropy, WAIT, step)?;
        let receipt = receipt.ok_or_else(|| Error::new(Reason::Internal, "no receipt was made"))?;
        let sealed = seal(Kind::ReleaseReceipt, &format::write_receipt(&receipt)?, key);
        let again =
            "given back it is all the same; once the home can be written, the same command gives the receipt";
        home.keep_receipt(&receipt, &sealed).map_err(|error| error.detail(again))?;
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
    /// Refuses what could keep no receipt, such as a full or write-protected home, before anything is remembered.
    fn try_receipts(&self) -> Result<()> {
        let folder = self.path.join(FOLDER);
        self.files.make_dir(&folder, true)?;
        let trial = folder.join(TRIAL);
        self.files.write(&trial, &[b' '; TRIAL_SIZE], Access::Public, Existing::Replace)?;
        self.files.remove(&trial)
    }

    /// Keeps a receipt: whoever loses the marks has not got the license back.
    fn keep_receipt(&self, receipt: &Receipt, sealed: &Sealed) -> Result<()> {
        let folder = self.path.join(FOLDER);
        self.files.make_dir(&folder, true)?;
        let path = folder.join(format!("{}.receipt", receipt.license));
        let text = format::receipt_text(receipt, sealed);
        self.files.write(&path, text.as_bytes(), Access::Public, Existing::Replace).map(|_| ())
    }

    /// What the receipts in the home say was given back by this installation; one that can't be read says nothing.
    pub(super) fn given_back(&self, own: SystemId) -> Vec<ReleasedLicense> {
        let folder = self.path.join(FOLDER);
        if !self.files.is_dir(&folder) {
            return Vec::new();
        }
        let names = self.files.list(&folder, MOST).unwrap_or_default();
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
