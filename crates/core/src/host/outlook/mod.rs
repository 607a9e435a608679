//! What is licensed on a host over the time to come: feature by feature, over all licenses of a product together.

mod changes;
mod loss_reason;
mod valid_span;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{FeatureName, HostMemory, MAX_QUANTITY, Quantity, Reason, Time, Verdict};

use super::{JudgedLicense, is_superseded};
use valid_span::{ValidSpan, stretches};

pub use changes::{Change, changes, daily_check};
pub use loss_reason::LossReason;

/// What is licensed of one product, now and later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The product.
    pub product: String,
    /// How many licenses hold, grace included; copies of one count once.
    pub licenses: usize,
    /// Why none holds, if none does.
    pub against: Option<LossReason>,
    /// Every feature that a license here names.
    pub features: BTreeMap<FeatureName, FeatureOutlook>,
    /// When a license that allows no features at all, but its product, ends.
    ends: Option<Time>,
}

/// What is licensed of one feature, now and later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeatureOutlook {
    /// How much there is now; `None` is nothing.
    pub quantity: Option<Quantity>,
    /// Whether some of it comes from a license in grace.
    pub in_grace: bool,
    /// What there will be, each from its time on, as far as it differs from what was before.
    pub steps: Vec<(Time, Option<Quantity>)>,
    /// Why there is nothing now.
    pub against: Option<LossReason>,
    /// When the licenses in grace end of which a part of it comes.
    grace: BTreeSet<Time>,
}

/// Something that becomes less at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decrease {
    /// When.
    pub at: Time,
    /// The features, with how much of each there is before, and after that; none where the license is about none.
    pub features: Vec<(FeatureName, Quantity, Option<Quantity>)>,
}

impl FeatureOutlook {
    /// When it becomes less than it is now, and what is left then; `None` is never.
    pub fn less(&self) -> Option<(Time, Option<Quantity>)> {
        let now = self.quantity?;
        self.steps.iter().copied().find(|(_, then)| is_less(Some(now), *then))
    }

    /// When nothing of it is left; `None` is never.
    pub fn gone(&self) -> Option<Time> {
        self.steps.iter().find(|(_, then)| then.is_none()).map(|(at, _)| *at)
    }

    /// The first fall of which no warning about grace speaks already, with the quantities before and after.
    fn unannounced(&self) -> Option<(Time, Quantity, Option<Quantity>)> {
        let mut before = self.quantity;
        for (at, then) in &self.steps {
            if let Some(held) = before.filter(|_| is_less(before, *then) && !self.grace.contains(at)) {
                return Some((*at, held, *then));
            }
            before = *then;
        }
        None
    }
}

impl Outlook {
    /// The next date to act: what becomes less first, be it by an end, a change, the end of grace or of an activation
    /// period.
    pub fn next(&self) -> Option<Decrease> {
        let falls = self.features.iter().filter_map(|(name, prospect)| {
            let (at, then) = prospect.less()?;
            Some((at, Some((name.clone(), prospect.quantity?, then))))
        });
        let falls = falls.chain(self.ends.map(|end| (end, None)));
        grouped(falls).into_iter().next()
    }

    /// The features that are licensed no more though nobody took them away: no later license without them has come, they
    /// were not given back, and are not what the days before the first license had beside it. Where licenses are about
    /// no feature, the product itself, without a name.
    pub fn lost(&self) -> impl Iterator<Item = (Option<&FeatureName>, &LossReason)> {
        let taken = |why: &LossReason| match why.reason {
            Reason::Superseded | Reason::Released | Reason::NotYetValid => true,
            Reason::NotActivated => self.licenses > 0,
            _ => false,
        };
        let features = self.features.iter().filter(|(_, prospect)| prospect.quantity.is_none());
        let features = features.filter_map(|(name, prospect)| Some((Some(name), prospect.against.as_ref()?)));
        let product = self.against.as_ref().filter(|_| self.features.is_empty()).map(|why| (None, why));
        features.chain(product).filter(move |(_, why)| !taken(why))
    }

    /// What becomes less within so many days from `now`, the first time of each feature; what a warning about grace speaks
    /// of already is left out.
    pub fn soon(&self, now: Time, days: u32) -> Vec<Decrease> {
        let limit = now.plus_days(i64::from(days));
        let falls = self.features.iter().filter_map(|(name, prospect)| {
            let (at, before, then) = prospect.unannounced()?;
            Some((at, Some((name.clone(), before, then))))
        });
        let falls = falls.chain(self.ends.map(|end| (end, None)));
        grouped(falls.filter(|(at, _)| *at < limit))
    }
}

/// One for each time, in order.
fn grouped(
    falls: impl Iterator<Item = (Time, Option<(FeatureName, Quantity, Option<Quantity>)>)>,
) -> Vec<Decrease> {
    let mut all: BTreeMap<Time, Vec<_>> = BTreeMap::new();
    falls.for_each(|(at, feature)| all.entry(at).or_default().extend(feature));
    all.into_iter().map(|(at, features)| Decrease { at, features }).collect()
}

