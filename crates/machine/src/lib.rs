//! Access to the machine, and the whole check of the licenses installed on this host.
//!
//! [`verify_here`] does the whole check: it reads the installed licenses, the host's components and its memory, judges all
//! licenses together at the present time, and updates the memory.
//!
//! ```no_run
//! use airlatch_core::crypto::{PublicKey, TrustedSet};
//! use airlatch_core::model::Quantity;
//!
//! let vendor = TrustedSet::new([PublicKey::from_pem(include_str!("../../../keys/demo-DO-NOT-TRUST.pub"))?]);
//! let asked = [("sessions".parse()?, Quantity::Count(100))];
//! let checked = airlatch_machine::verify_here(&vendor, "call-services", &asked)?;
//! println!("{}", if checked.is_licensed() { "licensed" } else { "not licensed" });
//! # Ok::<(), airlatch_core::model::Error>(())
//! ```

pub use here::verify_here;

pub mod here;
pub mod platform;
