//! Installs documents from the desk: licenses and clock resets.

use std::path::PathBuf;

use airlatch_core::crypto::{PrivateKey, TrustedSet, Verified};
use airlatch_core::format;
use airlatch_core::host::{self, JudgedLicense, OpenedLicense};
use airlatch_core::model::{
    Cause, ClockMark, ClockReset, ClockResetRequest, DocumentId, Error, HostFacts, HostMemory, License, Lock,
    Reason, Result, Time, Verdict,
};
use airlatch_core::rules::{Question, is_behind, remember};

use super::ThisHost;
use super::home::LOCK_TIMEOUT_SECONDS;
use super::memory::Entropy;

/// A license that may be installed, judged together with the installed ones.
#[derive(Debug)]
pub struct InstallCandidate {
    /// The license.
    pub judged: JudgedLicense,
    /// The licenses that it supersedes.
    pub replaced: Vec<DocumentId>,
    /// Whether the host's memory counted as lost without this license.
    pub was_lost: bool,
    /// Whether the host's memory counts as lost with this license.
    pub is_lost: bool,
    others: Vec<JudgedLicense>,
}

impl ThisHost {
    /// Judges a new license together with the installed ones. A license that begins later is accepted.
    ///
    /// # Errors
    /// Those of [`host::verify`]; the reason of a refusal; `clock-rollback` also for a license issued more than the tolerance
    /// ahead of the clock, even if it would be valid.
    pub fn judge_candidate(&self, bytes: &[u8], trusted: &TrustedSet, now: Time) -> Result<InstallCandidate> {
        let opened = super::check::open_trusted(bytes, trusted)?;
        let before: Vec<OpenedLicense> = self
            .home
            .iter()
            .filter_map(|home| home.licenses().ok())
            .flatten()
            .filter_map(|(_, bytes)| host::open(&bytes.ok()?, trusted).ok())
            .collect();
        let question = Question::now(now);
        let signed = before.iter().chain([&opened]).map(|opened| opened.license.get().issued);
        let memory = remember::with_signed_times(&self.recall.memory(now), signed);
        let facts = HostFacts { memory, ..self.facts.clone() };
        let mut others: Vec<JudgedLicense> =
            before.into_iter().map(|opened| opened.judge(&facts, &question)).collect();
        let was_lost = is_lost(&facts.memory, &others, None);
        let memory = remember::install(&facts.memory, opened.license.get(), now, was_lost);
        let facts = HostFacts { memory, ..facts };
        let mut judged = opened.judge(&facts, &question);
        self.home.iter().for_each(|home| home.name_receipt(&mut judged));
        let replaced = supersede_installed(&mut judged, &mut others);
        refuse(&judged, now)?;
        let is_lost = is_lost(&facts.memory, &others, Some(&judged));
        Ok(InstallCandidate { judged, replaced, was_lost, is_lost, others })
    }

    /// Installs a candidate and updates the memory; returns the path of the file, and warnings.
    ///
    /// # Errors
    /// Those of keys and files. An error while writing the memory is only a warning, except for a license that starts an
    /// activation period.
    pub fn install(
        &self,
        candidate: &InstallCandidate,
        now: Time,
        entropy: Entropy<'_>,
    ) -> Result<(PathBuf, Vec<Error>)> {
        let home = self.home()?;
        let license = &candidate.judged.license;
        let remembered = self.remember_license(candidate, now, entropy);
        let is_starter = matches!(license.get().lock, Lock::Starter(_));
        let notes = match remembered {
            Ok(()) => Vec::new(),
            Err(error) if is_starter => return Err(error),
            Err(error) => vec![super::check::not_written(error)],
        };
        let text = format::license_text(license.get(), license.sealed());
        Ok((home.write_license(license.document_id(), &text)?, notes))
    }

