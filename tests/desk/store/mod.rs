//! The ledger in a file: it fulfils the storage contract, and nothing is lost, duplicated or silently replaced.

mod copies;
mod crowd;
mod damage;
mod refusals;
mod speed;
mod versions;

use crate::common::slow;
use crate::common::store_room::Room;

#[test]
fn a_file_keeps_the_contract() {
    let room = Room::new("contract");
    crate::common::ledger_contract::all(|| room.fresh());
}

#[test]
fn a_file_keeps_to_the_model() {
    let room = Room::new("histories");
    crate::common::ledger_contract::histories(|| room.fresh(), 0..slow::or(4, 12), 50);
}
