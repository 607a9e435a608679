//! Progress of long work: a bar on a terminal, else a plain line every few seconds.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress of one piece of work.
pub(super) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    /// Seconds after the start at which the next plain line is due; `None` if no plain lines are printed.
    next: Option<u64>,
}

/// Work with fewer steps shows no progress: it ends before a bar could be read.
const WORTH_SHOWING: usize = 500;
/// Seconds between two plain lines.
const PAUSE: u64 = 10;

impl Progress {
    /// Starts with none of `total` steps done.
    pub(super) fn new(what: &'static str, total: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden());
        if total < WORTH_SHOWING {
            return Self { bar, what, next: None };
        }
        if !std::io::stderr().is_terminal() {
            return Self { bar, what, next: Some(PAUSE) };
        }
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} {msg}, {eta} left") {
            bar.set_style(style.progress_chars("## "));
        }
        bar.set_draw_target(ProgressDrawTarget::stderr());
        Self { bar: bar.with_message(what), what, next: None }
    }

    /// Counts this many more steps as done.
    pub(super) fn advance(&mut self, steps: usize) {
        self.bar.inc(steps as u64);
        if self.next.is_some_and(|next| self.bar.elapsed().as_secs() >= next) {
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
            // A closed stderr only means that nobody wants progress.
            let _ = writeln!(std::io::stderr(), "{done} of {all} {}", self.what);
            self.next = Some(self.bar.elapsed().as_secs() + PAUSE);
        }
    }

    /// Removes the bar.
    pub(super) fn finish(&mut self) {
        self.bar.finish_and_clear();
    }
}
