//! The whole check on this host: judges the installed licenses with the host's components and memory.

use std::path::{Path, PathBuf};

use crate::platform::{self, Env, Files, Homes};
use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::host::{self, CombinedLicenses, JudgedLicense, OpenedLicense};
use airlatch_core::model::{
    self, Cause, ComponentKind, Error, FeatureName, HostFacts, HostIdentity, HostMemory, Mac, Place,
    Quantity, Reason, Result, Time, Verdict,
};
use airlatch_core::rules::{self, Question, remember};

use super::home::probed_facts;
use super::memory::{Entropy, LoadedMemory};
use super::{Bytes, Home};

/// This host in one run: its key, its facts and its memory, each read once.
pub struct ThisHost {
    /// The facts; [`check`](Self::check) sets the memory in them.
    pub facts: HostFacts,
    /// The memory as it was read.
    pub recall: LoadedMemory,
    /// Whether a check updates the stored memory. Not for a captured host, another device, or a supposed time.
    pub updates_memory: bool,
    pub(super) home: Option<Home>,
    pub(super) own: Option<PublicKey>,
    /// The root folder to probe, and what identifies the host; `None` once it is probed.
    unprobed: Option<(PathBuf, HostIdentity)>,
}

/// The result for one file.
#[derive(Debug)]
pub struct CheckedFile {
    /// The file.
    pub path: PathBuf,
    /// The verified license with its verdict, or the error with the file as its place.
    pub found: Result<Box<JudgedLicense>>,
}

/// The result of one check.
#[derive(Debug)]
pub struct HostCheck {
    /// The result for each file, in the order of the files.
    pub answers: Vec<CheckedFile>,
    /// Licenses that answered the question together.
    pub together: Vec<CombinedLicenses>,
    /// The host's memory after the check.
    pub memory: HostMemory,
    /// Warnings for the operator: a clock mark that is lost, or could not be written.
    pub notes: Vec<Error>,
}

/// The whole check on this host: judges the licenses in its home (`AIRLATCH_HOME`, else the user's data folder) at the
/// present time, with the host's components and memory, and updates the memory.
///
/// The trusted keys are the vendor's own, built into its program; the home's folder of trusted keys is ignored, since the
/// licensee can write to it. The machine and the time can't be replaced by others. If the user of the product may not read a
/// component on which a license depends, that license is refused as `denied`: whether it is for this host is unknown.
///
/// ```no_run
/// use airlatch_core::crypto::{PublicKey, TrustedSet};
/// use airlatch_core::model::{Place, Quantity, Verdict};
///
/// let vendor = TrustedSet::new([PublicKey::from_pem(include_str!("../../../../keys/demo-DO-NOT-TRUST.pub"))?]);
/// let features = [("sessions".parse()?, Quantity::Count(100))];
/// let checked = airlatch_machine::verify_here(&vendor, "call-services", &features)?;
/// match checked.verdict() {
///     Verdict::Valid => println!("licensed"),
///     Verdict::Grace(warning) | Verdict::Advisory(warning) => println!("licensed, but: {warning}"),
///     Verdict::Refused(reasons) => println!("not licensed: {}", reasons[0]),
/// }
/// # Ok::<(), airlatch_core::model::Error>(())
/// ```
///
/// # Errors
/// `no-home`; `bad-field` for a bad instance id in `AIRLATCH_INSTANCE`; those of keys, settings and files. A license that is
/// refused is no error: see [`HostCheck::verdict`].
pub fn verify_here(
    trusted: &TrustedSet,
    product: &str,
    features: &[(FeatureName, Quantity)],
) -> Result<HostCheck> {
    let env = Env::capture();
    HostIdentity::check_variable(env.instance.as_deref())?;
    let homes = Homes::new(&env, None, None);
    let home = Home::new(&homes.host()?, &Files::new(""))?;
    let home = home.with_state(env.state).with_instance(env.instance).with_boot(platform::boot_clock());
    let question = Question {
        now: platform::now(),
        supposed: false,
        product: Some(product.to_owned()),
        features: features.to_vec(),
    };
    let mut host = ThisHost::read_unprobed(&home, Path::new("/"))?;
    Ok(host.check(home.licenses()?, trusted, &question, &mut platform::fill_random))
}

