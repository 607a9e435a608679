//! Giving a license back on this host: remembered in both places before anything leaves it.

use crate::crypto::PrivateKey;
use crate::host::{self, Judged};
use crate::model::{ClockMark, Memory, Reason, Receipt, Result, Time, Trouble};

use super::ThisHost;
use super::home::WAIT;
use super::memory::Entropy;

impl ThisHost {
    /// The receipt that giving a license back would make.
    ///
    /// # Errors
    /// Those of [`host::release`].
    pub fn plan_release(&self, judged: &Judged, note: Option<String>, now: Time) -> Result<Receipt> {
        Ok(self.released(judged, &self.recall.memory(now), note, now)?.0)
    }

    /// Remembers that a license was given back, and gives the receipt to be signed. Doing it again gives the same one.
    ///
    /// # Errors
    /// Those of [`host::release`], `busy`, and what writing meets: then nothing was given back.
    pub fn release(
        &self,
        judged: &Judged,
        key: &PrivateKey,
        note: Option<String>,
        now: Time,
        entropy: Entropy<'_>,
    ) -> Result<Receipt> {
        let mut receipt = None;
        let step = |mark: ClockMark| {
            let (made, memory) = self.released(judged, &mark.memory, note, now)?;
            receipt = Some(made);
            Ok(ClockMark { memory, ..mark })
        };
        self.home()?.remember(key, now, entropy, WAIT, step)?;
        receipt.ok_or_else(|| Trouble::new(Reason::Internal, "no receipt was made"))
    }

    fn released(
        &self,
        judged: &Judged,
        memory: &Memory,
        note: Option<String>,
        now: Time,
    ) -> Result<(Receipt, Memory)> {
        let none = || Trouble::new(Reason::WrongHost, "this host has no key of its own yet");
        let here = self.facts.system_id.ok_or_else(none)?;
        host::release(&judged.license, here, memory, note, now)
    }
}
