//! Reads and writes the clock mark, which has two copies: one in the home, one in the user's state folder.

use std::path::{Path, PathBuf};

use crate::platform::{Access, Existing, FileLock};
use airlatch_core::crypto::{self, PrivateKey, PublicKey};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{
    BootClock, ClockMark, ClockReading, Error, HostMemory, Kind, Reason, Result, Time, hex,
};
use airlatch_core::rules::{self, remember};

use super::Home;

const MARK: &str = "clock.mark";
const LOCK: &str = ".clock.lock";
/// After how many seconds a copy is written again if only the time has changed: in the home, and in the state folder. The
/// second one is written less often, so a power failure during a write damages one copy at most.
const WRITE_INTERVAL_SECONDS: [i64; 2] = [3600, 86_400];

/// A function that fills a slice with random bytes.
pub type Entropy<'a> = &'a mut dyn FnMut(&mut [u8]) -> Result<()>;

/// A host's memory as it was read.
#[derive(Debug, Clone, Default)]
pub struct LoadedMemory {
    /// The clock mark, merged from both copies; `None` if there is no mark of this host.
    pub mark: Option<ClockMark>,
    /// Errors of the copies.
    pub notes: Vec<Error>,
    /// The paths of the copies, each with the mark of this host that was read there.
    pub places: Vec<(PathBuf, Option<ClockMark>)>,
    /// Memory of an earlier installation in the same folder that is still binding.
    earlier: HostMemory,
    /// Whether a copy exists that could not be read.
    pub(super) unreadable: bool,
    has_key: bool,
    boot: Option<BootClock>,
}

impl LoadedMemory {
    /// The host's memory, with the step that the clock made since it was kept.
    pub fn memory(&self, now: Time) -> HostMemory {
        rules::observe(&self.kept(now), self.reading(now))
    }

    /// What the clocks show, where the one that can be set shows `time`.
    pub(super) fn reading(&self, time: Time) -> ClockReading {
        ClockReading { time, boot: self.boot }
    }

    /// The memory as it was kept. If the host has a key but no mark, the memory was lost, and the loss is noticed at `now`.
    pub(super) fn kept(&self, now: Time) -> HostMemory {
        let memory = match &self.mark {
            Some(mark) => mark.memory.clone(),
            None => {
                HostMemory { lost_at: now.in_range().ok().filter(|_| self.has_key), ..HostMemory::default() }
            }
        };
        remember::merge(&memory, &self.earlier)
    }

    /// Whether this host has a key but no clock mark.
    pub fn is_gone(&self) -> bool {
        self.has_key && self.mark.is_none()
    }

    /// Whether a copy has to be replaced by `next`, and if so, whether more than the time has changed.
    fn is_due(&self, place: usize, next: &ClockMark) -> Option<bool> {
        let Some(there) = self.places.get(place).and_then(|(_, there)| there.as_ref()) else {
            return Some(true);
        };
        let reset = (there.nonce, there.resets) != (next.nonce, next.resets);
        let differs = |seconds| reset || remember::differs(&there.memory, &next.memory, seconds);
        differs(WRITE_INTERVAL_SECONDS[place.min(1)]).then(|| differs(i64::MAX))
    }

    /// Whether any copy has to be written again.
    pub(super) fn needs_write(&self, next: &HostMemory) -> bool {
        let Some(mark) = &self.mark else { return true };
        let next = ClockMark { memory: next.clone(), ..mark.clone() };
        (0..self.places.len()).any(|place| self.is_due(place, &next).is_some())
    }
}

/// Which copies of the clock mark have to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copies {
    /// One at least.
    Any,
    /// Each: what is remembered gives something away.
    All,
}

impl Home {
    /// Reads the host's memory from both copies; `own` is the host's public key, if it has one.
    ///
    /// The second copy is not verified if it adds nothing to the first, since a forged one would change nothing.
    pub fn recall(&self, own: Option<PublicKey>) -> LoadedMemory {
        self.read_copies(own, false)
    }

    /// Reads the host's memory, and verifies both copies.
    pub(super) fn recall_verified(&self, own: Option<PublicKey>) -> LoadedMemory {
        self.read_copies(own, true)
    }