impl ThisHost {
    /// A device instead of this host, known by its MAC only: this machine is not probed.
    pub fn device(mac: Mac) -> Self {
        let mut facts = HostFacts::unknown();
        facts.components.add(ComponentKind::Nic, mac.bare());
        Self {
            facts,
            recall: LoadedMemory::default(),
            updates_memory: false,
            home: None,
            own: None,
            unprobed: None,
        }
    }

    /// A host without a home: the machine below `root` is probed, and there is no memory.
    pub fn without_home(root: &Path, identity: &HostIdentity) -> Self {
        let (facts, recall) = (Home::facts_without(root, identity), LoadedMemory::default());
        Self { facts, recall, updates_memory: false, home: None, own: None, unprobed: None }
    }

    /// Reads key, settings and memory, and probes the machine below `root`.
    ///
    /// # Errors
    /// Those of keys, settings and files; errors of a clock mark are only noted.
    pub fn read(home: &Home, root: &Path) -> Result<Self> {
        let mut host = Self::read_unprobed(home, root)?;
        host.probe();
        Ok(host)
    }

    /// Reads key, settings and memory. [`check`](Self::check) probes the machine if a license depends on it.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_unprobed(home: &Home, root: &Path) -> Result<Self> {
        let explained = |error| home.explained(error);
        let (own, recall) = home.remembered().map_err(explained)?;
        let (facts, identity) = home.unprobed_facts(own.map(|own| own.system_id())).map_err(explained)?;
        let unprobed = Some((root.to_owned(), identity));
        Ok(Self { facts, recall, updates_memory: true, home: Some(home.clone()), own, unprobed })
    }

    /// Probes the machine, unless it is probed already.
    pub fn probe(&mut self) {
        if let Some((root, identity)) = self.unprobed.take() {
            let facts = std::mem::replace(&mut self.facts, HostFacts::unknown());
            self.facts = probed_facts(&root, &identity, facts);
        }
    }

    /// Judges these files: checks all signatures, takes the latest signed time, then judges each license.
    ///
    /// Later licenses supersede earlier ones, and those of one product are added up if none of them is enough. The memory is
    /// updated; if that fails, it is noted, and what is stored of it decides.
    pub fn check(
        &mut self,
        files: Vec<Bytes>,
        trusted: &TrustedSet,
        question: &Question,
        entropy: Entropy<'_>,
    ) -> HostCheck {
        let mut before = self.recall.kept(question.now);
        let opened: Vec<_> = files.into_iter().map(|file| self.open(file, trusted)).collect();
        let beside = self.installed_beside(&opened, trusted);
        let all = || opened.iter().filter_map(|(_, opened)| opened.as_ref().ok()).chain(&beside);
        let signed = all().map(|opened| opened.license.get().issued).max();
        if self.recall.is_gone() {
            before = remember::lose(&before, signed);
        }
        let observed = rules::observe(&before, self.recall.reading(question.now));
        self.facts.memory = remember::with_signed_times(&observed, signed);
        if all().any(|opened| rules::depends_on_machine(opened.license.get())) {
            self.probe();
        }
        let mut beside: Vec<_> =
            beside.into_iter().map(|opened| opened.judge(&self.facts, question)).collect();
        let answers = opened.into_iter().map(|(path, opened)| CheckedFile {
            path,
            found: opened.map(|opened| Box::new(opened.judge(&self.facts, question))),
        });
        let notes = self.recall.notes.clone();
        let mut checked =
            HostCheck { answers: answers.collect(), together: Vec::new(), memory: before, notes };
        checked.supersede(&mut beside);
        if !question.supposed
            && !self.update_memory(&mut checked, question.now, entropy)
            && self.updates_memory
        {
            self.judge_unstored(&mut checked, question);
            checked.supersede(&mut beside);
        }
        for judged in checked.judged_mut() {
            self.home.iter().for_each(|home| home.name_receipt(judged));
        }
        checked.together = host::answer_together(&mut checked.judged_mut(), question);
        checked
    }

    /// Judges again, on a host that can't store what it remembers.
    fn judge_unstored(&mut self, checked: &mut HostCheck, question: &Question) {
        let mut stored = self.recall.kept(question.now);
        // A product may run as a user who can't keep the memory, beside one who can; that is noted, and stops nothing.
        let key = self.home.as_ref().map(Home::signing_key);
        if matches!(key, Some(Err(error)) if error.reason() == Reason::Denied) {
            stored.latest_time = stored.latest_time.max(Some(question.now));
        }
        self.facts.stored = Some(stored);
        for judged in checked.judged_mut() {
            judged.judgement = rules::judge(&judged.license, &self.facts, question);
        }
    }

    /// The installed licenses, where other files are judged: a later one supersedes them. None for another device or a captured
    /// host.
    fn installed_beside(
        &self,
        opened: &[(PathBuf, Result<OpenedLicense>)],
        trusted: &TrustedSet,
    ) -> Vec<OpenedLicense> {
        let home = self.home.as_ref().filter(|_| self.updates_memory);
        let home = home.filter(|home| opened.iter().any(|(path, _)| !home.is_installed(path)));
        let installed = home.and_then(|home| home.licenses().ok()).unwrap_or_default().into_iter();
        installed.filter_map(|(_, bytes)| host::open(&bytes.ok()?, trusted).ok()).collect()
    }

    fn open(&self, (path, bytes): Bytes, trusted: &TrustedSet) -> (PathBuf, Result<OpenedLicense>) {
        let is_installed = self.home.as_ref().is_some_and(|home| home.is_installed(&path));
        let opened = bytes.and_then(|bytes| {
            let at = |error: Error| match path.as_os_str() == "-" {
                true => error.at(Place::Input),
                false if is_installed => error.at(path.display()).because(Cause::InstalledLicense),
                false => error.at(path.display()),
            };
            open_trusted(&bytes, trusted).map_err(at)
        });
        (path, opened)
    }

    /// The home, or the error that there is none.
    pub(super) fn home(&self) -> Result<&Home> {
        self.home.as_ref().ok_or_else(|| Error::new(Reason::NoHome, "there is no host home"))
    }

    /// Updates the memory; returns whether it is stored as far as it has to be.
    fn update_memory(&self, checked: &mut HostCheck, now: Time, entropy: Entropy<'_>) -> bool {
        let judged: Vec<_> = checked.judged().map(|judged| (&judged.license, &judged.judgement)).collect();
        let reading = self.recall.reading(now);
        let next = remember::remember(&checked.memory, reading, &judged);
        let lost = remember::is_lost(&next, judged.iter().copied());
        let has_key = self.own.is_some();
        let gone = self.recall.is_gone();
        // Days that are counted are not given without the count.
        let wait_seconds =
            if judged.iter().any(|(_, judgement)| judgement.works_until.is_some()) { 5 } else { 0 };
        let is_due = self.updates_memory && has_key && self.recall.needs_write(&next);
        let written = self.home.as_ref().filter(|_| is_due).map_or(Ok(()), |home| {
            let step = |mark: model::ClockMark| {
                let memory = if gone {
                    HostMemory { lost_at: checked.memory.lost_at, ..mark.memory }
                } else {
                    mark.memory
                };
                let memory = remember::remember(&memory, reading, &judged);
                Ok(model::ClockMark { memory, ..mark })
            };
            home.remember(&home.signing_key()?, now, entropy, wait_seconds, step).map(|_| ())
        });
        checked.memory = next;
        // A mark that could not be read is not lost, and has a note of its own.
        if lost && !self.recall.unreadable {
            let message =
                "this host's clock mark is lost: its drift days and activation periods count as used up";
            let place = self.home.as_ref().map(Home::path).unwrap_or(Path::new(""));
            checked.notes.push(Error::new(Reason::LostMark, message).at(place));
        }
        // Busy: another run is writing the same at this moment.
        let failed = written.err().filter(|error| error.reason() != Reason::Busy || wait_seconds > 0);
        let is_stored = has_key && failed.is_none();
        checked.notes.extend(failed.map(not_written));
        is_stored
    }
}

