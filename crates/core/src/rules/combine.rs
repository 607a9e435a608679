//! What several licenses allow together: counts are added, and the longest term applies to each feature.

use std::collections::BTreeMap;

use crate::model::{FeatureName, Features, License, MAX_QUANTITY, Quantity, Term, Time};

/// How much of a feature several licenses allow together, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldFeature {
    /// The sum over the licenses; at most [`MAX_QUANTITY`].
    pub quantity: Quantity,
    /// When the quantity becomes less; `None` is never. For a license in grace it is the end of its grace; what an
    /// advisory license allows beyond its end never ends.
    pub full_until: Option<Time>,
    /// When the last of it ends; `None` is never.
    pub until: Option<Time>,
}

/// Adds up what licenses of one product allow at `now`; each license comes with its features at that time.
///
/// A license states a level as a number, and nothing tells it from a count: levels of two licenses are added as well. The desk
/// puts what a unit has from all codes into one license, in which the highest level counts.
///
/// The caller has to remove duplicates: two copies of a license are one license.
pub fn combine<'a>(
    licenses: impl IntoIterator<Item = (&'a License, &'a Features)>,
    now: Time,
) -> BTreeMap<FeatureName, HeldFeature> {
    let mut sum: BTreeMap<FeatureName, HeldFeature> = BTreeMap::new();
    for (license, features) in licenses {
        for (name, quantity) in features.iter() {
            let ends = |wanted| end(license, name, wanted, now);
            let one = HeldFeature { quantity, full_until: ends(quantity), until: ends(Quantity::On) };
            sum.entry(name.clone()).and_modify(|held| *held = add(*held, one)).or_insert(one);
        }
    }
    sum
}

/// Counts are added, and become less when the first of them ends. A switch adds nothing to a count.
fn add(one: HeldFeature, other: HeldFeature) -> HeldFeature {
    let until = one.until.zip(other.until).map(|(a, b)| a.max(b));
    match (one.quantity, other.quantity) {
        (Quantity::Count(a), Quantity::Count(b)) => {
            let quantity = Quantity::Count(a.saturating_add(b).min(MAX_QUANTITY));
            HeldFeature {
                quantity,
                full_until: one.full_until.into_iter().chain(other.full_until).min(),
                until,
            }
        }
        (Quantity::Count(_), Quantity::On) => HeldFeature { until, ..one },
        (Quantity::On, Quantity::Count(_)) => HeldFeature { until, ..other },
        (Quantity::On, Quantity::On) => HeldFeature { quantity: Quantity::On, full_until: until, until },
    }
}

/// The end of the last of the consecutive periods from `now` on that have at least `wanted` of the feature.
fn end(license: &License, name: &FeatureName, wanted: Quantity, now: Time) -> Option<Time> {
    let from_now = license.spans().skip_while(|(term, _)| term.until.is_some_and(|end| end <= now));
    let with_feature =
        from_now.take_while(|(_, features)| features.get(name).is_some_and(|held| held.covers(wanted)));
    with_feature.last().map_or_else(|| license.works_until(), |(term, _): (Term, _)| term.until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Lock, Mac, Period, Result};

    fn features(list: &[(&str, Quantity)]) -> Result<Features> {
        let mut features = Features::default();
        for (name, quantity) in list {
            features.add(name.parse()?, *quantity)?;
        }
        Ok(features)
    }

    fn license(until: Option<i64>, list: &[(&str, Quantity)]) -> License {
        License {
            issued: Time::from_seconds(0),
            product: "pbx".into(),
            version: None,
            number: None,
            customer: None,
            order: None,
            unmetered: true,
            request: None,
            model: None,
            term: Term { from: Time::from_seconds(0), until: until.map(Time::from_seconds) },
            features: features(list).unwrap(),
            after: Vec::new(),
            grace_days: 0,
            drift_days: 0,
            allow: crate::model::AllowedClasses::default(),
            advisory: false,
            memory_days: crate::model::MEMORY_DAYS,
            not_transferable: false,
            weak_lock: false,
            ledger: None,
            lock: Lock::Mac(Mac([0, 4, 0xf1, 0, 0, 1])),
            unknown: Vec::new(),
        }
    }

    fn held(licenses: &[License], now: i64) -> Vec<String> {
        let each = licenses.iter().map(|license| (license, &license.features));
        let shown = |(name, held): (&FeatureName, &HeldFeature)| {
            let word = |end: Option<Time>| end.map_or("ever".into(), |end| end.seconds().to_string());
            format!("{} to {} to {}", held.quantity.with_name(name), word(held.full_until), word(held.until))
        };
        combine(each, Time::from_seconds(now)).iter().map(shown).collect()
    }

    #[test]
    fn counts_add_up_and_the_best_term_wins() {
        use Quantity::{Count, On};
        let one = license(Some(100), &[("s", Count(100)), ("v", On), ("x", On)]);
        let other = license(Some(200), &[("s", Count(50)), ("v", On), ("x", Count(7))]);
        let ever = license(None, &[("s", Count(MAX_QUANTITY))]);
        assert_eq!(held(&[], 1), [""; 0]);
        let alone = ["s 100 to 100 to 100", "v to 100 to 100", "x to 100 to 100"];
        assert_eq!(held(std::slice::from_ref(&one), 1), alone);
        let both = ["s 150 to 100 to 200", "v to 200 to 200", "x 7 to 200 to 200"];
        assert_eq!(held(&[one.clone(), other.clone()], 1), both);
        assert_eq!(held(&[other, one.clone()], 1), both);
        assert_eq!(held(&[one, ever], 1)[0], format!("s {MAX_QUANTITY} to 100 to ever"));
    }

    #[test]
    fn a_feature_ends_with_the_last_period_that_has_it_without_a_gap() {
        use Quantity::{Count, On};
        let period = |until: i64, list: &[(&str, Quantity)]| Period {
            until: Some(Time::from_seconds(until)),
            features: features(list).unwrap(),
        };
        let after = vec![period(200, &[("s", Count(1))]), period(300, &[("s", Count(1)), ("v", On)])];
        let license = License { after, grace_days: 1, ..license(Some(100), &[("s", Count(2)), ("v", On)]) };
        assert_eq!(held(std::slice::from_ref(&license), 1), ["s 2 to 100 to 300", "v to 100 to 100"]);
        let late = License { features: features(&[("s", Count(1))]).unwrap(), ..license };
        assert_eq!(held(&[late], 300), ["s 1 to 86700 to 86700"]);
    }
}
