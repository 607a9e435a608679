//! The one error of the library: a stable reason, what happened, where.

use std::fmt;

use super::Reason;

/// The result of anything in the library that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong: the [`Reason`] is stable, the words are for people and may change.
///
/// Text inside may come from a file and hold control characters: make it visible before printing it.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Parts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    reason: Reason,
    message: String,
    place: Option<String>,
    details: Vec<String>,
}

impl Error {
    /// An error for `reason`; `message` is one lower-case line without a full stop.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self(Box::new(Parts { reason, message: message.into(), place: None, details: Vec::new() }))
    }

    /// Says where: a file, line or field. An outer place is put before an inner one.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.0.place = Some(match self.0.place.take() {
            Some(inner) => format!("{place}, {inner}"),
            None => place.to_string(),
        });
        self
    }

    /// Adds one line that helps to see it: both ids, the numbers compared.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.0.details.push(line.into());
        self
    }

    /// The stable reason.
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// What happened, in one line.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it happened, if known.
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// Further lines, most telling first.
    pub fn details(&self) -> &[String] {
        &self.0.details
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place() {
            Some(place) => write!(f, "{} ({place}) [{}]", self.message(), self.reason()),
            None => write!(f, "{} [{}]", self.message(), self.reason()),
        }
    }
}

/// Reads as [`Display`](fmt::Display) does: `fn main() -> Result<(), Error>` prints an error with `Debug`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
