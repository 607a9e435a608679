//! Counts with singular and plural nouns.

/// `1 entry`, `2 entries`.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

pub(super) fn entries(number: u64) -> String {
    count(number, "entry", "entries")
}

pub(super) fn licenses(number: u64) -> String {
    count(number, "license", "licenses")
}
