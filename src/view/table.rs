//! Rows and columns in three forms: text for people, TAB-separated for spreadsheets, JSON for programs.

use comfy_table::{CellAlignment, ContentArrangement, presets};
use serde_json::{Map, Value, json};

use airlatch_core::format::visible;

/// A column: its name for programs, its head for people, whether it holds whole numbers, and what usually stands in it.
/// Where people read other cells than programs, as with times, they stand here too.
struct Column {
    key: &'static str,
    head: &'static str,
    number: bool,
    usual: &'static str,
    people: Option<Vec<String>>,
}

/// A table of cells as they came: each form makes its own of them.
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    exact: Vec<Value>,
    empty: &'static str,
}

impl Table {
    /// A table of these things without columns; `empty` is what a person is told where there are none.
    pub(crate) fn of<'a, T>(things: &'a [T], empty: &'static str) -> Filled<'a, T> {
        let table =
            Self { columns: Vec::new(), rows: vec![Vec::new(); things.len()], exact: Vec::new(), empty };
        Filled { things, table }
    }

    /// Columns as wide as their widest cell, two blanks between them. Columns that say nothing are left out. A table wider
    /// than `width` becomes a record for each row: a line for each cell that says something, behind the head of its column.
    pub(crate) fn text(&self, width: usize) -> String {
        if self.rows.is_empty() {
            return format!("{}\n", self.empty);
        }
        let says = |at: &usize| {
            let usual = self.columns[*at].usual;
            self.rows.iter().any(|row| !row[*at].is_empty() && row[*at] != usual)
        };
        let telling: Vec<usize> = (0..self.columns.len()).filter(says).collect();
        let drawn = self.drawn(&telling);
        if telling.len() > 1 && widest(&drawn) > width { self.records(&telling) } else { drawn + "\n" }
    }

    /// A cell as people read it.
    fn cell(&self, row: usize, column: usize) -> String {
        shown(self.columns[column].people.as_ref().map_or(&self.rows[row][column], |people| &people[row]))
    }

    /// Every row as a block of lines, a label with its value each, an empty line between two blocks.
    fn records(&self, columns: &[usize]) -> String {
        let label = columns.iter().map(|at| self.columns[*at].head.chars().count()).max().unwrap_or_default();
        let line = |row: usize, at: usize| {
            let cell = &self.rows[row][at];
            let says = !cell.is_empty() && *cell != self.columns[at].usual;
            says.then(|| format!("{:<label$}  {}\n", self.columns[at].head, self.cell(row, at)))
        };
        let block = |row: usize| columns.iter().filter_map(|at| line(row, *at)).collect::<String>();
        (0..self.rows.len()).map(block).collect::<Vec<_>>().join("\n")
    }

    /// Head and rows of these columns, a line each.
    fn drawn(&self, columns: &[usize]) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(columns.iter().map(|at| shown(self.columns[*at].head)));
        for row in 0..self.rows.len() {
            table.add_row(columns.iter().map(|at| self.cell(row, *at)));
        }
        for (place, at) in columns.iter().enumerate() {
            if let Some(drawn) = table.column_mut(place) {
                drawn.set_padding((0, if place + 1 < columns.len() { 2 } else { 0 }));
                let side = if self.columns[*at].number { CellAlignment::Right } else { CellAlignment::Left };
                drawn.set_cell_alignment(side);
            }
        }
        table.trim_fmt()
    }

    /// A line with the names of the columns, then one for each row.
    pub(crate) fn tsv(&self) -> String {
        let keys: Vec<&str> = self.columns.iter().map(|column| column.key).collect();
        keys.join("\t") + "\n" + &self.tsv_rows()
    }

    /// The lines of the rows alone.
    pub(crate) fn tsv_rows(&self) -> String {
        let line = |row: &Vec<String>| {
            row.iter().map(|cell| spreadsheet(cell)).collect::<Vec<_>>().join("\t") + "\n"
        };
        self.rows.iter().map(line).collect()
    }

    /// Adds the rows of a table with the same columns.
    pub(crate) fn append(&mut self, mut more: Self) {
        self.rows.append(&mut more.rows);
        self.exact.append(&mut more.exact);
        for (column, more) in self.columns.iter_mut().zip(more.columns) {
            if let (Some(people), Some(mut more)) = (&mut column.people, more.people) {
                people.append(&mut more);
            }
        }
    }

    /// The rows as objects: a whole number is a number, an empty cell is null, all else exact text.
    pub(crate) fn json(&self) -> Vec<Value> {
        let value = |column: &Column, cell: &String| match cell.parse::<i64>() {
            Ok(number) if column.number => json!(number),
            _ if cell.is_empty() => Value::Null,
            _ => json!(cell),
        };
        let row = |row: &Vec<String>| {
            let cells = self.columns.iter().zip(row);
            Value::Object(
                cells.map(|(column, cell)| (column.key.into(), value(column, cell))).collect::<Map<_, _>>(),
            )
        };
        let mut rows: Vec<Value> = self.rows.iter().map(row).collect();
        for (row, exact) in rows.iter_mut().zip(&self.exact) {
            exact.as_object().into_iter().flatten().for_each(|(key, value)| row[key] = value.clone());
        }
        rows
    }
}

/// A table that is being filled, a column at a time.
pub(crate) struct Filled<'a, T> {
    things: &'a [T],
    table: Table,
}

