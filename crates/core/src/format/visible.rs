//! Escapes untrusted text, so it can neither control a terminal nor look like other text.

use std::fmt::Write as _;

/// `text` with every control, bidirectional, zero-width, separator, format, private-use and unassigned character
/// written as an escape: newline `\n`, tab `\t`, ESC `\u{1b}`. All other characters are unchanged, letters of any script
/// and their combining marks included.
pub fn visible(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut out, c);
    }
    out
}

/// Whether a character is invisible and has no meaning in plain text: zero-width, bidirectional marks, joiners, soft
/// hyphen, byte order mark, variation selectors, tags (Unicode `Cf` and other default-ignorable characters).
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
        | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Blanks other than the ASCII space, which the standard library counts as not printable.
fn is_unicode_blank(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

fn push(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        ' '..='~' => out.push(c),
        _ if is_unicode_blank(c) => out.push(c),
        _ if is_hidden(c) || !is_printable(c) => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        _ => out.push(c),
    }
}

/// Whether the standard library counts a character as printable; only `escape_debug` tells. It leaves combining marks
/// unescaped if another character precedes them.
fn is_printable(c: char) -> bool {
    let mut pair = [b'a', 0, 0, 0, 0];
    let length = c.encode_utf8(&mut pair[1..]).len();
    match std::str::from_utf8(&pair[..=length]) {
        Ok(pair) => pair.escape_debug().nth(1) == Some(c),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_hidden_characters_are_escaped() {
        assert_eq!(visible("a\nb\tc\rd"), "a\\nb\\tc\\rd");
        assert_eq!(visible("\u{1b}[31m\u{7}\u{7f}\u{9b}"), "\\u{1b}[31m\\u{7}\\u{7f}\\u{9b}");
        assert_eq!(
            visible("a\u{202e}b\u{2066}\u{200b}\u{ad}\u{feff}"),
            "a\\u{202e}b\\u{2066}\\u{200b}\\u{ad}\\u{feff}"
        );
        assert_eq!(
            visible("\u{2028}\u{2029}\u{e000}\u{e0041}\u{378}"),
            "\\u{2028}\\u{2029}\\u{e000}\\u{e0041}\\u{378}"
        );
    }

    #[test]
    fn every_control_and_bidi_character_is_escaped() {
        let controls = ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}');
        let bidi = ['\u{61c}', '\u{200e}', '\u{200f}'].into_iter().chain('\u{202a}'..='\u{202e}');
        for c in controls.chain(bidi).chain('\u{2066}'..='\u{2069}') {
            assert!(visible(&c.to_string()).starts_with('\\'), "{:x}", u32::from(c));
        }
    }

    #[test]
    fn letters_of_all_scripts_are_unchanged() {
        for text in [
            "Müller \"& Söhne\" \\ '",
            "e\u{301}",
            "日本語\u{3000}株式会社",
            "שלום",
            "ไทย ที่",
            "हिन्दी",
            "🙂",
            "a\u{a0}b",
        ] {
            assert_eq!(visible(text), text);
        }
    }
}
