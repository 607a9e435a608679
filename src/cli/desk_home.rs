//! The desk home: settings, catalog, keys, ledger and its witness; the one way to the ledger.

use airlatch_desk::catalog;
use airlatch_desk::office;
use std::path::{Path, PathBuf};

use airlatch_core::crypto::TrustedSet;
use airlatch_core::format::{self, limits};
use airlatch_core::model::{Reason, Result, Trouble};
use airlatch_desk::catalog::Catalog;
use airlatch_desk::desk::Clerk;
use airlatch_desk::ledger::{Book, Head, Ledger, Witness};
use airlatch_desk::office::DeskSettings;
use airlatch_desk::store::Store;
use airlatch_machine::platform::{self, Access, Existing, Guard, Homes};

use super::args::DeskArgs;
use super::keys;
use super::own_log;
use super::session::Session;

pub(super) const SETTINGS: &str = "desk.toml";
pub(super) const CATALOG: &str = "catalog.toml";
pub(super) const LEDGER: &str = "ledger.db";
pub(super) const WITNESS: &str = "witness.toml";
pub(super) const KEYS: &str = "keys";
/// What the database has not moved into the ledger's file yet.
const LOG: &str = "ledger.db-wal";
/// The file that says who is at work on the ledger.
const LOCK: &str = "ledger.lock";
/// For so many seconds another desk's work is waited for.
const PATIENCE: u64 = 10;
/// More keys than a desk will ever have.
const MANY_KEYS: usize = 1_000;

/// A desk home.
pub(super) struct DeskHome {
    path: PathBuf,
    settings: DeskSettings,
    trusted: TrustedSet,
    actor: String,
    catalog: Catalog,
}

impl DeskHome {
    /// The folder that this run names.
    pub(super) fn folder(session: &Session, named: Option<&Path>) -> Result<PathBuf> {
        Homes::new(&session.env, None, named).desk()
    }

    /// The desk of this run, with everything but its ledger read.
    pub(super) fn of(session: &mut Session, args: &DeskArgs) -> Result<Self> {
        let path = Self::folder(session, args.desk.as_deref())?;
        let settings = path.join(SETTINGS);
        let bytes = session.files.read(&settings, limits::GRANT_FILE).map_err(|it| match it.reason() {
            Reason::NotFound => Trouble::new(Reason::NoDesk, "there is no desk here").at(path.display()),
            _ => it,
        })?;
        let settings =
            office::read_desk_settings(&bytes).map_err(|trouble| trouble.at(settings.display()))?;
        let actor =
            args.actor.clone().or_else(|| settings.actor.clone()).or_else(|| session.env.user.clone());
        let actor = actor.unwrap_or_else(|| "desk".into());
        format::check_text("actor", Some(&actor), 100)?;
        let catalog = read_catalog(session, &path.join(CATALOG))?;
        let trusted = trusted(session, &path)?;
        Ok(Self { path, settings, trusted, actor, catalog })
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What is sold.
    pub(super) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The desk's own keys.
    pub(super) fn trusted(&self) -> &TrustedSet {
        &self.trusted
    }

    /// Where the key that signs is.
    pub(super) fn key(&self) -> PathBuf {
        self.path.join(&self.settings.key)
    }

    /// Who acts, when, and by which catalog.
    pub(super) fn clerk(&self, session: &Session) -> Clerk<'_> {
        Clerk { catalog: &self.catalog, trusted: &self.trusted, now: session.now, actor: &self.actor }
    }

    /// Looks at the ledger.
    pub(super) fn look<T>(&self, session: &Session, work: impl FnOnce(&dyn Book) -> Result<T>) -> Result<T> {
        let busy = |trouble: Trouble| match session.files.guarded_by(&self.path.join(LOCK)) {
            Some(holder) if trouble.reason() == Reason::Busy => trouble.detail(holder),
            _ => trouble,
        };
        let path = self.ledger(session)?;
        let (witness, text) = self.read_witness(session)?;
        // Whoever is at work has looked through it, and changes it now.
        let own =
            self.is_own(session, &path, &text) || session.files.guarded_by(&self.path.join(LOCK)).is_some();
        let store = Store::open_to_look(&path).map_err(busy)?;
        let look = |book: &dyn Book| {
            witness.check(book)?;
            if own { Ok(()) } else { own_log::look_through(book) }?;
            work(book)
        };
        store.look(look).map_err(busy)
    }

