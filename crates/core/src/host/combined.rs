//! Several licenses on one host: which are superseded, which one decides, and what they allow together.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    DocumentId, Error, FeatureName, Features, Lock, Quantity, Reason, Subject, Time, Verdict,
};
use crate::rules::{self, HeldFeature, Question};

use super::JudgedLicense;

/// What several licenses of one product allow together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CombinedLicenses {
    /// The product.
    pub product: String,
    /// The number of licenses; copies count once.
    pub licenses: usize,
    /// What they allow.
    pub features: BTreeMap<FeatureName, HeldFeature>,
}

/// Refuses (`superseded`) each license with a later one of the same ledger, product and unit, and each license for an
/// activation period if another license of its product is valid.
///
/// The later license has the higher number in its ledger mark, or the later issue time at the same number. It need not be
/// valid: a license that took something away supersedes the earlier ones even after its end. A license without a ledger
/// mark supersedes nothing and is not superseded.
pub fn supersede(judged: &mut [&mut JudgedLicense]) {
    let key = |judged: &JudgedLicense| {
        let license = judged.license.get();
        let mark = license.ledger?;
        Some(((mark.ledger, license.product.clone(), license.lock.unit()?), (mark.number, license.issued)))
    };
    let mut latest = BTreeMap::new();
    for judged in judged.iter() {
        let Some((unit, age)) = key(judged) else { continue };
        let found = (age, judged.license.document_id());
        let known = latest.entry(unit).or_insert(found);
        if known.0 < age {
            *known = found;
        }
    }
    for judged in judged.iter_mut() {
        let Some((unit, age)) = key(judged) else { continue };
        let Some(((later, id), age)) = latest.get(&unit).copied().zip(Some(age)) else { continue };
        if age < later {
            let message = "a later license of the same unit replaces it";
            let error = Error::new(Reason::Superseded, message)
                .at("ledger")
                .detail(format!("entry      {}, issued {}", age.0, age.1))
                .detail(format!("later      {}, issued {}", later.0, later.1))
                .detail(format!("license    {id}"));
            let product = judged.license.get().product.clone();
            let later = Subject::License(id.to_string());
            refuse(judged, error.about(later).about(Subject::Product(product)));
        }
    }
    end_activation_periods(judged);
}

/// Refuses licenses for an activation period if another license of the product is valid: the period is over then, and its
/// features are not added to those of the license.
fn end_activation_periods(judged: &mut [&mut JudgedLicense]) {
    let is_starter = |judged: &JudgedLicense| matches!(judged.license.get().lock, Lock::Starter(_));
    let valid = judged
        .iter()
        .filter(|judged| !is_starter(judged) && verdict_rank(&judged.judgement.base_verdict) > 0);
    if !judged.iter().any(|judged| is_starter(judged)) {
        return;
    }
    let activated: BTreeMap<String, DocumentId> =
        valid.map(|judged| (judged.license.get().product.clone(), judged.license.document_id())).collect();
    for judged in judged.iter_mut().filter(|judged| is_starter(judged)) {
        if let Some(id) = activated.get(&judged.license.get().product) {
            let message = "the activation period has ended: a license of the product is installed";
            let error = Error::new(Reason::Superseded, message).at("lock");
            refuse(judged, error.detail(format!("license    {id}")));
        }
    }
}

/// Refuses a license, with this error before all other reasons.
fn refuse(judged: &mut JudgedLicense, error: Error) {
    if is_superseded(judged) {
        return;
    }
    let judgement = &mut judged.judgement;
    for verdict in [&mut judgement.verdict, &mut judgement.base_verdict] {
        let reasons = match verdict {
            Verdict::Refused(reasons) => std::mem::take(reasons),
            _ => Vec::new(),
        };
        *verdict = Verdict::Refused(std::iter::once(error.clone()).chain(reasons).collect());
    }
    judgement.features = crate::model::Features::default();
}

/// Whether a later license replaces it.
pub fn is_superseded(judged: &JudgedLicense) -> bool {
    superseded_error(judged).is_some()
}

/// The error that names the license which replaces it; `None` if it is not superseded.
pub fn superseded_error(judged: &JudgedLicense) -> Option<&Error> {
    refused_for(judged, Reason::Superseded)
}

fn refused_for(judged: &JudgedLicense, reason: Reason) -> Option<&Error> {
    let Verdict::Refused(reasons) = &judged.judgement.verdict else { return None };
    reasons.iter().find(|error| error.reason() == reason)
}

