//! What a verb answered when nothing failed, and so the exit code.

/// What a verb answered when nothing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Yes, or done: exit 0.
    Done,
    /// The honest answer is no: exit 1.
    No,
    /// It was said why nothing could be told: exit 2.
    Unable,
}
