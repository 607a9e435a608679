//! What a vendor is ready to give: the source of a license while there is no order behind it.

use std::fmt;

use airlatch_core::model::{
    AllowedClasses, Error, Features, Mac, Reason, Result, Spelling, Term, Time, Tolerance,
};

/// The content of a grant file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The licensed product.
    pub product: String,
    /// Its version.
    pub version: Option<String>,
    /// Who it is for.
    pub customer: Option<String>,
    /// The order reference.
    pub order: Option<String>,
    /// For how long.
    pub term: GrantTerm,
    /// What it allows at most.
    pub features: Features,
    /// How it is bound.
    pub lock: GrantLock,
    /// Which devices it takes.
    pub mac: MacRule,
}

/// The term as a grant states it; a length becomes a date when the license is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantTerm {
    /// The first second; the day of issue where nothing is said.
    pub from: Option<Time>,
    /// The end.
    pub end: GrantEnd,
}

/// The three ways to state an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantEnd {
    /// No end.
    Permanent,
    /// The first second outside.
    Until(Time),
    /// A calendar length from the beginning, such as `1 year`.
    For(String),
}

impl GrantTerm {
    /// The term of a license issued on the day `issued`.
    ///
    /// # Errors
    /// `bad-time` when it would end before it begins or before it is issued.
    pub fn starting(&self, issued: Time) -> Result<Term> {
        let from = self.from.unwrap_or(issued);
        let until = match &self.end {
            GrantEnd::Permanent => None,
            GrantEnd::Until(end) => Some(*end),
            GrantEnd::For(length) => Some(from.plus_span(length)?),
        };
        if let Some(end) = until.filter(|end| *end <= from || *end <= issued) {
            return Err(
                Error::new(Reason::BadTime, format!("the term is over already: it ends at {end}")).at("term")
            );
        }
        Ok(Term { from, until })
    }
}

impl fmt::Display for GrantTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = self.from {
            write!(f, "from {from}, ")?;
        }
        match &self.end {
            GrantEnd::Permanent => f.write_str("permanent"),
            GrantEnd::Until(end) => write!(f, "until {end}"),
            GrantEnd::For(length) => write!(f, "{length} from the first activation"),
        }
    }
}

/// How licenses of a grant are bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantLock {
    /// The tolerance; `None` leaves it to what the host shows: more than half of its components.
    pub tolerance: Option<Tolerance>,
    /// Bind a request to its System ID alone.
    pub system_id_only: bool,
    /// Bind a host that shows too few components to its System ID instead of refusing it.
    pub allow_weak: bool,
    /// Where its licenses may run besides on a machine of its own.
    pub allow: AllowedClasses,
    /// For how many days in all they still work on hardware that changed too much.
    pub drift_days: u32,
}

/// Which MAC addresses a grant takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MacRule {
    /// The beginnings an address may have, each as lower-case hexadecimal digits; none means any.
    pub prefixes: Vec<String>,
    /// The only spelling that is taken; none means any.
    pub spelling: Option<Spelling>,
    /// Take locally administered addresses.
    pub allow_local: bool,
}

impl MacRule {
    /// Reads an address as this rule demands it, with its check digits behind it or without.
    ///
    /// # Errors
    /// `bad-mac`, `not-unicast`, `local-address` or `wrong-prefix`.
    pub fn read(&self, text: &str) -> Result<Mac> {
        let (mac, address) = Mac::parse_with_check_and_column(text)
            .map_err(|(column, what)| Mac::bad_mac_with_check(text, column, what))?;
        self.accept(mac, address)
    }

    /// Holds an address that was read from `text` against this rule.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn accept(&self, mac: Mac, text: &str) -> Result<Mac> {
        if let Some(wanted) = self.spelling.filter(|wanted| *wanted != Spelling::detect(text)) {
            let what = format!("this product wants its MACs spelt like {}", mac.spelled_as(wanted));
            return Err(Error::new(Reason::WrongSpelling, what));
        }
        mac.unicast()?;
        if mac.is_local() && !self.allow_local {
            let what = format!("{mac} is locally administered: a virtual machine's or a random address");
            return Err(Error::new(Reason::LocalAddress, what));
        }
        let bare = mac.bare();
        if self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| bare.starts_with(prefix)) {
            return Ok(mac);
        }
        let what = format!("{mac} does not begin with {}", self.prefixes.join(" or "));
        Err(Error::new(Reason::WrongPrefix, what))
    }
}
