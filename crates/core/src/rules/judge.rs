//! Judges a license: whether it is valid on this host, at this time, for the features asked for.

use crate::crypto::Verified;
use crate::model::{
    AllowedClasses, Cause, Comparison, Error, FeatureName, Features, HostClass, HostFacts, HostMemory,
    License, Lock, Quantity, Reason, ReleasedLicense, Subject, Time, Verdict, near,
};

use super::Question;
use super::clock::{self, Rollback};
use super::compare::compare;
use super::drift::{self, DriftAllowance};
use super::memory_loss::{self, MemoryLoss};
use super::moment::{TermState, moment, other_period_with};
use super::objections::Objections;
use super::other_host::other_host;
use super::starter::{self, StarterState};

/// The verdict on a license, and what it is based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict; a refusal has all reasons.
    pub verdict: Verdict,
    /// The verdict without the question for features.
    pub base_verdict: Verdict,
    /// Until when it works in grace; `None` if it is not, or if its term decides.
    pub works_until: Option<Time>,
    /// Every warning, also of a license that is refused; a verdict of grace has the first, with the others as details.
    pub warnings: Vec<Error>,
    /// The features allowed at this time; empty if the license is not valid.
    pub features: Features,
    /// The comparison of components; empty for a lock without components.
    pub comparison: Vec<Comparison>,
}

/// Judges a verified license; there is no other way to a verdict.
pub fn judge(license: &Verified<License>, facts: &HostFacts, question: &Question) -> Judgement {
    let comparison = compare(&license.get().lock, facts);
    let mut against = Objections::new(license.get());
    against.counts_days = matches!(license.get().lock, Lock::Starter(_));
    against.refuse(released(license, &facts.memory));
    let (document, license) = (license, license.get());
    let now = clock::time(document, &facts.memory, question);
    against.refuse(other_product(license, question));
    if let Some(error) = other_host(license, facts, &comparison) {
        match drift::remaining(document, facts, &comparison, now) {
            Some(DriftAllowance::Seconds(..=0)) => {
                against.refuse(Some(error.detail("grace      the days on changed hardware are used up")))
            }
            Some(left @ DriftAllowance::Seconds(seconds)) => {
                against.counts_days = true;
                against.warn(drift::warning(left, &error), Some(now.plus_seconds(seconds)));
            }
            Some(DriftAllowance::Unlimited) => {
                against.warn(drift::warning(DriftAllowance::Unlimited, &error), None);
            }
            None => against.refuse(Some(error)),
        }
    }
    against.refuse(other_class(license, &facts.class));
    match clock::rollback(document, &facts.memory, question, against.counts_days, against.is_refused()) {
        None => {}
        Some(Rollback::Harmless(error)) => against.warn(error, None),
        Some(Rollback::Grace(error, end)) => against.warn(error, Some(end)),
        Some(Rollback::Refused(error)) => {
            against.clock_is_wrong = true;
            against.refuse(Some(error));
        }
    }
    let moment = moment(license, now);
    match moment.state {
        // With a wrong clock the position in the term is unknown.
        _ if against.clock_is_wrong => {}
        TermState::InTerm => {}
        TermState::Grace(error) => against.warn(error, license.grace_end()),
        TermState::Exceeded(error) => against.warn(error, None),
        TermState::OutOfTerm(error) => against.refuse(Some(error)),
    }
    if let Lock::Starter(days) = license.lock {
        match starter::starter(&license.product, days, &facts.memory, now) {
            StarterState::Running(error, end) => against.warn(error, Some(end)),
            StarterState::Over(error) => against.refuse(Some(error)),
        }
    }
    without_memory(&mut against, document, facts, now);
    let base_verdict = against.verdict();
    let asked = question.features.iter();
    let missing = |(name, wanted): &(_, _)| missing_feature(license, &moment.features, name, *wanted, now);
    asked.filter_map(missing).for_each(|error| against.refuse(Some(error)));
    let verdict = against.verdict();
    let features = match base_verdict {
        Verdict::Refused(_) => Features::default(),
        _ => moment.features.into_owned(),
    };
    let works_until = against.works_until.filter(|_| !base_verdict.is_refused());
    // Nothing works beyond the grace of its term.
    let works_until = works_until.map(|end| license.grace_end().map_or(end, |last| end.min(last)));
    Judgement { verdict, base_verdict, warnings: against.warnings, works_until, features, comparison }
}

