//! Attempts to get licenses without a charge, and honest mistakes that must not cost anything.

mod again;
mod forgery;
mod hardware;
mod locking_ids;
mod models;
mod orders;
mod trials;
mod versions;
