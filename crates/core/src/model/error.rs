//! The one error of the library: reason, cause and places as data, and a message for people.

use std::fmt;
use std::path::Path;

use super::{Cause, Place, Reason, Subject};

/// The result of anything in the library that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. [`Reason`] and [`Cause`] are for decisions; the texts are for people and may change.
///
/// Text inside may come from a file and hold control characters: make it visible before printing it.
///
/// ```
/// use airlatch_core::model::{Error, Place, Reason};
///
/// let error = Error::new(Reason::BadList, "the line has no MAC").at(Place::Line(7)).at("list.tsv");
/// assert_eq!(error.to_string(), "the line has no MAC (list.tsv, line 7) [bad-list]");
/// assert_eq!(error.line(), Some(7));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Parts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    reason: Reason,
    cause: Option<Cause>,
    subjects: Vec<Subject>,
    message: String,
    /// The outermost first.
    places: Vec<Place>,
    /// The places as text.
    place: Option<String>,
    details: Vec<String>,
}

impl Error {
    /// An error for `reason`; `message` is one lower-case line without a full stop.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            reason,
            cause: None,
            subjects: Vec::new(),
            message: message.into(),
            places: Vec::new(),
            place: None,
            details: Vec::new(),
        }))
    }

    /// Names the cause, where the reason alone does not tell what to do.
    #[must_use]
    pub fn because(mut self, cause: Cause) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// Names something that the next command has to name.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.0.subjects.push(subject);
        self
    }

    /// Says where: a file, line or field. An outer place is put before an inner one.
    #[must_use]
    pub fn at(mut self, place: impl Into<Place>) -> Self {
        self.0.places.insert(0, place.into());
        self.join_places();
        self
    }

    /// Names another path in the place of `path`: for work on a temporary file, of which nobody knows.
    #[must_use]
    pub fn with_path(mut self, path: &Path, shown: &Path) -> Self {
        for place in self.0.places.iter_mut().filter(|place| **place == Place::from(path)) {
            *place = shown.into();
        }
        self.join_places();
        self
    }

    /// The same with another reason.
    #[must_use]
    pub fn with_reason(mut self, reason: Reason) -> Self {
        self.0.reason = reason;
        self
    }

    /// The same with another message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
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

    /// The cause, where the reason alone does not tell what to do.
    pub fn cause(&self) -> Option<Cause> {
        self.0.cause
    }

    /// What it is about, for the next command.
    pub fn subjects(&self) -> &[Subject] {
        &self.0.subjects
    }

    /// What happened, in one line, to be shown.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it happened, if known, to be shown.
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// Where it happened, the outermost place first.
    pub fn places(&self) -> &[Place] {
        &self.0.places
    }

    /// The innermost path.
    pub fn path(&self) -> Option<&Path> {
        self.find(|place| if let Place::Path(path) = place { Some(path.as_path()) } else { None })
    }

    /// The innermost line, from 1.
    pub fn line(&self) -> Option<usize> {
        self.find(|place| if let Place::Line(number) = place { Some(*number) } else { None })
    }

    /// The authorization code that it is about.
    pub fn code(&self) -> Option<&str> {
        self.find(|place| if let Place::Code(code) = place { Some(code.as_str()) } else { None })
    }

    /// The unit that it is about.
    pub fn unit(&self) -> Option<&str> {
        self.find(|place| if let Place::Unit(unit) = place { Some(unit.as_str()) } else { None })
    }

    /// Further lines, most telling first, to be shown.
    pub fn details(&self) -> &[String] {
        &self.0.details
    }

    fn find<'a, T>(&'a self, value: impl Fn(&'a Place) -> Option<T>) -> Option<T> {
        self.0.places.iter().rev().find_map(value)
    }

    fn join_places(&mut self) {
        let names: Vec<String> = self.0.places.iter().map(Place::to_string).collect();
        self.0.place = Some(names.join(", "));
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