impl<T> Filled<'_, T> {
    /// A column of text, named for programs as for people.
    pub(crate) fn text<C: ToString>(mut self, key: &'static str, cell: impl Fn(&T) -> C) -> Self {
        self.table.columns.push(Column { key, head: key, number: false, usual: "", people: None });
        let rows = self.table.rows.iter_mut().zip(self.things);
        rows.for_each(|(row, thing)| row.push(cell(thing).to_string()));
        self
    }

    /// A column of whole numbers, set to the right; a cell may be empty.
    pub(crate) fn number<C: ToString>(self, key: &'static str, cell: impl Fn(&T) -> C) -> Self {
        self.text(key, cell).last(|column| column.number = true)
    }

    /// People read these cells in the last column, in the place of those for programs.
    pub(crate) fn people(self, cell: impl Fn(&T) -> String) -> Self {
        let cells = self.things.iter().map(cell).collect();
        self.last(|column| column.people = Some(cells))
    }

    /// People read this at the head of the last column.
    pub(crate) fn head(self, head: &'static str) -> Self {
        self.last(|column| column.head = head)
    }

    /// People don't see the last column as long as it is empty or says `usual` in every row.
    pub(crate) fn unless(self, usual: &'static str) -> Self {
        self.last(|column| column.usual = usual)
    }

    fn last(mut self, change: impl FnOnce(&mut Column)) -> Self {
        if let Some(column) = self.table.columns.last_mut() {
            change(column);
        }
        self
    }

    /// Programs get these fields in the place of cells that don't say it exactly, or beside them.
    pub(crate) fn exactly(mut self, fields: impl Fn(&T) -> Value) -> Table {
        self.table.exact = self.things.iter().map(fields).collect();
        self.table
    }

    /// The table.
    pub(crate) fn done(self) -> Table {
        self.table
    }
}

/// The columns that the widest line may take.
fn widest(text: &str) -> usize {
    let wide = |c: char| if c < '\u{1100}' { 1 } else { 2 };
    text.lines().map(|line| line.chars().map(wide).sum()).max().unwrap_or_default()
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

    fn table(rows: &[[&str; 3]]) -> Table {
        Table::of(rows, "no order is booked")
            .text("order", |row| row[0].to_owned())
            .head("Order")
            .number("left", |row| row[1].to_owned())
            .head("Left")
            .text("customer", |row| row[2].to_owned())
            .head("Customer")
            .done()
    }

    #[test]
    fn columns_are_aligned_and_two_blanks_apart() {
        let table =
            table(&[["AO-1", "5", "Müller  & Söhne"], ["AO-2026-117", "-1200", ""], ["", "", "last "]]);
        assert_eq!(
            table.text(100),
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
            table.text(100),
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
            table.text(100),
            "Order             Left  Customer\n\
             a\\u{1b}[31m\\n\\tb     1  x\n\
             \\u{202e}evil         2  y\n\
             \u{2068}שלום\u{2069}                 3  ab\n"
        );
    }

    #[test]
    fn a_long_cell_is_neither_cut_nor_wrapped() {
        let long = "x y ".repeat(300) + "z";
        assert_eq!(
            table(&[[&long, "1", "end"]]).text(100),
            format!("Order     {long}\nLeft      1\nCustomer  end\n")
        );
        assert_eq!(
            table(&[[&long, "", ""]]).text(100),
            format!("Order\n{long}\n"),
            "one column is no record"
        );
    }

    #[test]
    fn a_table_wider_than_the_terminal_becomes_records() {
        let rows = table(&[["AO-1", "5", "Ann"], ["AO-22", "", "Bo"], ["AO-3", "7", ""]]);
        let columns = "Order  Left  Customer\nAO-1      5  Ann\nAO-22        Bo\nAO-3      7\n";
        let records = "Order     AO-1\nLeft      5\nCustomer  Ann\n\n\
                       Order     AO-22\nCustomer  Bo\n\n\
                       Order     AO-3\nLeft      7\n";
        assert_eq!(rows.text(21), columns);
        assert_eq!(rows.text(20), records);
    }

    #[test]
    fn columns_that_say_nothing_are_left_out_for_people() {
        let of = |rows: &[[&str; 3]]| {
            Table::of(rows, "none")
                .text("order", |row| row[0].to_owned())
                .head("Order")
                .number("beyond", |row| row[1].to_owned())
                .head("Beyond")
                .unless("0")
                .text("note", |row| row[2].to_owned())
                .head("Note")
                .done()
        };
        let table = of(&[["AO-1", "0", ""]]);
        assert_eq!(table.text(100), "Order\nAO-1\n");
        assert_eq!(table.tsv(), "order\tbeyond\tnote\nAO-1\t0\t\n");
        let table = of(&[["AO-1", "0", ""], ["AO-2", "3", ""]]);
        assert_eq!(table.text(100), "Order  Beyond\nAO-1        0\nAO-2        3\n");
    }

    #[test]
    fn people_may_read_other_cells_than_programs() {
        let table = Table::of(&["2026-12-01", ""], "none")
            .text("day", |day| (*day).to_owned())
            .people(|day| if day.is_empty() { String::new() } else { format!("the {}st", &day[9..]) })
            .number("n", |day| day.len())
            .done();
        assert_eq!(table.text(100), "day       n\nthe 1st  10\n          0\n");
        assert_eq!(table.text(5), "day  the 1st\nn    10\n\nn    0\n");
        assert_eq!(table.tsv(), "day\tn\n2026-12-01\t10\n\t0\n");
        assert_eq!(table.json()[0], json!({ "day": "2026-12-01", "n": 10 }));
    }

    #[test]
    fn an_empty_table_says_so() {
        let table = table(&[]);
        assert_eq!(table.text(100), "no order is booked\n");
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
