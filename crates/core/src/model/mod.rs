//! The nouns of licensing as plain values: no file format, no clock, no machine.

mod cause;
mod class;
mod code;
mod component;
mod daily;
mod error;
mod facts;
mod features;
mod fingerprint;
pub mod hex;
mod ids;
mod kind;
pub mod length;
mod license;
mod lock;
mod mac;
mod mac_check;
mod mac_mistake;
mod memory;
pub mod near;
mod place;
mod profile;
mod reason;
mod request;
mod spelling;
mod subject;
mod term;
pub mod text;
mod time;
mod verdict;

pub use cause::Cause;
pub use class::AllowedClasses;
pub use code::{Code, CodeKind};
pub use component::{Absence, ComponentKind, Components, HostClass};
pub use daily::{CheckedLicense, DailyCheck, DailyTime};
pub use error::{Error, Result};
pub use facts::HostFacts;
pub use features::{FeatureName, Features, MAX_FEATURES, MAX_QUANTITY, Quantity};
pub use fingerprint::{Fingerprint, Hash16, Salt, Tolerance, ValueRule};
pub use ids::{DocumentId, HostKind, KeyId, LockingId, OrderCode, SiteSerial, SystemId};
pub use kind::Kind;
pub use license::{LedgerMark, License, MAX_GRACE_DAYS, MEMORY_DAYS, Period};
pub use lock::{Lock, Unit};
pub use mac::{Mac, bad_mac};
pub use memory::{
    BootClock, ClockJump, ClockMark, ClockReading, ClockReset, ClockResetRequest, Drift, HostMemory, Receipt,
    ReleasedLicense,
};
pub use place::Place;
pub use profile::{HostIdentity, HostSetting, NetSetting, Profile};
pub use reason::{ExitStatus, Reason};
pub use request::Request;
pub use spelling::Spelling;
pub use subject::Subject;
pub use term::Term;
pub use time::{SECONDS_PER_DAY, SECONDS_PER_HOUR, Time};
pub use verdict::{Comparison, ComponentMatch, Verdict};

/// A product, with its version where it has one.
fn title(product: &str, version: Option<&str>) -> String {
    version.map_or_else(|| product.to_owned(), |version| format!("{product} {version}"))
}
