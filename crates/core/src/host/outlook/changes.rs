//! What was gained and lost between two daily checks, feature by feature with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::host::JudgedLicense;
use crate::model::{
    CheckedLicense, DailyCheck, DocumentId, FeatureName, Features, HostMemory, MAX_QUANTITY, Quantity,
    Reason, Time, Verdict,
};

use super::{is_less, loss_reason};

/// The word for what holds without a warning.
const VALID: &str = "valid";

/// One feature of which there is more or less than there was, or which holds for some days only, or does so no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The product.
    pub product: String,
    /// The feature.
    pub feature: FeatureName,
    /// How much there was; `None` is nothing.
    pub then: Option<Quantity>,
    /// How much there is now.
    pub now: Option<Quantity>,
    /// The word for the reason: of a gain `valid` or `grace`, of a loss or of days of grace that of a [`Reason`].
    pub reason: &'static str,
    /// The reason in words, and the license that it is about.
    pub what: String,
    /// The license.
    pub license: DocumentId,
}

impl Change {
    /// `gained` or `lost` where there was or is nothing, `more` or `less` between two quantities; of as much as before
    /// `grace` when it holds for some days only, and `renewed` when it does so no more.
    pub fn event(&self) -> &'static str {
        match (self.then, self.now) {
            _ if self.then == self.now => {
                if self.reason == VALID {
                    "renewed"
                } else {
                    "grace"
                }
            }
            (None, _) => "gained",
            (_, None) => "lost",
            _ if self.is_loss() => "less",
            _ => "more",
        }
    }

    /// Whether there is less than there was.
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
        write!(f, "{product} {feature} {then} to {now} [{reason}] license {} {}", self.license, self.what)
    }
}

/// What is licensed now, to be compared with later. Copies of a license count once.
pub fn daily_check(judged: &[&JudgedLicense], now: Time) -> DailyCheck {
    let holds = |judged: &&&JudgedLicense| !matches!(judged.judgement.base_verdict, Verdict::Refused(_));
    let share = |judged: &&JudgedLicense| {
        let product = judged.license.get().product.clone();
        let grace = matches!(judged.judgement.base_verdict, Verdict::Grace(_));
        let features = judged.judgement.features.clone();
        (judged.license.document_id(), CheckedLicense { product, features, grace })
    };
    DailyCheck { checked: now, licenses: judged.iter().filter(holds).map(share).collect() }
}

/// One change for each feature of which there is more or less in `now` than there was in `then`, or of which as much began
/// or ended to depend on days of grace; `judged` are the licenses by which `now` was made.
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
        let told = match (old.needs_grace(), new.needs_grace()) {
            (false, true) if quantities.0 == quantities.1 => in_grace(new, judged),
            (true, false) if quantities.0 == quantities.1 => renewed(new, feature, judged, now.checked),
            _ if quantities.0 == quantities.1 => None,
            _ if is_less(quantities.0, quantities.1) => lost(old, new, feature, judged, memory, now.checked),
            _ => gained(old, new, feature, judged, now.checked),
        };
        let Some((license, reason, what)) = told else { continue };
        let (product, feature) = (product.to_owned(), feature.clone());
        all.push(Change { product, feature, then: quantities.0, now: quantities.1, reason, what, license });
    }
    all
}

/// What each license gives of one feature, and which of them are in grace.
#[derive(Default)]
struct Shares(BTreeMap<DocumentId, Quantity>, BTreeSet<DocumentId>);

impl Shares {
    fn sum(&self) -> Option<Quantity> {
        sum(self.0.values())
    }

    /// Whether there would be less without those in grace.
    fn needs_grace(&self) -> bool {
        let firm = self.0.iter().filter(|(id, _)| !self.1.contains(id)).map(|(_, held)| held);
        is_less(self.sum(), sum(firm))
    }

    /// The licenses that give less in `other`.
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
    for (id, CheckedLicense { product, features, grace }) in &check.licenses {
        for (name, quantity) in features.iter() {
            let shares = sums.entry((product.as_str(), name)).or_default();
            shares.0.insert(*id, quantity);
            shares.1.extend(grace.then_some(*id));
        }
    }
    sums
}

type Told = (DocumentId, &'static str, String);

/// By the first license that gives less than it did.
fn lost(
    old: &Shares,
    new: &Shares,
    feature: &FeatureName,
    judged: &[&JudgedLicense],
    memory: &HostMemory,
    now: Time,
) -> Option<Told> {
    let say = |(id, held): (DocumentId, Quantity)| {
        let given_back = memory.released.iter().find(|it| it.license == id);
        if let Some(released) = given_back {
            return (id, Reason::Released.word(), format!("was given back on {}", released.at));
        }
        let here = judged.iter().find(|judged| judged.license.document_id() == id);
        match here.and_then(|judged| loss_reason::why(judged, feature, held, now)) {
            Some(why) => (id, why.reason.word(), why.what),
            None => (id, Reason::NotActivated.word(), "is not installed any more".to_owned()),
        }
    };
    old.less_in(new).map(say).next()
}

/// By the first license that is in grace.
fn in_grace(new: &Shares, judged: &[&JudgedLicense]) -> Option<Told> {
    judged.iter().find_map(|judged| match &judged.judgement.base_verdict {
        Verdict::Grace(error) if new.1.contains(&judged.license.document_id()) => {
            Some((judged.license.document_id(), error.reason().word(), error.message().to_owned()))
        }
        _ => None,
    })
}

/// By the license that gives most without grace.
fn renewed(new: &Shares, feature: &FeatureName, judged: &[&JudgedLicense], now: Time) -> Option<Told> {
    let firm = new.0.iter().filter(|(id, _)| !new.1.contains(id)).map(|(id, held)| (*id, *held)).collect();
    gained(&Shares::default(), &Shares(firm, BTreeSet::new()), feature, judged, now)
}

/// By the license that gives most of what there was not; of several that which lasts longest.
fn gained(
    old: &Shares,
    new: &Shares,
    feature: &FeatureName,
    judged: &[&JudgedLicense],
    now: Time,
) -> Option<Told> {
    let more = new.less_in(old).filter_map(|(id, held)| {
        let judged = judged.iter().find(|judged| judged.license.document_id() == id)?;
        let count = if let Quantity::Count(number) = held { number } else { 0 };
        let end = ends(judged, feature, held, now);
        Some(((count, end.is_none(), end), id, &judged.judgement.base_verdict))
    });
    let ((_, _, end), id, standing) = more.max_by_key(|(rank, ..)| *rank)?;
    let word = if let Verdict::Grace(_) = standing { "grace" } else { VALID };
    let what = end.map_or_else(|| "holds for ever".into(), |end| format!("holds until {end}"));
    Some((id, word, what))
}

/// Until when this license gives so much without a break; `None` is for ever.
fn ends(judged: &JudgedLicense, feature: &FeatureName, held: Quantity, now: Time) -> Option<Time> {
    let license = judged.license.get();
    let has = |it: &Features| it.get(feature).is_some_and(|there| there.covers(held));
    let ahead = license.spans().skip_while(|(term, _)| term.until.is_some_and(|end| end <= now));
    ahead.take_while(|(_, it)| has(it)).last().map_or(license.grace_end(), |(term, _)| term.until)
}
