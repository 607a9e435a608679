//! A grant, which allows licenses without a ledger.

use serde_json::{Map, Value};

use airlatch_core::model::Time;
use airlatch_desk::catalog::{self, GrantEnd, GrantTerm};

use super::license::{UNMETERED, drift};
use super::{Rows, View, features, text, when};

view! {
    /// The content of a grant.
    Grant<'a>(grant: &'a catalog::Grant) {
        is: &'static str = "grant",
        product: &'a str = &grant.product,
        version: Option<&'a str> = grant.version.as_deref(),
        customer: Option<&'a str> = grant.customer.as_deref(),
        order: Option<&'a str> = grant.order.as_deref(),
        unmetered: bool = true,
        features: Map<String, Value> = features(&grant.features),
        from: Option<String> = grant.term.from.map(text),
        end: String = end(&grant.term.end),
        system_id_only: bool = grant.lock.system_id_only,
        allow: Vec<&'static str> = grant.lock.allow.words().collect(),
        drift_days: u32 = grant.lock.drift_days,
        tolerance: Option<String> = grant.lock.tolerance.as_ref().map(text),
        mac_prefixes: &'a [String] = &grant.mac.prefixes,
    }
}

fn end(end: &GrantEnd) -> String {
    match end {
        GrantEnd::Permanent => "never".into(),
        GrantEnd::Until(end) => text(end),
        GrantEnd::For(length) => format!("{length} from its beginning"),
    }
}

/// The term of a code or an order: with a fixed beginning, a length is the same for every unit.
pub(crate) fn grant_term(term: &GrantTerm, now: impl Into<Option<Time>>) -> String {
    let now = now.into();
    let end = match &term.end {
        GrantEnd::Permanent => "permanent".into(),
        GrantEnd::Until(end) => when::until(*end, now),
        GrantEnd::For(length) => format!("{length} from each unit's first activation"),
    };
    match (term.from, &term.end) {
        (Some(from), GrantEnd::For(length)) => format!("{length} from {} on", when::since(from, now)),
        (Some(from), _) => format!("from {}, {end}", when::since(from, now)),
        (None, _) => end,
    }
}

impl View for Grant<'_> {
    fn rows(&self, now: Time) -> Rows {
        let lock = match &self.tolerance {
            _ if self.system_id_only => "System ID",
            Some(tolerance) => tolerance,
            None => "the default tolerance",
        };
        let ends = match &self.grant.term.end {
            GrantEnd::Until(end) => when::until(*end, now),
            _ => self.end.clone(),
        };
        let prefixes =
            (!self.mac_prefixes.is_empty()).then(|| format!("only {}", self.mac_prefixes.join(", ")));
        Rows::below()
            .each("version", self.version)
            .each("customer", self.customer)
            .each("order", self.order)
            .row("features", &self.grant.features)
            .each("begins", self.grant.term.from.map(|from| when::since(from, now)))
            .row("ends", ends)
            .row("lock", lock)
            .each("note", self.grant.lock.had_allow_weak.then_some("`allow-weak` has no effect any more"))
            .row("may run on", self.grant.lock.allow)
            .each("drift", (self.drift_days > 0).then(|| drift(self.drift_days)))
            .row("unmetered", UNMETERED)
            .each("MACs", prefixes)
    }
}
