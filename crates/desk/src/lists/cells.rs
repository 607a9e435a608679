//! Splits a line of a list into cells; a cell may be in quotation marks, which end in the same line.

use std::borrow::Cow;

/// The characters that may separate cells, in the order in which a line is searched for them.
pub(super) const SEPARATORS: [char; 3] = ['\t', ';', ','];

/// A cell of a line.
pub(super) struct Cell<'a> {
    /// Its text without blanks around it.
    pub(super) text: Cow<'a, str>,
    /// Where it begins in the line, in bytes.
    pub(super) at: usize,
}

/// The separator of a line, if it has one.
pub(super) fn separator(line: &str) -> Option<char> {
    SEPARATORS.into_iter().find(|separator| line.contains(*separator))
}

/// What a separator is called in messages.
pub(super) fn name(separator: char) -> String {
    if separator == '\t' { "TAB".into() } else { format!("`{separator}`") }
}

/// The cells of a line.
pub(super) fn split(line: &str, separator: char) -> Vec<Cell<'_>> {
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let (cell, length) = quoted(rest, separator).unwrap_or_else(|| plain(rest, separator));
        cells.push(Cell { text: cell.0, at: at + cell.1 });
        at += length;
        if at == line.len() {
            return cells;
        }
        at += separator.len_utf8();
    }
}

/// The text of a cell with its offset, and the bytes up to the separator.
type Taken<'a> = ((Cow<'a, str>, usize), usize);

fn plain(rest: &str, separator: char) -> Taken<'_> {
    let cell = rest.split(separator).next().unwrap_or_default();
    let text = cell.trim();
    ((Cow::Borrowed(text), cell.len() - cell.trim_start().len()), cell.len())
}

/// A cell as spreadsheets quote it: the second mark stands before a separator or the end of the line, and a doubled mark is
/// one of the text. Any other mark is a character like any other, so that it hides nothing.
fn quoted(rest: &str, separator: char) -> Option<Taken<'_>> {
    let inner = rest.strip_prefix('"')?;
    let mut end = 0;
    loop {
        end += inner[end..].find('"')?;
        let after = &inner[end + 1..];
        if after.is_empty() || after.starts_with(separator) {
            break;
        }
        after.starts_with('"').then(|| end += 2)?;
    }
    let (text, before) = (inner[..end].trim(), inner[..end].len() - inner[..end].trim_start().len());
    let text = if text.contains('"') { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) };
    Some(((text, 1 + before), end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str, separator: char) -> Vec<String> {
        split(line, separator).into_iter().map(|cell| cell.text.into_owned()).collect()
    }

    #[test]
    fn cells_are_split_at_the_separator_alone() {
        assert_eq!(texts("A1\t 00 \t", '\t'), ["A1", "00", ""]);
        assert_eq!(texts("A1;a,b", ';'), ["A1", "a,b"]);
        assert_eq!(texts("", ';'), [""]);
        let line = " A1 ;\"x\";y";
        let starts: Vec<usize> = split(line, ';').iter().map(|cell| cell.at).collect();
        assert_eq!(starts, [1, 6, 9]);
    }

    #[test]
    fn quotation_marks_hold_a_cell_together_within_its_line() {
        assert_eq!(texts("\"A;1\";\"say \"\"hi\"\"\";x", ';'), ["A;1", "say \"hi\"", "x"]);
        assert_eq!(texts("\"\";\" a \"", ';'), ["", "a"]);
        assert_eq!(texts("\"A1;00", ';'), ["\"A1", "00"], "a mark that is not closed");
        assert_eq!(texts("A\"1\";00", ';'), ["A\"1\"", "00"], "a mark inside");
        assert_eq!(texts("\"A\"1;\"00\"", ';'), ["\"A\"1", "00"], "more behind the second mark");
    }
}
