//! The outlook: what will be licensed on a host in the future, for each feature over all licenses of a product.

mod changes;
mod loss_reason;
mod valid_span;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{FeatureName, MAX_QUANTITY, Quantity, Reason, Time, Verdict};

use super::{JudgedLicense, is_superseded};
use valid_span::{ValidSpan, valid_spans};

pub use changes::{Change, changes, daily_check};
pub use loss_reason::LossReason;

/// What is licensed of one product, now and in the future.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The product.
    pub product: String,
    /// The number of licenses that work; copies count once.
    pub licenses: usize,
    /// Why no license is valid, if there is none.
    pub loss_reason: Option<LossReason>,
    /// Every feature that is named in a license here.
    pub features: BTreeMap<FeatureName, FeatureOutlook>,
    /// When a license for the product without any feature ends.
    ends: Option<Time>,
}

/// What is licensed of one feature, now and in the future.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeatureOutlook {
    /// The quantity now; `None` is nothing.
    pub quantity: Option<Quantity>,
    /// Whether some of it comes from a license in grace.
    pub in_grace: bool,
    /// Whether some of it comes from a license that only advises, beyond its limits.
    pub advisory: bool,
    /// The future quantities, each with the time from which it applies.
    pub steps: Vec<(Time, Option<Quantity>)>,
    /// Why there is nothing now.
    pub loss_reason: Option<LossReason>,
    /// When the licenses in grace that contribute to it end.
    grace_ends: BTreeSet<Time>,
}

/// Features that become less at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decrease {
    /// The time.
    pub at: Time,
    /// The features, each with its quantity before and after; empty for a license without features.
    pub features: Vec<(FeatureName, Quantity, Option<Quantity>)>,
}

impl FeatureOutlook {
    /// When it becomes less than now, and what is left then; `None` is never.
    pub fn first_decrease(&self) -> Option<(Time, Option<Quantity>)> {
        let now = self.quantity?;
        self.steps.iter().copied().find(|(_, then)| is_less(Some(now), *then))
    }

    /// When nothing of it is left; `None` is never.
    pub fn end(&self) -> Option<Time> {
        self.steps.iter().find(|(_, then)| then.is_none()).map(|(at, _)| *at)
    }

    /// The first decrease that is not the end of a grace period, with the quantities before and after.
    fn first_decrease_without_grace(&self) -> Option<(Time, Quantity, Option<Quantity>)> {
        let mut before = self.quantity;
        for (at, then) in &self.steps {
            if let Some(held) = before.filter(|_| is_less(before, *then) && !self.grace_ends.contains(at)) {
                return Some((*at, held, *then));
            }
            before = *then;
        }
        None
    }
}

impl Outlook {
    /// The first decrease of any feature: by the end of a period, of grace or of an activation period.
    pub fn next(&self) -> Option<Decrease> {
        let decreases = self.features.iter().filter_map(|(name, feature)| {
            let (at, then) = feature.first_decrease()?;
            Some((at, Some((name.clone(), feature.quantity?, then))))
        });
        let decreases = decreases.chain(self.ends.map(|end| (end, None)));
        grouped(decreases).into_iter().next()
    }

    /// The features that are not licensed any more, except those that a later license took away, that were released, or
    /// that belonged to the activation period only. For licenses without features: the product, without a name.
    pub fn lost(&self) -> impl Iterator<Item = (Option<&FeatureName>, &LossReason)> {
        let is_expected = |reason: &LossReason| match reason.reason {
            Reason::Superseded | Reason::Released | Reason::NotYetValid => true,
            Reason::NotActivated => self.licenses > 0,
            _ => false,
        };
        let features = self.features.iter().filter(|(_, feature)| feature.quantity.is_none());
        let features =
            features.filter_map(|(name, feature)| Some((Some(name), feature.loss_reason.as_ref()?)));
        let product =
            self.loss_reason.as_ref().filter(|_| self.features.is_empty()).map(|reason| (None, reason));
        features.chain(product).filter(move |(_, reason)| !is_expected(reason))
    }

    /// The first decrease of each feature within `days` from `now`, without ends of grace: there is a warning about them
    /// already.
    pub fn soon(&self, now: Time, days: u32) -> Vec<Decrease> {
        let limit = now.plus_days(i64::from(days));
        let decreases = self.features.iter().filter_map(|(name, feature)| {
            let (at, before, then) = feature.first_decrease_without_grace()?;
            Some((at, Some((name.clone(), before, then))))
        });
        let decreases = decreases.chain(self.ends.map(|end| (end, None)));
        grouped(decreases.filter(|(at, _)| *at < limit))
    }
}

/// Decreases grouped by time, in order.
fn grouped(
    decreases: impl Iterator<Item = (Time, Option<(FeatureName, Quantity, Option<Quantity>)>)>,
) -> Vec<Decrease> {
    let mut all: BTreeMap<Time, Vec<_>> = BTreeMap::new();
    decreases.for_each(|(at, feature)| all.entry(at).or_default().extend(feature));
    all.into_iter().map(|(at, features)| Decrease { at, features }).collect()
}

/// Whether `then` is less than `now`. A switch is less than a count.
fn is_less(now: Option<Quantity>, then: Option<Quantity>) -> bool {
    match (now, then) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(now), Some(then)) => !then.covers(now),
    }
}

