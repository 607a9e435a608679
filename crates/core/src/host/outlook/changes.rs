//! The changes between two daily checks: features gained and lost, each with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::host::JudgedLicense;
use crate::model::{
    CheckedLicense, DailyCheck, DocumentId, FeatureName, Features, HostMemory, MAX_QUANTITY, Quantity,
    Reason, Time, Verdict,
};

use super::{is_less, loss_reason};

/// The reason word of a license that is valid without a warning.
const VALID: &str = "valid";

/// A feature whose quantity changed, or which entered or left grace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The product.
    pub product: String,
    /// The feature.
    pub feature: FeatureName,
    /// The quantity at the earlier check; `None` is nothing.
    pub then: Option<Quantity>,
    /// The quantity now.
    pub now: Option<Quantity>,
    /// The reason word: `valid`, `grace` or `advisory` for a gain, that of a [`Reason`] for a loss or a warning.
    pub reason: &'static str,
    /// Whether the license of the reason only advises, and works beyond its limits.
    pub advisory: bool,
    /// The reason for people, as a continuation of "license ID …".
    pub message: String,
    /// The license that the reason is about.
    pub license: DocumentId,
}

impl Change {
    /// `gained` or `lost` from or to nothing, `more` or `less` between two quantities. At the same quantity `grace` or
    /// `advisory` if it began to depend on that, and `renewed` if it no longer does.
    pub fn event(&self) -> &'static str {
        match (self.then, self.now) {
            _ if self.then == self.now => match (self.reason, self.advisory) {
                (VALID, _) => "renewed",
                (_, false) => "grace",
                (_, true) => "advisory",
            },
            (None, _) => "gained",
            (_, None) => "lost",
            _ if self.is_loss() => "less",
            _ => "more",
        }
    }

    /// Whether the quantity became less.
    pub fn is_loss(&self) -> bool {
        is_less(self.then, self.now)
    }
}

impl fmt::Display for Change {
    /// `PRODUCT FEATURE THEN to NOW [REASON] license ID WORDS`, the form of a line in a host's log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [then, now] =
            [self.then, self.now].map(|held| held.map_or_else(|| "off".into(), |held| held.to_string()));
        let (product, feature, reason) = (&self.product, &self.feature, self.reason);
        write!(f, "{product} {feature} {then} to {now} [{reason}] license {} {}", self.license, self.message)
    }
}

/// What is licensed now, to be compared with a later check. Copies of a license count once.
pub fn daily_check(judged: &[&JudgedLicense], now: Time) -> DailyCheck {
    let is_valid = |judged: &&&JudgedLicense| !judged.judgement.base_verdict.is_refused();
    let checked_license = |judged: &&JudgedLicense| {
        let product = judged.license.get().product.clone();
        let warned = judged.judgement.base_verdict.warning().is_some();
        let features = judged.judgement.features.clone();
        (judged.license.document_id(), CheckedLicense { product, features, warned })
    };
    DailyCheck { checked: now, licenses: judged.iter().filter(is_valid).map(checked_license).collect() }
}

/// The changes from the check `then` to the check `now`; `judged` are the licenses that `now` was made from.
pub fn changes(
    then: &DailyCheck,
    now: &DailyCheck,
    judged: &[&JudgedLicense],
    memory: &HostMemory,
) -> Vec<Change> {
    let (before, after) = (sums(then), sums(now));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    let mut all = Vec::new();
    for key @ (product, feature) in names {
        let (old, new) = (before.get(&key), after.get(&key));
        let none = Shares::default();
        let (old, new) = (old.unwrap_or(&none), new.unwrap_or(&none));
        let quantities = (old.sum(), new.sum());
        let cause = match (old.needs_warned(), new.needs_warned()) {
            (false, true) if quantities.0 == quantities.1 => warned(new, judged),
            (true, false) if quantities.0 == quantities.1 => renewed(new, feature, judged, now.checked),
            _ if quantities.0 == quantities.1 => None,
            _ if is_less(quantities.0, quantities.1) => lost(old, new, feature, judged, memory, now.checked),
            _ => gained(old, new, feature, judged, now.checked),
        };
        let Some((license, reason, message)) = cause else { continue };
        let (product, feature) = (product.to_owned(), feature.clone());
        all.push(Change {
            product,
            feature,
            then: quantities.0,
            now: quantities.1,
            reason,
            advisory: judged.iter().any(|judged| {
                judged.license.document_id() == license
                    && matches!(judged.judgement.base_verdict, Verdict::Advisory(_))
            }),
            message,
            license,
        });
    }
    all
}

/// How much of one feature each license allows, and which of the licenses work with a warning.
#[derive(Default)]
struct Shares(BTreeMap<DocumentId, Quantity>, BTreeSet<DocumentId>);

impl Shares {
    fn sum(&self) -> Option<Quantity> {
        sum(self.0.values())
    }

