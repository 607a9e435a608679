//! Licenses from a grant: features, locks, terms, refusals, and repeated requests.

use airlatch_core::crypto::{self, Verified};
use airlatch_core::format;
use airlatch_core::host::RequestInput;
use airlatch_core::model::{
    Cause, ComponentKind, Error, Features, License, Lock, LockingId, Quantity, Reason, Request,
    SECONDS_PER_DAY, SiteSerial, Time, Verdict,
};
use airlatch_core::model::{
    ComponentKind::Board, ComponentKind::Disk, ComponentKind::Nic, ComponentKind::Os, ComponentKind::System,
};
use airlatch_core::rules::{self, Question};
use airlatch_desk::catalog;
use airlatch_desk::catalog::Grant;
use airlatch_desk::charge;
use airlatch_desk::charge::{Applicant, Decision};
use airlatch_desk::desk::{self, Issued, same_but_for_dates};

use crate::common::grants::{accepting, grant, plain_grant};
use crate::common::rules_room::{
    asking, full_host, host_with, key, mac, request, request_input, seal_request, sealed_request, time,
    verified,
};

fn now() -> Time {
    time("2026-11-21T12:00:00Z")
}

fn features(list: &[(&str, Quantity)]) -> Features {
    let mut features = Features::default();
    list.iter().for_each(|(name, quantity)| features.add(name.parse().unwrap(), *quantity).unwrap());
    features
}

fn asking_for(product: &str) -> RequestInput {
    RequestInput { product: product.into(), ..RequestInput::default() }
}

fn decide(grant: &Grant, request: &Verified<Request>) -> Result<Decision, Error> {
    charge::decide(grant, Applicant::Request(request), &Features::default(), None, now())
}

/// Decides for a device, which has no request.
fn device(grant: &Grant, now: Time) -> Result<License, Error> {
    let applicant = Applicant::Mac(mac("0004f1144bd4"));
    charge::decide(grant, applicant, &Features::default(), None, now).map(|decision| decision.license)
}

fn issue(grant: &Grant, request: &Verified<Request>, now: Time) -> Issued {
    desk::issue(grant, Applicant::Request(request), &Features::default(), None, &key(1), now).unwrap()
}

#[test]
fn a_request_for_something_else_is_refused_with_both_names() {
    let asks = |product: &str, version: Option<&str>| {
        request(RequestInput { version: version.map(Into::into), ..asking_for(product) }, &full_host(), now())
    };
    let versioned = grant("product = 'pbx'\nversion = '3.6'\npermanent = true\n[features]\nx = true\n");
    let error = decide(&versioned, &asks("phone", None)).unwrap_err();
    assert_eq!((error.reason(), error.place()), (Reason::WrongProduct, Some("product")));
    assert_eq!(error.details(), ["request  phone", "license  pbx"]);
    let error = decide(&versioned, &asks("pbx", Some("3.5"))).unwrap_err();
    assert_eq!((error.reason(), error.place()), (Reason::WrongProduct, Some("version")));
    assert_eq!(error.details(), ["request  3.5", "license  3.6"]);
    for version in [None, Some("3.6")] {
        let license = decide(&versioned, &asks("pbx", version)).unwrap().license;
        assert_eq!(license.version.as_deref(), Some("3.6"));
    }
    assert_eq!(decide(&plain_grant(""), &asks("pbx", Some("3.5"))).unwrap().license.version, None);
}

#[test]
fn what_is_wanted_is_given_and_no_more_than_the_grant_holds() {
    let grant = plain_grant("");
    let all = features(&[("sessions", Quantity::Count(100)), ("voicemail", Quantity::On)]);
    let gives = |in_request: &[(&str, Quantity)], at_desk: &[(&str, Quantity)]| {
        let asked =
            request(RequestInput { wanted: features(in_request), ..request_input() }, &full_host(), now());
        charge::decide(&grant, Applicant::Request(&asked), &features(at_desk), None, now())
            .map(|decision| decision.license.features)
    };
    let sessions = |count| ("sessions", Quantity::Count(count));
    assert_eq!(gives(&[], &[]), Ok(all));
    assert_eq!(gives(&[sessions(100)], &[]), Ok(features(&[sessions(100)])));
    assert_eq!(gives(&[sessions(40)], &[]), Ok(features(&[sessions(40)])));
    assert_eq!(gives(&[("sessions", Quantity::On)], &[]), Ok(features(&[sessions(100)])));
    assert_eq!(
        gives(&[sessions(40)], &[sessions(50)]),
        Ok(features(&[sessions(50)])),
        "the desk has the last word"
    );
    assert_eq!(gives(&[sessions(999)], &[sessions(50)]), Ok(features(&[sessions(50)])));
    for (wanted, details) in [
        (sessions(101), ["wanted  101", "grant   100"]),
        (("voicemail", Quantity::Count(2)), ["wanted  2", "grant   on"]),
        (("fax", Quantity::On), ["wanted  on", "grant   nothing"]),
        (("Sessions", Quantity::Count(1)), ["wanted  1", "grant   nothing"]),
    ] {
        for error in [gives(&[wanted], &[]).unwrap_err(), gives(&[], &[wanted]).unwrap_err()] {
            assert_eq!((error.reason(), error.place()), (Reason::NotGranted, Some("features")));
            assert_eq!(error.details(), details);
        }
    }
}