/// The license that decides: valid before grace before advisory before refused. Of refused ones, those that are superseded,
/// for another product, released or without the requested feature come last. Then the one issued last.
pub fn best<'a>(judged: &[&'a JudgedLicense]) -> Option<&'a JudgedLicense> {
    let rank = |judged: &&&JudgedLicense| {
        let irrelevant = [Reason::Superseded, Reason::WrongProduct, Reason::Released, Reason::FeatureMissing];
        let irrelevant = irrelevant.map(|reason| refused_for(judged, reason).is_some());
        (verdict_rank(&judged.judgement.verdict), Reverse(irrelevant), judged.license.get().issued)
    };
    judged.iter().max_by_key(rank).copied()
}

/// The rank of the best verdict; that of a refusal is 0.
const BEST: u8 = 3;

fn verdict_rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Valid => BEST,
        Verdict::Grace(_) => 2,
        Verdict::Advisory(_) => 1,
        Verdict::Refused(_) => 0,
    }
}

/// What the licenses that work allow together, for each product.
pub fn combine_by_product(judged: &[&JudgedLicense], now: Time) -> Vec<CombinedLicenses> {
    let valid = judged.iter().copied().filter(|judged| verdict_rank(&judged.judgement.base_verdict) > 0);
    let mut products: BTreeMap<&str, Vec<&JudgedLicense>> = BTreeMap::new();
    valid.for_each(|judged| products.entry(&judged.license.get().product).or_default().push(judged));
    products.into_values().filter_map(|judged| sum(judged, now)).collect()
}

/// Tries to cover the requested features by several licenses of one product, if none covers them alone; returns the sums
/// that did.
///
/// Licenses in such a sum get their base verdict. If a license with a warning is needed, that is the answer, and the
/// better licenses stay refused for the missing quantity.
pub fn answer_together(judged: &mut [&mut JudgedLicense], question: &Question) -> Vec<CombinedLicenses> {
    let products: BTreeSet<String> =
        judged.iter().map(|judged| judged.license.get().product.clone()).collect();
    let mut answered = Vec::new();
    for product in products {
        let of_product = |judged: &JudgedLicense| judged.license.get().product == product;
        let alone = judged.iter().filter(|judged| of_product(judged));
        let alone = alone.map(|judged| verdict_rank(&judged.judgement.verdict)).max().unwrap_or(0);
        // Valid licenses only first: if they suffice, the answer is valid and not grace.
        for least in (alone + 1..=BEST).rev() {
            let contributes = |judged: &JudgedLicense| {
                let features = &judged.judgement.features;
                let has_feature = question.features.iter().any(|(name, _)| features.get(name).is_some());
                of_product(judged) && has_feature && verdict_rank(&judged.judgement.base_verdict) >= least
            };
            let contributing =
                judged.iter().map(|judged| &**judged).filter(|judged| contributes(judged)).collect();
            let Some(sum) = sum(contributing, question.now) else { continue };
            let covers = |(name, wanted): &(FeatureName, _)| {
                sum.features.get(name).is_some_and(|held| held.quantity.covers(*wanted))
            };
            if sum.licenses > 1 && question.features.iter().all(covers) {
                let decides = |judged: &JudgedLicense| {
                    contributes(judged) && verdict_rank(&judged.judgement.base_verdict) == least
                };
                for judged in judged.iter_mut().filter(|judged| decides(judged)) {
                    judged.judgement.verdict = judged.judgement.base_verdict.clone();
                }
                answered.push(sum);
                break;
            }
            if sum.licenses > 1 && least == 1 {
                say_together(judged, &sum, question, &contributes);
            }
        }
    }
    answered
}

/// Names what several licenses have together, in place of what each of them has, where even that is too little.
fn say_together(
    judged: &mut [&mut JudgedLicense],
    sum: &CombinedLicenses,
    question: &Question,
    contributes: &dyn Fn(&JudgedLicense) -> bool,
) {
    let parts: Vec<(DocumentId, Features)> = judged
        .iter()
        .filter(|judged| contributes(judged))
        .map(|judged| (judged.license.document_id(), judged.judgement.features.clone()))
        .collect();
    let short = |(name, wanted): &(FeatureName, Quantity)| {
        let held = sum.features.get(name).filter(|held| !held.quantity.covers(*wanted))?;
        let message = format!("{} licenses together include less `{name}` than asked for", sum.licenses);
        let error = Error::new(Reason::QuantityShort, message).at("features");
        let error = error.about(Subject::Product(sum.product.clone()));
        let error =
            error.detail(format!("asked for  {wanted}")).detail(format!("together   {}", held.quantity));
        let mut seen = BTreeSet::new();
        let part = |error: Error, (id, features): &(DocumentId, Features)| match features.get(name) {
            Some(held) if seen.insert(*id) => error.detail(format!("license    {held} in {id}")),
            _ => error,
        };
        Some(parts.iter().fold(error, part))
    };
    let short: Vec<Error> = question.features.iter().filter_map(short).collect();
    for judged in judged.iter_mut().filter(|judged| contributes(judged)) {
        if let Verdict::Refused(reasons) = &mut judged.judgement.verdict {
            reasons.retain(|error| error.reason() != Reason::QuantityShort);
            reasons.extend(short.iter().cloned());
        }
    }
}