/// What a lost memory, or one that can't be stored, does to a license that is not refused anyway.
fn without_memory(against: &mut Objections<'_>, license: &Verified<License>, facts: &HostFacts, now: Time) {
    if against.is_refused() {
        return;
    }
    let content = license.get();
    let lost = memory_loss::lost(content, &facts.memory, now);
    let not_stored = facts
        .stored
        .as_ref()
        .and_then(|stored| memory_loss::not_stored(content, facts.system_id.is_some(), stored, now));
    for loss in lost.into_iter().chain(not_stored) {
        match loss {
            MemoryLoss::Warning(error, end) => against.warn(error, end),
            MemoryLoss::Refused(error) => against.refuse(Some(error)),
        }
    }
    let uncounted = facts
        .stored
        .as_ref()
        .and_then(|stored| memory_loss::uncounted(license, stored, &against.warnings, against.works_until));
    against.refuse(uncounted);
}

/// Whether a verdict depends on the machine: on its components, or on its class.
pub fn depends_on_machine(license: &License) -> bool {
    let by_component =
        matches!(license.lock, Lock::Fingerprint { .. } | Lock::LockingId { .. } | Lock::Mac(_));
    by_component || license.allow != AllowedClasses::ALL
}

/// The refusal of a license that this host released, or that the same ledger issued for the product before that one.
fn released(license: &Verified<License>, memory: &HostMemory) -> Option<Error> {
    let matches = |released: &&ReleasedLicense| {
        released.license == license.document_id() || released.also_releases(license.get())
    };
    let released = memory.released.iter().find(matches)?;
    let error = Error::new(Reason::Released, "this license was released").at("license");
    let error = error.about(Subject::License(released.license.to_string()));
    // The receipt of a later one can't be written with this license.
    let is_same = released.license == license.document_id();
    let error = if is_same { error.because(Cause::GivenBack) } else { error };
    Some(error.detail(format!("released   {}", released.at)))
}

fn other_class(license: &License, class: &HostClass) -> Option<Error> {
    if license.allow.permits(class) {
        return None;
    }
    let name = match class {
        HostClass::Container(_) => "a container",
        _ => "a virtual machine",
    };
    let error = Error::new(Reason::WrongClass, format!("this license does not allow {name}")).at("allow");
    let error = error.detail(format!("it allows  {}", license.allow));
    let evidence = class.evidence().into_iter();
    Some(evidence.fold(error, |error, evidence| error.detail(format!("this host  {evidence}"))))
}

fn other_product(license: &License, question: &Question) -> Option<Error> {
    let wanted = question.product.as_deref().filter(|wanted| *wanted != license.product)?;
    let error = Error::new(Reason::WrongProduct, "this license is for another product").at("product");
    let error =
        error.detail(format!("asked for  {wanted}")).detail(format!("license    {}", license.product));
    let near = near::nearest([license.product.as_str()], wanted);
    Some(near.into_iter().fold(error, |error, near| {
        let error = error.detail(format!("did you mean `{near}`?"));
        error.because(Cause::NearProduct).about(Subject::Product(near.to_owned()))
    }))
}

