//! What a host remembers, kept in two places: beside its key, and in the user's folder for state.

use std::path::{Path, PathBuf};

use crate::platform::{Access, Existing, FileLock};
use airlatch_core::crypto::{self, PrivateKey, PublicKey};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{ClockMark, Error, HostMemory, Kind, Reason, Result, Time, hex};
use airlatch_core::rules::remember;

use super::Home;

const MARK: &str = "clock.mark";
const LOCK: &str = ".clock.lock";
/// So far time may go on before it is worth writing down, where nothing else happened: beside the key, and in the second
/// place, which so outlives a loss of power that hits the first while it is written.
const SLACK: [i64; 2] = [3600, 86_400];

/// Fills a slice with randomness, or fails.
pub type Entropy<'a> = &'a mut dyn FnMut(&mut [u8]) -> Result<()>;

/// What a host remembers, as it was found.
#[derive(Debug, Clone, Default)]
pub struct LoadedMemory {
    /// The mark, of both places; none where neither has one of this host's.
    pub mark: Option<ClockMark>,
    /// What is wrong with what was found in one place or the other.
    pub notes: Vec<Error>,
    /// Each place with the mark of this host's that it holds.
    pub places: Vec<(PathBuf, Option<ClockMark>)>,
    /// What an earlier installation in the same folder knew, which this one has to go by too.
    earlier: HostMemory,
    /// Something stands there that could not be read this time.
    pub(super) unread: bool,
    has_key: bool,
}

impl LoadedMemory {
    /// What the host remembers. Where it has a key but no mark, that is lost, which was noticed `now`.
    pub fn memory(&self, now: Time) -> HostMemory {
        let memory = match &self.mark {
            Some(mark) => mark.memory.clone(),
            None => {
                HostMemory { lost_at: now.in_range().ok().filter(|_| self.has_key), ..HostMemory::default() }
            }
        };
        remember::merge(&memory, &self.earlier)
    }

    /// Whether this host has a key, and what it remembered is gone.
    pub fn is_gone(&self) -> bool {
        self.has_key && self.mark.is_none()
    }

    /// Whether a place should hold this instead of what it holds, and if so whether more than time has gone on.
    fn is_due(&self, place: usize, next: &ClockMark) -> Option<bool> {
        let Some(there) = self.places.get(place).and_then(|(_, there)| there.as_ref()) else {
            return Some(true);
        };
        let reset = (there.nonce, there.resets) != (next.nonce, next.resets);
        let differs = |slack| reset || remember::differs(&there.memory, &next.memory, slack);
        differs(SLACK[place.min(1)]).then(|| differs(i64::MAX))
    }

    /// Whether any place should hold this instead of what it holds.
    pub(super) fn is_worth(&self, next: &HostMemory) -> bool {
        let Some(mark) = &self.mark else { return true };
        let next = ClockMark { memory: next.clone(), ..mark.clone() };
        (0..self.places.len()).any(|place| self.is_due(place, &next).is_some())
    }
}

impl Home {
    /// What this host remembers, from both places; `own` is the installation's key, where it has one.
    ///
    /// A mark that says nothing beyond another one that was verified is not verified itself: whoever wrote it, it changes
    /// nothing.
    pub fn recall(&self, own: Option<PublicKey>) -> LoadedMemory {
        self.recall_by(own, false)
    }

    /// The same, with every mark verified.
    pub(super) fn recall_each(&self, own: Option<PublicKey>) -> LoadedMemory {
        self.recall_by(own, true)
    }

    fn recall_by(&self, own: Option<PublicKey>, each: bool) -> LoadedMemory {
        let mut recall = LoadedMemory { has_key: own.is_some(), ..LoadedMemory::default() };
        let system_id = own.map(|own| own.system_id());
        for path in self.places() {
            let mut mine = None;
            match self.read_mark(&path, own, recall.mark.as_ref().filter(|_| !each)) {
                Ok(None) => {}
                Ok(Some(mark)) if Some(mark.system_id) == system_id => mine = Some(mark),
                Ok(Some(mark)) => recall.foreign(&path, mark, path.parent() == Some(self.path())),
                Err(error) => {
                    recall.unread |= matches!(error.reason(), Reason::Io | Reason::Denied);
                    let what = "what this host remembered of the time can't be read here";
                    recall.notes.push(lost(what, &path).detail(error.message().to_owned()));
                }
            }
            if let Some(mark) = &mine {
                let merged = recall.mark.as_ref().map(|other| remember::merge_marks(other, mark));
                recall.mark = Some(merged.unwrap_or_else(|| mark.clone()));
            }
            recall.places.push((path, mine));
        }
        recall.earlier.released.extend(system_id.into_iter().flat_map(|own| self.given_back(own)));
        recall
    }

