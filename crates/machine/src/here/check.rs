//! The whole check on this host: what is installed, judged with what the host shows and remembers.

use std::path::{Path, PathBuf};

use crate::platform::{self, Env, Files, Homes};
use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::host::{self, CombinedLicenses, JudgedLicense, OpenedLicense};
use airlatch_core::model::{
    self, ComponentKind, Error, FeatureName, HostFacts, HostIdentity, HostMemory, Mac, Quantity, Reason,
    Result, Time, Verdict,
};
use airlatch_core::rules::{self, Question, remember};

use super::home::look_at;
use super::memory::{Entropy, LoadedMemory};
use super::{Bytes, Home};

/// This host as one run sees it: its own key, what it shows and what it remembers, each read once.
pub struct ThisHost {
    /// What it shows; its memory is filled in by [`check`](Self::check).
    pub facts: HostFacts,
    /// What it remembers, as it was found.
    pub recall: LoadedMemory,
    /// What a run finds out is kept. Not for a captured host, another device, or a supposed time.
    pub keeps: bool,
    pub(super) home: Option<Home>,
    pub(super) own: Option<PublicKey>,
    /// Where the machine is to be looked at, and by what it is told from others.
    unseen: Option<(PathBuf, HostIdentity)>,
}

/// What was found about one file.
#[derive(Debug)]
pub struct CheckedFile {
    /// The file.
    pub path: PathBuf,
    /// A license that was verified, with its verdict; or why there is none, with the file named.
    pub found: Result<Box<JudgedLicense>>,
}

/// The answers of one check.
#[derive(Debug)]
pub struct HostCheck {
    /// About each file, in the order they came.
    pub answers: Vec<CheckedFile>,
    /// What was added up to answer the question.
    pub together: Vec<CombinedLicenses>,
    /// What the host remembers now.
    pub memory: HostMemory,
    /// What its owner should know besides: a mark that is lost, or could not be kept.
    pub notes: Vec<Error>,
}

/// The whole check on this host: what is installed in its home (`AIRLATCH_HOME`, else the user's data folder), judged at
/// this moment with what the host shows and remembers, and remembered in turn.
///
/// The keys are the vendor's own, built into its program; the home's folder of trusted keys, which the licensee can write
/// to, plays no part. There is no way to name another machine or another time here.
///
/// ```no_run
/// use airlatch_core::crypto::{PublicKey, TrustedSet};
/// use airlatch_core::model::{Quantity, Verdict};
///
/// let vendor = TrustedSet::new([PublicKey::from_pem(include_str!("../../../../keys/demo-DO-NOT-TRUST.pub"))?]);
/// let features = [("sessions".parse()?, Quantity::Count(100))];
/// let checked = airlatch_machine::verify_here(&vendor, "call-services", &features)?;
/// match checked.verdict() {
///     Verdict::Valid => println!("licensed"),
///     Verdict::Grace(warning) => println!("licensed for now: {warning}"),
///     Verdict::Refused(reasons) => println!("not licensed: {}", reasons[0]),
/// }
/// # Ok::<(), airlatch_core::model::Error>(())
/// ```
///
/// # Errors
/// `no-home`; `bad-field` for an `AIRLATCH_INSTANCE` that is no instance id; those of keys, settings and files. Why a
/// license does not hold is no error: see [`HostCheck::verdict`].
pub fn verify_here(
    trusted: &TrustedSet,
    product: &str,
    features: &[(FeatureName, Quantity)],
) -> Result<HostCheck> {
    let env = Env::capture();
    HostIdentity::check_variable(env.instance.as_deref())?;
    let homes = Homes::new(&env, None, None);
    let home = Home::new(&homes.host()?, &Files::new(""))?;
    let home = home.with_state(env.state).with_instance(env.instance);
    let question = Question {
        now: platform::now(),
        supposed: false,
        product: Some(product.to_owned()),
        features: features.to_vec(),
    };
    let mut host = ThisHost::known(&home, Path::new("/"))?;
    Ok(host.check(home.licenses()?, trusted, &question, &mut platform::fill_random))
}

