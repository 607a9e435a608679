//! The outlook and its changes, held against the judge.

use zeroize::Zeroizing;

use super::*;
use crate::crypto::{PrivateKey, TrustedSet, seal};
use crate::format;
use crate::host::{self, verify};
use crate::model::{
    AllowedClasses, Components, DailyCheck, Drift, Features, HostClass, HostFacts, HostKind, HostMemory,
    Kind, LedgerMark, License, Lock, Mac, Period, ReleasedLicense, SECONDS_PER_DAY, Term,
};
use crate::rules::Question;

const CARD: [u8; 6] = [0, 4, 0xf1, 0, 0, 1];
const ZERO: i64 = 20_000;

/// Noon of a day.
fn day(day: i64) -> Time {
    Time::from_seconds((ZERO + day) * SECONDS_PER_DAY + SECONDS_PER_DAY / 2)
}

/// Midnight at the beginning of a day.
fn night(day: i64) -> Time {
    Time::from_seconds((ZERO + day) * SECONDS_PER_DAY)
}

fn features(text: &str) -> Features {
    let mut features = Features::default();
    for word in text.split_whitespace() {
        let (name, quantity) = match word.split_once('=') {
            Some((name, count)) => (name, Quantity::Count(count.parse().unwrap())),
            None => (word, Quantity::On),
        };
        features.add(name.parse().unwrap(), quantity).unwrap();
    }
    features
}

fn license(from: i64, until: Option<i64>, what: &str) -> License {
    License {
        issued: night(0),
        product: "pbx".into(),
        version: None,
        number: None,
        customer: None,
        order: None,
        unmetered: true,
        request: None,
        model: None,
        term: Term { from: night(from), until: until.map(night) },
        features: features(what),
        after: Vec::new(),
        grace_days: 0,
        drift_days: 0,
        allow: AllowedClasses::default(),
        advisory: false,
        memory_days: crate::model::MEMORY_DAYS,
        not_transferable: false,
        weak_lock: false,
        ledger: None,
        lock: Lock::Mac(Mac(CARD)),
        unknown: Vec::new(),
    }
}

fn facts(memory: HostMemory) -> HostFacts {
    let mut components = Components::default();
    components.add(crate::model::ComponentKind::Nic, Mac(CARD).bare());
    let class = HostClass::BareMetal;
    HostFacts { system_id: None, site: None, class, components, absent: Vec::new(), memory, stored: None }
}

fn judged(licenses: &[License], memory: &HostMemory, now: Time) -> Vec<JudgedLicense> {
    let key = PrivateKey::from_seed(&Zeroizing::new([1; 32])).unwrap();
    let question = Question { now, supposed: false, product: None, features: Vec::new() };
    let judge = |license: &License| {
        let sealed = seal(Kind::License, &format::write_license(license).unwrap(), &key);
        let file = format::armor(Kind::License, sealed.bytes(), &[]);
        verify(file.as_bytes(), &TrustedSet::new([key.public()]), &facts(memory.clone()), &question).unwrap()
    };
    let mut all: Vec<JudgedLicense> = licenses.iter().map(judge).collect();
    host::supersede(&mut all.iter_mut().collect::<Vec<_>>());
    all
}

fn seen(licenses: &[License], memory: &HostMemory, now: Time) -> Outlook {
    let judged = judged(licenses, memory, now);
    outlook(&judged.iter().collect::<Vec<_>>(), now).remove(0)
}

fn days(time: Time) -> i64 {
    night(0).days_until(time)
}

fn word(held: Option<Quantity>) -> String {
    held.map_or_else(|| "off".into(), |held| held.to_string())
}

/// `sessions 100, 5: 50, 9: off` for each feature.
fn shown(outlook: &Outlook) -> Vec<String> {
    let one = |(name, prospect): (&FeatureName, &FeatureOutlook)| {
        let steps = prospect.steps.iter().map(|(at, then)| format!(", {}: {}", days(*at), word(*then)));
        let grace = if prospect.in_grace { " in grace" } else { "" };
        format!("{name} {}{grace}{}", word(prospect.quantity), steps.collect::<String>())
    };
    outlook.features.iter().map(one).collect()
}