#[test]
fn a_host_that_shows_too_little_is_refused_or_bound_to_its_installation() {
    let nothing = request(request_input(), &host_with([]), now());
    let error = decide(&plain_grant(""), &nothing).unwrap_err();
    assert_eq!((error.reason(), error.place()), (Reason::WeakHost, Some("fingerprint")));
    assert_eq!(error.details(), ["usable components  none"]);
    let two = request(request_input(), &host_with([(Os, "a"), (Nic, "b")]), now());
    let lock = "[lock]\nrequired = ['os']\noptional = ['nic', 'disk']\nminimum = 2\n";
    let error = decide(&plain_grant(lock), &two).unwrap_err();
    assert_eq!(error.reason(), Reason::WeakHost);
    assert!(error.message().contains("os and 2 of nic, disk are required"), "{error}");
    assert_eq!(error.details(), ["usable components  os, nic"]);
    let enough = [(Os, "a"), (System, "s"), (Nic, "b"), (Disk, "c")];
    let enough = decide(&plain_grant(lock), &request(request_input(), &host_with(enough), now())).unwrap();
    assert!(!enough.license.weak_lock);
    for (lock, asked) in [("[lock]\n".to_owned(), &nothing), (lock.to_owned(), &two)] {
        let old_field = plain_grant(&format!("{lock}allow-weak = true\n"));
        assert_eq!(decide(&old_field, asked).unwrap_err().reason(), Reason::WeakHost, "no file accepts it");
        let given = decide(&accepting(old_field), asked).unwrap();
        assert!(given.license.weak_lock);
        assert_eq!(given.license.lock, Lock::SystemId(key(2).public().system_id()));
        assert!(given.notes[0].starts_with("weak lock: the host has"), "{:?}", given.notes);
    }
    // A typed Locking ID can't fall back to a System ID.
    let typed = LockingId::from_groups([0; 5]);
    let weak = accepting(plain_grant(""));
    let error =
        charge::decide(&weak, Applicant::LockingId(typed), &Features::default(), None, now()).unwrap_err();
    assert_eq!(error.cause(), Some(Cause::WeakLockingId));
}

#[test]
fn locks_are_what_the_ask_and_the_grant_say() {
    let asked = request(request_input(), &full_host(), now());
    let lock = |more: &str, applicant: Applicant<'_>| {
        let grant = accepting(plain_grant(more));
        charge::decide(&grant, applicant, &Features::default(), None, now()).unwrap().license.lock
    };
    let Lock::Fingerprint { tolerance, locking_id, fingerprint, system_id, .. } =
        lock("", Applicant::Request(&asked))
    else {
        panic!("no fingerprint")
    };
    assert_eq!(tolerance.to_string(), "3 of os, system, board, nic, disk");
    assert_eq!(locking_id, crypto::locking_id(&full_host()));
    assert_eq!((fingerprint, system_id), (asked.get().fingerprint.clone(), asked.get().system_id));
    let system = key(2).public().system_id();
    assert_eq!(lock("[lock]\nsystem-id-only = true\n", Applicant::Request(&asked)), Lock::SystemId(system));
    assert_eq!(lock("", Applicant::SystemId(system)), Lock::SystemId(system));
    assert_eq!(lock("", Applicant::Mac(mac("0004f1144bd4"))), Lock::Mac(mac("0004f1144bd4")));
    let site = SiteSerial::from_digest(&[4; 32]);
    assert_eq!(lock("", Applicant::Site(site)), Lock::Site(site));
    let typed = LockingId::from_groups([1, 0, 2, 0, 0]);
    let typed = lock("", Applicant::LockingId(typed));
    let Lock::LockingId { tolerance, .. } = typed else { panic!("no Locking ID") };
    assert_eq!(tolerance.to_string(), "2 of os, board");
}

