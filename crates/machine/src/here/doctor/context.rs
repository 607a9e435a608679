//! What a look at a host begins with, and what it gives.

use std::path::{Path, PathBuf};

use crate::here::LoadedMemory;
use crate::platform::{Files, Folder, Machine};
use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::host::JudgedLicense;
use airlatch_core::model::{HostFacts, Result, Time};

use super::Finding;

/// What is looked at.
#[derive(Debug)]
pub struct ExamContext<'a> {
    /// The host home, or why there is none.
    pub home: Result<PathBuf>,
    /// The folder in which what the host remembers is kept a second time.
    pub state: Folder,
    /// The instance id that the environment names.
    pub instance: Option<String>,
    /// The disk.
    pub files: &'a Files,
    /// Where the host's facts are read: `/` on a live host.
    pub root: &'a Path,
    /// The clock.
    pub now: Time,
    /// Keys to be trusted for this look, beside those of the home.
    pub named: Vec<PublicKey>,
    /// The keys the program was built with, if any: then it trusts no others.
    pub built_in: Option<Result<TrustedSet>>,
    /// The system and the program.
    pub machine: &'a Machine,
}

/// What a look at a host gave.
#[derive(Debug)]
pub struct Examination {
    /// What was found, in the order worth checking.
    pub findings: Vec<Finding>,
    /// The host, as far as it shows anything.
    pub facts: HostFacts,
    /// The keys that are trusted.
    pub trusted: TrustedSet,
    /// The installed licenses, each judged here and now beside the others, or why it can't be.
    pub licenses: Vec<(PathBuf, Result<JudgedLicense>)>,
    /// What the host remembers, as it was found.
    pub recall: LoadedMemory,
    /// The last lines of the host's log, the oldest first.
    pub log: Vec<String>,
    /// The SHA-256 of the program's own file, in hexadecimal digits.
    pub program: Option<String>,
}