fn falls(falls: impl IntoIterator<Item = Decrease>) -> Vec<String> {
    let one = |fall: Decrease| {
        let feature =
            |(name, before, then): &(_, Quantity, _)| format!(" {name} {before} to {}", word(*then));
        let features: String = fall.features.iter().map(feature).collect();
        format!("{}:{features}", days(fall.at))
    };
    falls.into_iter().map(one).collect()
}

#[test]
fn licenses_add_up_and_each_end_is_a_step() {
    let all = [
        license(0, Some(10), "sessions=100 voicemail"),
        license(0, Some(20), "sessions=50 fax"),
        license(0, None, "voicemail"),
    ];
    let outlook = seen(&all, &HostMemory::default(), day(1));
    assert_eq!(shown(&outlook), ["fax on, 20: off", "sessions 150, 10: 50, 20: off", "voicemail on"]);
    assert_eq!(falls(outlook.next()), ["10: sessions 150 to 50"]);
    assert_eq!(outlook.features[&"sessions".parse().unwrap()].end(), Some(night(20)));
    assert_eq!(falls(outlook.soon(day(1), 8)), [""; 0]);
    assert_eq!(falls(outlook.soon(day(1), 9)), ["10: sessions 150 to 50"]);
    assert_eq!(falls(outlook.soon(day(1), 30)), ["10: sessions 150 to 50", "20: fax on to off"]);
    assert_eq!(falls(outlook.soon(day(1), 0)), [""; 0]);
    // A copy is no second license.
    assert_eq!(
        shown(&seen(&[all[2].clone(), all[2].clone()], &HostMemory::default(), day(1))),
        ["voicemail on"]
    );
}

#[test]
fn a_renewal_that_is_there_already_leaves_nothing_to_do_at_the_seam() {
    let seam = [license(0, Some(10), "sessions=100"), license(10, Some(20), "sessions=100")];
    let outlook = seen(&seam, &HostMemory::default(), day(1));
    assert_eq!(shown(&outlook), ["sessions 100, 20: off"]);
    assert_eq!((outlook.licenses, falls(outlook.next())), (1, vec!["20: sessions 100 to off".to_owned()]));
    let gap = [license(0, Some(10), "sessions=100"), license(11, Some(20), "sessions=100")];
    let outlook = seen(&gap, &HostMemory::default(), day(1));
    assert_eq!(shown(&outlook), ["sessions 100, 10: off, 11: 100, 20: off"]);
}