/// A grant is refused if its lock matches every host or none.
#[test]
fn locks_that_hold_nothing_are_refused_when_the_grant_is_read() {
    for (lock, reason) in [
        ("minimum = 0\noptional = ['nic']\n", Reason::WeakLock),
        ("optional = ['nic']\n", Reason::WeakLock),
        ("minimum = 2\noptional = ['nic']\n", Reason::WeakLock),
        ("minimum = 1\n", Reason::BadGrant),
        ("required = ['os']\noptional = ['os']\nminimum = 1\n", Reason::WeakLock),
        ("required = ['cpu']\n", Reason::BadGrant),
        ("required = ['os']\nminimum = -1\n", Reason::BadGrant),
        ("required = ['os']\nsystem-id-only = true\n", Reason::BadGrant),
    ] {
        let text = format!("product = 'pbx'\npermanent = true\n[features]\nx = true\n[lock]\n{lock}");
        let error = catalog::read_grant(text.as_bytes()).unwrap_err();
        assert_eq!(error.reason(), reason, "{lock}: {error}");
    }
}

#[test]
fn a_request_from_the_future_is_refused_and_an_old_one_noted() {
    let made = |seconds: i64| request(request_input(), &full_host(), now().plus_seconds(seconds));
    assert!(decide(&plain_grant(""), &made(SECONDS_PER_DAY)).unwrap().notes.is_empty());
    let error = decide(&plain_grant(""), &made(SECONDS_PER_DAY + 1)).unwrap_err();
    assert_eq!((error.reason(), error.place()), (Reason::FutureRequest, Some("made")));
    assert_eq!(error.details(), ["request    2026-11-22T12:00:01Z", "this desk  2026-11-21T12:00:00Z"]);
    assert!(decide(&plain_grant(""), &made(-91 * SECONDS_PER_DAY + 1)).unwrap().notes.is_empty());
    let notes = decide(&plain_grant(""), &made(-91 * SECONDS_PER_DAY)).unwrap().notes;
    assert_eq!(notes.len(), 1);
    assert!(notes[0].starts_with("the request is dated 2026-08-22T12:00:00Z"), "{notes:?}");
}

/// The same request gives the same bytes on one day; another request or day does not.
#[test]
fn the_same_ask_on_the_same_day_gives_the_same_bytes() {
    let grant = plain_grant("");
    let asked = request(request_input(), &full_host(), now());
    let first = issue(&grant, &asked, time("2026-11-21T00:00:00Z"));
    let again = issue(&grant, &asked, time("2026-11-21T23:59:59Z"));
    assert_eq!(first.text(), again.text());
    assert_eq!(first.sealed.document_id(), again.sealed.document_id());

    let salted = |salt: u8| {
        format::read_request(&sealed_request(request_input(), &full_host(), [salt; 16], now())).unwrap()
    };
    let later = request(request_input(), &full_host(), now().plus_seconds(1));
    for (other, why) in [(salted(8), "salt"), (later, "request")] {
        let other = issue(&grant, &other, now());
        assert_ne!(first.sealed, other.sealed, "{why}");
        assert!(!same_but_for_dates(&first.license, &other.license, &grant), "{why}");
    }
    let tomorrow = issue(&grant, &asked, time("2026-11-22T00:00:00Z"));
    assert_ne!(first.sealed, tomorrow.sealed);
    assert!(same_but_for_dates(&first.license, &tomorrow.license, &grant));
}

