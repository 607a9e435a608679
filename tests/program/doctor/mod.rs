//! `doctor` on broken hosts: its first next step, that it writes nothing, repairs without loss, and puts no secret into a bundle.

mod bundle;
mod homes;
mod repair;
mod ward;
