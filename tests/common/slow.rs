//! How much is done of what takes long: a fixed sample in `cargo test`, and all of it under `just slow`.

/// Whether all of it is asked for, by `AIRLATCH_SLOW=1`.
pub fn all() -> bool {
    std::env::var_os("AIRLATCH_SLOW").is_some_and(|value| value == "1")
}

/// The sample, or all.
pub fn or<T>(sample: T, whole: T) -> T {
    if all() { whole } else { sample }
}

/// Of things in a row, every so many: all of them under `just slow`. `turn` says with which one it begins, so that several
/// rows don't leave out the same.
pub fn every<T>(step: usize, turn: usize, things: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    let (step, skip) = if all() { (1, 0) } else { (step, turn % step) };
    things.into_iter().skip(skip).step_by(step)
}
