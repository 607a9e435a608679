//! Grants, and what a desk makes of them for a host.

use airlatch_core::crypto::Verified;
use airlatch_core::format;
use airlatch_core::model::{Error, Features, HostFacts, License, Reason, Time, Verdict};
use airlatch_core::rules;
use airlatch_desk::catalog;
use airlatch_desk::catalog::{Grant, GrantLock};
use airlatch_desk::charge;
use airlatch_desk::charge::Applicant;

use super::rules_room::{asking, request, request_input, time};

pub fn grant(text: &str) -> Grant {
    catalog::read_grant(text.as_bytes()).unwrap()
}

/// A grant for a year, with `more` behind it.
pub fn plain_grant(more: &str) -> Grant {
    grant(&format!("product = 'pbx'\nterm = '1 year'\n[features]\nsessions = 100\nvoicemail = true\n{more}"))
}

/// The same for a desk that accepts a weak lock, as `issue --weak-lock` does.
pub fn accepting(grant: Grant) -> Grant {
    let lock = GrantLock { accepts_weak: true, ..grant.lock.clone() };
    Grant { lock, ..grant }
}

pub const LOCK: &str =
    "[lock]\nrequired = ['os']\noptional = ['system', 'board', 'nic', 'disk']\nminimum = 2\n";

pub fn now() -> Time {
    time("2026-11-21T12:00:00Z")
}

/// The license a desk gives to the request of `facts`, by the rule 1 : 4 : 2, however little they show.
pub fn by_request(facts: &HostFacts) -> License {
    let request = request(request_input(), facts, now());
    let applicant = Applicant::Request(&request);
    charge::decide(&accepting(plain_grant(LOCK)), applicant, &Features::default(), None, now())
        .unwrap()
        .license
}

/// The refusal, if it is one.
pub fn refusal(license: &Verified<License>, facts: &HostFacts) -> Option<Error> {
    match rules::judge(license, facts, &asking(now())).verdict {
        Verdict::Valid => None,
        Verdict::Refused(reasons) => {
            assert_eq!(reasons.len(), 1, "{reasons:?}");
            assert_eq!(reasons[0].reason(), Reason::WrongHost);
            Some(reasons[0].clone())
        }
        Verdict::Grace(error) | Verdict::Advisory(error) => panic!("no grace was granted: {error}"),
    }
}