/// Whether `then` is less than `now`; a switch is less than a count, which says how many.
fn is_less(now: Option<Quantity>, then: Option<Quantity>) -> bool {
    match (now, then) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(now), Some(then)) => !then.covers(now),
    }
}

/// What the licenses give, product by product; they have been judged at `now` beside each other.
pub fn outlook(judged: &[&JudgedLicense], memory: &HostMemory, now: Time) -> Vec<Outlook> {
    let mut products: BTreeMap<&str, Vec<&JudgedLicense>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for judged in judged.iter().filter(|judged| seen.insert(judged.license.document_id())) {
        products.entry(&judged.license.get().product).or_default().push(judged);
    }
    products.into_iter().map(|(product, judged)| of_product(product, &judged, memory, now)).collect()
}

fn of_product(product: &str, judged: &[&JudgedLicense], memory: &HostMemory, now: Time) -> Outlook {
    let mut sums: BTreeMap<&FeatureName, FeatureTimeline> = BTreeMap::new();
    let mut grace: BTreeMap<&FeatureName, BTreeSet<Time>> = BTreeMap::new();
    let (mut licenses, mut ends) = (0, None::<Time>);
    for judged in judged {
        licenses += usize::from(holds(judged));
        for (_, features) in judged.license.get().spans() {
            features.iter().for_each(|(name, _)| {
                sums.entry(name).or_default();
            });
        }
        for stretch in stretches(judged, memory, now) {
            if stretch.features.is_empty() && holds(judged) {
                ends = ends.into_iter().chain(stretch.until).min();
            }
            for (name, quantity) in stretch.features.iter() {
                sums.entry(name).or_default().add(&stretch, quantity);
                if is_in_grace(judged) && stretch.from <= now {
                    grace.entry(name).or_default().extend(stretch.until);
                }
            }
        }
    }
    let features = sums.into_iter().map(|(name, sum)| {
        let (quantity, steps) = sum.over(now);
        let grace = grace.remove(name);
        let prospect = FeatureOutlook {
            quantity,
            in_grace: grace.is_some(),
            steps,
            against: if quantity.is_none() { against(judged, name, now) } else { None },
            grace: grace.unwrap_or_default(),
        };
        (name.clone(), prospect)
    });
    let features = features.collect();
    let against = latest(judged.iter().copied()).filter(|_| licenses == 0);
    let against = against.and_then(|judged| loss_reason::refused(judged, now));
    Outlook { product: product.to_owned(), licenses, against, features, ends }
}

fn holds(judged: &JudgedLicense) -> bool {
    !matches!(judged.judgement.base_verdict, Verdict::Refused(_))
}

fn is_in_grace(judged: &JudgedLicense) -> bool {
    matches!(judged.judgement.base_verdict, Verdict::Grace(_))
}

/// Why there is nothing of a feature.
fn against(judged: &[&JudgedLicense], name: &FeatureName, now: Time) -> Option<LossReason> {
    let names = |judged: &&JudgedLicense| judged.license.get().spans().any(|(_, it)| it.get(name).is_some());
    loss_reason::why(latest(judged.iter().copied().filter(names))?, name, Quantity::On, now)
}

/// The license that tells most about what is missing: that issued last of those in whose place no other has come.
fn latest<'a>(judged: impl Iterator<Item = &'a JudgedLicense>) -> Option<&'a JudgedLicense> {
    judged.max_by_key(|judged| (!is_superseded(judged), judged.license.get().issued))
}

/// What all licenses give of one feature: at each time how much begins and ends.
#[derive(Default)]
struct FeatureTimeline {
    changes: BTreeMap<Time, (i128, i64)>,
}

impl FeatureTimeline {
    fn add(&mut self, stretch: &ValidSpan, quantity: Quantity) {
        let (count, switch) = match quantity {
            Quantity::Count(number) => (i128::from(number), 0),
            Quantity::On => (0, 1),
        };
        let mut change = |at: Time, sign: i64| {
            let sums = self.changes.entry(at).or_default();
            *sums = (sums.0 + i128::from(sign) * count, sums.1 + sign * switch);
        };
        change(stretch.from, 1);
        stretch.until.into_iter().for_each(|end| change(end, -1));
    }

    /// How much there is at `now`, and what comes after.
    fn over(self, now: Time) -> (Option<Quantity>, Vec<(Time, Option<Quantity>)>) {
        let (mut count, mut switches, mut held) = (0, 0, None);
        let (mut first, mut steps) = (None, Vec::new());
        for (at, (more, on)) in self.changes {
            (count, switches) = (count + more, switches + on);
            let whole = u64::try_from(count).unwrap_or(0);
            let sum = match whole {
                0 => (switches > 0).then_some(Quantity::On),
                whole => Some(Quantity::Count(whole.min(MAX_QUANTITY))),
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
