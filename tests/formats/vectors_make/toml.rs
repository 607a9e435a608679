//! The part of TOML that a payload may use: what every reader takes, and what every reader refuses.

use super::Vector;
use super::cast::{changed, license_payload, license_vector, of_payload};

const CUSTOMER: &str = "customer = \"Example Hospital\"\n";
const NO: &str = "bad-payload";

/// Condition, expected word, comment, and what stands in the place of the customer's line.
type Line = (&'static str, &'static str, &'static str, &'static str);

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors: Vec<Vector> =
        [STRINGS, NUMBERS, VALUES, LAYOUT].into_iter().flatten().map(line).collect();
    vectors.extend(whole_text());
    vectors.extend(depth());
    vectors
}

fn line(&(condition, expect, comment, line): &Line) -> Vector {
    let vector = license_vector(&format!("toml-{condition}"), expect, comment);
    let vector =
        if expect == "valid" && line.starts_with("x = ") { vector.with("unknown", "x") } else { vector };
    of_payload(vector, changed(&license_payload(), CUSTOMER, line))
}

#[rustfmt::skip]
const STRINGS: &[Line] = &[
    ("literal-string", "valid", "In single quotes nothing is escaped; writers before the first release chose it", "customer = 'C:\\x \"y\"'\n"),
    ("multi-line-string", "valid", "In three quotes, with line ends; they chose it for texts with line ends",
        "customer = \"\"\"\nExample \"Hospital\"\nNorth\"\"\"\n"),
    ("multi-line-literal-string", "valid", "In three single quotes, and a quote of the text before them", "customer = '''it's \"x\\y''''\n"),
    ("all-escapes", "valid", "Every escape of TOML 1.0", "customer = \"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F642\"\n"),
    ("tab-in-string", "valid", "A TAB need not be escaped", "customer = \"a\tb\"\n"),
    ("quoted-name", "valid", "A name in quotes that needs none", "\"customer\" = \"x\"\n"),
    ("escape-e", NO, "\\e came with TOML 1.1", "customer = \"\\e[1m\"\n"),
    ("escape-x", NO, "\\x came with TOML 1.1", "customer = \"\\x41\"\n"),
    ("escape-surrogate", NO, "Half of a pair is no character", "customer = \"\\ud83d\"\n"),
    ("escape-unknown", NO, "There is no \\q", "customer = \"\\q\"\n"),
    ("escape-three-digits", NO, "\\u takes four digits", "customer = \"\\u0e9\"\n"),
    ("escaped-line-end", NO, "A backslash at the end of a line", "customer = \"\"\"Example \\\n  Hospital\"\"\"\n"),
    ("line-end-in-string", NO, "A line end in single quotation marks", "customer = \"Example\nHospital\"\n"),
    ("cr-in-multi-line-string", NO, "CR LF in three quotes: some readers make LF of it", "customer = \"\"\"a\r\nb\"\"\"\n"),
    ("delete-in-string", NO, "U+007F has to be escaped", "customer = \"a\u{7f}b\"\n"),
    ("escape-in-string-unescaped", NO, "So has ESC", "customer = \"a\u{1b}b\"\n"),
    ("literal-name", NO, "A name in single quotes", "'customer' = \"x\"\n"),
    ("string-without-quotes", NO, "No quotation marks", "customer = Hospital\n"),
];

#[rustfmt::skip]
const NUMBERS: &[Line] = &[
    ("integer-largest", "valid", "2^63 - 1, in a field nobody knows", "x = 9223372036854775807\n"),
    ("integer-least", "valid", "-2^63, in a field nobody knows", "x = -9223372036854775808\n"),
    ("integer-2-to-the-63", NO, "One more than the largest", "x = 9223372036854775808\n"),
    ("integer-plus", NO, "A sign of plus", "x = +1\n"),
    ("integer-minus-zero", NO, "-0", "x = -0\n"),
    ("integer-leading-zero", NO, "A zero in front", "x = 01\n"),
    ("integer-underscore", NO, "1_000", "x = 1_000\n"),
    ("integer-hexadecimal", NO, "0x10", "x = 0x10\n"),
    ("integer-octal", NO, "0o10", "x = 0o10\n"),
    ("integer-binary", NO, "0b10", "x = 0b10\n"),
    ("float", NO, "1.5, in a field nobody knows", "x = 1.5\n"),
    ("float-1e400", NO, "Some readers make infinity of it", "x = 1e400\n"),
    ("float-not-a-number", NO, "nan", "x = nan\n"),
];

