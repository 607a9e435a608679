//! The whole way from a file's bytes to a verdict, for one license and for all that are installed.

use crate::crypto::{TrustedSet, Verified};
use crate::format::{self, Repair};
use crate::model::{Error, HostFacts, License, Result};
use crate::rules::{self, Judgement, Question};

/// A license that could be verified, what was mended on the way in, and what it is worth here and now.
#[derive(Debug, Clone)]
pub struct JudgedLicense {
    /// The license.
    pub license: Verified<License>,
    /// What transfers had done to the file.
    pub repairs: Vec<Repair>,
    /// The verdict.
    pub judgement: Judgement,
}

/// A license that could be verified, not judged yet.
#[derive(Debug, Clone)]
pub struct OpenedLicense {
    /// The license.
    pub license: Verified<License>,
    /// What transfers had done to the file.
    pub repairs: Vec<Repair>,
}

impl OpenedLicense {
    /// Judges it for a host, a time and what is asked.
    pub fn judge(self, facts: &HostFacts, question: &Question) -> JudgedLicense {
        let judgement = rules::judge(&self.license, facts, question);
        JudgedLicense { license: self.license, repairs: self.repairs, judgement }
    }
}

/// Repairs, opens, verifies and judges the bytes of one file.
///
/// ```no_run
/// use airlatch_core::crypto::{PublicKey, TrustedSet};
/// use airlatch_core::model::{HostFacts, Time, Verdict};
/// use airlatch_core::rules::Question;
///
/// # fn check(file: &[u8], facts: &HostFacts, now: Time) -> airlatch_core::model::Result<()> {
/// let vendor = PublicKey::from_pem(include_str!("../../../../keys/demo-DO-NOT-TRUST.pub"))?;
/// let question = Question { now, supposed: false, product: Some("call-services".into()), features: vec![] };
/// let judged = airlatch_core::verify(file, &TrustedSet::new([vendor]), facts, &question)?;
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
pub fn verify(
    bytes: &[u8],
    trusted: &TrustedSet,
    facts: &HostFacts,
    question: &Question,
) -> Result<JudgedLicense> {
    Ok(open(bytes, trusted)?.judge(facts, question))
}

/// Repairs, opens and verifies the bytes of one file, so that what is signed in several can be held against each of them
/// before any is judged.
///
/// # Errors
/// Those of [`verify`].
pub fn open(bytes: &[u8], trusted: &TrustedSet) -> Result<OpenedLicense> {
    let (sealed, repairs) = format::open_one(bytes)?;
    // What was mended belongs to the answer, also when it is a no.
    let told = |error: Error| {
        repairs.iter().fold(error, |error, repair| error.detail(format!("repaired   {repair}")))
    };
    let license = format::read_license(&sealed, trusted).map_err(told)?;
    Ok(OpenedLicense { license, repairs })
}
