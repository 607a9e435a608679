//! Installing what came from the desk: a license that holds here, or a reset of the clock.

use std::path::PathBuf;

use airlatch_core::crypto::{PrivateKey, TrustedSet, Verified};
use airlatch_core::format;
use airlatch_core::host::{self, JudgedLicense, OpenedLicense};
use airlatch_core::model::{
    ClockMark, ClockReset, ClockResetRequest, DocumentId, Error, HostFacts, HostMemory, License, Lock,
    Reason, Result, Time, Verdict,
};
use airlatch_core::rules::{CLOCK_TOLERANCE_SECONDS, Question, remember};

use super::ThisHost;
use super::home::WAIT;
use super::memory::Entropy;

/// A license that may be installed here, judged beside those that are.
#[derive(Debug)]
pub struct InstallCandidate {
    /// The license.
    pub judged: JudgedLicense,
    /// Those whose place it takes.
    pub replaced: Vec<DocumentId>,
    /// What the host remembered was gone before it.
    pub was_lost: bool,
    /// It still is.
    pub is_lost: bool,
    others: Vec<JudgedLicense>,
}

impl ThisHost {
    /// Judges a license that came, beside those that are installed. One that begins later is fine.
    ///
    /// # Errors
    /// Those of [`host::verify`]; what it is refused for; `clock-rollback` also when it was issued more than the tolerance
    /// ahead of the clock, whether that makes a difference or not.
    pub fn consider(&self, bytes: &[u8], trusted: &TrustedSet, now: Time) -> Result<InstallCandidate> {
        if trusted.is_empty() {
            return Err(super::nobody_trusted());
        }
        let opened = host::open(bytes, trusted)?;
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
        let replaced = beside(&mut judged, &mut others);
        refuse(&judged, now)?;
        let is_lost = is_lost(&facts.memory, &others, Some(&judged));
        Ok(InstallCandidate { judged, replaced, was_lost, is_lost, others })
    }

    /// Keeps a license that was considered, and what there is to remember about it; gives where, and what is to be noted.
    ///
    /// # Errors
    /// Those of keys and files. That something can't be remembered is only noted, but for a license that starts an
    /// activation period.
    pub fn install(
        &self,
        considered: &InstallCandidate,
        now: Time,
        entropy: Entropy<'_>,
    ) -> Result<(PathBuf, Vec<Error>)> {
        let home = self.home()?;
        let license = &considered.judged.license;
        let kept = self.remember_license(considered, now, entropy);
        let is_starter = matches!(license.get().lock, Lock::Starter(_));
        let notes = match kept {
            Ok(()) => Vec::new(),
            Err(error) if is_starter => return Err(error),
            Err(error) => vec![super::check::not_kept(error)],
        };
        let text = format::license_text(license.get(), license.sealed());
        Ok((home.keep_license(license.document_id(), &text)?, notes))
    }

    /// Mends this host's clock mark by a reset that the vendor signed; gives it with what is remembered from then on.
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
            return Err(super::nobody_trusted());
        }
        let (sealed, _) = format::open_one(bytes)?;
        let reset = format::read_reset(&sealed, trusted)?;
        let Some(key) = self.key()? else {
            let what = "this reset of the clock is for another installation";
            let error = Error::new(Reason::WrongHost, what).at("system-id").detail("this host  none yet");
            return Err(error.detail(format!("reset      {}", reset.get().system_id)));
        };
        let mut nonce = [0; 16];
        entropy(&mut nonce)?;
        let step = |mark: ClockMark| remember::reset(&mark, reset.get(), nonce);
        let mark = self.home()?.remember(&key, now, entropy, WAIT, step)?;
        Ok((reset, mark.memory))
    }

    /// What a request for a reset of this host's clock says.
    ///
    /// # Errors
    /// `lost-mark` when this host remembers no time that could be reset.
    pub fn clock_ask(&self) -> Result<ClockResetRequest> {
        let mark = self.recall.mark.as_ref();
        let ask = mark.and_then(|mark| {
            Some(ClockResetRequest { nonce: mark.nonce, latest_time: mark.memory.latest_time? })
        });
        let nothing = || Error::new(Reason::LostMark, "this host remembers no time that could be reset");
        ask.ok_or_else(nothing)
    }

    fn remember_license(&self, considered: &InstallCandidate, now: Time, entropy: Entropy<'_>) -> Result<()> {
        let home = self.home()?;
        let key = self.key()?.map_or_else(|| home.key(entropy), Ok)?;
        let all = considered.others.iter().chain([&considered.judged]);
        let judged: Vec<_> = all.map(|judged| (&judged.license, &judged.judgement)).collect();
        let license: &License = considered.judged.license.get();
        let step = |mark: ClockMark| {
            let memory = remember::install(&mark.memory, license, now, considered.was_lost);
            Ok(ClockMark { memory: remember::remember(&memory, now, &judged), ..mark })
        };
        home.remember(&key, now, entropy, WAIT, step).map(|_| ())
    }

    /// The key that signs for this installation; none where there is none yet.
    fn key(&self) -> Result<Option<PrivateKey>> {
        match (&self.home, self.own) {
            (Some(home), Some(_)) => home.signing_key().map(Some),
            _ => Ok(None),
        }
    }
}

/// Judges the license beside those that are installed, and gives those whose place it takes.
fn beside(judged: &mut JudgedLicense, others: &mut [JudgedLicense]) -> Vec<DocumentId> {
    host::supersede(&mut others.iter_mut().collect::<Vec<_>>());
    let was = |judged: &&mut JudgedLicense| !host::is_superseded(judged);
    let mut all: Vec<&mut JudgedLicense> = others.iter_mut().filter(was).collect();
    all.push(judged);
    host::supersede(&mut all);
    all.iter()
        .filter(|judged| host::is_superseded(judged))
        .map(|judged| judged.license.document_id())
        .collect()
}

fn refuse(judged: &JudgedLicense, now: Time) -> Result<()> {
    let stops = match &judged.judgement.verdict {
        Verdict::Refused(reasons) => reasons.iter().find(|error| error.reason() != Reason::NotYetValid),
        // Its own date is in the future: it would be remembered, and may be the desk's mistake.
        Verdict::Grace(error)
            if error.reason() == Reason::ClockRollback
                && judged.license.get().issued > now.plus_seconds(CLOCK_TOLERANCE_SECONDS) =>
        {
            Some(error)
        }
        _ => None,
    };
    stops.map_or(Ok(()), |error| Err(error.clone()))
}

fn is_lost(memory: &HostMemory, others: &[JudgedLicense], new: Option<&JudgedLicense>) -> bool {
    remember::is_lost(memory, others.iter().chain(new).map(|judged| (&judged.license, &judged.judgement)))
}