#[test]
fn periods_change_what_there_is() {
    let period = |until: i64, what: &str| Period { until: Some(night(until)), features: features(what) };
    let after = vec![period(20, "sessions=50"), period(30, "sessions=70 fax")];
    let one = [License { after, grace_days: 5, ..license(0, Some(10), "sessions=100 voicemail") }];
    let steps =
        ["fax off, 20: on, 30: off", "sessions 100, 10: 50, 20: 70, 30: off", "voicemail on, 10: off"];
    let outlook = seen(&one, &HostMemory::default(), day(1));
    assert_eq!(shown(&outlook), steps);
    assert_eq!(falls(outlook.next()), ["10: sessions 100 to 50 voicemail on to off"]);
    let why = |now, name: &str| {
        let outlook = seen(&one, &HostMemory::default(), now);
        let why = outlook.features[&name.parse().unwrap()].loss_reason.clone().unwrap();
        (why.reason, why.message)
    };
    assert_eq!(why(day(1), "fax"), (Reason::NotYetValid, format!("begins on {}", night(20))));
    assert_eq!(why(day(11), "voicemail"), (Reason::Expired, format!("ended on {}", night(10))));
    let grace = format!("ended on {}, its grace on {}", night(30), night(35));
    assert_eq!(why(day(40), "sessions"), (Reason::Expired, grace));
    let names = |now| {
        seen(&one, &HostMemory::default(), now)
            .lost()
            .filter_map(|it| Some(it.0?.to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(day(1)), [""; 0]);
    assert_eq!(names(day(11)), ["voicemail"]);
    assert_eq!(names(day(40)), ["fax", "sessions", "voicemail"]);
}

#[test]
fn grace_is_told_by_its_own_end_and_not_as_ending_soon_again() {
    let one = [License { grace_days: 5, ..license(0, Some(10), "sessions=100") }];
    // Before the end the end is what counts.
    assert_eq!(shown(&seen(&one, &HostMemory::default(), day(9))), ["sessions 100, 10: off"]);
    let outlook = seen(&one, &HostMemory::default(), day(10));
    assert_eq!(shown(&outlook), ["sessions 100 in grace, 15: off"]);
    assert_eq!(falls(outlook.next()), ["15: sessions 100 to off"]);
    assert_eq!(falls(outlook.soon(day(10), 30)), [""; 0]);
    // What else ends beside it is told.
    let two = [one[0].clone(), license(0, Some(18), "sessions=7")];
    let outlook = seen(&two, &HostMemory::default(), day(10));
    assert_eq!(shown(&outlook), ["sessions 107 in grace, 15: 7, 18: off"]);
    assert_eq!(falls(outlook.soon(day(10), 30)), ["18: sessions 7 to off"]);
}

/// What will end is told with its end; what has ended goes on for ever.
#[test]
fn an_advisory_license_keeps_what_has_ended() {
    let period = |until: i64, what: &str| Period { until: Some(night(until)), features: features(what) };
    let after = vec![period(20, "sessions=50"), period(30, "sessions=70 fax")];
    let one = [License { after, advisory: true, ..license(0, Some(10), "sessions=100 voicemail") }];
    for (now, steps) in [
        (
            1,
            ["fax off, 20: on, 30: off", "sessions 100, 10: 50, 20: 70, 30: off", "voicemail on, 10: off"]
                .as_slice(),
        ),
        (11, &["fax off, 20: on, 30: off", "sessions 100", "voicemail on"]),
        (21, &["fax on, 30: off", "sessions 100", "voicemail on"]),
        (31, &["fax on", "sessions 100", "voicemail on"]),
    ] {
        let outlook = seen(&one, &HostMemory::default(), day(now));
        assert_eq!(shown(&outlook), steps, "{now}");
        let advisory = outlook.features.values().any(|feature| feature.advisory);
        assert_eq!((advisory, outlook.licenses), (now > 10, 1), "{now}");
    }
}

/// The end of the activation period and of the days on changed hardware is the very second in which the judge says no.
#[test]
fn the_judge_says_no_from_the_second_that_was_foretold() {
    let starter = License { lock: Lock::Starter(14), ..license(0, None, "sessions=2") };
    let starts = [("pbx".to_owned(), day(1))].into();
    let memory = HostMemory { first_installed: starts, ..HostMemory::default() };
    let outlook = seen(std::slice::from_ref(&starter), &memory, day(3));
    assert_eq!(falls(outlook.next()), ["15: sessions 2 to off"]);
    let end = outlook.next().unwrap().at;
    let holds = |now| seen(std::slice::from_ref(&starter), &memory, now).licenses;
    assert_eq!((holds(end.plus_seconds(-1)), holds(end)), (1, 0));
    // What was never installed has no period at all.
    assert_eq!(
        shown(&seen(std::slice::from_ref(&starter), &HostMemory::default(), day(3))),
        ["sessions off"]
    );
}

#[test]
fn an_end_of_the_days_on_changed_hardware_is_foretold_too() {
    let key = PrivateKey::from_seed(&Zeroizing::new([2; 32])).unwrap();
    let system_id = key.public().system_id();
    let then = |kinds: &[(crate::model::ComponentKind, &str)]| {
        let mut components = Components::default();
        kinds.iter().for_each(|(kind, value)| components.add(*kind, *value));
        components
    };
    use crate::model::{ComponentKind::Board, ComponentKind::Disk, ComponentKind::Nic, ComponentKind::Os};
    let (old, new) = (
        then(&[(Os, "os"), (Board, "board"), (Nic, "0004f1000001"), (Disk, "disk")]),
        then(&[(Os, "os"), (Board, "board"), (Nic, "0004f1000002"), (Disk, "other")]),
    );
    let salt = [5; 16];
    let hash = |kind| {
        let values = old.get(kind).iter();
        (kind, values.map(|value| crate::crypto::component_hash(&salt, kind, value)).collect())
    };
    let fingerprint = crate::model::Fingerprint { salt, hashes: [Os, Board, Nic, Disk].map(hash).into() };
    let tolerance = crate::model::Tolerance::new([Os], [Board, Nic, Disk], 2).unwrap();
    let locking_id = crate::crypto::locking_id_of(HostKind::BareMetal, &old);
    let lock =
        Lock::Fingerprint { system_id, locking_id, fingerprint, tolerance, values: Default::default() };
    let license = License { drift_days: 7, lock, ..license(0, None, "sessions=2") };
    let sealed = seal(Kind::License, &format::write_license(&license).unwrap(), &key);
    let id = sealed.document_id();
    let drift = Drift { used_seconds: 2 * SECONDS_PER_DAY, last_seen: Some(day(3)) };
    let memory = HostMemory { drifts: [(id, drift)].into(), ..HostMemory::default() };
    let changed = HostFacts { system_id: Some(system_id), components: new, ..facts(memory.clone()) };
    let judge = |now| {
        let question = Question { now, supposed: false, product: None, features: Vec::new() };
        let file = format::armor(Kind::License, sealed.bytes(), &[]);
        verify(file.as_bytes(), &TrustedSet::new([key.public()]), &changed, &question).unwrap()
    };
    let see = |now| outlook(&[&judge(now)], now).remove(0);
    let outlook = see(day(4));
    assert_eq!(shown(&outlook), ["sessions 2 in grace, 8: off"]);
    let end = outlook.next().unwrap().at;
    assert_eq!(end, day(3).plus_days(5));
    assert_eq!((see(end.plus_seconds(-1)).licenses, see(end).licenses), (1, 0));
    // What is first seen on changed hardware works no longer than that.
    let found = judge(day(4));
    let gained = changes(&daily_check(&[], day(3)), &daily_check(&[&found], day(4)), &[&found], &memory);
    assert_eq!(gained[0].message, format!("is valid until {end}"));
}

fn told(
    then: &DailyCheck,
    licenses: &[License],
    memory: &HostMemory,
    now: Time,
) -> (DailyCheck, Vec<String>) {
    let judged = judged(licenses, memory, now);
    let judged: Vec<&JudgedLicense> = judged.iter().collect();
    let check = daily_check(&judged, now);
    let changes = changes(then, &check, &judged, memory);
    let short = |change: &Change| {
        let id = format!("license {} ", change.license);
        format!("{} {}", change.event(), change.to_string().replacen(&id, "", 1))
    };
    (check, changes.iter().map(short).collect())
}

#[test]
fn each_feature_gained_or_lost_is_one_change_with_its_reason() {
    let none = DailyCheck { checked: day(0), licenses: BTreeMap::new() };
    let memory = HostMemory::default();
    let first = license(0, Some(10), "sessions=100 voicemail");
    let other = license(0, Some(20), "sessions=50 fax");
    let (check, lines) = told(&none, &[first.clone(), other.clone()], &memory, day(1));
    let end = night(20);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0], format!("gained pbx fax off to on [valid] is valid until {end}"));
    assert!(lines[1].starts_with("gained pbx sessions off to 150 [valid] is valid until "));
    assert_eq!(told(&check, &[first.clone(), other.clone()], &memory, day(2)).1, [""; 0]);
    // Nobody looked for some days: it is told once, and the rest goes on.
    let (check, lines) = told(&check, &[first.clone(), other.clone()], &memory, day(14));
    let ended = format!("[expired] ended on {}", night(10));
    let lost =
        [format!("less pbx sessions 150 to 50 {ended}"), format!("lost pbx voicemail on to off {ended}")];
    assert_eq!(lines, lost);
    let renewed = license(14, None, "sessions=100");
    let (check, lines) = told(&check, &[first.clone(), other.clone(), renewed.clone()], &memory, day(15));
    assert_eq!(lines, ["more pbx sessions 50 to 150 [valid] is permanent"]);
    let (_, lines) = told(&check, &[first, other], &memory, day(15));
    assert_eq!(lines, ["less pbx sessions 150 to 50 [not-activated] is not installed any more"]);
}

