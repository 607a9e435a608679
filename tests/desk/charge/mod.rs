//! Charges: what a unit gets from authorization codes, what is charged, and for which periods.

mod codes;
mod cost;
mod discontinued;
mod every_period;
mod fits;
mod guess;
mod levels;
mod lowered_counts;
mod random;
mod scene;
mod terms;
