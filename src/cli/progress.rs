//! Progress of long work: a bar on a terminal, now and then a plain line otherwise.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How far something is.
pub(super) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    /// After how many seconds the next plain line is due; none where a bar is shown, or nothing.
    next: Option<u64>,
}

/// Below this many steps it is over before anybody could read a bar.
const WORTH_SHOWING: usize = 500;
/// Seconds from one plain line to the next: what takes less needs none.
const PAUSE: u64 = 10;

impl Progress {
    /// Nothing done yet of `total`.
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

    /// So many more are done.
    pub(super) fn advance(&mut self, steps: usize) {
        self.bar.inc(steps as u64);
        if self.next.is_some_and(|next| self.bar.elapsed().as_secs() >= next) {
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
            // Whoever closed this stream doesn't want to know.
            let _ = writeln!(std::io::stderr(), "{done} of {all} {}", self.what);
            self.next = Some(self.bar.elapsed().as_secs() + PAUSE);
        }
    }

    /// All is done.
    pub(super) fn finish(&mut self) {
        self.bar.finish_and_clear();
    }
}