    /// Whether the sum would be less without the licenses that work with a warning.
    fn needs_warned(&self) -> bool {
        let without_them = self.0.iter().filter(|(id, _)| !self.1.contains(id)).map(|(_, held)| held);
        is_less(self.sum(), sum(without_them))
    }

    /// The licenses that allow less in `other`.
    fn less_in<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (DocumentId, Quantity)> + 'a {
        let all = self.0.iter().map(|(id, held)| (*id, *held));
        all.filter(|(id, held)| is_less(Some(*held), other.0.get(id).copied()))
    }
}

fn sum<'a>(held: impl Iterator<Item = &'a Quantity>) -> Option<Quantity> {
    let add = |sum: Option<u64>, held: &Quantity| match held {
        Quantity::Count(number) => Some(sum.unwrap_or(0).saturating_add(*number)),
        Quantity::On => sum.or(Some(0)),
    };
    match held.fold(None, add)? {
        0 => Some(Quantity::On),
        number => Some(Quantity::Count(number.min(MAX_QUANTITY))),
    }
}

fn sums(check: &DailyCheck) -> BTreeMap<(&str, &FeatureName), Shares> {
    let mut sums: BTreeMap<_, Shares> = BTreeMap::new();
    for (id, CheckedLicense { product, features, warned }) in &check.licenses {
        for (name, quantity) in features.iter() {
            let shares = sums.entry((product.as_str(), name)).or_default();
            shares.0.insert(*id, quantity);
            shares.1.extend(warned.then_some(*id));
        }
    }
    sums
}

/// The license that caused a change, the reason word and the message.
type Cause = (DocumentId, &'static str, String);

/// The cause of a loss: the first license that allows less than before.
fn lost(
    old: &Shares,
    new: &Shares,
    feature: &FeatureName,
    judged: &[&JudgedLicense],
    memory: &HostMemory,
    now: Time,
) -> Option<Cause> {
    let cause = |(id, held): (DocumentId, Quantity)| {
        if let Some(released) = memory.released.iter().find(|it| it.license == id) {
            return (id, Reason::Released.word(), format!("was released on {}", released.at));
        }
        let here = judged.iter().find(|judged| judged.license.document_id() == id);
        match here.and_then(|judged| loss_reason::for_feature(judged, feature, held, now)) {
            Some(reason) => (id, reason.reason.word(), reason.message),
            None => (id, Reason::NotActivated.word(), "is not installed any more".to_owned()),
        }
    };
    old.less_in(new).map(cause).next()
}

/// The cause of a warning: the first license that works with one.
fn warned(new: &Shares, judged: &[&JudgedLicense]) -> Option<Cause> {
    judged.iter().find_map(|judged| {
        let id = judged.license.document_id();
        let error = judged.judgement.base_verdict.warning().filter(|_| new.1.contains(&id))?;
        Some((id, error.reason().word(), error.message().to_owned()))
    })
}

/// The cause of a renewal: the license that allows most without a warning.
fn renewed(new: &Shares, feature: &FeatureName, judged: &[&JudgedLicense], now: Time) -> Option<Cause> {
    let without_warning =
        new.0.iter().filter(|(id, _)| !new.1.contains(id)).map(|(id, held)| (*id, *held)).collect();
    gained(&Shares::default(), &Shares(without_warning, BTreeSet::new()), feature, judged, now)
}

/// The cause of a gain: the license that adds most; of several the one that ends last.
fn gained(
    old: &Shares,
    new: &Shares,
    feature: &FeatureName,
    judged: &[&JudgedLicense],
    now: Time,
) -> Option<Cause> {
    let more = new.less_in(old).filter_map(|(id, held)| {
        let judged = judged.iter().find(|judged| judged.license.document_id() == id)?;
        let count = if let Quantity::Count(number) = held { number } else { 0 };
        let end = ends(judged, feature, held, now);
        Some(((count, end.is_none(), end), id, &judged.judgement.base_verdict))
    });
    let ((_, _, end), id, verdict) = more.max_by_key(|(rank, ..)| *rank)?;
    let word = verdict.word();
    let message = end.map_or_else(|| "is permanent".into(), |end| format!("is valid until {end}"));
    Some((id, word, message))
}

/// Until when this license allows that much without a gap; `None` is permanent.
fn ends(judged: &JudgedLicense, feature: &FeatureName, held: Quantity, now: Time) -> Option<Time> {
    let license = judged.license.get();
    let has = |it: &Features| it.get(feature).is_some_and(|there| there.covers(held));
    let ahead = license.spans().skip_while(|(term, _)| term.until.is_some_and(|end| end <= now));
    let end = ahead
        .take_while(|(_, it)| has(it))
        .last()
        .map_or_else(|| license.works_until(), |(term, _)| term.until);
    // In grace it works no longer than that, whatever its term says.
    match judged.judgement.works_until {
        Some(last) => Some(end.map_or(last, |end| end.min(last))),
        None => end,
    }
}
