//! Input and result of an examination.

use std::path::{Path, PathBuf};

use crate::here::LoadedMemory;
use crate::platform::{Files, Folder, Machine};
use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::host::JudgedLicense;
use airlatch_core::model::{BootClock, HostFacts, Result, Time};

use super::Finding;

/// The host to examine.
#[derive(Debug)]
pub struct ExamContext<'a> {
    /// The host home, or why there is none.
    pub home: Result<PathBuf>,
    /// The folder of the second copy of the clock mark.
    pub state: Folder,
    /// The instance id from the environment.
    pub instance: Option<String>,
    /// The time since the machine was started.
    pub boot: Option<BootClock>,
    /// The files.
    pub files: &'a Files,
    /// The root folder to probe: `/` on a live host.
    pub root: &'a Path,
    /// The time of the clock.
    pub now: Time,
    /// Keys to trust in this run, besides those of the home.
    pub named: Vec<PublicKey>,
    /// The keys the program was built with, if any: then it trusts no others.
    pub built_in: Option<Result<TrustedSet>>,
    /// The system and the program.
    pub machine: &'a Machine,
}

/// The result of an examination.
#[derive(Debug)]
pub struct Examination {
    /// The findings, in the order of the checks.
    pub findings: Vec<Finding>,
    /// The facts of the host.
    pub facts: HostFacts,
    /// The keys that are trusted.
    pub trusted: TrustedSet,
    /// The installed licenses, each with its verdict or its error.
    pub licenses: Vec<(PathBuf, Result<JudgedLicense>)>,
    /// The memory as it was read.
    pub recall: LoadedMemory,
    /// The last lines of the host's log, the oldest first.
    pub log: Vec<String>,
    /// The SHA-256 of the program's own file, in hexadecimal digits.
    pub program: Option<String>,
}