    fn read_copies(&self, own: Option<PublicKey>, verify_each: bool) -> LoadedMemory {
        let mut recall = LoadedMemory { has_key: own.is_some(), boot: self.boot, ..LoadedMemory::default() };
        let system_id = own.map(|own| own.system_id());
        for path in self.places() {
            let mut mine = None;
            match self.read_mark(&path, own, recall.mark.as_ref().filter(|_| !verify_each)) {
                Ok(None) => {}
                Ok(Some(mark)) if Some(mark.system_id) == system_id => mine = Some(mark),
                Ok(Some(mark)) => recall.foreign(&path, mark, path.parent() == Some(self.path())),
                Err(error) => {
                    recall.unreadable |= matches!(error.reason(), Reason::Io | Reason::Denied);
                    let message = "this copy of the host's clock mark can't be read";
                    recall.notes.push(lost(message, &path).detail(error.message().to_owned()));
                }
            }
            if let Some(mark) = &mine {
                let merged = recall.mark.as_ref().map(|other| remember::merge_marks(other, mark));
                recall.mark = Some(merged.unwrap_or_else(|| mark.clone()));
            }
            recall.places.push((path, mine));
        }
        recall.earlier.released.extend(system_id.into_iter().flat_map(|own| self.released_licenses(own)));
        recall
    }

    /// Updates the clock mark under the lock: reads it, lets `step` make the next one, and writes the copies that are out of
    /// date. Waits `timeout_seconds` for another process.
    ///
    /// If the mark was lost, `step` gets an empty one with the time of the loss.
    ///
    /// # Errors
    /// Those of `step`; `busy`; the errors of writing, if no copy could be written.
    pub fn remember(
        &self,
        key: &PrivateKey,
        now: Time,
        entropy: Entropy<'_>,
        timeout_seconds: u64,
        step: impl FnOnce(ClockMark) -> Result<ClockMark>,
    ) -> Result<ClockMark> {
        self.remember_in(Copies::Any, key, now, entropy, timeout_seconds, step)
    }

    /// The same; with [`Copies::All`] it fails unless every copy could be written.
    ///
    /// # Errors
    /// As [`remember`](Self::remember).
    pub(super) fn remember_in(
        &self,
        copies: Copies,
        key: &PrivateKey,
        now: Time,
        entropy: Entropy<'_>,
        timeout_seconds: u64,
        step: impl FnOnce(ClockMark) -> Result<ClockMark>,
    ) -> Result<ClockMark> {
        let _lock = self.lock_memory(timeout_seconds)?;
        let own = key.public();
        let (system_id, recall) = (own.system_id(), self.recall(Some(own)));
        if recall.mark.is_none() && recall.unreadable {
            let message = "the host's clock mark can't be read now, so it is not replaced by a new one";
            return Err(Error::new(Reason::Io, message).at(self.path.join(MARK).display()));
        }
        let memory = recall.kept(now);
        let mark = match recall.mark.clone() {
            Some(mark) => ClockMark { memory, ..mark },
            None => {
                let mut nonce = [0; 16];
                entropy(&mut nonce)?;
                ClockMark { system_id, nonce, resets: 0, memory }
            }
        };
        let next = step(mark)?;
        self.write_marks(&recall, &next, key, copies)?;
        Ok(next)
    }

    /// Writes the first clock mark of an installation, before its key: from then on, a missing mark is a lost one.
    pub(super) fn begin_memory(&self, key: &PrivateKey, seed: &[u8; 32]) -> Result<()> {
        let recall = self.recall(None);
        let mut nonce = [0; 16];
        nonce.copy_from_slice(&crypto::digest("clock nonce", &[seed])[..16]);
        let memory = recall.earlier.clone();
        let mark = ClockMark { system_id: key.public().system_id(), nonce, resets: 0, memory };
        self.write_marks(&recall, &mark, key, Copies::Any)
    }

    /// Locks the clock mark: with a lock file in the home, or in the state folder if the home can't be written.
    pub(super) fn lock_memory(&self, timeout_seconds: u64) -> Result<FileLock> {
        match self.files.lock_file(&self.path.join(LOCK), "airlatch", timeout_seconds) {
            Err(error) if error.reason() != Reason::Busy => {
                let Some(second) = self.places().into_iter().nth(1) else { return Err(error) };
                self.files
                    .lock_file(&second.with_extension("lock"), "airlatch", timeout_seconds)
                    .map_err(|_| error)
            }
            guard => guard,
        }
    }

