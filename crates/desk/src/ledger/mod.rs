//! The memory of the desk: double entry in a hash chain, and the port through which it is stored.

mod accounts;
mod act;
mod audit;
mod begun;
mod book;
mod chain;
mod entry;
mod holder;
mod in_memory;
mod moves;
mod pool;
mod reading;
mod sums;
mod units;
mod witness;
mod words;

pub use accounts::{codes_of, customer, customers};
pub use act::{Act, Activation, Customer, Labels};
pub use audit::audit;
pub use begun::{BegunTerms, begun};
pub use book::{BalancesOf, Book, Ledger, Query};
pub use chain::link;
pub use entry::{Balance, Draft, Entry, Head, LicenseRef, StoredLicense, Transfer};
pub use holder::Holder;
pub use in_memory::MemoryLedger;
pub use pool::{order, pool};
pub use units::{
    Holding, activations, answer_to, evaluated, given_back, holdings, holdings_at, latest, latest_of_each,
};
pub use witness::Witness;
