//! The findings about the host and about files, joined.

use airlatch_machine::here::doctor::{Examination, Finding};

/// A file name and its findings.
pub(super) type File = (String, Vec<Finding>);

/// All findings, those about files first.
pub(super) fn all_findings(host: &Examination, files: &[File]) -> Vec<Finding> {
    files.iter().flat_map(|(_, findings)| findings).chain(&host.findings).cloned().collect()
}
