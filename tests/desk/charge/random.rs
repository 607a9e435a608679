//! Random charges: no code gives more than it has, no limit is exceeded, and repeating a charge costs nothing.

use std::collections::{BTreeMap, BTreeSet};

use airlatch_core::model::{FeatureName, Quantity, Reason, Time, length};
use airlatch_desk::catalog::GrantEnd;
use airlatch_desk::charge::{Charge, ChargeLine, ChargeSource, Wanted};
use airlatch_desk::orders::Lines;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use super::scene::{Desk, features, lines, name, time};

use crate::common::slow;

const ARTICLES: [&str; 12] = [
    "PBX#15",
    "PBX#30",
    "PBX#30@15",
    "PBX#60@30",
    "registrations",
    "sessions",
    "voicemail",
    "fax",
    "uc",
    "groupware",
    "video",
    "conference",
];

#[derive(Debug, Clone)]
enum Want {
    Unsaid,
    All,
    Each(u64),
    These(Vec<(&'static str, Option<u64>)>),
}

#[derive(Debug, Clone)]
struct Step {
    named: Vec<Index>,
    want: Want,
    may_overdraw: bool,
    days: i64,
}

type Booked = (Vec<(&'static str, u64)>, u8, usize);

fn code() -> impl Strategy<Value = Booked> {
    let articles = subsequence(&ARTICLES, 4..=ARTICLES.len());
    let counted = articles.prop_flat_map(|articles| {
        let numbers = prop::collection::vec(0_u64..150, articles.len());
        numbers.prop_map(move |numbers| {
            let few = |article: &str, n: u64| if article.contains("s") { n } else { n % 4 };
            articles.iter().zip(numbers).map(|(article, n)| (*article, few(article, n))).collect()
        })
    });
    (counted, select(vec![0_u8, 10, 50, 100]), 0..5_usize)
}

fn want() -> impl Strategy<Value = Want> {
    let article = select(ARTICLES.iter().copied().chain(["PBX"]).collect::<Vec<_>>());
    let level = select(vec![15, 30, 60]);
    let one =
        (article, 1..130_u64, level, prop::bool::weighted(0.05)).prop_map(|(article, n, level, odd)| {
            let number = match article {
                "PBX" => Some(level),
                "registrations" => Some(n % 40 + 1),
                "sessions" => Some(n),
                _ => None,
            };
            (article, if odd { number.map_or(Some(n), |_| None) } else { number })
        });
    let these = prop::collection::vec(one, 1..3).prop_map(|mut these| {
        these.sort_unstable();
        these.dedup_by_key(|(article, _)| *article);
        Want::These(these)
    });
    prop_oneof![1 => Just(Want::Unsaid), 2 => Just(Want::All), 2 => (1..20_u64).prop_map(Want::Each), 6 => these]
}

fn step() -> impl Strategy<Value = Step> {
    let named = prop_oneof![1 => Just(Vec::new()), 20 => prop::collection::vec(any::<Index>(), 1..4)];
    (named, want(), any::<bool>(), prop_oneof![6 => Just(0), 1 => 0..400_i64])
        .prop_map(|(named, want, may_overdraw, days)| Step { named, want, may_overdraw, days })
}

fn end(choice: usize) -> GrantEnd {
    match choice {
        0 => GrantEnd::Permanent,
        1 => GrantEnd::Until(time("2027-06-01T00:00:00Z")),
        2 => GrantEnd::Until(time("2028-03-01T15:00:00Z")),
        3 => GrantEnd::For("1 year".into()),
        _ => GrantEnd::For("90 days".into()),
    }
}

/// The level, computed from the rule and not by the code under test: a base, then upgrades that start from the level.
fn level(lines: &Lines) -> u64 {
    let has = |article: &str| lines.contains_key(&name(article));
    let mut levels: Vec<u64> = [15, 30].into_iter().filter(|base| has(&format!("PBX#{base}"))).collect();
    for (from, to) in [(15, 30), (30, 60)] {
        if levels.contains(&from) && has(&format!("PBX#{to}@{from}")) {
            levels.push(to);
        }
    }
    levels.into_iter().max().unwrap_or_default()
}

/// The features of the codes in force at a time.
fn sum<'a>(sources: impl Iterator<Item = &'a ChargeSource>) -> Lines {
    let mut sum = Lines::new();
    for (article, quantity) in sources.flat_map(|source| &source.held) {
        *sum.entry(article.clone()).or_default() += quantity;
    }
    sum
}

fn term(source: &ChargeSource, now: Time) -> (Time, i64) {
    let since = source.since.unwrap_or(now);
    let until = match &source.pool.order.term.end {
        GrantEnd::Permanent => i64::MAX,
        GrantEnd::Until(end) => end.seconds(),
        GrantEnd::For(text) => length::end(since, text).unwrap().seconds(),
    };
    (since.start_of_day(), until)
}

/// The features of these lines: `registrations` is bounded by the level, and `fax` requires `uc` or `groupware`.
fn licensed(lines: &Lines, model: Option<&str>) -> BTreeMap<FeatureName, Quantity> {
    let has = |article: &str| lines.contains_key(&name(article));
    let mut all = BTreeMap::new();
    for (article, quantity) in lines.iter().filter(|(article, _)| !article.as_str().contains('#')) {
        let quantity = match article.as_str() {
            "registrations" => Quantity::Count((*quantity).min(level(lines))),
            "sessions" => Quantity::Count(*quantity),
            "fax" if !has("uc") && !has("groupware") => Quantity::Count(0),
            _ => Quantity::On,
        };
        if quantity != Quantity::Count(0) {
            all.insert(article.clone(), quantity);
        }
    }
    if level(lines) > 0 {
        all.insert(name("PBX"), Quantity::Count(level(lines)));
    }
    if model == Some("IP800") {
        all.insert(name("video"), Quantity::On);
    }
    all
}

/// No charge line exceeds what was left plus overdraft, and only the excess counts as overdraft.
fn there(before: &Desk, charged: &[ChargeLine]) {
    for take in charged {
        let pool = &before.sources.iter().find(|source| source.pool.code == take.code).unwrap().pool;
        let of = |lines: &Lines| lines.get(&take.article).copied().unwrap_or_default();
        let most = of(&pool.order.lines) * u64::from(pool.order.overdraft) / 100;
        assert!(take.quantity > 0);
        assert!(take.quantity - take.overdrawn <= of(&pool.left), "{take:?}");
        assert!(take.overdrawn == 0 || take.quantity - take.overdrawn == of(&pool.left), "{take:?}");
        assert!(take.overdrawn + of(&pool.overdrawn) <= most || take.overdrawn == 0, "{take:?}");
        assert!(before.may_overdraw || take.overdrawn == 0, "{take:?}");
    }
}

/// The unit holds no more than allowed of each feature that was charged.
fn limits(desk: &Desk, charged: &[ChargeLine]) {
    let alive = desk.sources.iter().filter(|source| term(source, desk.now).1 > desk.now.seconds());
    let held = sum(alive);
    let of = |article: &str| held.get(&name(article)).copied().unwrap_or_default();
    let ip24 = desk.model == Some("IP24");
    for take in charged {
        match take.article.as_str() {
            "sessions" => assert!(of("sessions") <= 200),
            "registrations" => assert!(of("registrations") <= level(&held)),
            "fax" => assert!(of("uc") + of("groupware") > 0),
            "uc" => assert!(!ip24),
            "video" => assert!(ip24),
            "conference" | "voicemail" | "groupware" => {}
            step => {
                assert!(step.starts_with("PBX#"));
                assert!(!ip24 || level(&held) <= 30);
                assert_eq!(take.quantity, 1);
            }
        }
    }
}

/// The first period is the sum over the codes in force at its start, except for counts that were reduced on request.
fn adds_up(desk: &Desk, charge: &Charge, want: &Want, lowered: &mut BTreeSet<&'static str>) {
    let begin = charge.term.from.max(desk.now.start_of_day());
    let in_force = desk.sources.iter().filter(|source| {
        let (from, until) = term(source, desk.now);
        until > desk.now.seconds() && from <= begin && begin.seconds() < until
    });
    let lines = sum(in_force);
    let mut shown: BTreeMap<_, _> = charge.features.iter().map(|(name, q)| (name.clone(), q)).collect();
    let lessened = |feature: &str| match want {
        Want::These(these) => these.iter().any(|(wanted, _)| *wanted == feature),
        Want::Each(_) => true,
        _ => false,
    };
    // What was reduced once may stay so later.
    lowered.extend(["registrations", "sessions"].into_iter().filter(|feature| lessened(feature)));
    for feature in lowered.iter().copied() {
        // The license has at least what was wanted, and never more than is held.
        if let (Some(Quantity::Count(shown)), held) = (shown.get(&name(feature)), lines.get(&name(feature))) {
            assert!(shown <= held.unwrap());
        }
        shown.remove(&name(feature));
    }
    let mut expected = licensed(&lines, desk.model);
    expected.retain(|feature, _| !lowered.contains(feature.as_str()));
    assert_eq!(shown, expected);
}

const HONEST: [Reason; 10] = [
    Reason::Expired,
    Reason::ShortPool,
    Reason::OverLimit,
    Reason::NotOnModel,
    Reason::NeedsFeature,
    Reason::AlreadyHeld,
    Reason::WrongStep,
    Reason::QuantityNeeded,
    Reason::NotBooked,
    Reason::UnknownModel,
];

fn run(desk: &mut Desk, step: &Step, lowered: &mut BTreeSet<&'static str>) -> Result<(), TestCaseError> {
    desk.now = desk.now.plus_seconds(step.days * 86_400);
    desk.may_overdraw = step.may_overdraw;
    let mut named: Vec<usize> = step.named.iter().map(|index| index.index(desk.sources.len())).collect();
    named.dedup();
    let words = |(article, number): &(&str, Option<u64>)| match number {
        Some(number) => format!("{article} {number}"),
        None => (*article).to_owned(),
    };
    let these = match &step.want {
        Want::These(these) => features(&these.iter().map(words).collect::<Vec<_>>().join(", ")),
        _ => features(""),
    };
    let wanted = match step.want {
        Want::Unsaid => Wanted::Unspecified,
        Want::All => Wanted::All,
        Want::Each(number) => Wanted::PerUnit(number),
        Want::These(_) => Wanted::Features(&these),
    };
    let first = match desk.ask(&named, &wanted) {
        Ok(charge) => charge,
        Err(error) => {
            prop_assert!(HONEST.contains(&error.reason()), "{error}");
            return Ok(());
        }
    };
    there(desk, &first.charged);
    for offer in desk.offers(&named).unwrap_or_default() {
        prop_assert!(offer.rest <= offer.left);
        prop_assert!(offer.rest == 0 || offer.why_not.is_none());
        if matches!(step.want, Want::All) && !offer.feature.as_str().contains('#') {
            let taken = first.charged.iter().filter(|take| take.article == offer.feature);
            prop_assert_eq!(taken.map(|take| take.quantity).sum::<u64>(), offer.rest);
        }
    }
    let charge = desk.charge(&named, &wanted).unwrap();
    prop_assert_eq!(&charge, &first);
    limits(desk, &charge.charged);
    adds_up(desk, &charge, &step.want, lowered);
    let again = desk.ask(&named, &wanted).unwrap();
    prop_assert_eq!(&again.charged, &[]);
    prop_assert_eq!((again.term, again.features, again.after), (charge.term, charge.features, charge.after));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(slow::or(200, 1000)) })]
    #[test]
    fn charges_conserve_quantities_and_repeat_for_free(
        codes in prop::collection::vec(code(), 1..4),
        model in prop_oneof![4 => Just(Some("IP24")), 6 => Just(Some("IP800")), 1 => Just(None)],
        steps in prop::collection::vec(step(), 1..12),
    ) {
        let mut desk = Desk::new();
        desk.model = model;
        for (list, overdraft, choice) in codes {
            let number = desk.book(&list, end(choice));
            desk.sources[number].pool.order.overdraft = overdraft;
            desk.sources[number].pool.left = lines(&list.into_iter().filter(|(_, n)| *n > 0).collect::<Vec<_>>());
        }
        let mut lowered = BTreeSet::new();
        for step in &steps {
            run(&mut desk, step, &mut lowered)?;
        }
    }
}
