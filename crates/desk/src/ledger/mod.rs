//! The ledger: double-entry bookkeeping in a hash chain, and its storage interface.

mod accounts;
mod act;
mod audit;
mod book;
mod chain;
mod entry;
mod holder;
mod in_memory;
mod moves;
mod pool;
mod read_act;
mod started_terms;
mod sums;
mod units;
mod witness;
mod write_act;

pub use accounts::{codes_of, customer, customers};
pub use act::{Act, Activation, Customer, Labels};
pub use audit::audit;
pub use book::{BalanceFilter, Book, Ledger, Query};
pub use chain::link;
pub use entry::{Balance, Draft, Entry, Head, LicenseRef, StoredLicense, Transfer};
pub use holder::Holder;
pub use in_memory::MemoryLedger;
pub use pool::{order, passed_as, pool};
pub use started_terms::{StartedTerms, started_terms};
pub use units::{
    Holding, activations, answer_to, charged, evaluated, holdings, holdings_at, latest, latest_of_each,
    release_entry,
};
pub use witness::Witness;