impl ThisHost {
    /// A device in place of this host, known by its MAC alone: nothing of this machine is looked at.
    pub fn device(mac: Mac) -> Self {
        let mut facts = HostFacts::unknown();
        facts.components.add(ComponentKind::Nic, mac.bare());
        Self { facts, recall: LoadedMemory::default(), keeps: false, home: None, own: None, unseen: None }
    }

    /// What the machine below `root` shows, where there is no home: it remembers nothing.
    pub fn without_home(root: &Path, identity: &HostIdentity) -> Self {
        let (facts, recall) = (Home::facts_without(root, identity), LoadedMemory::default());
        Self { facts, recall, keeps: false, home: None, own: None, unseen: None }
    }

    /// Reads key, settings, facts below `root` and memory.
    ///
    /// # Errors
    /// Those of keys, settings and files; what is wrong with a mark is only noted.
    pub fn read(home: &Home, root: &Path) -> Result<Self> {
        let mut host = Self::known(home, root)?;
        host.look();
        Ok(host)
    }

    /// The same without a look at the machine: [`check`](Self::check) looks where a license depends on it.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn known(home: &Home, root: &Path) -> Result<Self> {
        let (own, recall) = home.remembered()?;
        let (facts, identity) = home.facts_unseen(own.map(|own| own.system_id()))?;
        let unseen = Some((root.to_owned(), identity));
        Ok(Self { facts, recall, keeps: true, home: Some(home.clone()), own, unseen })
    }

    /// Looks at the machine, if that was not done yet.
    pub fn look(&mut self) {
        if let Some((root, identity)) = self.unseen.take() {
            let facts = std::mem::replace(&mut self.facts, HostFacts::unknown());
            self.facts = look_at(&root, &identity, facts);
        }
    }

    /// Judges these files: first every signature, then what all of them say of the time, then each license.
    ///
    /// Later licenses supersede earlier ones, and those of one product are added up where none alone holds enough. What
    /// was found out is kept; that it can't be is only noted, a verdict never fails because of it.
    pub fn check(
        &mut self,
        files: Vec<Bytes>,
        trusted: &TrustedSet,
        question: &Question,
        entropy: Entropy<'_>,
    ) -> HostCheck {
        let before = self.recall.memory(question.now);
        let opened: Vec<_> = files.into_iter().map(|file| open(file, trusted)).collect();
        let signed = opened.iter().filter_map(|(_, opened)| Some(opened.as_ref().ok()?.license.get().issued));
        self.facts.memory = remember::with_signed_times(&before, signed);
        let depends = |opened: &OpenedLicense| rules::depends_on_machine(opened.license.get());
        if opened.iter().any(|(_, opened)| opened.as_ref().is_ok_and(depends)) {
            self.look();
        }
        let judge = |(path, opened): (PathBuf, Result<OpenedLicense>)| {
            let found = opened.map(|opened| Box::new(opened.judge(&self.facts, question)));
            CheckedFile { path, found }
        };
        let mut answers: Vec<CheckedFile> = opened.into_iter().map(judge).collect();
        let mut judged: Vec<&mut JudgedLicense> =
            answers.iter_mut().filter_map(|answer| answer.found.as_deref_mut().ok()).collect();
        host::supersede(&mut judged);
        let together = host::answer_together(&mut judged, question);
        let mut checked = HostCheck { answers, together, memory: before, notes: self.recall.notes.clone() };
        if !question.supposed {
            self.advance(&mut checked, question.now, entropy);
        }
        checked
    }

    /// The home, which has to be there for whatever is kept.
    pub(super) fn home(&self) -> Result<&Home> {
        self.home.as_ref().ok_or_else(|| Error::new(Reason::NoHome, "there is no host home"))
    }

    fn advance(&self, checked: &mut HostCheck, now: Time, entropy: Entropy<'_>) {
        let judged: Vec<_> = checked.judged().map(|judged| (&judged.license, &judged.judgement)).collect();
        let next = remember::remember(&checked.memory, now, &judged);
        let lost = remember::is_lost(&next, judged.iter().copied());
        let worth = self.keeps && self.own.is_some() && self.recall.is_worth(&next);
        let kept = self.home.as_ref().filter(|_| worth).map_or(Ok(()), |home| {
            let step = |mark: model::ClockMark| {
                let memory = remember::remember(&mark.memory, now, &judged);
                Ok(model::ClockMark { memory, ..mark })
            };
            home.remember(&home.signing_key()?, now, entropy, 0, step).map(|_| ())
        });
        checked.memory = next;
        // What may not be read is not gone, and has a note of its own.
        if lost && !self.recall.unread {
            let what =
                "what this host remembered is gone: days on changed hardware and first days count as used up";
            let place = self.home.as_ref().map(|home| home.path().display().to_string());
            checked.notes.push(Error::new(Reason::LostMark, what).at(place.unwrap_or_default()));
        }
        // Who else writes at this moment saw the same.
        let failed = kept.err().filter(|error| error.reason() != Reason::Busy);
        checked.notes.extend(failed.map(not_kept));
    }
}

