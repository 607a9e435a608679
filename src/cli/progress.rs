//! Progress of long work: a bar on a terminal, plain lines otherwise.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// How far something is.
pub(super) struct Progress(ProgressBar);

/// Below this many steps it is over before anybody could read a bar.
const WORTH_SHOWING: usize = 500;

impl Progress {
    /// Nothing done yet of `total`.
    pub(super) fn new(what: &'static str, total: usize) -> Self {
        if total < WORTH_SHOWING || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(total as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} {msg}, {eta} left") {
            bar.set_style(style.progress_chars("## "));
        }
        Self(bar.with_message(what))
    }

    /// So many more are done.
    pub(super) fn advance(&mut self, steps: usize) {
        self.0.inc(steps as u64);
    }

    /// All is done.
    pub(super) fn finish(&mut self) {
        self.0.finish_and_clear();
    }
}
