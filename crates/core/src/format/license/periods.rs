//! Reads and writes the term of a license, the periods after it, and its limits in days.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::format::fields::{Fields, Unknown};
use crate::format::{wire, wire::Text};
use crate::model::{
    AllowedClasses, Error, Features, License, Lock, MAX_GRACE_DAYS, MEMORY_DAYS, Period, Reason, Result,
    Term, Time,
};

/// Takes `from`, and `until` or `permanent`.
pub(super) fn term(fields: &mut Fields) -> Result<Term> {
    let from = fields.needed("from")?;
    match end(fields, "a license")? {
        Some(end) if end <= from => Err(fields.bad("until", "the license would end before it begins")),
        until => Ok(Term { from, until }),
    }
}

/// Takes the periods after the term; returns them with the unknown fields in them.
pub(super) fn periods(fields: &mut Fields) -> Result<(Vec<Period>, Unknown)> {
    let (mut periods, mut unknown) = (Vec::new(), Vec::new());
    for mut table in fields.tables("after")? {
        let until = end(&mut table, "a period")?;
        let features = table.table("features")?.map_or_else(|| Ok(Features::default()), Fields::features)?;
        periods.push(Period { until, features });
        unknown.extend(table.rest());
    }
    Ok((periods, unknown))
}

/// Takes the days of grace; 0 if the field is missing.
pub(super) fn grace_days(fields: &mut Fields) -> Result<u32> {
    Ok(days(fields, "grace-days", "the days of grace")?.unwrap_or(0))
}

/// Takes the drift days; 0 if the field is missing.
pub(super) fn drift_days(fields: &mut Fields) -> Result<u32> {
    Ok(days(fields, "drift-days", "the days on changed hardware")?.unwrap_or(0))
}

/// Takes the days without a host's memory, which may be 0.
pub(super) fn memory_days(fields: &mut Fields) -> Result<u32> {
    let Some(days) = fields.number("memory-days")? else { return Ok(MEMORY_DAYS) };
    let within = u32::try_from(days).ok().filter(|days| *days <= MAX_GRACE_DAYS);
    let message = || format!("the days without memory lie from 0 to {MAX_GRACE_DAYS}, not at {days}");
    within.ok_or_else(|| fields.bad("memory-days", message()))
}

/// The word of a license that only advises.
pub(super) const ADVISORY: &str = "advisory";

/// Takes `enforcement`: whether the license only advises.
pub(super) fn advisory(fields: &mut Fields) -> Result<bool> {
    match fields.text("enforcement")?.as_deref() {
        None => Ok(false),
        Some(ADVISORY) => Ok(true),
        Some(other) => {
            Err(fields.bad("enforcement", format!("`{ADVISORY}` or nothing belongs here, not `{other}`")))
        }
    }
}

/// Takes the days of an activation period; the field is required.
pub(super) fn starter_days(fields: &mut Fields) -> Result<u32> {
    let days = days(fields, "days", "the days of a starter")?;
    fields.must("days", days)
}

fn days(fields: &mut Fields, key: &str, name: &str) -> Result<Option<u32>> {
    let Some(days) = fields.number(key)? else { return Ok(None) };
    let within = u32::try_from(days).ok().filter(|days| (1..=MAX_GRACE_DAYS).contains(days));
    let bad = || fields.bad(key, format!("{name} lie from 1 to {MAX_GRACE_DAYS}, not at {days}"));
    within.map(Some).ok_or_else(bad)
}

/// Takes the classes of host it allows besides bare metal; unknown classes are ignored.
pub(super) fn allow(fields: &mut Fields) -> Result<AllowedClasses> {
    let words: Vec<Text> = fields.list("allow")?;
    Ok(words.iter().fold(AllowedClasses::default(), |allow, Text(word)| allow.with(word).unwrap_or(allow)))
}

/// Refuses a license with too many days or periods, or with periods that are not in order.
pub(super) fn check(license: &License) -> Result<()> {
    let bad = |field: &str, message: String| {
        Err(Error::new(Reason::BadField, message).at(format!("field `{field}`")))
    };
    let count = license.after.len();
    if count > Period::MAX {
        return bad("after", format!("{count} periods after the first, more than {}", Period::MAX));
    }
    for (field, days) in [("grace-days", license.grace_days), ("drift-days", license.drift_days)] {
        if days > MAX_GRACE_DAYS {
            return bad(field, format!("more than {MAX_GRACE_DAYS} days of grace"));
        }
        if license.advisory && days > 0 {
            return bad(field, "a license that only advises has no days after which it stops".into());
        }
    }
    if license.advisory && matches!(license.lock, Lock::Starter(_)) {
        return bad("enforcement", "the days of a starter are always enforced".into());
    }
    let mut begins = license.term.until;
    for (period, number) in license.after.iter().zip(2..) {
        let Some(start) = begins else {
            return bad("after", format!("period {number} would begin after one that is permanent"));
        };
        if let Some(end) = period.until.filter(|end| *end <= start) {
            let message = format!("period {number} would begin at {start} and end at {end}");
            return bad("after.until", message);
        }
        begins = period.until;
    }
    if license.after.last().is_some_and(|last| last.features.is_empty()) {
        return bad("after.features", "the last period allows nothing".into());
    }
    Ok(())
}

fn end(fields: &mut Fields, name: &str) -> Result<Option<Time>> {
    let until = fields.parsed("until")?;
    match (until, fields.flag("permanent")?) {
        (Some(_), true) => {
            Err(fields.bad("permanent", format!("{name} has an end or is permanent, not both")))
        }
        (None, false) => {
            Err(fields.bad("until", format!("the field is missing, and {name} is not permanent")))
        }
        (until, _) => Ok(until),
    }
}

/// The table of a period.
#[derive(Serialize)]
pub(super) struct WirePeriod<'a> {
    until: Option<String>,
    permanent: Option<bool>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    features: BTreeMap<&'a str, wire::WireQuantity>,
}

impl<'a> WirePeriod<'a> {
    pub(super) fn of(period: &'a Period) -> Self {
        Self {
            until: period.until.map(|end| end.to_string()),
            permanent: period.until.is_none().then_some(true),
            features: wire::features(&period.features),
        }
    }
}
