//! From the bytes of a license file to a verdict.

use crate::crypto::{TrustedSet, Verified};
use crate::format::{self, Repair};
use crate::model::{Error, HostFacts, License, Result};
use crate::rules::{self, Judgement, Question};

/// A verified license with its repairs and its verdict.
#[derive(Debug, Clone)]
pub struct JudgedLicense {
    /// The license.
    pub license: Verified<License>,
    /// The damage from transfers that was repaired.
    pub repairs: Vec<Repair>,
    /// The verdict.
    pub judgement: Judgement,
}

/// A verified license, not judged yet.
#[derive(Debug, Clone)]
pub struct OpenedLicense {
    /// The license.
    pub license: Verified<License>,
    /// The damage from transfers that was repaired.
    pub repairs: Vec<Repair>,
}

impl OpenedLicense {
    /// Judges it for a host and a question.
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
///     Verdict::Grace(warning) | Verdict::Advisory(warning) => println!("{warning}"),
///     Verdict::Refused(reasons) => println!("{}", reasons[0]),
/// }
/// # Ok(()) }
/// ```
///
/// # Errors
/// All errors of reading and verifying: `truncated`, `bad-signature`, `untrusted-key`, `wrong-kind`, `unknown-critical`, …
/// A verified license that is refused is no error: that is a verdict.
pub fn verify(
    bytes: &[u8],
    trusted: &TrustedSet,
    facts: &HostFacts,
    question: &Question,
) -> Result<JudgedLicense> {
    Ok(open(bytes, trusted)?.judge(facts, question))
}

/// Repairs, opens and verifies the bytes of one file, without a verdict. The signed times of all licenses have to be known
/// before any of them is judged.
///
/// # Errors
/// Those of [`verify`].
pub fn open(bytes: &[u8], trusted: &TrustedSet) -> Result<OpenedLicense> {
    let (sealed, repairs) = format::open_one(bytes)?;
    // Repairs are shown even if the license is refused.
    let with_repairs = |error: Error| {
        repairs.iter().fold(error, |error, repair| error.detail(format!("repaired   {repair}")))
    };
    let license = format::read_license(&sealed, trusted).map_err(with_repairs)?;
    Ok(OpenedLicense { license, repairs })
}
