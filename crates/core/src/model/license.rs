//! A desk's signed grant to one unit.

use super::{AllowedClasses, DocumentId, Features, Lock, Term, Time};

/// What one unit may do, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// When it was issued. Without a ledger it is midnight, UTC, so issuing again on the same day gives the same bytes.
    pub issued: Time,
    /// The licensed product.
    pub product: String,
    /// Its version, if the license is for one version only.
    pub version: Option<String>,
    /// The vendor's license number from the list of devices.
    pub number: Option<String>,
    /// Who bought it.
    pub customer: Option<String>,
    /// The vendor's order.
    pub order: Option<String>,
    /// Issued from a grant, not charged to any order.
    pub unmetered: bool,
    /// The request it answers.
    pub request: Option<DocumentId>,
    /// The hardware model it was issued for, where the product has models.
    pub model: Option<String>,
    /// The term of `features`.
    pub term: Term,
    /// What it allows.
    pub features: Features,
    /// What it allows after `term`: each period begins at the end of the one before. At most [`Period::MAX`].
    pub after: Vec<Period>,
    /// Grace: for how many days it still works after its last end.
    pub grace_days: u32,
    /// Hardware drift: for how many days in all it still works on hardware that changed more than its lock allows.
    pub drift_days: u32,
    /// Whether it only advises: its end, changed hardware or a wrong clock gives a lasting warning and stops nothing. It has
    /// neither grace nor drift days then.
    pub advisory: bool,
    /// For how many days it works, if it has an end, on a host that lost its memory or can't keep one; 14 if the license doesn't
    /// say.
    pub memory_days: u32,
    /// Which kinds of host it may run on besides bare metal.
    pub allow: AllowedClasses,
    /// Whether it must stay on its unit.
    pub not_transferable: bool,
    /// Whether its lock is weaker than a desk gives by default, as somebody accepted for this license.
    pub weak_lock: bool,
    /// The head of the ledger that it is charged in, at the time of issue.
    pub ledger: Option<LedgerMark>,
    /// What it is bound to.
    pub lock: Lock,
    /// Fields of a newer version, name and value as TOML; shown and otherwise ignored.
    pub unknown: Vec<(String, String)>,
}

impl License {
    /// Product and version, as people name them.
    pub fn title(&self) -> String {
        super::title(&self.product, self.version.as_deref())
    }

    /// Its periods in order, the first term included, each with the features of that period.
    pub fn spans(&self) -> impl Iterator<Item = (Term, &Features)> {
        let ends = std::iter::once(self.term.until).chain(self.after.iter().map(|period| period.until));
        let begins = std::iter::once(Some(self.term.from)).chain(ends.clone());
        let features =
            std::iter::once(&self.features).chain(self.after.iter().map(|period| &period.features));
        // A period without an end is the last.
        let term = |(from, until): (Option<Time>, _)| from.map(|from| Term { from, until });
        begins.zip(ends).map_while(term).zip(features)
    }

    /// What it allows, one line for each period. A single period is shown without its end.
    pub fn timetable(&self) -> Vec<String> {
        let line = |(term, features): (Term, &Features)| {
            let features = if features.is_empty() { "nothing".into() } else { features.to_string() };
            match term.until {
                Some(end) => format!("{features} until {end}"),
                None => format!("{features} for ever"),
            }
        };
        if self.after.is_empty() {
            return vec![self.features.to_string()];
        }
        self.spans().map(line).collect()
    }

    /// The first second after its last period; `None` is permanent. Grace is not included.
    pub fn end(&self) -> Option<Time> {
        self.after.last().map_or(self.term.until, |last| last.until)
    }

    /// The first second after its grace; `None` is permanent.
    pub fn grace_end(&self) -> Option<Time> {
        self.end().map(|end| end.plus_days(i64::from(self.grace_days)))
    }

    /// Whether what it allows depends on the time.
    pub fn is_dated(&self) -> bool {
        self.end().is_some() || !self.after.is_empty()
    }

    /// The first second in which it does not work; `None` if it is permanent or only advises.
    pub fn works_until(&self) -> Option<Time> {
        self.grace_end().filter(|_| !self.advisory)
    }
}

/// What a license allows after its first term has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The first second after it; `None` is permanent, and allowed for the last period only.
    pub until: Option<Time>,
    /// What it allows; empty in a gap between two terms.
    pub features: Features,
}

impl Period {
    /// The most periods one license may have after its first.
    pub const MAX: usize = 32;
}

/// The days without a host's memory of a license that doesn't state them.
pub const MEMORY_DAYS: u32 = 14;

/// The most days of grace, of hardware drift and of an activation period that one license may have.
pub const MAX_GRACE_DAYS: u32 = 3660;

/// The head of a ledger's hash chain. Two licenses with heads that contradict each other prove that the ledger was forked
/// or an old copy restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerMark {
    /// The ledger: the first 16 bytes of the hash of its first entry.
    pub ledger: [u8; 16],
    /// The number of the last entry before this license's own; a later license of the same unit has a higher one.
    pub number: u64,
    /// The hash of that entry.
    pub hash: [u8; 32],
}
