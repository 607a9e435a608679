//! `doctor` on hosts broken in every way: what it advises first, that it writes nothing, mends without loss, and lets no
//! secret into a bundle.

mod bundle;
mod homes;
mod repair;
mod ward;
