//! Rows and columns in three forms: text for people, TAB-separated for spreadsheets, JSON for programs.

use comfy_table::{CellAlignment, ContentArrangement, presets};
use serde_json::{Map, Value, json};

use crate::format::visible;

use super::session::Session;

/// A column: its name for programs, its head for people, and whether it holds whole numbers.
pub(super) struct Column {
    key: &'static str,
    head: &'static str,
    number: bool,
}

impl Column {
    /// A column of text.
    pub(super) const fn text(key: &'static str, head: &'static str) -> Self {
        Self { key, head, number: false }
    }

    /// A column of whole numbers, set to the right; a cell may be empty.
    pub(super) const fn number(key: &'static str, head: &'static str) -> Self {
        Self { key, head, number: true }
    }
}

/// A table of cells as they came: each form makes its own of them.
pub(super) struct Table<const N: usize> {
    columns: [Column; N],
    rows: Vec<[String; N]>,
    empty: &'static str,
}

impl<const N: usize> Table<N> {
    /// A table without rows; `empty` is what a person is told as long as there is none.
    pub(super) fn new(columns: [Column; N], empty: &'static str) -> Self {
        Self { columns, rows: Vec::new(), empty }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, row: [String; N]) {
        self.rows.push(row);
    }

    /// Prints it: as JSON of type `kind` with the field `rows` where results are JSON, TAB-separated where `tsv` asks
    /// for it, otherwise as text.
    pub(super) fn show(&self, session: &mut Session, kind: &str, tsv: bool) {
        if session.screen.is_json() {
            session.screen.json(kind, json!({ "rows": self.json() }));
        } else if tsv {
            session.screen.raw(&self.tsv());
        } else {
            // The cells are visible already, and the marks that hold their directions apart have to go out as they are.
            session.screen.raw(&self.text());
        }
    }

    /// Columns as wide as their widest cell, two blanks between them.
    pub(super) fn text(&self) -> String {
        if self.rows.is_empty() {
            return format!("{}\n", self.empty);
        }
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(self.columns.iter().map(|column| shown(column.head)));
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| shown(cell)));
        }
        for (at, column) in self.columns.iter().enumerate() {
            if let Some(drawn) = table.column_mut(at) {
                drawn.set_padding((0, if at + 1 < N { 2 } else { 0 }));
                let side = if column.number { CellAlignment::Right } else { CellAlignment::Left };
                drawn.set_cell_alignment(side);
            }
        }
        table.trim_fmt() + "\n"
    }

    /// A line with the names of the columns, then one for each row.
    fn tsv(&self) -> String {
        let line = |cells: Vec<String>| cells.join("\t") + "\n";
        let keys = self.columns.iter().map(|column| column.key.to_owned()).collect();
        let rows = self.rows.iter().map(|row| line(row.iter().map(|cell| spreadsheet(cell)).collect()));
        std::iter::once(line(keys)).chain(rows).collect()
    }

    /// The rows as objects: a whole number is a number, an empty cell is null, all else exact text.
    pub(super) fn json(&self) -> Vec<Value> {
        let value = |column: &Column, cell: &String| match cell.parse::<i64>() {
            Ok(number) if column.number => json!(number),
            _ if cell.is_empty() => Value::Null,
            _ => json!(cell),
        };
        let row = |row: &[String; N]| {
            let cells = self.columns.iter().zip(row);
            Value::Object(
                cells.map(|(column, cell)| (column.key.into(), value(column, cell))).collect::<Map<_, _>>(),
            )
        };
        self.rows.iter().map(row).collect()
    }
}

/// A cell made visible; one that is written from right to left is isolated, so that it can't turn its neighbours around.
fn shown(cell: &str) -> String {
    let cell = visible(cell);
    if cell.chars().any(is_right_to_left) { format!("\u{2068}{cell}\u{2069}") } else { cell }
}