    /// Lets `step` make the next mark of the one that is kept, and keeps it where it says more. Nobody else writes
    /// meanwhile; for another run it waits `seconds`.
    ///
    /// Of a host that has lost its memory `step` gets an empty one that says so.
    ///
    /// # Errors
    /// Those of `step`; `busy`; what writing meets, when the mark could be kept in no place.
    pub fn remember(
        &self,
        key: &PrivateKey,
        now: Time,
        entropy: Entropy<'_>,
        seconds: u64,
        step: impl FnOnce(ClockMark) -> Result<ClockMark>,
    ) -> Result<ClockMark> {
        let _guard = self.guard(seconds)?;
        let own = key.public();
        let (system_id, recall) = (own.system_id(), self.recall(Some(own)));
        if recall.mark.is_none() && recall.unread {
            let what = "what this host remembers can't be read now, so it is not written anew";
            return Err(Error::new(Reason::Io, what).at(self.path.join(MARK).display()));
        }
        let memory = recall.memory(now);
        let mark = match recall.mark.clone() {
            Some(mark) => ClockMark { memory, ..mark },
            None => {
                let mut nonce = [0; 16];
                entropy(&mut nonce)?;
                ClockMark { system_id, nonce, resets: 0, memory }
            }
        };
        let next = step(mark)?;
        self.write_marks(&recall, &next, key)?;
        Ok(next)
    }

    /// Keeps the first mark of an installation whose key is being made: from then on a missing one is a lost one.
    pub(super) fn begin_memory(&self, key: &PrivateKey, seed: &[u8; 32]) -> Result<()> {
        let recall = self.recall(None);
        let mut nonce = [0; 16];
        nonce.copy_from_slice(&crypto::digest("clock nonce", &[seed])[..16]);
        let memory = recall.earlier.clone();
        let mark = ClockMark { system_id: key.public().system_id(), nonce, resets: 0, memory };
        self.write_marks(&recall, &mark, key)
    }

    /// Locks what is remembered against other runs: in the home, or where that can't be written, in the second place.
    pub(super) fn guard(&self, seconds: u64) -> Result<FileLock> {
        match self.files.lock_file(&self.path.join(LOCK), "airlatch", seconds) {
            Err(error) if error.reason() != Reason::Busy => {
                let Some(second) = self.places().into_iter().nth(1) else { return Err(error) };
                self.files.lock_file(&second.with_extension("lock"), "airlatch", seconds).map_err(|_| error)
            }
            guard => guard,
        }
    }

    /// Where the mark is kept: in the home, and where there is a folder for state, in a file there that is named for the
    /// home.
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

    fn write_marks(&self, recall: &LoadedMemory, mark: &ClockMark, key: &PrivateKey) -> Result<()> {
        let mut due: Vec<(usize, bool)> = (0..recall.places.len())
            .filter_map(|place| recall.is_due(place, mark).map(|more| (place, more)))
            .collect();
        match due.first() {
            None => return Ok(()),
            // The first place is read first: where it never knows less, the other one needs no proof.
            Some((place, _)) if *place > 0 => due.insert(0, (0, false)),
            Some(_) => {}
        }
        let sealed = crypto::seal(Kind::ClockMark, &format::write_clock_mark(mark)?, key);
        let text = format::armor(Kind::ClockMark, sealed.bytes(), &summary(mark));
        let write = |(place, more): &(usize, bool)| {
            let path = &recall.places[*place].0;
            self.files.make_dir(path.parent().unwrap_or(path), true)?;
            // Time that went on is written often and is no loss; what else happened has to outlive a loss of power, and one
            // of the two places always.
            match *more || *place > 0 {
                true => self.files.write(path, text.as_bytes(), Access::Public, Existing::Replace),
                false => self.files.write_unsynced(path, text.as_bytes(), Access::Public, Existing::Replace),
            }
        };
        let written: Vec<Result<_>> = due.iter().map(write).collect();
        let kept = due.len() < recall.places.len() || written.iter().any(Result::is_ok);
        written.into_iter().find_map(Result::err).filter(|_| !kept).map_or(Ok(()), Err)
    }
}

impl LoadedMemory {
    /// A mark that is another installation's. Before this one has a key, the mark in the second place is that of an earlier
    /// one in the same folder: what it knew of the time and of first days still counts, so that making the home anew
    /// begins neither again.
    fn foreign(&mut self, path: &Path, mark: ClockMark, beside_key: bool) {
        if self.has_key {
            let error = lost("this mark of the time is another installation's", path);
            self.notes.push(error.detail(format!("it names   {}", mark.system_id)));
        } else if !beside_key {
            let (latest, starts) = (mark.memory.latest_time, mark.memory.first_installed);
            self.earlier =
                HostMemory { latest_time: latest, first_installed: starts, ..HostMemory::default() };
        }
    }
}

/// The error with a mark that is of no use.
fn lost(what: &str, path: &Path) -> Error {
    Error::new(Reason::LostMark, what).at(path.display())
}

/// The lines before the mark, for whoever finds the file.
fn summary(mark: &ClockMark) -> Vec<String> {
    let latest = mark.memory.latest_time.map_or_else(|| "nothing yet".into(), |latest| latest.to_string());
    vec![
        "What this host remembers between runs. It belongs to this installation alone; leave it where it is."
            .into(),
        format!("  System ID  {}", mark.system_id),
        format!("  latest     {latest}"),
    ]
}
