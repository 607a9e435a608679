//! Decodes the bytes of a list: UTF-8 or UTF-16, any line ends, padding at the end.

use airlatch_core::model::text::{self, ByteOrder, Encoding, without_bom};
use airlatch_core::model::{Error, Reason, Result};

use airlatch_core::format::{Accident, Repair, no_text};

/// The text with LF line ends, and the repairs.
///
/// # Errors
/// `empty`; `not-text` for binary data or HTML; `bad-list` for invalid UTF-8, with the line of its first byte, or UTF-16.
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
            utf8(content)?
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

fn utf8(bytes: &[u8]) -> Result<String> {
    text::utf8(bytes).map(str::to_owned).map_err(|before| {
        let message = "the list is not valid UTF-8: save it as UTF-8 text";
        Error::new(Reason::BadList, message).at(line_of(before, before.len()))
    })
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