/// Hebrew, Arabic and the other scripts in the blocks that Unicode keeps for writing from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// A cell that stays one cell, and that no spreadsheet takes for a formula: such a one gets an apostrophe in front.
fn spreadsheet(cell: &str) -> String {
    let breaks = ['\t', '\n', '\r'];
    let flat = visible(&cell.replace(breaks, " "));
    let starts = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let digits = cell.strip_prefix('-').unwrap_or_default();
    let negative = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let acts = cell.starts_with(breaks) || cell.trim_start().starts_with(starts);
    if acts && !negative { format!("'{flat}") } else { flat }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[&str; 3]]) -> Table<3> {
        let columns = [
            Column::text("order", "Order"),
            Column::number("left", "Left"),
            Column::text("customer", "Customer"),
        ];
        let mut table = Table::new(columns, "no order is booked");
        rows.iter().for_each(|row| table.add(row.map(str::to_owned)));
        table
    }

    #[test]
    fn columns_are_aligned_and_two_blanks_apart() {
        let table =
            table(&[["AO-1", "5", "Müller  & Söhne"], ["AO-2026-117", "-1200", ""], ["", "", "last "]]);
        assert_eq!(
            table.text(),
            "Order         Left  Customer\n\
             AO-1             5  Müller  & Söhne\n\
             AO-2026-117  -1200\n\
             \x20                   last\n"
        );
    }

    #[test]
    fn wide_letters_and_pictures_take_their_room() {
        let table =
            table(&[["日本", "1", "a"], ["🙂", "2", "b"], ["e\u{301}x", "3", "c"], ["abcdef", "4", "d"]]);
        assert_eq!(
            table.text(),
            "Order   Left  Customer\n\
             日本       1  a\n\
             🙂         2  b\n\
             e\u{301}x         3  c\n\
             abcdef     4  d\n"
        );
    }

    #[test]
    fn no_cell_acts_on_the_terminal_or_on_its_neighbours() {
        let table = table(&[["a\u{1b}[31m\n\tb", "1", "x"], ["\u{202e}evil", "2", "y"], ["שלום", "3", "ab"]]);
        assert_eq!(
            table.text(),
            "Order             Left  Customer\n\
             a\\u{1b}[31m\\n\\tb     1  x\n\
             \\u{202e}evil         2  y\n\
             \u{2068}שלום\u{2069}                 3  ab\n"
        );
    }

    #[test]
    fn a_long_cell_is_neither_cut_nor_wrapped() {
        let long = "x y ".repeat(300) + "z";
        assert!(table(&[[&long, "1", "end"]]).text().contains(&format!("{long}     1  end\n")));
    }

    #[test]
    fn an_empty_table_says_so() {
        let table = table(&[]);
        assert_eq!(table.text(), "no order is booked\n");
        assert_eq!(table.tsv(), "order\tleft\tcustomer\n");
        assert!(table.json().is_empty());
    }

    #[test]
    fn a_spreadsheet_gets_neither_formulas_nor_torn_cells() {
        for (cell, wanted) in [
            ("plain", "plain"),
            ("a\tb\r\nc", "a b  c"),
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-12", "-12"),
            ("-1+2", "'-1+2"),
            ("-", "'-"),
            ("--1", "'--1"),
            ("-1 ", "'-1 "),
            ("-\u{661}", "'-\u{661}"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "' =1"),
            ("\rx", "' x"),
            ("  =1", "'  =1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a=1", "a=1"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("", ""),
        ] {
            assert_eq!(spreadsheet(cell), wanted, "{cell:?}");
        }
        let table = table(&[["AO-1", "-3", "=cmd|' /C calc'!A0"], ["x\ty", "", "z\n"]]);
        assert_eq!(table.tsv(), "order\tleft\tcustomer\nAO-1\t-3\t'=cmd|' /C calc'!A0\nx y\t\tz \n");
    }

    #[test]
    fn programs_get_exact_text_and_numbers() {
        let rows = table(&[["7", "-3", "=1\u{202e}"], ["", "", "x"], ["a", "many", "y"]]).json();
        assert_eq!(
            rows,
            [
                json!({ "order": "7", "left": -3, "customer": "=1\u{202e}" }),
                json!({ "order": null, "left": null, "customer": "x" }),
                json!({ "order": "a", "left": "many", "customer": "y" }),
            ]
        );
    }
}
