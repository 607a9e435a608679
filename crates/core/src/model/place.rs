//! Where an error happened, as data: a path, a line, a field.

use std::fmt;
use std::path::{self, Path, PathBuf};

/// One step on the way to where an error happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// A file or folder, as it was typed.
    Path(PathBuf),
    /// Standard input.
    Input,
    /// Standard output.
    Output,
    /// A line, from 1.
    Line(usize),
    /// A column of a line, from 1.
    Column(usize),
    /// An authorization code, as it is spelt.
    Code(String),
    /// A unit, as it is shown.
    Unit(String),
    /// A field, an option, or anything else with a name.
    Name(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Input => f.write_str("standard input"),
            Self::Output => f.write_str("standard output"),
            Self::Line(number) => write!(f, "line {number}"),
            Self::Column(number) => write!(f, "column {number}"),
            Self::Code(name) | Self::Unit(name) | Self::Name(name) => f.write_str(name),
        }
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

impl From<path::Display<'_>> for Place {
    fn from(path: path::Display<'_>) -> Self {
        Self::Path(path.to_string().into())
    }
}

impl From<&str> for Place {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<&String> for Place {
    fn from(name: &String) -> Self {
        Self::Name(name.clone())
    }
}

impl From<String> for Place {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}
