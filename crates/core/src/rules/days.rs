//! Days that are left, in words.

/// How long something lasts, for "works for … more"; `days` are whole ones.
pub(super) fn in_words(days: i64) -> String {
    match days {
        0 => "less than a day".into(),
        1 => "1 day".into(),
        days => format!("{days} days"),
    }
}
