//! What the desk makes of receipts and of hosts that ask for a reset of their clock, and what a product is shipped with.

mod receipts;
mod resets;
mod returned;
mod starters;