    /// Looks at the ledger without asking its witness: for an audit, which has to see what is wrong.
    pub(super) fn look_whatever<T>(
        &self,
        session: &Session,
        work: impl FnOnce(&dyn Book) -> Result<T>,
    ) -> Result<T> {
        Store::open_to_look(&self.ledger(session)?)?.look(work)
    }

    /// Copies the whole ledger into a new file, while others may work on it.
    pub(super) fn backup(&self, session: &Session, file: &Path) -> Result<Head> {
        self.look(session, |_| Ok(()))?;
        let store = Store::open_to_look(&self.ledger(session)?)?;
        session.files.write_by(file, |staged| store.backup_to(staged))
    }

    /// Works on the ledger: in one transaction, with everybody else kept out, and witnessed.
    pub(super) fn work<T>(
        &self,
        session: &mut Session,
        verb: &str,
        work: impl FnOnce(&mut dyn Book) -> Result<T>,
    ) -> Result<T> {
        let mut open = self.open(session, verb)?;
        let done = open.work(work)?;
        open.close(session);
        Ok(done)
    }

    /// Does work as if it counted, and undoes it: what it gives is what the work would give.
    pub(super) fn try_out<T>(
        &self,
        session: &Session,
        work: impl FnOnce(&mut dyn Book) -> Result<T>,
    ) -> Result<T> {
        let mut open = self.open(session, "try out")?;
        let mut done = None;
        let undo = || Trouble::new(Reason::Declined, "this was tried out only");
        let tried = open.work(|book| {
            done = Some(work(book)?);
            Err::<(), _>(undo())
        });
        done.ok_or_else(|| tried.err().unwrap_or_else(undo))
    }

    /// Opens the ledger for work in several transactions.
    pub(super) fn open(&self, session: &Session, verb: &str) -> Result<Open<'_>> {
        self.ledger(session)?;
        if platform::stdout_is_lost() {
            // A code that nobody reads would be booked for nobody.
            let what = "nobody reads standard output, what is booked would be lost";
            return Err(Trouble::new(Reason::OutputClosed, what).at("standard output"));
        }
        let guard = self.guard(session, verb)?;
        self.open_guarded(session, guard)
    }

    /// Lets the witness catch up where a run before died between commit and witness. Whoever is at work does so anyway,
    /// and a desk that can't be written can be looked at all the same.
    pub(super) fn catch_up(&self, session: &mut Session, verb: &str) {
        let behind = self.look(session, |book| Ok(self.witness(session)?.number < book.head()?.number));
        if matches!(behind, Ok(true))
            && let Ok(guard) = session.files.guard(&self.path.join(LOCK), &format!("airlatch {verb}"), 0)
            && let Ok(open) = self.open_guarded(session, guard)
        {
            open.close(session);
        }
    }

    fn open_guarded(&self, session: &Session, guard: Guard) -> Result<Open<'_>> {
        let path = self.ledger(session)?;
        let (witness, text) = self.read_witness(session)?;
        let own = self.is_own(session, &path, &text);
        let mut store = Store::open(&path)?;
        store.transact(|book| {
            witness.check(book)?;
            if own { Ok(()) } else { own_log::look_through(book) }
        })?;
        Ok(Open { desk: self, store, _guard: guard })
    }

    /// Keeps everybody else out of the ledger.
    pub(super) fn guard(&self, session: &Session, verb: &str) -> Result<Guard> {
        session.files.guard(&self.path.join(LOCK), &format!("airlatch {verb}"), PATIENCE)
    }

    fn ledger(&self, session: &Session) -> Result<PathBuf> {
        session.files.safe_for_ledger(&self.path)?;
        let path = self.path.join(LEDGER);
        if !session.files.exists(&path) {
            return Err(Trouble::new(Reason::NotFound, "the ledger is gone").at(path.display()));
        }
        session.files.resolve(&path)
    }

    /// What was witnessed last.
    pub(super) fn witness(&self, session: &Session) -> Result<Witness> {
        self.read_witness(session).map(|(witness, _)| witness)
    }

    fn read_witness(&self, session: &Session) -> Result<(Witness, String)> {
        let path = self.path.join(WITNESS);
        let none = |what: &str| Trouble::new(Reason::NoWitness, what).at(path.display());
        let bytes =
            session.files.read(&path, limits::GRANT_FILE).map_err(|trouble| match trouble.reason() {
                Reason::NotFound => none("the witness of the ledger is gone"),
                _ => trouble,
            })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let witness = text.parse().map_err(|trouble: Trouble| none(trouble.what()))?;
        Ok((witness, text))
    }

    fn is_own(&self, session: &Session, path: &Path, witness: &str) -> bool {
        own_log::is_own(&session.files, path, &self.path.join(LOG), witness)
    }
}

