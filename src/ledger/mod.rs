//! The memory of the desk: double entry in a hash chain, and the port through which it is stored.

mod act;
mod book;
mod entry;
mod holder;

pub use act::{Act, Activation, Customer, Labels};
pub use book::{Book, Ledger, Of, Query};
pub use entry::{Balance, Draft, Entry, Head, LicenseRef, StoredLicense, Transfer};
pub use holder::Holder;