#[test]
fn days_of_grace_are_told_when_they_begin_and_when_they_are_over() {
    let none = DailyCheck { checked: day(0), licenses: BTreeMap::new() };
    let memory = HostMemory::default();
    let charged = |number, license: License| License {
        ledger: Some(LedgerMark { ledger: [7; 16], number, hash: [0; 32] }),
        unmetered: false,
        ..license
    };
    let first = charged(4, License { grace_days: 5, ..license(0, Some(10), "sessions=100 fax") });
    let all = [first.clone(), license(0, None, "sessions=50")];
    let (check, _) = told(&none, &all, &memory, day(1));
    let (check, lines) = told(&check, &all, &memory, day(11));
    let begun = |line: &str| line.contains("[expired] ") && line.ends_with("days more");
    assert!(lines.len() == 2 && lines.iter().all(|line| begun(line)), "{lines:?}");
    assert!(lines[0].starts_with("grace pbx fax on to on ") && lines[1].contains(" sessions 150 to 150 "));
    assert_eq!(told(&check, &all, &memory, day(12)).1, [""; 0]);
    let next = charged(5, license(12, Some(40), "sessions=100 fax"));
    let (check, lines) = told(&check, &[all[0].clone(), all[1].clone(), next], &memory, day(13));
    let until = format!("[valid] is valid until {}", night(40));
    assert_eq!(lines[0], format!("renewed pbx fax on to on {until}"));
    assert!(lines[1].starts_with("renewed pbx sessions 150 to 150 [valid] is valid "), "{lines:?}");
    assert!(check.licenses.values().all(|share| !share.warned));
}

