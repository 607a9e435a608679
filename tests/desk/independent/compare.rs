//! Runs a history at the desk and in the model, and tells the first difference.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use airlatch_core::model::{Quantity, Time, Verdict};
use airlatch_core::rules::{Question, judge};

use super::act::{Act, letter};
use super::bench::{Bench, Seen, facts};
use super::calendar::{DAY, midnight, stamp};
use super::catalog::Catalog;
use super::license::{Features, License, Period};
use super::state::{Done, Model, Said};

/// How often each act had each outcome.
pub type Tally = BTreeMap<String, usize>;

/// Runs the acts on both. The error is what differs, after the last of the acts that were done.
pub fn run(catalog: &Catalog, acts: &[Act]) -> Result<Tally, (usize, String)> {
    let (mut bench, mut model) = (Bench::new(catalog), Model::new(catalog.clone()));
    let mut tally = Tally::new();
    for (at, act) in acts.iter().enumerate() {
        let step = || step(&mut bench, &mut model, act, &mut tally);
        let told = catch_unwind(AssertUnwindSafe(step));
        told.unwrap_or_else(|panic| Err(panic_text(&*panic))).map_err(|differs| (at, differs))?;
    }
    Ok(tally)
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("panic: {}", text.unwrap_or("without a text"))
}

fn step(bench: &mut Bench, model: &mut Model, act: &Act, tally: &mut Tally) -> Result<(), String> {
    let seen = bench.act(act);
    let mut after = model.clone();
    let mut said = after.act(act);
    if let (Err(error), Ok(done)) = (&seen, &said)
        && done.iter().any(|done| done.maybe.contains(error.reason().word()))
    {
        said = Err([error.reason().word()].into());
    }
    if said.is_ok() {
        *model = after;
    }
    if said.is_ok() && matches!(act, Act::Without(_) | Act::Lower(..)) {
        bench.sells(&model.catalog);
    }
    let word = act.to_string().split_whitespace().next().unwrap_or_default().to_owned();
    let outcome = match (&said, &seen) {
        (Ok(said), Ok(seen)) => {
            said.iter().zip(seen).try_for_each(|(said, seen)| license(said, seen, model.now))?;
            "done".to_owned()
        }
        (Err(said), Err(seen)) if said.contains(seen.reason().word()) => seen.reason().word().to_owned(),
        (said, seen) => return Err(outcomes(said, seen.as_deref())),
    };
    *tally.entry(format!("{word} {outcome}")).or_default() += 1;
    let (found, expected) = (bench.balances(), balances(model));
    if found != expected {
        return Err(format!("model  {expected:?}\ndesk   {found:?}"));
    }
    match (act, seen) {
        (Act::Issue(issue), Ok(seen)) => seen.iter().try_for_each(|seen| verdicts(issue.unit, seen, tally)),
        (Act::Trial { unit, .. }, Ok(seen)) => seen.iter().try_for_each(|seen| verdicts(*unit, seen, tally)),
        _ => Ok(()),
    }
}

fn outcomes(said: &Said<Vec<Done>>, seen: Result<&[Seen], &airlatch_core::model::Error>) -> String {
    let said = match said {
        Ok(done) => done.iter().map(|done| words(&done.charged, &done.license.periods)).collect(),
        Err(reasons) => format!("refused {reasons:?}"),
    };
    let seen = match seen {
        Ok(seen) => seen.iter().map(|seen| words(&seen.charged, &periods(seen))).collect(),
        Err(error) => format!("refused {}: {error} {:?}", error.reason().word(), error.details()),
    };
    format!("model  {said}\ndesk   {seen}")
}

/// Charge and license in the words of the rules.
fn words(charged: &BTreeMap<(u8, String), u64>, periods: &[Period]) -> String {
    let line =
        |((code, article), many): (&(u8, String), &u64)| format!("{article} {many} from {}", letter(*code));
    let charged: Vec<_> = charged.iter().map(line).collect();
    let charged = if charged.is_empty() { "nothing".into() } else { charged.join("; ") };
    let mut text = format!("charged {charged}\n       license");
    for period in periods {
        let feature = |(name, many): (&String, &Option<u64>)| match many {
            Some(many) => format!("{name} {many}"),
            None => name.clone(),
        };
        let features: Vec<_> = period.features.iter().map(feature).collect();
        let until = period.until.map(|end| format!(" until {}", stamp(end))).unwrap_or_default();
        text += &format!(" from {}: {}{until};", stamp(period.from), features.join(", "));
    }
    text
}