/// The outlook for each product. The licenses have been judged at `now`, and superseded ones are refused.
pub fn outlook(judged: &[&JudgedLicense], now: Time) -> Vec<Outlook> {
    let mut products: BTreeMap<&str, Vec<&JudgedLicense>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for judged in judged.iter().filter(|judged| seen.insert(judged.license.document_id())) {
        products.entry(&judged.license.get().product).or_default().push(judged);
    }
    products.into_iter().map(|(product, judged)| of_product(product, &judged, now)).collect()
}

fn of_product(product: &str, judged: &[&JudgedLicense], now: Time) -> Outlook {
    let mut sums: BTreeMap<FeatureName, FeatureTimeline> = BTreeMap::new();
    let mut grace: BTreeMap<FeatureName, BTreeSet<Time>> = BTreeMap::new();
    let mut advisory: BTreeSet<FeatureName> = BTreeSet::new();
    let (mut licenses, mut ends) = (0, None::<Time>);
    for judged in judged {
        licenses += usize::from(is_valid(judged));
        for (_, features) in judged.license.get().spans() {
            features.iter().for_each(|(name, _)| {
                sums.entry(name.clone()).or_default();
            });
        }
        if let Verdict::Advisory(_) = judged.judgement.base_verdict {
            advisory.extend(judged.judgement.features.iter().map(|(name, _)| name.clone()));
        }
        for span in valid_spans(judged, now) {
            if span.features.is_empty() && is_valid(judged) {
                ends = ends.into_iter().chain(span.until).min();
            }
            for (name, quantity) in span.features.iter() {
                sums.entry(name.clone()).or_default().add(&span, quantity);
                if is_in_grace(judged) && span.from <= now {
                    grace.entry(name.clone()).or_default().extend(span.until);
                }
            }
        }
    }
    let features = sums.into_iter().map(|(name, sum)| {
        let (quantity, steps) = sum.steps_from(now);
        let grace_ends = grace.remove(&name);
        let feature = FeatureOutlook {
            quantity,
            in_grace: grace_ends.is_some(),
            advisory: advisory.contains(&name),
            steps,
            loss_reason: if quantity.is_none() { feature_loss(judged, &name, now) } else { None },
            grace_ends: grace_ends.unwrap_or_default(),
        };
        (name, feature)
    });
    let features = features.collect();
    let latest = latest(judged.iter().copied()).filter(|_| licenses == 0);
    let loss_reason = latest.and_then(|judged| loss_reason::refused(judged, now));
    Outlook { product: product.to_owned(), licenses, loss_reason, features, ends }
}

/// Whether a license works.
fn is_valid(judged: &JudgedLicense) -> bool {
    !judged.judgement.base_verdict.is_refused()
}

fn is_in_grace(judged: &JudgedLicense) -> bool {
    matches!(judged.judgement.base_verdict, Verdict::Grace(_))
}

/// Why a feature is not licensed now.
fn feature_loss(judged: &[&JudgedLicense], name: &FeatureName, now: Time) -> Option<LossReason> {
    let names = |judged: &&JudgedLicense| judged.license.get().spans().any(|(_, it)| it.get(name).is_some());
    loss_reason::for_feature(latest(judged.iter().copied().filter(names))?, name, Quantity::On, now)
}

/// The license to name as the reason: the one issued last of those that are not superseded, if there are such.
fn latest<'a>(judged: impl Iterator<Item = &'a JudgedLicense>) -> Option<&'a JudgedLicense> {
    judged.max_by_key(|judged| (!is_superseded(judged), judged.license.get().issued))
}

/// The changes of one feature over all licenses: for each time, the change of the count and of the number of switches.
#[derive(Default)]
struct FeatureTimeline {
    changes: BTreeMap<Time, (i128, i64)>,
}

impl FeatureTimeline {
    fn add(&mut self, span: &ValidSpan, quantity: Quantity) {
        let (count, switch) = match quantity {
            Quantity::Count(number) => (i128::from(number), 0),
            Quantity::On => (0, 1),
        };
        let mut change = |at: Time, sign: i64| {
            let sums = self.changes.entry(at).or_default();
            *sums = (sums.0 + i128::from(sign) * count, sums.1 + sign * switch);
        };
        change(span.from, 1);
        span.until.into_iter().for_each(|end| change(end, -1));
    }

    /// The quantity at `now`, and the later ones.
    fn steps_from(self, now: Time) -> (Option<Quantity>, Vec<(Time, Option<Quantity>)>) {
        let (mut count, mut switches, mut held) = (0, 0, None);
        let (mut first, mut steps) = (None, Vec::new());
        for (at, (more, on)) in self.changes {
            (count, switches) = (count + more, switches + on);
            let sum = match u64::try_from(count).unwrap_or(0) {
                0 => (switches > 0).then_some(Quantity::On),
                count => Some(Quantity::Count(count.min(MAX_QUANTITY))),
            };
            if at <= now {
                first = sum;
            } else if sum != held {
                steps.push((at, sum));
            }
            held = sum;
        }
        (first, steps)
    }
}

#[cfg(test)]
mod tests;
