//! Options and result of writing a file.

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its owner only: mode 0600, independent of the umask.
    Private,
    /// Everybody the umask allows: mode 0644 without the bits of the umask.
    Public,
}

/// What to do with a file that exists at the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Keep it: the same content is no error, other content is `exists`.
    Keep,
    /// Replace it. A link is replaced too, not followed.
    Replace,
}

/// The result of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteResult {
    /// The file is new.
    New,
    /// A file with the same content existed; nothing was written.
    Same,
    /// It replaced a file with other content.
    Replaced,
}
