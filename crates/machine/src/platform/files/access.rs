//! How a file is written: for whom, over what, and what a write did.

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its owner alone: mode 0600, whatever the umask.
    Private,
    /// Everybody the umask allows: mode 0644 less the umask.
    Public,
}

/// What is to happen when a file stands at the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays; the same bytes are fine, others are `exists`.
    Keep,
    /// It is replaced; a link is replaced, never followed.
    Replace,
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteResult {
    /// The file is new.
    New,
    /// It was there already, byte for byte; nothing was written.
    Same,
    /// It took the place of another one.
    Replaced,
}
