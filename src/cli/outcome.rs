//! The outcome of a verb that returned no error, which decides the exit code.

/// The outcome of a verb that returned no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Yes, or done: exit 0.
    Done,
    /// The answer is no: exit 1.
    No,
    /// There is no answer, and the errors were printed: exit 2.
    Unable,
}
