//! Decodes bytes to characters: byte order marks, UTF-16 in both byte orders, Windows-1252, padding.

use super::Accident;
use super::char_class::Glyph;
use crate::model::text::{ByteOrder, Encoding, UTF8_BOM, split_bom};

/// One way to decode the bytes, and the damage that was repaired for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) accidents: Vec<Accident>,
}

/// The ways to decode `raw`, the most likely first; byte `i` comes from offset `at(i)` of the file.
pub(super) fn readings(raw: &[u8], at: impl Fn(usize) -> u32) -> Vec<Reading> {
    let (start, marked) = skip_leading(raw);
    let end = raw.iter().rposition(|b| !matches!(b, 0 | 0x1a)).map_or(start, |last| last + 1).max(start);
    let zeros = raw[..start].iter().rev().take_while(|&&b| b == 0).count();
    let mut accidents = Vec::new();
    if marked {
        accidents.push(Accident::Utf8Bom);
    }
    let wide = wide(raw, start, end, zeros);
    let order = wide.map(|(_, order)| order);
    // UTF-16 has one zero of its own before a first and after a last ASCII character.
    let own = |mine: bool| usize::from(mine);
    let front = raw[..start].iter().filter(|&&b| b == 0).count();
    if front > own(order == Some(ByteOrder::Big)) || raw.len() - end > own(order == Some(ByteOrder::Little)) {
        accidents.push(Accident::PaddingBytes);
    }
    let mut found = Vec::new();
    if let Some((first, order)) = wide {
        let mut accidents = accidents.clone();
        accidents.push(Accident::Utf16);
        found.push(Reading { glyphs: utf16(raw, first, end, order, &at), accidents: accidents.clone() });
        // Parts of different encodings joined together: the document is ASCII, with zero bytes between.
        let without_zeros: Vec<_> = without_short_zero_runs(raw, start, end);
        found.push(Reading { glyphs: utf8(raw, &without_zeros, &at), accidents });
    }
    let all: Vec<_> = (start..end).collect();
    found.push(Reading { glyphs: utf8(raw, &all, &at), accidents });
    found.into_iter().map(without_terminal_codes).collect()
}

/// The first byte after leading zeros and UTF-8 byte order marks, and whether there was such a mark.
fn skip_leading(raw: &[u8]) -> (usize, bool) {
    let (mut start, mut marked) = (0, false);
    loop {
        if raw[start..].starts_with(UTF8_BOM) {
            start += UTF8_BOM.len();
            marked = true;
        } else if raw.get(start) == Some(&0) {
            start += 1;
        } else {
            return (start, marked);
        }
    }
}

/// The start and byte order of UTF-16, if the text looks like it.
fn wide(raw: &[u8], start: usize, end: usize, zeros: usize) -> Option<(usize, ByteOrder)> {
    let body = &raw[start..end];
    if let (Some(Encoding::Utf16(order)), rest) = split_bom(body) {
        return Some((end - rest.len(), order));
    }
    let single = body.windows(3).filter(|w| w[1] == 0 && w[0] != 0 && w[2] != 0).count();
    if single == 0 || single * 4 < body.iter().filter(|&&b| b != 0).count() {
        return None;
    }
    // Only the beginning counts: a text-mode transfer shifts everything after the first line end by a byte.
    let odd = body.iter().take(32).skip(1).step_by(2).filter(|&&b| b == 0).count();
    let even = body.iter().take(32).step_by(2).filter(|&&b| b == 0).count();
    Some(match (odd >= even, zeros % 2) {
        (true, 1) => (start - 1, ByteOrder::Big),
        (true, _) => (start, ByteOrder::Little),
        (false, _) => (start, ByteOrder::Big),
    })
}