/// Writes down where the ledger stands, beside it.
pub(super) fn keep_witness(session: &Session, home: &Path, witness: &Witness) -> Result<()> {
    let text = format!("{witness}{}", own_log::mark(&session.files, &home.join(LEDGER)));
    session.files.write(&home.join(WITNESS), text.as_bytes(), Access::Public, Existing::Replace).map(|_| ())
}

/// The ledger while this run works on it.
pub(super) struct Open<'a> {
    desk: &'a DeskHome,
    store: Store,
    _guard: Guard,
}

impl Open<'_> {
    /// Works in one transaction.
    pub(super) fn work<T>(&mut self, work: impl FnOnce(&mut dyn Book) -> Result<T>) -> Result<T> {
        self.store.transact(work)
    }

    /// Writes down where the ledger stands now. What was committed stays committed when that fails: the witness may lag
    /// behind, and the next run mends it.
    pub(super) fn close(self, session: &mut Session) {
        let Self { desk, mut store, _guard: guard } = self;
        let witness = store.transact(|book| Witness::of(book));
        // Closing it may move the log into the file, which then is another one than before.
        drop(store);
        let kept = witness.and_then(|witness| keep_witness(session, &desk.path, &witness));
        if let Err(trouble) = kept {
            session.screen.talk(&format!("note: the witness of the ledger could not be kept: {trouble}"));
        }
        drop(guard);
    }
}

/// The catalog, or the first of its faults.
pub(super) fn read_catalog(session: &mut Session, path: &Path) -> Result<Catalog> {
    let bytes = session.files.read(path, limits::CATALOG_FILE)?;
    catalog::read_catalog(&bytes).map_err(|faults| {
        let more = faults.len().saturating_sub(1);
        let first = faults.into_iter().next();
        let first = first.unwrap_or_else(|| Trouble::new(Reason::BadCatalog, "the catalog can't be used"));
        let first = first.at(path.display());
        if more > 0 { first.detail(format!("and {more} more faults")) } else { first }
    })
}

fn trusted(session: &mut Session, home: &Path) -> Result<TrustedSet> {
    let folder = home.join(KEYS);
    let names = match session.files.list(&folder, MANY_KEYS) {
        Err(trouble) if trouble.reason() == Reason::NotFound => return Ok(TrustedSet::default()),
        names => names?,
    };
    let mut trusted = Vec::new();
    for name in names.into_iter().filter_map(|name| name.into_string().ok()) {
        if name.ends_with(".pub") && !name.starts_with('.') {
            trusted.push(keys::public(session, &folder.join(name))?);
        }
    }
    Ok(TrustedSet::new(trusted))
}
