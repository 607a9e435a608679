//! A desk's signed grant to one unit.

use super::{AllowedClasses, DocumentId, Features, Lock, Term, Time};

/// What one unit may do, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// When it was issued. Without a ledger that is midnight, UTC, of the day, so that issuing again on the same day gives
    /// the same bytes.
    pub issued: Time,
    /// The licensed product.
    pub product: String,
    /// Its version, where it matters.
    pub version: Option<String>,
    /// The vendor's license number, as it stands in a list of devices.
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
    /// From when to when `features` holds.
    pub term: Term,
    /// What it allows.
    pub features: Features,
    /// What it allows afterwards: each period begins where the one before ends. At most [`Period::MAX`].
    pub after: Vec<Period>,
    /// For how many days after its last end it still works.
    pub grace_days: u32,
    /// For how many days in all it still works on hardware that changed more than its lock allows.
    pub drift_days: u32,
    /// Where it may run besides on a machine of its own.
    pub allow: AllowedClasses,
    /// It may not move to another unit.
    pub not_transferable: bool,
    /// Where the ledger that it is charged in stood when it was issued.
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

    /// Every stretch of its time with what it allows then, each beginning where the one before ends.
    pub fn spans(&self) -> impl Iterator<Item = (Term, &Features)> {
        let ends = std::iter::once(self.term.until).chain(self.after.iter().map(|period| period.until));
        let begins = std::iter::once(Some(self.term.from)).chain(ends.clone());
        let features =
            std::iter::once(&self.features).chain(self.after.iter().map(|period| &period.features));
        // Behind a stretch without an end there is no other.
        let term = |(from, until): (Option<Time>, _)| from.map(|from| Term { from, until });
        begins.zip(ends).map_while(term).zip(features)
    }

    /// What it allows, a line for each stretch of its time; of one stretch alone no end is named.
    pub fn timetable(&self) -> Vec<String> {
        let line = |(term, features): (Term, &Features)| {
            let what = if features.is_empty() { "nothing".into() } else { features.to_string() };
            match term.until {
                Some(end) => format!("{what} until {end}"),
                None => format!("{what} for ever"),
            }
        };
        if self.after.is_empty() {
            return vec![self.features.to_string()];
        }
        self.spans().map(line).collect()
    }

    /// The first second after all of it; `None` is permanent. Grace comes on top.
    pub fn end(&self) -> Option<Time> {
        self.after.last().map_or(self.term.until, |last| last.until)
    }

    /// The first second in which not even its grace is left; `None` is permanent.
    pub fn grace_end(&self) -> Option<Time> {
        self.end().map(|end| end.plus_days(i64::from(self.grace_days)))
    }
}

/// What a license allows after its first term has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The first second after it; `None` is permanent and only the last period's.
    pub until: Option<Time>,
    /// What it allows then; may be nothing, between two terms that don't meet.
    pub features: Features,
}

impl Period {
    /// The most periods one license may have after its first.
    pub const MAX: usize = 32;
}

/// The most days of each kind of grace one license may have, and of an activation period.
pub const MAX_GRACE_DAYS: u32 = 3660;

/// The head of a ledger's chain: the proof of two files that a ledger was forked or put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerMark {
    /// The ledger: the first 16 bytes of the hash of its first entry.
    pub ledger: [u8; 16],
    /// The number of the last entry before this license's own; a later license of the same unit has a higher one.
    pub number: u64,
    /// The hash of that entry.
    pub hash: [u8; 32],
}