/// Decodes UTF-16, and resynchronizes after bytes that a text-mode transfer added or removed at line ends.
fn utf16(raw: &[u8], start: usize, end: usize, order: ByteOrder, at: &impl Fn(usize) -> u32) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity((end - start) / 2);
    let byte = |i: usize| if i < end { raw[i] } else { 0 };
    let is_end = |b: u8| matches!(b, b'\r' | b'\n');
    let mut i = start;
    while i < end {
        let place = at(i);
        let run = raw[i..end].iter().take(8).take_while(|&&b| is_end(b)).count();
        let stray = match order {
            ByteOrder::Little if run >= 2 => run - 1,
            ByteOrder::Big => run,
            ByteOrder::Little => 0,
        };
        if stray > 0 && byte(i + run) == 0 {
            glyphs.extend(raw[i..i + stray].iter().map(|&b| Glyph { c: char::from(b), at: place }));
            i += stray;
            continue;
        }
        if order == ByteOrder::Little && byte(i) == 0 && is_end(byte(i + 1)) && byte(i + 2) == 0 {
            i += 1;
            continue;
        }
        let unit = |i: usize| order.unit([byte(i), byte(i + 1)]);
        let pair = [unit(i), unit(i + 2)];
        let c = char::decode_utf16(pair).next().and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER);
        glyphs.push(Glyph { c, at: place });
        i += 2 * c.len_utf16();
    }
    glyphs
}

/// The indexes of the bytes without short runs of zeros; a long run is a hole in the file and stays.
fn without_short_zero_runs(raw: &[u8], start: usize, end: usize) -> Vec<usize> {
    let mut kept = Vec::with_capacity(end - start);
    let mut i = start;
    while i < end {
        let run = raw[i..end].iter().take_while(|&&b| b == 0).count();
        if run == 0 {
            kept.push(i);
            i += 1;
        } else {
            if run > 2 {
                kept.extend(i..i + run);
            }
            i += run;
        }
    }
    kept
}

/// Decodes UTF-8; invalid bytes are decoded as Windows-1252, one by one.
fn utf8(raw: &[u8], kept: &[usize], at: &impl Fn(usize) -> u32) -> Vec<Glyph> {
    let bytes: Vec<u8> = kept.iter().map(|&i| raw[i]).collect();
    let mut glyphs = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for chunk in bytes.utf8_chunks() {
        glyphs.extend(chunk.valid().char_indices().map(|(i, c)| Glyph { c, at: at(kept[done + i]) }));
        done += chunk.valid().len();
        for &byte in chunk.invalid() {
            glyphs.push(Glyph { c: windows_1252(byte), at: at(kept[done]) });
            done += 1;
        }
    }
    glyphs
}

fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Removes ESC `[200~` and ESC `[201~`, the marks of bracketed paste in terminals, and other codes of terminals: colors and
/// links.
fn without_terminal_codes(mut reading: Reading) -> Reading {
    if !reading.glyphs.iter().any(|glyph| glyph.c == ESC) {
        return reading;
    }
    let mut kept = Vec::with_capacity(reading.glyphs.len());
    let mut rest = &reading.glyphs[..];
    let (mut marks, mut codes) = (false, false);
    while let [first, tail @ ..] = rest {
        match code_length(rest) {
            Some(length) => {
                let is_mark = matches!(rest.get(2..6), Some([a, b, c, d]) if a.c == '2' && b.c == '0' && matches!(c.c, '0' | '1') && d.c == '~');
                (marks, codes) = (marks | is_mark, codes | !is_mark);
                rest = &rest[length..];
            }
            None => {
                kept.push(*first);
                rest = tail;
            }
        }
    }
    reading.accidents.extend(marks.then_some(Accident::PasteMarks));
    reading.accidents.extend(codes.then_some(Accident::TerminalCodes));
    reading.glyphs = kept;
    reading
}

const ESC: char = '\u{1b}';

