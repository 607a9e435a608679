//! The order sheet as plain text: the code, the order, and the next steps.

use crate::orders::Order;
use airlatch_core::model::OrderCode;

use airlatch_core::format::visible;

/// The widest line, in columns.
const WIDTH: usize = 80;

/// The content of an order sheet, printed for the person who activates the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The vendor's name, if the catalog has one.
    pub vendor: Option<String>,
    /// The authorization code.
    pub code: OrderCode,
    /// The vendor's order number; none on a code that was passed on, since that number is the giver's and names another code.
    pub number: Option<String>,
    /// The day it was booked, as people read it.
    pub date: String,
    /// The term, as people read it: this library knows no calendar for people.
    pub term: String,
    /// The order; the product may be a display name instead of the id.
    pub order: Order,
    /// The next steps, each a sentence or a command; the caller writes them because this library knows no command line.
    pub next: Vec<String>,
}

impl Sheet {
    /// The labels and values to print, in order, without missing ones. Values are not escaped yet.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let order = &self.order;
        let title = match &order.version {
            Some(version) => format!("{} {version}", order.product),
            None => order.product.clone(),
        };
        let facts = [
            ("Authorization code", Some(self.code.to_string())),
            ("Order number", self.number.clone()),
            ("Date", Some(self.date.clone())),
            ("Your reference", order.reference.clone()),
            ("Customer", order.customer.clone()),
            ("Product", Some(title)),
            ("Term", Some(self.term.clone())),
        ];
        facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
    }
}

/// The sheet as plain text: LF line ends, at most 80 columns, no control characters.
pub fn sheet_text(sheet: &Sheet) -> String {
    let rule = "=".repeat(WIDTH) + "\n";
    let mut text = String::new();
    push_field(&mut text, "", sheet.vendor.as_deref().unwrap_or_default());
    text.push_str("Order sheet\n");
    text.push_str(&rule);
    text.push_str(&format!("\n          {}\n\n", spaced(&sheet.code)));
    text.push_str(&rule);
    text.push('\n');
    for (label, value) in sheet.facts() {
        push_field(&mut text, &format!("{label:<20}"), &value);
    }
    text.push_str(&format!("\n{:>16}    Article\n", "Quantity"));
    for (article, quantity) in &sheet.order.lines {
        push_field(&mut text, &format!("{quantity:>16}    "), article.as_str());
    }
    if !sheet.next.is_empty() {
        text.push_str("\nWhat to do next\n");
        sheet.next.iter().for_each(|step| push_field(&mut text, "    ", step));
    }
    text
}

/// The code with a blank between its letters, easy to read aloud; the code parser skips blanks.
fn spaced(code: &OrderCode) -> String {
    let letters: Vec<String> = code.to_string().chars().map(String::from).collect();
    letters.join(" ")
}

/// Appends a label and its value, wrapped at blanks, or inside a word that is longer than the line.
fn push_field(text: &mut String, label: &str, value: &str) {
    let width = WIDTH - label.len();
    let mut margin = label.to_owned();
    for line in wrapped(&visible(value), width) {
        text.push_str(&format!("{margin}{line}\n"));
        margin = " ".repeat(label.len());
    }
}

/// The text as lines of at most `max` columns; no lines for an empty text.
fn wrapped(text: &str, max: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && width(&line) + 1 + width(word) > max {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if width(&line) + columns(c) > max {
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

/// The columns of a character on a terminal, rounded up: wide characters start at U+1100 and take two.
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
}
