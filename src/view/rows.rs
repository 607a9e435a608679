//! Labelled rows, and the one place where they become lines.

use std::fmt::Display;

use serde::Serialize;

use airlatch_core::model::Time;

/// Something that is shown: its fields are what programs get, its rows what people read.
pub(crate) trait View: Serialize {
    /// What people read of it at this time.
    fn rows(&self, now: Time) -> Rows;

    /// The same as lines of text.
    fn lines(&self, now: Time) -> Vec<String> {
        self.rows(now).lines()
    }
}

/// Rows, each a label with its value, or words alone.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    indent: usize,
    width: usize,
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    indent: usize,
    width: usize,
    label: String,
    value: String,
}

impl Rows {
    /// No row yet; of those to come each stands behind so many blanks, and its label takes so many columns.
    pub(crate) fn new(indent: usize, width: usize) -> Self {
        Self { indent, width, rows: Vec::new() }
    }

    /// Below a headline: as most things are shown.
    pub(crate) fn below() -> Self {
        Self::new(2, 10)
    }

    /// Words without a label.
    pub(crate) fn words(self, words: impl Display) -> Self {
        self.row("", words)
    }

    /// A value with its label.
    pub(crate) fn row(self, label: &str, value: impl Display) -> Self {
        self.pairs([(label, value)])
    }

    /// A row of this label for each of the values; none for none.
    pub(crate) fn each(self, label: &str, values: impl IntoIterator<Item = impl Display>) -> Self {
        self.pairs(values.into_iter().map(|value| (label, value)))
    }

    /// A row for each label with its value.
    pub(crate) fn pairs<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, impl Display)>) -> Self {
        let (indent, width) = (self.indent, self.width);
        let pairs = pairs.into_iter().map(|(label, value)| (label.to_owned(), value.to_string()));
        self.rows.extend(pairs.map(|(label, value)| Row { indent, width, label, value }));
        self
    }

    /// The rows of another thing, as those stand.
    pub(crate) fn with(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self
    }

    /// All but those with this label.
    pub(crate) fn without(mut self, label: &str) -> Self {
        self.rows.retain(|row| row.label != label);
        self
    }

    /// The same with another value of this label.
    pub(crate) fn instead(mut self, label: &str, value: impl Display) -> Self {
        let value = value.to_string();
        self.rows.iter_mut().filter(|row| row.label == label).for_each(|row| row.value.clone_from(&value));
        self
    }

    /// A line for each row.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |Row { indent, width, label, value }: &Row| match label.as_str() {
            "" => value.clone(),
            _ => format!("{:indent$}{label:<width$} {value}", ""),
        };
        self.rows.iter().map(line).collect()
    }
}
