//! The whole way from a file's bytes to a verdict, for one license and for all that are installed.

use crate::crypto::{Sealed, TrustedSet, Verified};
use crate::format::{self, Repair};
use crate::model::{HostFacts, License, Result, Trouble, Verdict};
use crate::rules::{self, Judgement, Question};

/// A license that could be verified, what was mended on the way in, and what it is worth here and now.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The license.
    pub license: Verified<License>,
    /// The bytes it was read from.
    pub sealed: Sealed,
    /// What transfers had done to the file.
    pub repairs: Vec<Repair>,
    /// The verdict.
    pub judgement: Judgement,
}

/// Repairs, opens, verifies and judges the bytes of one file.
///
/// ```no_run
/// use airlatch::crypto::{PublicKey, TrustedSet};
/// use airlatch::model::{HostFacts, Time, Verdict};
/// use airlatch::rules::Question;
///
/// # fn check(file: &[u8], facts: &HostFacts, now: Time) -> airlatch::model::Result<()> {
/// let vendor = PublicKey::from_pem(include_str!("../../keys/demo-DO-NOT-TRUST.pub"))?;
/// let question = Question { now, product: Some("call-services".into()), features: vec![] };
/// let judged = airlatch::host::verify(file, &TrustedSet::new([vendor]), facts, &question)?;
/// match judged.judgement.verdict {
///     Verdict::Valid => println!("{}", judged.license.get().features),
///     Verdict::Grace(warning) => println!("{warning}"),
///     Verdict::Refused(reasons) => println!("{}", reasons[0]),
/// }
/// # Ok(()) }
/// ```
///
/// # Errors
/// Everything that stands between the bytes and a verified license: `truncated`, `bad-signature`, `untrusted-key`,
/// `wrong-kind`, `unknown-critical`, …; a verdict is only ever about a verified license.
pub fn verify(bytes: &[u8], trusted: &TrustedSet, facts: &HostFacts, question: &Question) -> Result<Judged> {
    let (sealed, repairs) = format::open_one(bytes)?;
    // What was mended belongs to the answer, also when it is a no.
    let told = |trouble: Trouble| {
        repairs.iter().fold(trouble, |trouble, repair| trouble.detail(format!("repaired   {repair}")))
    };
    let license = format::read_license(&sealed, trusted).map_err(told)?;
    let judgement = rules::judge(&license, facts, question);
    Ok(Judged { license, sealed, repairs, judgement })
}

/// The one to go by: valid before grace before refused; then the one issued last.
pub fn best<'a>(judged: &[&'a Judged]) -> Option<&'a Judged> {
    let rank = |judged: &&&Judged| {
        let worth = match &judged.judgement.verdict {
            Verdict::Valid => 2,
            Verdict::Grace(_) => 1,
            Verdict::Refused(_) => 0,
        };
        (worth, judged.license.get().issued)
    };
    judged.iter().max_by_key(rank).copied()
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::crypto::{PrivateKey, seal};
    use crate::model::{Components, Features, HostClass, Kind, Lock, Mac, Term, Time};

    const DAY: i64 = 86_400;

    /// A license for the card `mac`, issued on `day`, that ends 10 days later.
    fn judged(mac: u8, day: i64) -> Judged {
        let key = PrivateKey::from_seed(&Zeroizing::new([1; 32])).unwrap();
        let issued = Time::from_seconds(day * DAY);
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
            not_transferable: false,
            ledger: None,
            request: None,
            term: Term { from: issued, until: Some(issued.plus(10 * DAY)) },
            features: Features::default(),
            lock: Lock::Mac(Mac([0, 4, 0xf1, 0, 0, mac])),
            unknown: Vec::new(),
        };
        let sealed = seal(Kind::License, &format::write_license(&license).unwrap(), &key);
        let file = format::armor(Kind::License, sealed.bytes(), &[]);
        let mut components = Components::default();
        components.add(crate::model::ComponentKind::Nic, "0004f1000001");
        let class = HostClass::BareMetal;
        let facts = HostFacts { system_id: None, site: None, class, components, absent: Vec::new() };
        let question = Question { now: Time::from_seconds(105 * DAY), product: None, features: Vec::new() };
        verify(file.as_bytes(), &TrustedSet::new([key.public()]), &facts, &question).unwrap()
    }

    #[test]
    fn a_valid_license_goes_before_a_later_one_that_is_not_and_the_later_of_two_equals_wins() {
        let (valid, later) = (judged(1, 100), judged(1, 101));
        let (foreign, ended) = (judged(2, 104), judged(1, 90));
        let day = |list: &[&Judged]| best(list).map(|judged| judged.license.get().issued.seconds() / DAY);
        assert_eq!(day(&[]), None);
        assert_eq!(day(&[&valid, &later, &foreign, &ended]), Some(101));
        assert_eq!(day(&[&foreign, &later, &valid]), Some(101));
        assert_eq!(day(&[&valid, &foreign]), Some(100));
        assert_eq!(day(&[&foreign, &ended]), Some(104));
    }
}
