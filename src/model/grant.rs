//! What a vendor is ready to give: the source of a license while there is no order behind it.

use std::collections::BTreeSet;

use super::{ComponentKind, Features, Reason, Result, Term, Time, Trouble};

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
            return Err(Trouble::new(Reason::BadTime, format!("the term is over already: it ends at {end}")));
        }
        Ok(Term { from, until })
    }
}

/// How licenses of a grant are bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantLock {
    /// The tolerance; `None` leaves it to what the host shows: more than half of its components.
    pub tolerance: Option<GrantTolerance>,
    /// Bind a request to its System ID alone.
    pub system_id_only: bool,
    /// Bind a host that shows too few components to its System ID instead of refusing it.
    pub allow_weak: bool,
    /// The prefixes a device's MAC must have, each as whole hexadecimal digits; none means any.
    pub mac_prefixes: Vec<String>,
    /// Accept locally administered MACs.
    pub allow_local: bool,
}

/// *required : optional : minimum* as a grant states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantTolerance {
    /// The kinds that have to match.
    pub required: BTreeSet<ComponentKind>,
    /// The kinds of which `minimum` have to match.
    pub optional: BTreeSet<ComponentKind>,
    /// How many.
    pub minimum: usize,
}
