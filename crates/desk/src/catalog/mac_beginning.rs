//! Reads the beginning of MAC addresses, as grant and catalog name it.

/// The digits, in lower case, with which MACs may begin: 1 to 12 in any of the usual spellings.
pub(super) fn mac_beginning(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    let usable = (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    usable.then(|| digits.to_lowercase())
}