impl HostCheck {
    /// Applies [`host::supersede`], with other licenses of this host beside these.
    fn supersede(&mut self, beside: &mut [JudgedLicense]) {
        let mut all = self.judged_mut();
        all.extend(beside);
        host::supersede(&mut all);
    }

    fn judged_mut(&mut self) -> Vec<&mut JudgedLicense> {
        self.answers.iter_mut().filter_map(|answer| answer.found.as_deref_mut().ok()).collect()
    }

    /// The licenses that could be verified.
    pub fn judged(&self) -> impl Iterator<Item = &JudgedLicense> {
        self.answers.iter().filter_map(CheckedFile::judged)
    }

    /// The verdict of the license that decides. If none could be verified, it is a refusal with the errors of the files; if
    /// none is installed, `not-activated`.
    pub fn verdict(&self) -> Verdict {
        let judged: Vec<&JudgedLicense> = self.judged().collect();
        if let Some(best) = host::best(&judged) {
            return best.judgement.verdict.clone();
        }
        let errors: Vec<Error> =
            self.answers.iter().filter_map(|answer| answer.found.as_ref().err().cloned()).collect();
        let none = || vec![Error::new(Reason::NotActivated, "no license is installed on this host")];
        Verdict::Refused(if errors.is_empty() { none() } else { errors })
    }

