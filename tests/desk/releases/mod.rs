//! Release receipts, clock resets and starter licenses.

mod receipts;
mod resets;
mod returned;
mod reversed;
mod starters;
mod suspicious;
