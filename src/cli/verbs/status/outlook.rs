//! What is licensed of each product, now and later, in words, in JSON and as warnings.

use serde_json::{Map, Value, json};

use airlatch_core::host::{Fall, Judged, Outlook, Prospect, Why};
use airlatch_core::model::{FeatureName, Memory, Quantity, Reason, Time, Trouble, Verdict};
use airlatch_core::rules::CLOCK_TOLERANCE;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
/// So many features are named in a sentence; of more the number is told.
const NAMED: usize = 5;
/// Names beyond this width push their line to the right.
const WIDEST: usize = 40;

/// The product, a line for each feature, and the next date to act.
pub(super) fn lines(outlook: &Outlook, now: Time) -> Vec<String> {
    let held = match (&outlook.against, outlook.licenses) {
        (Some(why), _) => format!("not licensed: {}    [{}]", why.what, why.reason),
        (None, 1) => "1 license holds".to_owned(),
        (None, many) => format!("{many} licenses hold"),
    };
    let mut lines = vec![format!("{}: {held}", outlook.product)];
    let name = |(name, prospect): (&FeatureName, &Prospect)| {
        prospect.quantity.map_or_else(|| name.to_string(), |held| held.of(name))
    };
    let next = "next date to act";
    let widths = outlook.features.iter().map(name).chain([next.to_owned()]).map(|name| name.chars().count());
    let width = widths.max().unwrap_or(0).min(WIDEST);
    let features = outlook.features.iter();
    lines.extend(features.map(|it| format!("  {:<width$}  {}", name(it), licensed(it.1, now))));
    if let Some(fall) = outlook.next() {
        let what = if fall.features.is_empty() { "its license ends".into() } else { becomes(&fall) };
        lines.push(format!("  {next:<width$}  {}, {}: {what}", fall.at, left(now, fall.at)));
    }
    lines
}

/// Whether and until when.
fn licensed(prospect: &Prospect, now: Time) -> String {
    if prospect.quantity.is_none() {
        let Some(why) = &prospect.against else { return "not licensed".into() };
        return format!("not licensed: {}    [{}]", why.what, why.reason);
    }
    let word = if prospect.in_grace { "licensed, in grace," } else { "licensed" };
    match prospect.less() {
        None => format!("{word} for ever"),
        Some((at, None)) => format!("{word} until {at}, {}", left(now, at)),
        Some((at, Some(then))) => format!("{word} until {at}, {}; then {then}", left(now, at)),
    }
}

/// Whole days that are left, and where there is none of them, hours: never none while it is valid.
fn left(now: Time, until: Time) -> String {
    let seconds = until.seconds() - now.seconds();
    match (seconds.div_euclid(DAY), seconds.div_euclid(HOUR)) {
        (..=0, ..=0) => "less than an hour left".into(),
        (..=0, 1) => "1 hour left".into(),
        (..=0, hours) => format!("{hours} hours left"),
        (1, _) => "1 day left".into(),
        (days, _) => format!("{days} days left"),
    }
}

/// `sessions 100 ends, voicemail falls to …`.
fn becomes(fall: &Fall) -> String {
    let one = |(name, before, then): &(FeatureName, Quantity, Option<Quantity>)| match then {
        None => format!("{} ends", before.of(name)),
        Some(then) => format!("{} falls to {then}", before.of(name)),
    };
    let mut words: Vec<String> = fall.features.iter().take(NAMED).map(one).collect();
    let more = fall.features.len().saturating_sub(NAMED);
    if more > 0 {
        words.push(format!("{more} more"));
    }
    words.join(", ")
}

/// What ends within so many days, a warning for each date.
pub(super) fn soon(outlook: &Outlook, now: Time, days: u32) -> Vec<Trouble> {
    let warning = |fall: Fall| {
        let what = match fall.features.is_empty() {
            true => format!("{}: its license ends, {}", outlook.product, left(now, fall.at)),
            false => format!("{}: {}, {}", outlook.product, becomes(&fall), left(now, fall.at)),
        };
        Trouble::new(Reason::EndsSoon, what).detail(format!("on         {}", fall.at))
    };
    outlook.soon(now, days).into_iter().map(warning).collect()
}

