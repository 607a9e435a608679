//! Reads a MAC address prefix, as written in grant and catalog files.

/// The prefix as 1 to 12 lower-case digits; separators may be `:`, `-` or `.`.
pub(super) fn mac_prefix(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    let usable = (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    usable.then(|| digits.to_lowercase())
}

/// Why no address that begins with these digits is ever accepted.
pub(super) fn never_accepted(digits: &str, allow_local: bool) -> Option<&'static str> {
    let second = digits.chars().nth(1)?.to_digit(16)?;
    match (second & 1, second & 2) {
        (1, _) => Some("every such address is multicast, and no device has one"),
        (_, 2) if !allow_local => {
            Some("every such address is locally administered, which is refused without `allow-local = true`")
        }
        _ => None,
    }
}