#[rustfmt::skip]
const VALUES: &[Line] = &[
    ("false", "valid", "false, in a field nobody knows", "x = false\n"),
    ("array", "valid", "An array of different types", "x = [1, \"a\", true, []]\n"),
    ("array-empty", "valid", "An empty array", "x = []\n"),
    ("date", NO, "A date without quotes", "x = 2027-11-21\n"),
    ("date-in-the-year-0", NO, "Some readers have no year 0", "x = 0000-01-01\n"),
    ("time-of-day", NO, "A time of day without quotes", "x = 07:30:00\n"),
    ("time-without-seconds", NO, "TOML 1.1 lets them out", "x = 07:30\n"),
    ("datetime-60-seconds", NO, "A leap second", "x = 2027-06-30T23:59:60Z\n"),
    ("inline-table", NO, "A table in a line", "x = { y = 1 }\n"),
    ("true-in-capitals", NO, "True", "x = True\n"),
    ("array-over-lines", NO, "An array over two lines", "x = [1,\n2]\n"),
    ("array-comma-at-the-end", NO, "A comma before the bracket", "x = [1, ]\n"),
    ("array-without-blank", NO, "No blank behind the comma", "x = [1,2]\n"),
];

#[rustfmt::skip]
const LAYOUT: &[Line] = &[
    ("blank-line", "valid", "An empty line anywhere", "\ncustomer = \"x\"\n"),
    ("comment", NO, "A comment behind a value", "customer = \"x\" # who\n"),
    ("comment-line", NO, "A line that is a comment", "# who\ncustomer = \"x\"\n"),
    ("blank-before", NO, "A blank before the name", " customer = \"x\"\n"),
    ("blank-behind", NO, "A blank behind the value", "customer = \"x\" \n"),
    ("no-blanks", NO, "No blanks around =", "customer=\"x\"\n"),
    ("two-blanks", NO, "Two blanks before =", "customer  = \"x\"\n"),
    ("tab", NO, "A TAB before =", "customer\t= \"x\"\n"),
    ("dotted-name", NO, "A dotted name, in a field nobody knows", "x.y = 1\n"),
    ("name-not-ascii", NO, "A letter beyond ASCII in a name without quotes", "\u{e9} = 1\n"),
    ("value-missing", NO, "No value", "customer =\n"),
    ("blanks-in-header", NO, "Blanks in a header", "[ x ]\n"),
];

/// What stands before and behind the text.
fn whole_text() -> Vec<Vector> {
    let plain = license_payload();
    let text =
        |condition, comment, payload: String| of_payload(license_vector(condition, NO, comment), payload);
    vec![
        text("toml-byte-order-mark", "A byte order mark in what was signed", format!("\u{feff}{plain}")),
        text("toml-no-last-line-end", "The last line does not end", plain.trim_end().to_owned()),
        text("toml-crlf", "Every line ends in CR LF", plain.replace('\n', "\r\n")),
        text("toml-blank-at-the-end", "A blank in the last line", format!("{plain} ")),
        text("toml-zero-byte-at-the-end", "A zero byte behind the last line", format!("{plain}\0")),
        text("toml-comment-at-the-end", "A comment behind the last line", format!("{plain}# the end\n")),
    ]
}

/// Tables and arrays inside one another.
fn depth() -> Vec<Vector> {
    let plain = license_payload();
    let arrays = |depth: usize| format!("x = {}{}\n", "[".repeat(depth), "]".repeat(depth));
    let tables = |depth: usize| format!("{plain}\n[{}]\ny = 1\n", vec!["x"; depth].join("."));
    let with = |condition: &str, expect, comment, payload: String| {
        let vector = license_vector(condition, expect, comment);
        of_payload(if expect == "valid" { vector.with("unknown", "x") } else { vector }, payload)
    };
    let array = |depth| changed(&plain, CUSTOMER, &arrays(depth));
    vec![
        with("toml-array-8-deep", "valid", "As deep as may be", array(8)),
        with("toml-array-9-deep", NO, "One array too deep", array(9)),
        with("toml-array-300-deep", NO, "Many too deep", array(300)),
        with("toml-table-8-deep", "valid", "As deep as may be", tables(8)),
        with("toml-table-9-deep", NO, "One table too deep", tables(9)),
        with("toml-array-in-table-9-deep", NO, "Tables and arrays count together", {
            let table = tables(8);
            changed(&table, "y = 1\n", "y = []\n")
        }),
    ]
}