/// The sum of licenses of one product, without duplicates.
fn sum(mut judged: Vec<&JudgedLicense>, now: Time) -> Option<CombinedLicenses> {
    let mut seen = BTreeSet::new();
    judged.retain(|judged| seen.insert(judged.license.document_id().to_string()));
    let product = judged.first()?.license.get().product.clone();
    let parts = judged.iter().map(|judged| (judged.license.get(), &judged.judgement.features));
    Some(CombinedLicenses { product, licenses: judged.len(), features: rules::combine(parts, now) })
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::crypto::{PrivateKey, TrustedSet, seal};
    use crate::format;
    use crate::host::verify;
    use crate::model::{
        Components, Features, HostClass, HostFacts, Kind, License, Mac, SECONDS_PER_DAY, Term,
    };

    /// A license for the card `mac`, issued on `day`, that ends 10 days later.
    fn judged(mac: u8, day: i64) -> JudgedLicense {
        let key = PrivateKey::from_seed(&Zeroizing::new([1; 32])).unwrap();
        let issued = Time::from_seconds(day * SECONDS_PER_DAY);
        let license = License {
            issued,
            product: "pbx".into(),
            version: None,
            number: None,
            customer: None,
            order: None,
            unmetered: true,
            model: None,
            after: Vec::new(),
            grace_days: 0,
            drift_days: 0,
            allow: crate::model::AllowedClasses::default(),
            advisory: false,
            memory_days: crate::model::MEMORY_DAYS,
            not_transferable: false,
            weak_lock: false,
            ledger: None,
            request: None,
            term: Term { from: issued, until: Some(issued.plus_days(10)) },
            features: Features::default(),
            lock: Lock::Mac(Mac([0, 4, 0xf1, 0, 0, mac])),
            unknown: Vec::new(),
        };
        let sealed = seal(Kind::License, &format::write_license(&license).unwrap(), &key);
        let file = format::armor(Kind::License, sealed.bytes(), &[]);
        let mut components = Components::default();
        components.add(crate::model::ComponentKind::Nic, "0004f1000001");
        let class = HostClass::BareMetal;
        let facts = HostFacts {
            system_id: None,
            site: None,
            class,
            components,
            absent: Vec::new(),
            memory: Default::default(),
            stored: None,
        };
        let question = Question {
            now: Time::from_seconds(105 * SECONDS_PER_DAY),
            supposed: false,
            product: None,
            features: Vec::new(),
        };
        verify(file.as_bytes(), &TrustedSet::new([key.public()]), &facts, &question).unwrap()
    }

    #[test]
    fn a_valid_license_goes_before_a_later_one_that_is_not_and_the_later_of_two_equals_wins() {
        let (valid, later) = (judged(1, 100), judged(1, 101));
        let (foreign, ended) = (judged(2, 104), judged(1, 90));
        let day = |list: &[&JudgedLicense]| {
            best(list).map(|judged| judged.license.get().issued.seconds() / SECONDS_PER_DAY)
        };
        assert_eq!(day(&[]), None);
        assert_eq!(day(&[&valid, &later, &foreign, &ended]), Some(101));
        assert_eq!(day(&[&foreign, &later, &valid]), Some(101));
        assert_eq!(day(&[&valid, &foreign]), Some(100));
        assert_eq!(day(&[&foreign, &ended]), Some(104));
        // A license without the requested feature comes last.
        let mut without = judged(2, 105);
        if let Verdict::Refused(reasons) = &mut without.judgement.verdict {
            reasons.push(Error::new(Reason::FeatureMissing, "it has no such feature"));
        }
        assert_eq!(day(&[&foreign, &without]), Some(104));
    }
}
