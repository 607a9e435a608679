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
//! use airlatch::model::{ComponentKind, HostFacts, Quantity, Verdict};
//! use airlatch::rules::Question;
//!
//! // The demo key of the repository: its private half is public knowledge.
//! let vendor = PublicKey::from_pem(include_str!("../keys/demo-DO-NOT-TRUST.pub"))?;
//! let file = include_bytes!("../samples/device.license");
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
//! let judged = airlatch::verify(file, &TrustedSet::new([vendor]), &facts, &question)?;
//! match judged.judgement.verdict {
//!     Verdict::Valid => println!("licensed: {}", judged.license.get().features),
//!     Verdict::Grace(warning) => println!("licensed for now: {warning}"),
//!     Verdict::Refused(reasons) => panic!("not licensed: {}", reasons[0]),
//! }
//! # Ok::<(), airlatch::model::Trouble>(())
//! ```
//!
//! With the feature `machine`, `verify_here` does the whole check on this host: it reads what is installed in the host's
//! home, what the host shows and remembers, judges all of it together at this moment, and remembers what it saw.
//!
#![cfg_attr(
    feature = "machine",
    doc = r#"
```no_run
use airlatch::crypto::{PublicKey, TrustedSet};
use airlatch::model::Quantity;

let vendor = TrustedSet::new([PublicKey::from_pem(include_str!("../keys/demo-DO-NOT-TRUST.pub"))?]);
let checked = airlatch::verify_here(&vendor, "call-services", &[("sessions".parse()?, Quantity::Count(100))])?;
println!("{}", if checked.holds() { "licensed" } else { "not licensed" });
# Ok::<(), airlatch::model::Trouble>(())
```
"#
)]
//!
//! The way is a straight line, `bytes → Sealed → Verified<License> → Verdict`, and no function goes around it: a
//! [`Verdict`](model::Verdict) is only ever about a license whose signature was checked, and it is never a bool.
//!
//! * [`verify`] is the front door; [`host`] has what else a host does: [`host::draft`], [`host::release()`].
//! * [`model`] has the nouns, [`model::Reason`] every stable reason word.
//! * [`crypto`], [`format`](mod@format) and [`rules`] are the steps between, for those who need one of them alone.
//! * With the feature `desk` comes issuing, with `machine` the touch of the real machine, with `cli` the program.
//!
//! What is *not* here: a way to trust the key a file names, a clock, a default time, a second algorithm.

#[cfg(feature = "machine")]
pub use here::verify_here;
pub use host::verify;

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