    /// The error of the first file that could not be verified.
    pub fn first_error(&self) -> Option<&Error> {
        self.answers.iter().find_map(|answer| answer.found.as_ref().err())
    }

    /// Whether one of the licenses is valid or in grace.
    pub fn is_licensed(&self) -> bool {
        self.answers.iter().any(CheckedFile::is_licensed)
    }

    /// Whether all refusals are answers (exit 1), and no file failed to give one (exit 2).
    pub fn is_all_no(&self) -> bool {
        self.answers.iter().all(CheckedFile::is_no)
    }
}

impl CheckedFile {
    /// The license, if it could be verified.
    pub fn judged(&self) -> Option<&JudgedLicense> {
        self.found.as_deref().ok()
    }

    /// Whether it is a license that works.
    pub fn is_licensed(&self) -> bool {
        self.judged().is_some_and(|judged| !judged.judgement.verdict.is_refused())
    }

    /// The verdict in one word: `valid`, `grace`, `advisory`, `refused`, or `unable` if there is none.
    pub fn word(&self) -> &'static str {
        match self.judged().map(|judged| &judged.judgement.verdict) {
            Some(verdict) => verdict.word(),
            None if self.is_no() => "refused",
            None => "unable",
        }
    }

    /// The reasons of a refusal, or the warnings; empty if it is valid.
    pub fn errors(&self) -> &[Error] {
        match &self.found {
            Err(error) => std::slice::from_ref(error),
            Ok(judged) => match &judged.judgement.verdict {
                Verdict::Refused(reasons) => reasons,
                Verdict::Grace(_) | Verdict::Advisory(_) => &judged.judgement.warnings,
                Verdict::Valid => &[],
            },
        }
    }

    /// Whether all its errors are answers (exit 1), not failures (exit 2).
    pub fn is_no(&self) -> bool {
        self.errors().iter().all(|error| error.reason().exit_status() == model::ExitStatus::No)
    }
}

/// Opens a license. Where no key is trusted at all, that is the error of a license only: another file stays what it is.
pub(super) fn open_trusted(bytes: &[u8], trusted: &TrustedSet) -> Result<OpenedLicense> {
    host::open(bytes, trusted).map_err(|error| match error.reason() {
        Reason::UntrustedKey if trusted.is_empty() => no_trusted_key(),
        _ => error,
    })
}

/// The error of a host without any trusted key.
pub fn no_trusted_key() -> Error {
    Error::new(Reason::NoTrust, "no vendor key is trusted here, so no license can be verified")
}

/// The warning that the clock mark could not be written.
pub(super) fn not_written(cause: Error) -> Error {
    let message = format!("the clock mark could not be written: {}", cause.message());
    cause.with_message(message)
}
