//! What a unit may get from the codes that were named, what it costs, and until when it holds.

mod codes;
mod cost;
mod fits;
mod guess;
mod random;
mod scene;
mod terms;
