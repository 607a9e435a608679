//! The order sheet as text for a printer: what was bought, its code, and what to do with it.

use crate::catalog::{GrantEnd, GrantTerm};
use crate::orders::Order;
use airlatch_core::model::{OrderCode, Time};

use airlatch_core::format::visible;

/// The widest line, in columns.
const WIDTH: usize = 80;

/// An order as it is printed for whoever activates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Who sells; nothing where the catalog names nobody.
    pub vendor: Option<String>,
    /// The authorization code.
    pub code: OrderCode,
    /// What was bought; a name for people may stand in place of the product's id.
    pub order: Order,
    /// What to do next, a step or command each; the library knows no command line.
    pub next: Vec<String>,
}

impl Sheet {
    /// Labels and values, in order; only what is known. The values are as they came.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let order = &self.order;
        let title = match &order.version {
            Some(version) => format!("{} {version}", order.product),
            None => order.product.clone(),
        };
        let facts = [
            ("Authorization code", Some(self.code.to_string())),
            ("Order number", Some(order.number.clone())),
            ("Your reference", order.reference.clone()),
            ("Customer", order.customer.clone()),
            ("Product", Some(title)),
            ("Term", Some(term(&order.term))),
        ];
        facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
    }
}

/// The sheet as plain text: LF line ends, no line wider than 80 columns, nothing in it that a terminal or printer would
/// act on.
pub fn sheet_text(sheet: &Sheet) -> String {
    let rule = "=".repeat(WIDTH) + "\n";
    let mut text = String::new();
    put(&mut text, "", sheet.vendor.as_deref().unwrap_or_default());
    text.push_str("Order sheet\n");
    text.push_str(&rule);
    text.push_str(&format!("\n          {}\n\n", large(&sheet.code)));
    text.push_str(&rule);
    text.push('\n');
    for (label, value) in sheet.facts() {
        put(&mut text, &format!("{label:<20}"), &value);
    }
    text.push_str(&format!("\n{:>16}    Article\n", "Quantity"));
    for (article, quantity) in &sheet.order.lines {
        put(&mut text, &format!("{quantity:>16}    "), article.as_str());
    }
    if !sheet.next.is_empty() {
        text.push_str("\nWhat to do next\n");
        sheet.next.iter().for_each(|step| put(&mut text, "    ", step));
    }
    text
}

/// The code letter by letter, for eyes that read it out; whatever reads codes takes the blanks as well.
fn large(code: &OrderCode) -> String {
    let letters: Vec<String> = code.to_string().chars().map(String::from).collect();
    letters.join(" ")
}

/// When what was bought may be used.
fn term(term: &GrantTerm) -> String {
    let end = match (&term.end, term.from) {
        (GrantEnd::Permanent, _) => "without end".into(),
        (GrantEnd::Until(end), _) => format!("until {end}"),
        (GrantEnd::For(length), Some(_)) => length.clone(),
        (GrantEnd::For(length), None) => format!("{length} from each unit's first activation"),
    };
    term.from.map_or(end.clone(), |from: Time| format!("{end}, from {from}"))
}

/// A value behind its label, wrapped at blanks or, where there is none, wherever the line is full.
fn put(text: &mut String, label: &str, value: &str) {
    let room = WIDTH - label.len();
    let mut margin = label.to_owned();
    for line in wrapped(&visible(value), room) {
        text.push_str(&format!("{margin}{line}\n"));
        margin = " ".repeat(label.len());
    }
}

/// Lines of at most `room` columns; none of an empty text.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && width(&line) + 1 + width(word) > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if width(&line) + columns(c) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines
}

fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// At least as many columns as a character takes anywhere: wide ones begin with Hangul, and none is wider than two.
fn columns(c: char) -> usize {
    if c < '\u{1100}' { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_inside_long_words() {
        assert_eq!(wrapped("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrapped("日本語", 5), ["日本", "語"]);
        assert!(wrapped("  ", 5).is_empty());
    }

    #[test]
    fn a_term_says_where_it_begins() {
        let from = Some("2026-12-01T00:00:00Z".parse().unwrap());
        let until = GrantEnd::Until("2027-12-01T00:00:00Z".parse().unwrap());
        let year = || GrantEnd::For("1 year".into());
        for (from, end, words) in [
            (None, GrantEnd::Permanent, "without end"),
            (from, GrantEnd::Permanent, "without end, from 2026-12-01T00:00:00Z"),
            (from, until, "until 2027-12-01T00:00:00Z, from 2026-12-01T00:00:00Z"),
            (None, year(), "1 year from each unit's first activation"),
            (from, year(), "1 year, from 2026-12-01T00:00:00Z"),
        ] {
            assert_eq!(term(&GrantTerm { from, end }), words);
        }
    }
}