impl HostCheck {
    /// The licenses that could be verified.
    pub fn judged(&self) -> impl Iterator<Item = &JudgedLicense> {
        self.answers.iter().filter_map(CheckedFile::judged)
    }

    /// The verdict of the license that answers best; where there is none that could be verified, why, and with nothing
    /// installed `not-activated`.
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

    /// Why the first of those files is no license that could be verified, where there is one.
    pub fn unread(&self) -> Option<&Error> {
        self.answers.iter().find_map(|answer| answer.found.as_ref().err())
    }

    /// Whether one of them holds, in grace too.
    pub fn holds(&self) -> bool {
        self.answers.iter().any(CheckedFile::holds)
    }

    /// Whether everything could be told: then a no is an honest one.
    pub fn is_told(&self) -> bool {
        self.answers.iter().all(CheckedFile::is_no)
    }
}

impl CheckedFile {
    /// The license, if it could be verified.
    pub fn judged(&self) -> Option<&JudgedLicense> {
        self.found.as_deref().ok()
    }

    /// Whether it is a license that holds, in grace too.
    pub fn holds(&self) -> bool {
        self.judged().is_some_and(|judged| !matches!(judged.judgement.verdict, Verdict::Refused(_)))
    }

    /// The verdict in one word: `valid`, `grace`, `refused`, or `unable` where none could be told.
    pub fn word(&self) -> &'static str {
        match self.judged().map(|judged| &judged.judgement.verdict) {
            Some(Verdict::Valid) => "valid",
            Some(Verdict::Grace(_)) => "grace",
            Some(Verdict::Refused(_)) => "refused",
            None if self.is_no() => "refused",
            None => "unable",
        }
    }

    /// Every reason against it; that of its grace; none when it is valid.
    pub fn errors(&self) -> &[Error] {
        match &self.found {
            Err(error) => std::slice::from_ref(error),
            Ok(judged) => match &judged.judgement.verdict {
                Verdict::Refused(reasons) => reasons,
                Verdict::Grace(error) => std::slice::from_ref(error),
                Verdict::Valid => &[],
            },
        }
    }

    /// Whether this is an honest no, rather than nothing that could be told.
    pub fn is_no(&self) -> bool {
        self.errors().iter().all(|error| error.reason().exit_status() == model::ExitStatus::No)
    }
}

/// The error of a host that trusts no key at all.
pub fn nobody_trusted() -> Error {
    Error::new(Reason::NoTrust, "no vendor's key is trusted here, so no license can be believed")
}

fn open((path, bytes): Bytes, trusted: &TrustedSet) -> (PathBuf, Result<OpenedLicense>) {
    let known = |bytes| if trusted.is_empty() { Err(nobody_trusted()) } else { Ok(bytes) };
    let opened = bytes.and_then(|bytes| {
        let place =
            if path.as_os_str() == "-" { "standard input".into() } else { path.display().to_string() };
        known(bytes).and_then(|bytes| host::open(&bytes, trusted)).map_err(|error| error.at(place))
    });
    (path, opened)
}

pub(super) fn not_kept(why: Error) -> Error {
    let error = Error::new(why.reason(), format!("the time could not be remembered: {}", why.message()));
    why.place().into_iter().fold(error, Error::at)
}
