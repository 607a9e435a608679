//! The metrics of `status --prometheus`: into a file that is replaced at once, or on standard output.

use std::path::Path;

use airlatch_core::model::Result;
use airlatch_machine::platform::{Access, Existing};

use crate::cli::input;
use crate::cli::session::Session;
use crate::view::Metrics;

/// Writes the metrics.
pub(super) fn write(path: &Path, metrics: &Metrics<'_>, session: &mut Session) -> Result<()> {
    let text = metrics.text();
    if input::is_stream(path) {
        text.lines().for_each(|line| session.screen.line(line));
        return Ok(());
    }
    // A collector reads the file at any time, so it never meets half of it.
    session.files.write(path, text.as_bytes(), Access::Public, Existing::Replace).map(|_| ())
}
