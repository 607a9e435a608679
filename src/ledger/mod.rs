//! The memory of the desk: double entry in a hash chain, and the port through which it is stored.

mod act;
mod book;
mod chain;
mod entry;
mod hex;
mod holder;
mod moves;
mod reading;
mod words;

pub use act::{Act, Activation, Customer, Labels};
pub use book::{Book, Ledger, Of, Query};
pub use chain::link;
pub use entry::{Balance, Draft, Entry, Head, LicenseRef, StoredLicense, Transfer};
pub use holder::Holder;