#[test]
fn an_earlier_license_stays_only_when_nothing_but_the_day_is_another() {
    let head = "product = 'pbx'\n[features]\nsessions = 100\n";
    let with = |term: &str| grant(&format!("{term}\n{head}"));
    let (monday, friday) = (time("2026-11-16T08:00:00Z"), time("2026-11-20T08:00:00Z"));
    // The earlier grant, the current grant, and whether the earlier license is kept.
    for (before, now, stays) in [
        ("term = '1 year'", "term = '1 year'", true),
        ("permanent = true", "permanent = true", true),
        ("until = 2027-06-30", "until = 2027-06-30", true),
        ("from = 2026-12-01\nterm = '1 year'", "from = 2026-12-01\nterm = '1 year'", true),
        ("from = 2026-12-01\nuntil = 2027-06-30", "from = 2026-12-01\nuntil = 2027-06-30", true),
        ("until = 2027-06-30", "until = 2027-12-31", false),
        ("term = '1 year'", "permanent = true", false),
        ("permanent = true", "term = '1 year'", false),
        ("permanent = true", "until = 2027-06-30", false),
        ("from = 2026-12-01\nterm = '1 year'", "from = 2026-12-02\nterm = '1 year'", false),
        ("from = 2026-12-01\nterm = '1 year'", "from = 2026-12-01\nterm = '2 years'", false),
        ("term = '90 days'", "term = '1 year'", false),
        ("term = '3 days'", "term = '3 days'", false), // over by Friday
        ("term = '2 years'", "term = '1 year'", false),
        ("from = 2026-12-01\nterm = '1 year'", "term = '1 year'", false),
    ] {
        let earlier = device(&with(before), monday).unwrap();
        let later = device(&with(now), friday).unwrap();
        assert_eq!(same_but_for_dates(&earlier, &later, &with(now)), stays, "{before} then {now}");
        assert!(!same_but_for_dates(&later, &earlier, &with(before)), "{before} after {now}");
    }
    let grant = with("term = '1 year'");
    let earlier = device(&grant, monday).unwrap();
    let later = device(&grant, friday).unwrap();
    let other = |change: fn(&mut License)| {
        let mut later = later.clone();
        change(&mut later);
        same_but_for_dates(&earlier, &later, &grant)
    };
    assert!(other(|_| ()));
    assert!(!other(|license| license.product = "phone".into()));
    assert!(!other(|license| license.version = Some("2".into())));
    assert!(!other(|license| license.number = Some("A1".into())));
    assert!(!other(|license| license.customer = Some("x".into())));
    assert!(!other(|license| license.order = Some("x".into())));
    assert!(!other(|license| license.unmetered = false));
    assert!(!other(|license| license.lock = Lock::Mac(mac("0004f1144bd5"))));
    assert!(!other(|license| license.features = features(&[("sessions", Quantity::Count(101))])));
}