/// The length of the terminal code that the text begins with (ECMA-48, 5.4 and 5.6).
fn code_length(text: &[Glyph]) -> Option<usize> {
    const LONGEST: usize = 1000;
    let c = |i: usize| text.get(i).map(|glyph| glyph.c);
    if c(0) != Some(ESC) {
        return None;
    }
    match c(1)? {
        '[' => {
            let end = (2..LONGEST).find(|&i| !matches!(c(i), Some(' '..='?')))?;
            matches!(c(end), Some('@'..='~')).then_some(end + 1)
        }
        ']' => {
            let end = (2..LONGEST).find(|&i| matches!(c(i), None | Some('\u{7}' | ESC)))?;
            match (c(end)?, c(end + 1)) {
                ('\u{7}', _) => Some(end + 1),
                (_, Some('\\')) => Some(end + 2),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(raw: &[u8]) -> (String, Vec<Accident>) {
        let reading = readings(raw, |i| i as u32).swap_remove(0);
        (reading.glyphs.iter().map(|g| g.c).collect(), reading.accidents)
    }

    fn wide_of(text: &str, order: ByteOrder) -> Vec<u8> {
        let bytes = |u: u16| if order == ByteOrder::Big { u.to_be_bytes() } else { u.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn plain_text_is_read_as_it_is() {
        assert_eq!(first("grüße\r\n".as_bytes()), ("grüße\r\n".to_owned(), vec![]));
        assert_eq!(first(b"\xef\xbb\xbfa"), ("a".to_owned(), vec![Accident::Utf8Bom]));
        assert_eq!(first(b"gr\xfc\xdfe \x96 caf\xe9"), ("grüße – café".to_owned(), vec![]));
    }

    #[test]
    fn padding_is_taken_off_both_ends() {
        assert_eq!(first(b"\0\0a\0\0\x1a"), ("a".to_owned(), vec![Accident::PaddingBytes]));
        assert_eq!(first(b"a\x1a"), ("a".to_owned(), vec![Accident::PaddingBytes]));
        assert_eq!(first(b"\0\0\0"), (String::new(), vec![Accident::PaddingBytes]));
    }

    #[test]
    fn utf16_is_detected_with_and_without_byte_order_mark() {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let text = "grüße – 🙂\n-----";
            assert_eq!(first(&wide_of(text, order)), (text.to_owned(), vec![Accident::Utf16]));
            let marked = wide_of(&format!("\u{feff}{text}"), order);
            assert_eq!(first(&marked), (text.to_owned(), vec![Accident::Utf16]));
        }
    }

    #[test]
    fn utf16_is_resynchronized_after_a_text_mode_transfer() {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let wide = wide_of("one\ntwo\nthree\n", order);
            let mut crlf = Vec::new();
            for byte in wide {
                if byte == b'\n' {
                    crlf.push(b'\r');
                }
                crlf.push(byte);
            }
            assert_eq!(first(&crlf).0, "one\r\ntwo\r\nthree\r\n", "{order:?}");
            let wide: Vec<u8> =
                wide_of("one\r\ntwo\r\nthree", order).into_iter().filter(|&b| b != b'\r').collect();
            assert_eq!(first(&wide).0.replace('\0', ""), "one\ntwo\nthree", "{order:?}");
        }
    }

    #[test]
    fn terminal_codes_are_dropped() {
        assert_eq!(first(b"\x1b[200~a b\x1b[201~"), ("a b".to_owned(), vec![Accident::PasteMarks]));
        let both = vec![Accident::PasteMarks, Accident::TerminalCodes];
        assert_eq!(first(b"\x1b[200~a\x1b[1;31mb\x1b[0m\x1b[201~"), ("ab".to_owned(), both));
        let link = b"\x1b]8;;http://x.example\x1b\\a\x1b]8;;\x07b\x1b[K";
        assert_eq!(first(link), ("ab".to_owned(), vec![Accident::TerminalCodes]));
        for other in ["\u{1b}a", "\u{1b}[1\u{e9}", "\u{1b}[12", "\u{1b}]8;a", "\u{1b}"] {
            assert_eq!(first(other.as_bytes()), (other.to_owned(), vec![]));
        }
    }
}