    /// Repairs this host's clock mark with a clock reset from the vendor; returns the reset and the new memory.
    ///
    /// # Errors
    /// Those of [`format::read_reset`]; `wrong-host`, `used-reset`; those of keys and files.
    pub fn reset(
        &self,
        bytes: &[u8],
        trusted: &TrustedSet,
        now: Time,
        entropy: Entropy<'_>,
    ) -> Result<(Verified<ClockReset>, HostMemory)> {
        if trusted.is_empty() {
            return Err(super::no_trusted_key());
        }
        let (sealed, _) = format::open_one(bytes)?;
        let reset = format::read_reset(&sealed, trusted)?;
        let Some(key) = self.key()? else {
            let message = "this clock reset is for another installation";
            let error = Error::new(Reason::WrongHost, message)
                .at("system-id")
                .because(Cause::ResetForOtherHost)
                .detail("this host  none yet");
            return Err(error.detail(format!("reset      {}", reset.get().system_id)));
        };
        let mut nonce = [0; 16];
        entropy(&mut nonce)?;
        let step = |mark: ClockMark| remember::reset(&mark, reset.get(), nonce);
        let mark = self.home()?.remember(&key, now, entropy, LOCK_TIMEOUT_SECONDS, step)?;
        Ok((reset, mark.memory))
    }

    /// The content of a request for a clock reset.
    ///
    /// # Errors
    /// `lost-mark` if this host has no clock mark with a time.
    pub fn clock_reset_request(&self) -> Result<ClockResetRequest> {
        let mark = self.recall.mark.as_ref();
        let request = mark.and_then(|mark| {
            Some(ClockResetRequest { nonce: mark.nonce, latest_time: mark.memory.latest_time? })
        });
        let is_fresh = !self.recall.is_gone() && self.recall.notes.is_empty();
        let has_no_time = mark.is_some_and(|mark| mark.memory.latest_time.is_none());
        let no_time = || match is_fresh || has_no_time {
            true => Error::new(
                Reason::LostMark,
                "no time is recorded on this host yet: there is nothing to reset",
            )
            .because(Cause::NothingRecorded),
            false => Error::new(Reason::LostMark, "this host has no clock mark that could be reset"),
        };
        request.ok_or_else(no_time)
    }

    fn remember_license(&self, candidate: &InstallCandidate, now: Time, entropy: Entropy<'_>) -> Result<()> {
        let home = self.home()?;
        let key = self.key()?.map_or_else(|| home.key(entropy), Ok)?;
        let all = candidate.others.iter().chain([&candidate.judged]);
        let judged: Vec<_> = all.map(|judged| (&judged.license, &judged.judgement)).collect();
        let license: &License = candidate.judged.license.get();
        let step = |mark: ClockMark| {
            let memory = remember::install(&mark.memory, license, now, candidate.was_lost);
            Ok(ClockMark { memory: remember::remember(&memory, self.recall.reading(now), &judged), ..mark })
        };
        home.remember(&key, now, entropy, LOCK_TIMEOUT_SECONDS, step).map(|_| ())
    }

    /// The host's private key; `None` if it has none yet.
    fn key(&self) -> Result<Option<PrivateKey>> {
        match (&self.home, self.own) {
            (Some(home), Some(_)) => home.signing_key().map(Some),
            _ => Ok(None),
        }
    }
}

/// Applies [`host::supersede`] to the installed licenses and the new one; returns the installed ones that it supersedes.
fn supersede_installed(judged: &mut JudgedLicense, others: &mut [JudgedLicense]) -> Vec<DocumentId> {
    host::supersede(&mut others.iter_mut().collect::<Vec<_>>());
    let is_in_force = |judged: &&mut JudgedLicense| !host::is_superseded(judged);
    let mut all: Vec<&mut JudgedLicense> = others.iter_mut().filter(is_in_force).collect();
    all.push(judged);
    host::supersede(&mut all);
    all.iter()
        .filter(|judged| host::is_superseded(judged))
        .map(|judged| judged.license.document_id())
        .collect()
}

fn refuse(judged: &JudgedLicense, now: Time) -> Result<()> {
    let refusal = match &judged.judgement.verdict {
        Verdict::Refused(reasons) => reasons.iter().find(|error| error.reason() != Reason::NotYetValid),
        // Issued in the future: the host would remember that time, and it may be a mistake of the desk.
        Verdict::Grace(error) | Verdict::Advisory(error)
            if error.reason() == Reason::ClockRollback && is_behind(now, judged.license.get().issued) =>
        {
            Some(error)
        }
        _ => None,
    };
    refusal.map_or(Ok(()), |error| Err(error.clone()))
}

fn is_lost(memory: &HostMemory, others: &[JudgedLicense], new: Option<&JudgedLicense>) -> bool {
    remember::is_lost(memory, others.iter().chain(new).map(|judged| (&judged.license, &judged.judgement)))
}