#[test]
fn terms_end_where_the_calendar_says() {
    for (now, term, from, until) in [
        ("2026-11-21T12:00:00Z", "term = '1 year'", "2026-11-21T00:00:00Z", "2027-11-22T00:00:00Z"),
        ("2026-11-21T23:59:58Z", "term = '1 day'", "2026-11-21T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("2026-11-21T23:59:59Z", "term = '90 days'", "2026-11-21T00:00:00Z", "2027-02-20T00:00:00Z"),
        ("2028-02-29T12:00:00Z", "term = '1 year'", "2028-02-29T00:00:00Z", "2029-03-01T00:00:00Z"),
        ("2028-02-29T12:00:00Z", "term = '4 years'", "2028-02-29T00:00:00Z", "2032-03-01T00:00:00Z"),
        ("2028-02-28T12:00:00Z", "term = '1 day'", "2028-02-28T00:00:00Z", "2028-03-01T00:00:00Z"),
        ("2027-01-31T12:00:00Z", "term = '1 month'", "2027-01-31T00:00:00Z", "2027-03-01T00:00:00Z"),
        ("2099-12-31T21:00:00Z", "term = '3 hours'", "2099-12-31T00:00:00Z", "2100-01-01T00:00:00Z"),
        ("2099-12-31T12:00:00Z", "term = '1 year'", "2099-12-31T00:00:00Z", "2101-01-01T00:00:00Z"),
        ("2100-02-28T12:00:00Z", "term = '1 day'", "2100-02-28T00:00:00Z", "2100-03-02T00:00:00Z"),
        ("2026-11-21T12:00:00Z", "until = 2027-06-30", "2026-11-21T00:00:00Z", "2027-07-01T00:00:00Z"),
        ("2026-11-21T12:00:00Z", "until = '2028-02-28'", "2026-11-21T00:00:00Z", "2028-02-29T00:00:00Z"),
        (
            "2026-11-21T12:00:00Z",
            "until = 2027-06-30T12:00:00Z",
            "2026-11-21T00:00:00Z",
            "2027-06-30T12:00:00Z",
        ),
        ("2026-11-21T12:00:00Z", "until = 2026-11-21", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"),
        (
            "2026-11-21T12:00:00Z",
            "from = 2027-01-01\nterm = '1 year'",
            "2027-01-01T00:00:00Z",
            "2028-01-01T00:00:00Z",
        ),
        (
            "2026-11-21T12:00:00Z",
            "from = 2026-01-01\nterm = '1 year'",
            "2026-01-01T00:00:00Z",
            "2027-01-01T00:00:00Z",
        ),
        (
            "2026-11-21T12:00:00Z",
            "from = 2027-01-01\nuntil = 2027-01-01",
            "2027-01-01T00:00:00Z",
            "2027-01-02T00:00:00Z",
        ),
    ] {
        let grant = grant(&format!("product = 'pbx'\n{term}\n[features]\nx = true\n"));
        let license = device(&grant, time(now)).unwrap_or_else(|error| panic!("{term}: {error}"));
        assert_eq!(license.issued, time(now).start_of_day());
        assert_eq!((license.term.from, license.term.until), (time(from), Some(time(until))), "{now} {term}");
    }
}

#[test]
fn a_term_that_is_over_or_no_term_is_refused() {
    for (term, reason) in [
        ("until = 2026-11-20", Reason::BadTime),
        ("until = 2026-11-21T00:00:00Z", Reason::BadTime),
        ("from = 2027-01-01\nuntil = 2026-12-31", Reason::BadTime),
        ("from = 2025-01-01\nterm = '1 year'", Reason::BadTime),
        ("term = '0 days'", Reason::BadTime),
        ("term = '-1 year'", Reason::BadTime),
        ("term = 'a while'", Reason::BadTime),
        ("term = '9000 years'", Reason::BadTime),
    ] {
        let text = format!("product = 'pbx'\n{term}\n[features]\nx = true\n");
        let error = catalog::read_grant(text.as_bytes()).and_then(|grant| device(&grant, now())).unwrap_err();
        assert_eq!(error.reason(), reason, "{term}: {error}");
    }
}

/// The first second of the term, and the first second after it.
#[test]
fn a_license_holds_from_its_first_second_to_the_one_before_its_end() {
    let grant = grant("product = 'pbx'\nfrom = 2027-01-01\nuntil = 2027-06-30\n[features]\nx = true\n");
    let license = verified(&device(&grant, now()).unwrap());
    let facts = host_with([(Nic, "0004f1144bd4")]);
    let asking = |at: &str| Question { supposed: true, ..asking(time(at)) };
    let says = |at: &str| match rules::judge(&license, &facts, &asking(at)).verdict {
        Verdict::Refused(reasons) => reasons[0].reason().word(),
        _ => "valid",
    };
    for (at, word) in [
        ("1970-01-01T00:00:00Z", "not-yet-valid"),
        ("2026-12-31T23:59:59Z", "not-yet-valid"),
        ("2027-01-01T00:00:00Z", "valid"),
        ("2027-06-30T23:59:59Z", "valid"),
        ("2027-07-01T00:00:00Z", "expired"),
        ("9999-12-31T23:59:59Z", "expired"),
    ] {
        assert_eq!(says(at), word, "{at}");
    }
}

/// The default of more than half, for every set of components a host can have.
#[test]
fn without_a_rule_more_than_half_of_what_the_host_shows_has_to_match() {
    for shown in 1..1u32 << 5 {
        let kinds: Vec<_> = [Os, System, Board, Nic, Disk]
            .into_iter()
            .filter(|kind: &ComponentKind| shown >> (*kind as u32) & 1 == 1)
            .collect();
        let facts = host_with(kinds.iter().map(|kind| (*kind, "first")));
        let license = verified(
            &decide(&accepting(plain_grant("")), &request(request_input(), &facts, now())).unwrap().license,
        );
        for kept in 0..=kinds.len() {
            let here = host_with(kinds.iter().take(kept).map(|kind| (*kind, "first")));
            let holds = rules::judge(&license, &here, &asking(now())).verdict == Verdict::Valid;
            assert_eq!(holds, kept * 2 > kinds.len(), "{kept} of {}", kinds.len());
        }
    }
}

/// A request is for one host: a component that a host has only once has only one hash.
#[test]
fn a_request_for_several_hosts_is_refused() {
    let good = request(request_input(), &full_host(), now()).get().clone();
    for kind in ComponentKind::HARDWARE {
        for (count, is_good) in [(kind.max_values(), true), (kind.max_values() + 1, false)] {
            let mut request = good.clone();
            let hashes = (0..count).map(|number| [number as u8; 16]).collect();
            request.fingerprint.hashes.insert(kind, hashes);
            match format::read_request(&seal_request(&request, 2)) {
                Ok(_) => assert!(is_good, "{kind}"),
                Err(error) => {
                    assert!(!is_good && error.reason() == Reason::BadField, "{kind}: {error}")
                }
            }
        }
    }
}
