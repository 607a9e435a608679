//! One file for each verb: its arguments, whose doc comments are its help, and its `run`.

pub(super) mod account;
pub(super) mod batch;
pub(super) mod catalog;
pub(super) mod completions;
pub(super) mod desk;
pub(super) mod doctor;
pub(super) mod id;
pub(super) mod inspect;
pub(super) mod install;
pub(super) mod issue;
pub(super) mod keygen;
pub(super) mod ledger;
pub(super) mod man;
pub(super) mod order;
pub(super) mod release;
pub(super) mod request;
pub(super) mod status;
pub(super) mod trust;
pub(super) mod verify;
pub(super) mod what_if;
