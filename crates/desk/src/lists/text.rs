//! Decodes the bytes of a list: UTF-8, UTF-16 or Windows-1252, any line ends, padding at the end.

use airlatch_core::model::text::{self, ByteOrder, Encoding, without_bom};
use airlatch_core::model::{Error, Reason, Result};

use airlatch_core::format::{Accident, Repair, no_text};

/// The text with LF line ends, and the repairs.
///
/// # Errors
/// `empty`; `not-text` for binary data or HTML; `bad-list` for invalid UTF-16.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Vec<Repair>)> {
    if let Some(error) = no_text(bytes) {
        return Err(error);
    }
    let mut repairs = Vec::new();
    let mut repaired = |accident| repairs.push(Repair::new(accident, None));
    let text = match utf16(bytes) {
        Some(text) => {
            repaired(Accident::Utf16);
            text?
        }
        None => {
            let content = without_bom(bytes);
            if content.len() < bytes.len() {
                repaired(Accident::Utf8Bom);
            }
            text::utf8(content).map_or_else(|_| windows_1252(content), str::to_owned)
        }
    };
    let trimmed = text.trim_end_matches(['\0', '\u{1a}']);
    if trimmed.len() < text.len() {
        repaired(Accident::PaddingBytes);
    }
    if let Some(at) = trimmed.find('\0') {
        return Err(Error::new(Reason::NotText, "the list contains a zero byte").at(line_of(trimmed, at)));
    }
    if trimmed.trim_start().starts_with('<') {
        let message = "the file is HTML, not a list: save the table as tab-separated text";
        return Err(Error::new(Reason::NotText, message));
    }
    if !trimmed.contains('\r') {
        return Ok((trimmed.to_owned(), repairs));
    }
    repaired(Accident::LineEnds);
    Ok((trimmed.replace("\r\n", "\n").replace('\r', "\n"), repairs))
}

/// The characters of the bytes 0x80 to 0x9f.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text as spreadsheets save it on Windows. Numbers and addresses have ASCII only, so a wrong guess spoils headings alone.
fn windows_1252(bytes: &[u8]) -> String {
    let char = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        byte => char::from(*byte),
    };
    bytes.iter().map(char).collect()
}

/// The text, if the bytes are UTF-16: they start with a byte order mark, or every other byte at the start is zero.
fn utf16(bytes: &[u8]) -> Option<Result<String>> {
    let zeros = |odd: usize| bytes.len() >= 4 && bytes.iter().skip(odd).step_by(2).take(8).all(|b| *b == 0);
    let (order, body) = match text::split_bom(bytes) {
        (Some(Encoding::Utf16(order)), rest) => (order, rest),
        _ if zeros(1) && !zeros(0) => (ByteOrder::Little, bytes),
        _ if zeros(0) && !zeros(1) => (ByteOrder::Big, bytes),
        _ => return None,
    };
    // MS-DOS ends a text with a single byte 0x1A, in UTF-16 too.
    let body = if body.len() % 2 == 1 { body.strip_suffix(b"\x1a").unwrap_or(body) } else { body };
    if body.len() % 2 == 1 {
        let message = "the list is UTF-16 and ends in the middle of a character: copy it again completely";
        return Some(Err(Error::new(Reason::BadList, message)));
    }
    let units: Vec<u16> = body.as_chunks().0.iter().map(|pair| order.unit(*pair)).collect();
    let bad = |_| {
        Error::new(Reason::BadList, "the list looks like UTF-16 but can't be decoded: save it as UTF-8 text")
    };
    Some(String::from_utf16(&units).map_err(bad))
}

fn line_of(text: &str, at: usize) -> String {
    format!("line {}", text[..at].split('\n').count())
}
