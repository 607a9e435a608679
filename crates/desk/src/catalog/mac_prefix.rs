//! Reads a MAC address prefix, as written in grant and catalog files.

/// The prefix as 1 to 12 lower-case digits; separators may be `:`, `-` or `.`.
pub(super) fn mac_prefix(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    let usable = (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    usable.then(|| digits.to_lowercase())
}
