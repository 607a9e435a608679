//! The grant: what licenses issued without an order may contain.

use std::fmt;

use airlatch_core::model::{
    AllowedClasses, Error, Features, Mac, Reason, Result, Spelling, Subject, Term, Time, Tolerance, length,
};

/// The content of a grant file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The licensed product.
    pub product: String,
    /// Its version.
    pub version: Option<String>,
    /// The customer's name.
    pub customer: Option<String>,
    /// The order reference.
    pub order: Option<String>,
    /// The term.
    pub term: GrantTerm,
    /// The features, each with the most that a license may contain.
    pub features: Features,
    /// The rule by which its licenses are locked.
    pub lock: GrantLock,
    /// The MAC addresses it accepts.
    pub mac: MacRule,
}

/// The term of a grant or order; a length becomes a date when the license is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantTerm {
    /// The first second; `None` means the day of issue.
    pub from: Option<Time>,
    /// The end.
    pub end: GrantEnd,
}

/// The end of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantEnd {
    /// No end.
    Permanent,
    /// The first second after the term.
    Until(Time),
    /// A calendar length counted from the start, such as `1 year`.
    For(String),
}

impl GrantTerm {
    /// The term of a license first issued at `issued`. It begins with that day; a length runs from that second, or from
    /// the fixed beginning, to the end of a day.
    ///
    /// # Errors
    /// `bad-time` if it is over, or ends before it begins.
    pub fn starting(&self, issued: Time) -> Result<Term> {
        let from = self.from.unwrap_or(issued.start_of_day());
        let until = self.end_if_started(issued)?;
        match until {
            Some(end) if end <= issued => {
                let message = format!("the term is already over: it ended at {end}");
                Err(Error::new(Reason::BadTime, message).at("term"))
            }
            Some(end) if end <= from => {
                let message = format!("the term ends at {end}, before it begins at {from}");
                Err(Error::new(Reason::BadTime, message).at("term"))
            }
            _ => Ok(Term { from, until }),
        }
    }
}

impl GrantTerm {
    /// The first second after the term of a license first issued at `issued`, which may be in the past.
    ///
    /// # Errors
    /// `bad-time` if a length can't be read, or ends after the year 9999.
    pub fn end_if_started(&self, issued: Time) -> Result<Option<Time>> {
        Ok(match &self.end {
            GrantEnd::Permanent => None,
            GrantEnd::Until(end) => Some(*end),
            GrantEnd::For(length) => Some(length::end(self.from.unwrap_or(issued), length)?),
        })
    }

    /// The term of a license without a ledger, which remembers no second: the same at every time of the day of `now`.
    ///
    /// # Errors
    /// As [`starting`](Self::starting).
    pub fn starting_on_day(&self, now: Time) -> Result<Term> {
        match &self.end {
            GrantEnd::For(length) if length::in_days(length).unwrap_or(true) => {
                self.starting(now.end_of_day().plus_seconds(-1))
            }
            _ => self.starting(now),
        }
    }
}

impl fmt::Display for GrantTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, &self.end) {
            (Some(from), GrantEnd::For(length)) => return write!(f, "{length} from {from} on"),
            (Some(from), _) => write!(f, "from {from}, ")?,
            (None, _) => {}
        }
        match &self.end {
            GrantEnd::Permanent => f.write_str("permanent"),
            GrantEnd::Until(end) => write!(f, "until {end}"),
            GrantEnd::For(length) => write!(f, "{length} from each unit's first activation"),
        }
    }
}

/// The rule by which licenses are locked to a host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantLock {
    /// The tolerance; `None` means the default for the kind of host, usually more than half of its components.
    pub tolerance: Option<Tolerance>,
    /// Lock to the System ID only, not to the hardware.
    pub system_id_only: bool,
    /// Accept a weak lock. No file says so: it is said for one license when it is issued.
    pub accepts_weak: bool,
    /// The file has `allow-weak`, which has no effect any more.
    pub had_allow_weak: bool,
    /// The kinds of host allowed besides physical machines.
    pub allow: AllowedClasses,
    /// For how many days in total a license still works after hardware drift.
    pub drift_days: u32,
}

/// Which MAC addresses a grant or product accepts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MacRule {
    /// The prefixes an address may have, in lower-case hexadecimal digits; empty means any.
    pub prefixes: Vec<String>,
    /// The only accepted spelling; `None` means any.
    pub spelling: Option<Spelling>,
    /// Accept locally administered addresses.
    pub allow_local: bool,
}

impl MacRule {
    /// Reads an address, with or without its check digits, and checks it against this rule.
    ///
    /// # Errors
    /// `bad-mac`, `wrong-spelling`, `not-unicast`, `local-address` or `wrong-prefix`.
    pub fn read(&self, text: &str) -> Result<Mac> {
        let (mac, address) = Mac::parse_with_check_and_column(text)
            .map_err(|(column, what)| self.about(Mac::bad_mac_with_check(text, column, what)))?;
        self.accept(mac, address)
    }

    /// Checks an address that was read from `text` against this rule.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn accept(&self, mac: Mac, text: &str) -> Result<Mac> {
        if let Some(wanted) = self.spelling.filter(|wanted| Some(*wanted) != Spelling::detect(text)) {
            let message = format!("write the MAC addresses of this product like {}", mac.spelled_as(wanted));
            return Err(self.about(Error::new(Reason::WrongSpelling, message)));
        }
        mac.unicast()?;
        if mac.is_local() && !self.allow_local {
            let mac = self.spelled(mac);
            let message = format!(
                "{mac} is locally administered: it belongs to a virtual machine or was made at random"
            );
            return Err(Error::new(Reason::LocalAddress, message));
        }
        let bare = mac.bare();
        if self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| bare.starts_with(prefix)) {
            return Ok(mac);
        }
        let message = format!("{} does not begin with {}", self.spelled(mac), self.prefixes.join(" or "));
        Err(Error::new(Reason::WrongPrefix, message))
    }

    /// The address as this rule takes it.
    pub fn spelled(&self, mac: Mac) -> String {
        mac.spelled_as(self.spelling.unwrap_or(Spelling::Colons))
    }

    /// The error with the spelling that is taken.
    pub fn about(&self, error: Error) -> Error {
        self.spelling.into_iter().fold(error, |error, spelling| error.about(Subject::Spelling(spelling)))
    }
}
