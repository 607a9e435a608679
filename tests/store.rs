//! The ledger in a file keeps the contract.

#![cfg(all(feature = "store", unix))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, missing_docs, unreachable_pub)]

mod ledger_contract;
#[path = "store/room.rs"]
mod room;

use room::Room;

#[test]
fn a_file_keeps_the_contract() {
    let room = Room::new("contract");
    ledger_contract::all(|| room.fresh());
}

#[test]
fn a_file_keeps_to_the_model() {
    let room = Room::new("histories");
    ledger_contract::histories(|| room.fresh(), 0..30, 60);
}
