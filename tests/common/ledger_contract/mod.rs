//! What every ledger has to do, wherever it is kept: `all` and `histories` take a maker of empty ledgers.

mod cast;
mod corrections;
mod folds;
mod histories;
mod model;
mod posting;
mod queries;

use airlatch_desk::ledger::Ledger;

pub use cast::*;
pub use histories::histories;

/// The whole contract, each point with a ledger of its own.
pub fn all<L: Ledger>(make: impl Fn() -> L) {
    posting::all(&make);
    queries::all(&make);
    folds::all(&make);
    corrections::all(&make);
}