/// What was lost, a warning for each reason; where it is the clock, that has a warning of its own.
pub(super) fn lost(outlook: &Outlook) -> Vec<Trouble> {
    let mut reasons: Vec<(&Why, Vec<String>)> = Vec::new();
    for (name, why) in outlook.lost().filter(|(_, why)| why.reason != Reason::ClockRollback) {
        let name = name.map(ToString::to_string);
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.extend(name),
            None => reasons.push((why, name.into_iter().collect())),
        }
    }
    let warning = |(why, names): (&Why, Vec<String>)| {
        let more = match names.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let what = match names.as_str() {
            "" => format!("{}: not licensed any more", outlook.product),
            names => format!("{}: not licensed any more: {names}{more}", outlook.product),
        };
        let trouble =
            Trouble::new(why.reason, what).detail(format!("license    {} {}", why.license, why.what));
        why.place.iter().fold(trouble, Trouble::at)
    };
    reasons.into_iter().map(warning).collect()
}

/// The clock, when it is behind what is known to have been; a license that holds all the same warns of it itself.
pub(super) fn clock(judged: &[&Judged], memory: &Memory, now: Time) -> Option<Trouble> {
    let warns = |judged: &&Judged| {
        let verdict = &judged.judgement.verdict;
        matches!(verdict, Verdict::Grace(trouble) if trouble.reason() == Reason::ClockRollback)
    };
    if judged.iter().any(warns) {
        return None;
    }
    let signed = judged.iter().map(|judged| judged.license.get().issued);
    let known = signed.chain(memory.latest).max().filter(|known| now.plus(CLOCK_TOLERANCE) < *known)?;
    let trouble =
        Trouble::new(Reason::ClockRollback, "this host's clock is behind what is known to have been");
    Some(trouble.at("clock").detail(format!("clock      {now}")).detail(format!("known      {known}")))
}

/// A quantity for programs: `true` for a switch, `null` for nothing.
pub(super) fn quantity(held: Option<Quantity>) -> Value {
    match held {
        None => Value::Null,
        Some(Quantity::On) => json!(true),
        Some(Quantity::Count(number)) => json!(number),
    }
}

/// All of it for programs.
pub(super) fn json(outlooks: &[Outlook], now: Time) -> Value {
    let time = |time: Option<Time>| time.map(|time| time.to_string());
    let days = |time: Option<Time>| time.map(|time| now.days_until(time));
    let feature = |(name, prospect): (&FeatureName, &Prospect)| {
        let less = prospect.less();
        let at = less.map(|(at, _)| at);
        let against = prospect.against.as_ref();
        let value = json!({
            "licensed": prospect.quantity.is_some(),
            "quantity": quantity(prospect.quantity),
            "grace": prospect.in_grace,
            "whole": time(at),
            "then": quantity(less.and_then(|(_, then)| then)),
            "until": time(prospect.gone()),
            "days_left": days(at),
            "reason": against.map(|why| why.reason.word()),
            "message": against.map(|why| why.what.clone()),
        });
        (name.to_string(), value)
    };
    let product = |outlook: &Outlook| {
        let features: Map<_, _> = outlook.features.iter().map(feature).collect();
        let next = outlook.next().map(|fall| {
            let names: Vec<_> = fall.features.iter().map(|(name, ..)| name.to_string()).collect();
            json!({ "at": fall.at.to_string(), "days_left": now.days_until(fall.at), "features": names })
        });
        let reason = outlook.against.as_ref().map(|why| why.reason.word());
        json!({
            "product": outlook.product,
            "licenses": outlook.licenses,
            "reason": reason,
            "features": features,
            "next": next,
        })
    };
    outlooks.iter().map(product).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days rounded down, and hours on the last one: row C12.
    #[test]
    fn what_is_left_is_never_said_to_be_nothing() {
        let now = Time::from_seconds(0);
        for (seconds, words) in [
            (1, "less than an hour left"),
            (HOUR - 1, "less than an hour left"),
            (HOUR, "1 hour left"),
            (DAY - 1, "23 hours left"),
            (DAY, "1 day left"),
            (2 * DAY - 1, "1 day left"),
            (30 * DAY, "30 days left"),
        ] {
            assert_eq!(left(now, now.plus(seconds)), words, "{seconds}");
        }
    }
}
