//! Names the form of a text that holds a document, but in an encoding that is not decoded.

use crate::model::Kind;

use super::first_line::FOR_PEOPLE;

/// `AIRLATCH ` in base64, at each of its three alignments, without the characters that depend on the neighbours.
const BASE64: [&str; 3] = ["QUlSTEFUQ0gg", "FJUkxBVENII", "BSVJMQVRDSC"];
/// `AIRLATCH` as hexadecimal digits, and in full-width letters.
const HEX: &str = "4149524c41544348";
const FULL_WIDTH: &str = "ＡＩＲＬＡＴＣＨ";

/// What is wrong with the text, and what to do; `None` if it is in none of these forms.
pub(super) fn form(text: &str) -> Option<(String, &'static str)> {
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let decoded = |what: &str, step| Some((what.to_owned(), step));
    if BASE64.iter().any(|part| squeezed.contains(part)) {
        return decoded(
            "the file was encoded in base64 once more, and is damaged",
            "send it again, as an attachment",
        );
    }
    if squeezed.to_ascii_lowercase().contains(HEX) {
        return decoded("the document was written as hexadecimal digits", "turn them into text: xxd -r -p");
    }
    if text.contains(FULL_WIDTH) {
        return decoded("the document was written in full-width letters", "send it again, as an attachment");
    }
    if text.contains("AIRLATCH%20") || text.contains("AIRLATCH+") && text.contains("%0A") {
        return decoded("the document was URL-encoded", "decode it, or send it again as an attachment");
    }
    if is_uuencoded(text) {
        return decoded("the file was uuencoded", "decode it with uudecode and read the result");
    }
    let kind = readable_lines(text)?;
    let what = format!("these are only the readable lines of a {}; its block is missing", kind.word());
    Some((what, "copy everything, down to the line -----END AIRLATCH …-----"))
}

fn is_uuencoded(text: &str) -> bool {
    let is_head = |line: &str| {
        let mut words = line.split(' ');
        words.next() == Some("begin")
            && words.next().is_some_and(|mode| mode.len() == 3 && mode.bytes().all(|b| b.is_ascii_digit()))
            && words.next().is_some()
    };
    text.lines().any(is_head) && text.lines().any(|line| line == "end")
}

/// The kind whose readable lines are in the text.
fn readable_lines(text: &str) -> Option<Kind> {
    let before = &text[..text.find(FOR_PEOPLE)?];
    Kind::ALL.into_iter().find(|kind| before.ends_with(&format!("airlatch {}", kind.word())))
}
