//! Details of an error: aligned labels and values, and lists of names.

use std::fmt::Display;

use airlatch_core::model::{Error, FeatureName};

/// Adds a detail line for each label and value, with the values aligned.
pub(super) fn with_details(error: Error, rows: &[(&str, String)]) -> Error {
    let width = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    rows.iter().fold(error, |error, (label, value)| error.detail(format!("{label:<width$}  {value}")))
}

/// `a`, `b` or `c`.
pub(super) fn or_list<'a>(names: impl IntoIterator<Item = &'a FeatureName>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, more)) => format!("{} or {last}", more.join(", ")),
        None => String::new(),
    }
}

/// A list, or `nothing`.
pub(super) fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if items.is_empty() { "nothing".into() } else { items.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use airlatch_core::model::Reason;

    #[test]
    fn values_stand_under_each_other() {
        let error = with_details(
            Error::new(Reason::OverLimit, ""),
            &[("limit", "30".into()), ("wanted", "15".into()), ("at most", "3".into())],
        );
        assert_eq!(error.details(), ["limit    30", "wanted   15", "at most  3"]);
    }

    #[test]
    fn alternatives_are_joined_as_people_do() {
        let names: Vec<FeatureName> = ["a", "b", "c"].iter().map(|name| name.parse().unwrap()).collect();
        assert_eq!(or_list(&names), "`a`, `b` or `c`");
        assert_eq!(or_list(&names[..1]), "`a`");
        assert_eq!(list(&names[..0]), "nothing");
    }
}
