//! How results look: how wide they are.

use airlatch_machine::platform::Streams;

/// Columns where standard output is no terminal, so that files and logs are the same everywhere.
const COLUMNS: usize = 100;
/// Narrower text can't be laid out, wider text can't be read.
const NARROWEST: usize = 60;
const WIDEST: usize = 120;

/// How results look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// Columns of help and tables.
    pub(super) width: usize,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: COLUMNS }
    }
}

impl Look {
    /// How they look on these streams.
    pub(super) fn of(streams: &Streams) -> Self {
        let columns = streams.columns.filter(|_| streams.output).map(usize::from);
        Self { width: columns.map_or(COLUMNS, |columns| columns.clamp(NARROWEST, WIDEST)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_is_that_of_the_terminal_within_bounds() {
        let width = |output, columns| Look::of(&Streams { output, columns, ..Streams::default() }).width;
        for (columns, wanted) in [(1, 60), (60, 60), (80, 80), (120, 120), (300, 120)] {
            assert_eq!(width(true, Some(columns)), wanted);
            assert_eq!(width(false, Some(columns)), 100, "a file is no terminal");
        }
        assert_eq!(width(true, None), 100);
    }
}
