//! Attempts to get licenses without a charge, and honest mistakes that must not cost anything.

mod again;
mod forgery;
mod hardware;
mod models;
mod orders;
mod trials;
mod versions;
