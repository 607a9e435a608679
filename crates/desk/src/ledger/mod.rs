//! The ledger: double-entry bookkeeping in a hash chain, and its storage interface.

mod accounts;
mod act;
mod audit;
mod book;
mod chain;
mod desk_time;
mod entry;
mod holder;
mod in_memory;
mod labels;
mod moves;
mod notes;
mod pool;
mod read_act;
mod reversal;
mod reversals;
mod started_terms;
mod sums;
mod units;
mod witness;
mod write_act;

pub use accounts::{codes_of, customer, customers};
pub use act::{Act, Activation, Customer, UnitNote};
pub use audit::audit;
pub use book::{BalanceFilter, Book, Ledger, Query};
pub use chain::link;
pub use desk_time::{DeskTimes, override_in_force};
pub use entry::{Balance, Draft, Entry, Head, LicenseRef, StoredLicense, Transfer};
pub use holder::Holder;
pub use in_memory::MemoryLedger;
pub use labels::Labels;
pub use notes::{CurrentNotes, current_notes, notes_since};
pub use pool::{order, passed_as, pool};
pub use reversal::{Reversal, Reversed};
pub use reversals::reversals;
pub use started_terms::{StartedTerms, started_terms};
pub use units::{
    Holding, activations, answer_to, charged, evaluated, holdings, holdings_at, latest, latest_of_each,
    release_entry,
};
pub use witness::Witness;
