//! The ledger in a file: it keeps the contract, and nothing in it is lost, doubled or silently replaced.

#![cfg(all(feature = "store", unix))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, missing_docs, unreachable_pub)]

mod ledger_contract;

#[path = "store/copies.rs"]
mod copies;
#[path = "store/crowd.rs"]
mod crowd;
#[path = "store/damage.rs"]
mod damage;
#[path = "store/refusals.rs"]
mod refusals;
#[path = "store/room.rs"]
mod room;
#[path = "store/speed.rs"]
mod speed;
#[path = "store/versions.rs"]
mod versions;

use room::Room;

#[test]
fn a_file_keeps_the_contract() {
    let room = Room::new("contract");
    ledger_contract::all(|| room.fresh());
}

#[test]
fn a_file_keeps_to_the_model() {
    let room = Room::new("histories");
    ledger_contract::histories(|| room.fresh(), 0..12, 50);
}
