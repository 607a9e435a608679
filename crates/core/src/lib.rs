//! The verifier a vendor embeds.
//!
//! It reads a license file as it came off the stick, undoes what transfers did to it, checks the signature against the keys
//! you trust, and judges it for a host and a time that you pass in. It opens no file and no connection, asks no clock, and
//! prints nothing.
//!
//! ```toml
//! [dependencies]
//! airlatch-core = "0.1"
//! ```
//!
//! ```
//! use airlatch_core::crypto::{PublicKey, TrustedSet};
//! use airlatch_core::model::{ComponentKind, HostFacts, Quantity, Verdict};
//! use airlatch_core::rules::Question;
//!
//! // The demo key of the repository: its private half is public knowledge.
//! let vendor = PublicKey::from_pem(include_str!("../../../keys/demo-DO-NOT-TRUST.pub"))?;
//! let file = include_bytes!("../../../samples/device.license");
//!
//! let mut facts = HostFacts::unknown();
//! facts.components.add(ComponentKind::Nic, "0004f1144bd4");
//! let question = Question {
//!     now: "2026-12-24T18:00:00Z".parse()?,
//!     supposed: false,
//!     product: Some("phone".into()),
//!     features: vec![("video".parse()?, Quantity::On)],
//! };
//!
//! let judged = airlatch_core::verify(file, &TrustedSet::new([vendor]), &facts, &question)?;
//! match judged.judgement.verdict {
//!     Verdict::Valid => println!("licensed: {}", judged.license.get().features),
//!     Verdict::Grace(warning) | Verdict::Advisory(warning) => println!("licensed, but: {warning}"),
//!     Verdict::Refused(reasons) => panic!("not licensed: {}", reasons[0]),
//! }
//! # Ok::<(), airlatch_core::model::Error>(())
//! ```
//!
//! The way is a straight line, `bytes → Sealed → Verified<License> → Verdict`, and no function goes around it: a
//! [`Verdict`](model::Verdict) is only ever about a license whose signature was checked, and it is never a bool.
//!
//! * [`verify`] is the front door; [`host`] has what else a host does: [`host::draft`], [`host::release()`].
//! * [`model`] has the nouns, [`model::Reason`] every stable reason word.
//! * [`crypto`], [`format`](mod@format) and [`rules`] are the steps between, for those who need one of them alone.
//! * `airlatch-machine` adds the whole check on this host, `airlatch-desk` the issuing side, `airlatch` the program.
//!
//! What is *not* here: a way to trust the key a file names, a clock, a default time, a second algorithm.

pub use host::verify;

pub mod crypto;
pub mod format;
pub mod host;
pub mod model;
pub mod rules;
