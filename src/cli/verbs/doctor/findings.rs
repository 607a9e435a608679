//! What was found about a host and about files, together.

use airlatch_machine::here::doctor::{Examination, Finding};

/// A file's name, and what was found about it.
pub(super) type File = (String, Vec<Finding>);

/// What was found about the files before what was found about the host.
pub(super) fn all(host: &Examination, files: &[File]) -> Vec<Finding> {
    files.iter().flat_map(|(_, findings)| findings).chain(&host.findings).cloned().collect()
}
