//! airlatch: licenses for machines without a network.
//!
//! Without features this crate is the verifier a vendor embeds: it reads a license file as it came off the stick, undoes
//! what transfers did to it, checks the signature against the keys you trust, and judges it for a host and a time that
//! you pass in. It opens no file and no connection, asks no clock, and prints nothing.
//!
//! ```toml
//! [dependencies]
//! airlatch = { version = "0.1", default-features = false }
//! ```
//!
//! ```
//! use airlatch::crypto::{PublicKey, TrustedSet};
//! use airlatch::model::{ComponentKind, Components, HostClass, HostFacts, Verdict};
//! use airlatch::rules::Question;
//!
//! // The demo key of the repository: its private half is public knowledge.
//! let vendor = PublicKey::from_pem(include_str!("../keys/demo-DO-NOT-TRUST.pub"))?;
//! let file = include_bytes!("../samples/device.license");
//!
//! let mut components = Components::default();
//! components.add(ComponentKind::Nic, "0004f1144bd4");
//! let facts = HostFacts { system_id: None, site: None, class: HostClass::BareMetal, components, absent: vec![], memory: Default::default() };
//! let question = Question {
//!     now: "2026-12-24T18:00:00Z".parse()?,
//!     supposed: false,
//!     product: Some("phone".into()),
//!     features: vec![("video".parse()?, airlatch::model::Quantity::On)],
//! };
//!
//! let judged = airlatch::verify(file, &TrustedSet::new([vendor]), &facts, &question)?;
//! assert_eq!(judged.judgement.verdict, Verdict::Valid);
//! # Ok::<(), airlatch::model::Trouble>(())
//! ```
//!
//! The way is a straight line, `bytes → Sealed → Verified<License> → Verdict`, and no function goes around it: a
//! [`Verdict`](model::Verdict) is only ever about a license whose signature was checked, and it is never a bool.
//!
//! * [`verify`] is the front door: the bytes of one file, the host's facts and the time go in, a verdict comes out. It
//!   takes about half as long again as the check of the signature alone, a tenth of a millisecond: ask anew each time.
//! * [`host`] has what else a host does: [`host::supersede`] and [`host::add_up`] for several licenses, [`host::draft`].
//! * [`model`] has the nouns, [`model::Reason`] every stable reason word.
//! * [`crypto`], [`format`](mod@format) and [`rules`] are the steps between, for those who need one of them alone.
//! * With the feature `desk` comes issuing, with `machine` the touch of the real machine, with `cli` the program.
//!
//! What is *not* here: a way to trust the key a file names, a clock, a default time, a second algorithm.

#[cfg(feature = "cli")]
pub mod cli;
pub mod crypto;
#[cfg(feature = "desk")]
pub mod desk;
pub mod format;
#[cfg(feature = "machine")]
pub mod here;
pub mod host;
#[cfg(feature = "desk")]
pub mod ledger;
pub mod model;
#[cfg(feature = "machine")]
pub mod platform;
pub mod rules;
#[cfg(feature = "store")]
pub mod store;

pub use host::verify;
