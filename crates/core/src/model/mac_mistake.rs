//! What is wrong with the text of a MAC address: damage by spreadsheets, odd characters, wrong groups.

/// The message if a spreadsheet damaged the address: it took it for a number, a date or a formula.
pub(super) fn spreadsheet_damage(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("the MAC address is missing");
    }
    if text.starts_with('=') || text.starts_with('\'') || text.starts_with('"') {
        return Some("a spreadsheet left its own marks around the MAC address: format the column as text");
    }
    let upper = text.to_ascii_uppercase();
    let exponent = upper.split_once("E+").is_some_and(|(number, power)| {
        number.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
            && power.bytes().all(|b| b.is_ascii_digit())
    });
    exponent.then_some(
        "a spreadsheet turned the MAC address into a number: format the column as text and enter it again",
    )
}

pub(super) fn wrong_character(c: char) -> String {
    let point = u32::from(c);
    match c {
        'o' | 'O' => "the letter O stands where a zero belongs".into(),
        'l' | 'I' | 'i' => format!("the letter {c} stands where a one belongs"),
        c if is_dash(c) => format!("`{c}` (U+{point:04X}) is not the plain hyphen"),
        c if c.is_control() => format!("a control character (U+{point:04X}) is in the MAC address"),
        c => format!("`{c}` (U+{point:04X}) is not a hexadecimal digit"),
    }
}

fn digit_count(count: usize) -> String {
    if count == 1 { "1 digit".into() } else { format!("{count} digits") }
}

/// What may have happened to an address without separators that has this many digits.
fn odd_length(digits: usize) -> String {
    let why = match digits {
        11 => ": a leading zero may have been lost by a spreadsheet".into(),
        7..=10 => format!(": {} leading zeros may have been lost by a spreadsheet", 12 - digits),
        16 => ": this is an EUI-64, which is longer than a MAC address".into(),
        40 => ": this is an InfiniBand address, which is longer than a MAC address".into(),
        _ => String::new(),
    };
    format!("{} where 12 belong{why}", digit_count(digits))
}

/// Digits in a group, and the number of groups, in an address with these separators.
fn groups(separator: char, count: usize) -> (usize, usize) {
    match (separator, count) {
        ('.', _) | ('-', 2) => (4, 3),
        ('-', 1) => (6, 2),
        _ => (2, 6),
    }
}

/// Column and message if digits and separators form none of the spellings.
pub(super) fn layout_mistake(chars: &[char], digits: usize) -> Option<(usize, String)> {
    let separators: Vec<(usize, char)> =
        chars.iter().copied().enumerate().filter(|(_, c)| !c.is_ascii_hexdigit()).collect();
    let lost_zero = "a leading zero may have been lost by a spreadsheet";
    let Some((_, first)) = separators.first().copied() else {
        return (digits != 12).then(|| (1, odd_length(digits)));
    };
    if let Some((at, c)) = separators.iter().find(|(_, c)| *c != first) {
        return Some((at + 1, format!("`{c}` after `{first}`: separators are mixed")));
    }
    let (length, count) = groups(first, separators.len());
    let mut column = 1;
    let text: String = chars.iter().collect();
    let parts: Vec<&str> = text.split(first).collect();
    for part in &parts {
        if part.len() != length {
            let hint = if part.len() + 1 == length { format!(": {lost_zero}") } else { String::new() };
            return Some((
                column,
                format!("{} between separators where {length} belong{hint}", digit_count(part.len())),
            ));
        }
        column += length + 1;
    }
    let message = || match digits {
        16 | 40 => odd_length(digits),
        _ => format!("{digits} digits where 12 belong"),
    };
    (parts.len() != count).then(|| (1, message()))
}

/// Whether a character is a hyphen, or a dash that a word processor puts in its place.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{AD}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}
