//! A host with a home and a folder for state of its own, a clock that is moved, and hardware that can be changed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use airlatch_core::crypto;
use airlatch_core::format;
use airlatch_core::model::{
    AllowedClasses, BootClock, ClockMark, ClockReset, ComponentKind, Components, DocumentId, Features,
    Fingerprint, HostClass, HostKind, HostMemory, Kind, License, Lock, Quantity, Reason, Result, Term, Time,
    Tolerance, Verdict,
};
use airlatch_core::rules::Question;
use airlatch_machine::here::{Home, HostCheck, ThisHost};
use airlatch_machine::platform::Files;

use super::chance::Chance;
use super::place::scratch;
pub use super::rules_room::{key, time, trusted};

pub const HOUR: i64 = 3600;
pub const DAY: i64 = 86_400;
pub const YEAR: i64 = 365 * DAY;

pub struct Life {
    pub folder: PathBuf,
    pub now: Time,
    /// What the host shows now, of each kind.
    pub shows: BTreeMap<ComponentKind, String>,
    home: String,
    chance: Chance,
    /// The time since the machine was started; `None` is a machine without such a clock.
    pub boot: Option<BootClock>,
}

impl Life {
    /// A host on the day of its installation, with a key.
    pub fn new(name: &str) -> Self {
        let folder = scratch().join(format!("airlatch-life-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("root")).unwrap();
        let shows = ComponentKind::HARDWARE.map(|kind| (kind, "first".to_owned())).into();
        let now = time("2026-11-21T12:00:00Z");
        let mut life = Self { folder, now, shows, home: "home".into(), chance: Chance::of(name), boot: None };
        life.make_key();
        life
    }

    pub fn home(&self) -> Home {
        let home = Home::new(&self.folder.join(&self.home), &Files::new("")).unwrap();
        home.with_state(self.folder.join("state/airlatch").into()).with_boot(self.boot)
    }

    pub fn make_key(&mut self) {
        let home = self.home();
        let mut entropy = |bytes: &mut [u8]| -> Result<()> {
            self.chance.fill(bytes);
            Ok(())
        };
        home.key(&mut entropy).unwrap();
    }

    pub fn host(&self) -> ThisHost {
        let mut host = ThisHost::read(&self.home(), &self.folder.join("root")).unwrap();
        let mut components = Components::default();
        self.shows.iter().for_each(|(kind, value)| components.add(*kind, value.clone()));
        host.facts.components = components;
        host.facts.class = HostClass::BareMetal;
        host
    }

    /// Puts this many other parts into the host; with none it is as it was.
    pub fn change(&mut self, parts: usize) {
        for (i, kind) in ComponentKind::HARDWARE.into_iter().enumerate() {
            self.shows.insert(kind, if i < parts { "other" } else { "first" }.to_owned());
        }
    }

    pub fn wait(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
    }

    /// The machine goes on for these seconds, after which its clock is set to what it showed before.
    pub fn wait_with_stopped_clock(&mut self, seconds: u64) {
        let running = self.boot.map_or(0, |boot| boot.seconds) + seconds;
        self.boot = Some(BootClock { boot_id: [1; 16], seconds: running });
    }

    fn question(&self) -> Question {
        Question { now: self.now, supposed: false, product: None, features: Vec::new() }
    }

    /// A license for this installation on its first hardware, of which 3 of 5 have to match; issued now, for a year.
    pub fn license(&self) -> License {
        let host = self.host();
        let mut first = Components::default();
        ComponentKind::HARDWARE.into_iter().for_each(|kind| first.add(kind, "first"));
        let salt = [7; 16];
        let hash = |kind| (kind, vec![crypto::component_hash(&salt, kind, "first")]);
        let mut features = Features::default();
        features.add("sessions".parse().unwrap(), Quantity::Count(100)).unwrap();
        License {
            issued: self.now,
            product: "pbx".into(),
            version: None,
            number: None,
            customer: None,
            order: None,
            unmetered: true,
            request: None,
            model: None,
            term: Term { from: self.now.start_of_day(), until: Some(self.now.plus_seconds(YEAR)) },
            features,
            after: Vec::new(),
            grace_days: 0,
            drift_days: 0,
            allow: AllowedClasses::default(),
            advisory: false,
            memory_days: airlatch_core::model::MEMORY_DAYS,
            not_transferable: false,
            weak_lock: false,
            ledger: None,
            lock: Lock::Fingerprint {
                system_id: host.facts.system_id.unwrap(),
                locking_id: crypto::locking_id_of(HostKind::BareMetal, &first),
                fingerprint: Fingerprint { salt, hashes: ComponentKind::HARDWARE.map(hash).into() },
                tolerance: Tolerance::new([], ComponentKind::HARDWARE, 3).unwrap(),
                values: Default::default(),
            },
            unknown: Vec::new(),
        }
    }

    pub fn permanent(&self) -> License {
        let license = self.license();
        License { term: Term { until: None, ..license.term }, ..license }
    }

    /// A license that starts an activation period of 30 days; the vendor made it long ago, for all hosts.
    pub fn starter(&self) -> License {
        let issued = time("2026-01-01T00:00:00Z");
        let term = Term { from: issued, until: None };
        License { issued, term, lock: Lock::Starter(30), ..self.license() }
    }

    /// Installs; gives the reason word of a refusal.
    pub fn install(&self, license: &License) -> std::result::Result<(), String> {
        self.install_bytes(license).map_err(|error| error.reason().word().to_owned())
    }

    fn install_bytes(&self, license: &License) -> Result<()> {
        let host = self.host();
        let considered = host.judge_candidate(text(license).as_bytes(), &trusted(), self.now)?;
        let (_, notes) = host.install(&considered, self.now, &mut fill)?;
        assert!(notes.is_empty(), "{notes:?}");
        Ok(())
    }

    /// The whole check of what is installed.
    pub fn check(&self) -> HostCheck {
        let files = self.home().licenses().unwrap();
        self.host().check(files, &trusted(), &self.question(), &mut fill)
    }

    /// `valid`, `grace` with its reason, or the reasons of the refusal, of the only license.
    pub fn word(&self) -> String {
        words(&self.check())
    }

    pub fn mark(&self) -> ClockMark {
        self.host().recall.mark.unwrap()
    }

    pub fn memory(&self) -> HostMemory {
        self.mark().memory
    }

    pub fn notes(&self) -> Vec<Reason> {
        self.check().notes.iter().map(|note| note.reason()).collect()
    }

    /// The file in the home, and the one in the folder for state.
    pub fn marks(&self) -> [PathBuf; 2] {
        let places = self.host().recall.places;
        [places[0].0.clone(), places[1].0.clone()]
    }

    /// Deletes the marks in these places.
    pub fn forget(&self, places: &[usize]) {
        places.iter().for_each(|place| std::fs::remove_file(&self.marks()[*place]).unwrap());
    }

    /// The vendor's reset for the mark as it is now.
    pub fn reset(&self, issued: Time) -> ClockReset {
        let mark = self.mark();
        let request = DocumentId::from_digest(&[9; 32]);
        ClockReset { issued, product: "pbx".into(), system_id: mark.system_id, nonce: mark.nonce, request }
    }

    pub fn install_reset(&self, reset: &ClockReset) -> std::result::Result<(), String> {
        let sealed = crypto::seal(Kind::ClockReset, &format::write_reset(reset).unwrap(), &key(1));
        let text = format::armor(Kind::ClockReset, sealed.bytes(), &[]);
        let done = self.host().reset(text.as_bytes(), &trusted(), self.now, &mut fill);
        done.map(|_| ()).map_err(|error| error.reason().word().to_owned())
    }

    /// The same place for another host's home, which remembers nothing of the first.
    pub fn use_home(&mut self, name: &str) {
        self.home = name.into();
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn text(license: &License) -> String {
    let sealed = crypto::seal(Kind::License, &format::write_license(license).unwrap(), &key(1));
    format::armor(Kind::License, sealed.bytes(), &[])
}

pub fn words(checked: &HostCheck) -> String {
    assert_eq!(checked.answers.len(), 1);
    match &checked.answers[0].judged().unwrap().judgement.verdict {
        Verdict::Valid => "valid".into(),
        Verdict::Grace(error) => format!("grace {}", error.reason()),
        Verdict::Advisory(error) => format!("advisory {}", error.reason()),
        Verdict::Refused(reasons) => {
            reasons.iter().map(|error| error.reason().word()).collect::<Vec<_>>().join(" ")
        }
    }
}

/// Randomness that differs from run to run, which no test looks at.
pub fn fill(bytes: &mut [u8]) -> Result<()> {
    airlatch_machine::platform::fill_random(bytes)
}