fn missing_feature(
    license: &License,
    features: &Features,
    name: &FeatureName,
    wanted: Quantity,
    now: Time,
) -> Option<Error> {
    let other_period = other_period_with(license, name, wanted, now);
    let add_period = |error: Error, width: usize| {
        let line = |(word, time)| format!("{word:<width$}  {time}");
        other_period.map(line).into_iter().fold(error, Error::detail)
    };
    match features.get(name) {
        None => {
            let message = format!("this license does not include `{name}`");
            let error = Error::new(Reason::FeatureMissing, message).at("features");
            let error = add_period(error.detail(format!("includes  {features}")), 8);
            let near = near::nearest(
                features.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
                name.as_str(),
            );
            let asked = |near: &str| match wanted {
                Quantity::On => near.to_owned(),
                Quantity::Count(number) => format!("{near}={number}"),
            };
            Some(near.into_iter().fold(error, |error, near| {
                let error = error.detail(format!("did you mean `{near}`?"));
                error.because(Cause::NearFeature).about(Subject::Feature(asked(near)))
            }))
        }
        Some(held) if held.covers(wanted) => None,
        Some(held) => {
            let message = format!("this license includes less `{name}` than asked for");
            let error = Error::new(Reason::QuantityShort, message).at("features");
            let error = error.detail(format!("asked for  {wanted}"));
            Some(add_period(error.detail(format!("license    {held}")), 9))
        }
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::crypto::{PrivateKey, TrustedSet, check, seal};
    use crate::model::{
        ComponentKind, Components, Kind, LedgerMark, Mac, Result, SiteSerial, SystemId, Term,
    };

    const NOON: i64 = 1_795_262_400;

    fn license(lock: Lock) -> Result<Verified<License>> {
        let key = PrivateKey::from_seed(&Zeroizing::new([1; 32]))?;
        let mut features = Features::default();
        features.add("sessions".parse()?, Quantity::Count(100))?;
        features.add("voicemail".parse()?, Quantity::On)?;
        let license = License {
            issued: Time::from_seconds(NOON),
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
            term: Term { from: Time::from_seconds(NOON), until: Some(Time::from_seconds(NOON + 60)) },
            features,
            lock,
            unknown: Vec::new(),
        };
        let sealed = seal(Kind::License, b"", &key);
        check(&sealed, Kind::License, &TrustedSet::new([key.public()]))?.parse(|_| Ok(license))
    }

    fn site(seed: u8) -> SiteSerial {
        SiteSerial::from_digest(&[seed; 32])
    }

    fn at_site() -> HostFacts {
        HostFacts { site: Some(site(1)), ..HostFacts::unknown() }
    }

    fn reasons(license: &Verified<License>, facts: &HostFacts, question: &Question) -> Vec<&'static str> {
        match judge(license, facts, question).verdict {
            Verdict::Refused(reasons) => reasons.iter().map(|error| error.reason().word()).collect(),
            _ => Vec::new(),
        }
    }

    fn asking(features: &[(&str, Quantity)]) -> Question {
        let features = features.iter().map(|(name, wanted)| (name.parse().unwrap(), *wanted)).collect();
        Question { now: Time::from_seconds(NOON), supposed: false, product: Some("pbx".into()), features }
    }

    #[test]
    fn the_machine_changes_no_verdict_that_does_not_depend_on_it() {
        let id = |seed: u8| SystemId::from_digest(&[seed; 32]);
        let shown = HostFacts { system_id: Some(id(1)), site: Some(site(1)), ..HostFacts::unknown() };
        let mut components = Components::default();
        ComponentKind::ALL.into_iter().for_each(|kind| components.add(kind, "0004f2000001"));
        let machines = [
            HostFacts { components, ..shown.clone() },
            HostFacts { class: HostClass::Virtual("it says so".into()), ..shown.clone() },
            HostFacts { class: HostClass::Container("it says so".into()), ..shown.clone() },
        ];
        let locks = [
            Lock::SystemId(id(1)),
            Lock::SystemId(id(2)),
            Lock::Site(site(1)),
            Lock::Site(site(2)),
            Lock::Starter(30),
            Lock::Mac(Mac([0, 4, 0xf2, 0, 0, 1])),
        ];
        let mut needed = 0;
        for lock in locks {
            for allow in [AllowedClasses::ALL, AllowedClasses::default()] {
                let license = license(lock.clone()).unwrap().parse(|it| Ok(License { allow, ..it.clone() }));
                let license = license.unwrap();
                let judge = |facts| judge(&license, facts, &asking(&[]));
                let differs = machines.iter().any(|machine| judge(machine) != judge(&shown));
                assert!(!differs || depends_on_machine(license.get()), "{lock:?}");
                needed += usize::from(depends_on_machine(license.get()));
            }
        }
        assert_eq!(needed, 7);
    }

    /// A release covers earlier licenses of the installation, not those of a card or a site.
    #[test]
    fn a_release_covers_earlier_licenses_of_the_same_unit() {
        let id = SystemId::from_digest(&[1; 32]);
        let shown = HostFacts { system_id: Some(id), ..at_site() };
        for (lock, number, gone) in [
            (Lock::SystemId(id), 4, true),
            (Lock::SystemId(id), 6, false),
            (Lock::Site(site(1)), 4, false),
            (Lock::Mac(Mac([0, 4, 0xf2, 0, 0, 1])), 4, false),
        ] {
            let mark = LedgerMark { ledger: [7; 16], number, hash: [0; 32] };
            let license = license(lock.clone()).unwrap();
            let license = license.parse(|it| Ok(License { ledger: Some(mark), ..it.clone() })).unwrap();
            let mut facts = shown.clone();
            facts.memory.released.push(crate::model::ReleasedLicense {
                license: crate::model::DocumentId::from_digest(&[9; 32]),
                product: "pbx".into(),
                ledger: Some((mark.ledger, 5)),
                at: Time::from_seconds(NOON),
            });
            let said = reasons(&license, &facts, &asking(&[]));
            assert_eq!(said.contains(&"released"), gone, "{lock:?} {number}: {said:?}");
        }
    }

    #[test]
    fn features_are_covered_or_named() {
        let license = license(Lock::Site(site(1))).unwrap();
        for (name, wanted, words) in [
            ("sessions", Quantity::Count(100), &[][..]),
            ("sessions", Quantity::On, &[]),
            ("sessions", Quantity::Count(101), &["quantity-short"]),
            ("voicemail", Quantity::On, &[]),
            ("voicemail", Quantity::Count(1), &["quantity-short"]),
            ("Voicemail", Quantity::On, &["feature-missing"]),
        ] {
            assert_eq!(reasons(&license, &at_site(), &asking(&[(name, wanted)])), words, "{name} {wanted}");
        }
    }

    /// Product, host, time, then each feature: all reasons, not only the first.
    #[test]
    fn all_reasons_come_in_a_fixed_order() {
        let license = license(Lock::Site(site(1))).unwrap();
        let asked =
            asking(&[("fax", Quantity::On), ("sessions", Quantity::Count(101)), ("voicemail", Quantity::On)]);
        let question =
            Question { now: Time::from_seconds(NOON + 60), product: Some("phone".into()), ..asked };
        let words = ["wrong-product", "wrong-host", "expired", "feature-missing", "quantity-short"];
        assert_eq!(reasons(&license, &HostFacts::unknown(), &question), words);
        let early = Question {
            now: Time::from_seconds(NOON - 1),
            supposed: true,
            product: None,
            features: Vec::new(),
        };
        assert_eq!(reasons(&license, &at_site(), &early), ["not-yet-valid"]);
    }

    #[test]
    fn a_site_or_an_installation_is_the_same_or_both_are_named() {
        let details =
            |lock: Lock, facts: &HostFacts| match judge(&license(lock).unwrap(), facts, &asking(&[])).verdict
            {
                Verdict::Refused(reasons) => reasons[0].details().to_vec(),
                _ => Vec::new(),
            };
        let id = |seed: u8| SystemId::from_digest(&[seed; 32]);
        let installed = HostFacts { system_id: Some(id(1)), ..HostFacts::unknown() };
        assert_eq!(details(Lock::Site(site(1)), &at_site()), [""; 0]);
        assert_eq!(details(Lock::SystemId(id(1)), &installed), [""; 0]);
        for (lock, facts, here, then) in [
            (Lock::Site(site(2)), at_site(), site(1).to_string(), site(2).to_string()),
            (Lock::Site(site(2)), HostFacts::unknown(), "none set".into(), site(2).to_string()),
            (Lock::SystemId(id(2)), installed, id(1).to_string(), id(2).to_string()),
            (Lock::SystemId(id(2)), HostFacts::unknown(), "none yet".into(), id(2).to_string()),
            (
                Lock::Mac(Mac([0, 4, 0, 0, 0, 1])),
                HostFacts::unknown(),
                "no physical network card".into(),
                "00:04:00:00:00:01".into(),
            ),
        ] {
            assert_eq!(details(lock, &facts), [format!("this host  {here}"), format!("license    {then}")]);
        }
    }
}