#[test]
fn what_was_superseded_or_given_back_is_told_as_that() {
    let none = DailyCheck { checked: day(0), licenses: BTreeMap::new() };
    let memory = HostMemory::default();
    let charged = |number, what: &str| License {
        ledger: Some(LedgerMark { ledger: [7; 16], number, hash: [0; 32] }),
        unmetered: false,
        ..license(0, None, what)
    };
    let (old, new) = (charged(4, "sessions=100 fax"), charged(5, "sessions=100"));
    let (check, _) = told(&none, std::slice::from_ref(&old), &memory, day(1));
    let (_, lines) = told(&check, &[old.clone(), new.clone()], &memory, day(2));
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].starts_with("lost pbx fax on to off [superseded] was replaced by license "),
        "{lines:?}"
    );
    let outlook = seen(&[old.clone(), new], &memory, day(2));
    assert_eq!((shown(&outlook), outlook.lost().count()), (vec!["fax off".into(), "sessions 100".into()], 0));
    let license = judged(std::slice::from_ref(&old), &memory, day(1))[0].license.document_id();
    let released = ReleasedLicense { license, product: "pbx".into(), ledger: None, at: day(3) };
    let memory = HostMemory { released: vec![released], ..memory };
    let (_, lines) = told(&check, &[old], &memory, day(4));
    assert_eq!(lines[1], format!("lost pbx sessions 100 to off [released] was released on {}", day(3)));
}

#[test]
fn a_license_for_the_product_alone_has_a_date_to_act_too() {
    let one = [license(0, Some(10), "")];
    let outlook = seen(&one, &HostMemory::default(), day(1));
    assert_eq!((outlook.licenses, falls(outlook.next())), (1, vec!["10:".to_owned()]));
    assert_eq!(falls(outlook.soon(day(1), 30)), ["10:"]);
    assert_eq!(outlook.lost().count(), 0);
    let outlook = seen(&one, &HostMemory::default(), day(10));
    let lost: Vec<_> = outlook.lost().map(|(name, why)| (name.is_none(), why.reason)).collect();
    assert_eq!(lost, [(true, Reason::Expired)]);
}