    /// The paths of the copies: in the home, and in the state folder, if there is one, with a name made from the home's path.
    fn places(&self) -> Vec<PathBuf> {
        let second = self.state.path().and_then(|state| {
            let home = self.files.absolute(&self.path).ok()?;
            let name = crypto::digest("home", &[home.as_os_str().as_encoded_bytes()]);
            Some(state.join(format!("{}.mark", hex::write(&name[..8]))))
        });
        std::iter::once(self.path.join(MARK)).chain(second).collect()
    }

    fn read_mark(
        &self,
        path: &Path,
        own: Option<PublicKey>,
        known: Option<&ClockMark>,
    ) -> Result<Option<ClockMark>> {
        let bytes = match self.files.read_own(path, limits::DOCUMENT_FILE) {
            Err(error) if error.reason() == Reason::NotFound => return Ok(None),
            bytes => bytes?,
        };
        let (sealed, _) = format::open_one(&bytes)?;
        if let Some(known) = known
            && let Ok(claimed) = format::read_unverified_clock_mark(&sealed)
            && remember::adds_nothing(&claimed, known)
        {
            return Ok(Some(claimed));
        }
        let mark = match own.filter(|own| own.as_bytes() == sealed.named_signer()) {
            Some(own) => format::read_own_clock_mark(&sealed, own)?,
            None => format::read_clock_mark(&sealed)?,
        };
        Ok(Some(mark.get().clone()))
    }

    fn write_marks(
        &self,
        recall: &LoadedMemory,
        mark: &ClockMark,
        key: &PrivateKey,
        copies: Copies,
    ) -> Result<()> {
        let mut due: Vec<(usize, bool)> = (0..recall.places.len())
            .filter_map(|place| recall.is_due(place, mark).map(|more| (place, more)))
            .collect();
        match due.first() {
            None => return Ok(()),
            // The first copy is read first. As long as it is never older than the second, that need not be verified.
            Some((place, _)) if *place > 0 => due.insert(0, (0, false)),
            Some(_) => {}
        }
        let sealed = crypto::seal(Kind::ClockMark, &format::write_clock_mark(mark)?, key);
        let text = format::armor(Kind::ClockMark, sealed.bytes(), &summary(mark));
        let write = |(place, more): &(usize, bool)| {
            let path = &recall.places[*place].0;
            self.files.make_dir(path.parent().unwrap_or(path), true)?;
            // Without a sync, a power failure may lose the write. That is acceptable for the first copy if only the time has
            // changed; all other changes and the second copy are synced.
            match *more || *place > 0 {
                true => self.files.write(path, text.as_bytes(), Access::Public, Existing::Replace),
                false => self.files.write_unsynced(path, text.as_bytes(), Access::Public, Existing::Replace),
            }
        };
        if copies == Copies::All {
            // The home was just found writable: where the other place is not, nothing is remembered.
            return due.iter().rev().try_for_each(|place| write(place).map(|_| ()));
        }
        let written: Vec<Result<_>> = due.iter().map(write).collect();
        let is_stored = due.len() < recall.places.len() || written.iter().any(Result::is_ok);
        written.into_iter().find_map(Result::err).filter(|_| !is_stored).map_or(Ok(()), Err)
    }
}

impl LoadedMemory {
    /// Handles a mark of another installation. If this one has no key yet, a mark in the state folder is that of an earlier
    /// installation in the same home: its latest time, activation periods and releases stay binding, so deleting the home
    /// undoes none of them.
    fn foreign(&mut self, path: &Path, mark: ClockMark, beside_key: bool) {
        if self.has_key {
            let error = lost("this clock mark is for another installation", path);
            self.notes.push(error.detail(format!("it names   {}", mark.system_id)));
        } else if !beside_key {
            let HostMemory { latest_time, first_installed, released, .. } = mark.memory;
            self.earlier = HostMemory { latest_time, first_installed, released, ..HostMemory::default() };
        }
    }
}

/// The error for an unusable clock mark.
fn lost(message: &str, path: &Path) -> Error {
    Error::new(Reason::LostMark, message).at(path.display())
}

/// The readable lines above the mark.
fn summary(mark: &ClockMark) -> Vec<String> {
    let latest = mark.memory.latest_time.map_or_else(|| "nothing yet".into(), |latest| latest.to_string());
    vec![
        "The clock mark of this host: its memory between runs. It is valid for this installation only; do not move it."
            .into(),
        format!("  System ID  {}", mark.system_id),
        format!("  latest     {latest}"),
    ]
}
