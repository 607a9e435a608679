//! The touch of the machine, and the whole check of what is installed here.
//!
//! [`verify_here`] does the whole check on this host: it reads what is installed in the host's home, what the host shows
//! and remembers, judges all of it together at this moment, and remembers what it saw.
//!
//! ```no_run
//! use airlatch_core::crypto::{PublicKey, TrustedSet};
//! use airlatch_core::model::Quantity;
//!
//! let vendor = TrustedSet::new([PublicKey::from_pem(include_str!("../../../keys/demo-DO-NOT-TRUST.pub"))?]);
//! let asked = [("sessions".parse()?, Quantity::Count(100))];
//! let checked = airlatch_machine::verify_here(&vendor, "call-services", &asked)?;
//! println!("{}", if checked.holds() { "licensed" } else { "not licensed" });
//! # Ok::<(), airlatch_core::model::Error>(())
//! ```

pub use here::verify_here;

pub mod here;
pub mod platform;