/// The periods of a license as it was signed.
fn periods(seen: &Seen) -> Vec<Period> {
    let plain = |quantity| if let Quantity::Count(many) = quantity { Some(many) } else { None };
    let spans = seen.license.get().spans();
    spans
        .map(|(term, features)| Period {
            from: term.from.seconds(),
            until: term.until.map(Time::seconds),
            features: features.iter().map(|(name, many)| (name.to_string(), plain(many))).collect(),
        })
        .collect()
}

/// Compares charge and license. What was licensed before now is past.
fn license(said: &Done, seen: &Seen, now: i64) -> Result<(), String> {
    let signed = seen.license.get();
    let grace_days = i64::from(signed.grace_days);
    let whole = License { periods: periods(seen), grace_days, model: signed.model.clone() };
    let begins = |license: &License| license.periods.first().is_some_and(|first| first.from <= midnight(now));
    let rest = |license: &License| license.without(&said.open).from(now);
    let same = rest(&whole) == rest(&said.license)
        && (begins(&whole) == begins(&said.license) || !said.open.is_empty())
        && (whole.grace_days, &whole.model) == (said.license.grace_days, &said.license.model);
    if same && said.charged == seen.charged {
        return Ok(());
    }
    let model = words(&said.charged, &said.license.periods);
    let desk = words(&seen.charged, &whole.periods);
    let found = if seen.is_new { "" } else { " (the license before)" };
    Err(format!(
        "model  {model} model {:?} grace {}\ndesk   {desk} model {:?} grace {}{found}",
        said.license.model, said.license.grace_days, whole.model, whole.grace_days
    ))
}

/// What is left and held in the model, by the same names as at the desk.
fn balances(model: &Model) -> BTreeMap<String, u64> {
    let left = model.codes.iter().map(|(code, of)| (format!("left {}", letter(*code)), &of.left));
    let units = model.units.iter().flat_map(|((unit, _), of)| {
        of.held.iter().map(move |(code, held)| (format!("unit {unit} from {}", letter(*code)), held))
    });
    let lines = left.chain(units).flat_map(|(holder, amounts)| {
        amounts.iter().map(move |(article, many)| (format!("{holder} {article}"), *many))
    });
    lines.filter(|(_, many)| *many > 0).collect()
}

/// The verdict on the sealed license around each of its ends is what its periods and its grace say.
fn verdicts(unit: u8, seen: &Seen, tally: &mut Tally) -> Result<(), String> {
    let periods = periods(seen);
    let end = periods.last().and_then(|last| last.until);
    let grace_end = end.map(|end| end + i64::from(seen.license.get().grace_days) * DAY);
    let ends = periods.iter().flat_map(|period| [Some(period.from), period.until]);
    for time in ends.chain([grace_end]).flatten().flat_map(|time| [time - 1, time, time + 1]) {
        let question =
            Question { now: Time::from_seconds(time), supposed: true, product: None, features: Vec::new() };
        let judged = judge(&seen.license, &facts(unit), &question);
        let word = match &judged.verdict {
            Verdict::Refused(reasons) => reasons.first().map_or("", |reason| reason.reason().word()),
            works => works.word(),
        };
        let plain = |quantity| if let Quantity::Count(many) = quantity { Some(many) } else { None };
        let allowed: Features =
            judged.features.iter().map(|(name, many)| (name.to_string(), plain(many))).collect();
        let expected = expected(&periods, grace_end, time);
        if (word, &allowed) != (expected.0, &expected.1) {
            return Err(format!("at {}\nmodel  {expected:?}\ndesk   {word} {allowed:?}", stamp(time)));
        }
        *tally.entry(format!("verdict {word}")).or_default() += 1;
    }
    Ok(())
}

fn expected(periods: &[Period], grace_end: Option<i64>, time: i64) -> (&'static str, Features) {
    let is_at = |period: &&Period| period.from <= time && period.until.is_none_or(|end| time < end);
    match periods.iter().find(is_at) {
        Some(period) if period.features.is_empty() => ("not-yet-valid", Features::new()),
        Some(period) => ("valid", period.features.clone()),
        None if time < periods[0].from => ("not-yet-valid", Features::new()),
        None if grace_end.is_some_and(|end| time < end) => {
            ("grace", periods.last().map(|last| last.features.clone()).unwrap_or_default())
        }
        None => ("expired", Features::new()),
    }
}
