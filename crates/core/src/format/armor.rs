//! The armor of a document: readable lines, then the sealed bytes in base64 between BEGIN and END.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::{Error, Kind, Reason, Result};

use super::{Block, Opened, limits, repair, sniff, visible};

/// Characters in a line of base64.
const WIDTH: usize = 64;
/// The beginning of the first line of a block.
const BEGIN: &str = "-----BEGIN AIRLATCH ";

/// The text of a document's file: `summary` for people, then the block; LF line ends, 64 columns.
///
/// The summary is never read back. Its lines are escaped so they can't be taken for a marker, even after damage in
/// transfer; they are cut at [`limits::SUMMARY_LINE`] and [`limits::SUMMARY_LINES`]. A block of more than
/// [`limits::SEALED`] bytes is written, but [`open`] refuses it.
pub fn armor(kind: Kind, sealed: &[u8], summary: &[String]) -> String {
    let mut text = safe_summary(summary);
    if !text.is_empty() {
        text.push('\n');
    }
    let label = kind.armor();
    text.push_str(&format!("-----BEGIN AIRLATCH {label}-----\n"));
    let base64 = STANDARD.encode(sealed);
    let mut rest = base64.as_str();
    while let Some((line, more)) = rest.split_at_checked(WIDTH).filter(|(_, more)| !more.is_empty()) {
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text.push_str(&format!("{rest}\n-----END AIRLATCH {label}-----\n"));
    text
}

/// Reads the document in a file or a pasted text, and repairs common damage of transfers.
///
/// A repair never changes a base64 character, so nothing is guessed.
///
/// # Errors
/// `too-large` beyond [`limits::DOCUMENT_FILE`] or [`limits::SEALED`]; `empty`, `not-text`, `no-document`,
/// `two-documents`; `truncated`, `bad-character` and `bad-base64` with the line in the unrepaired file.
pub fn open(bytes: &[u8]) -> Result<Opened> {
    if bytes.len() as u64 > limits::DOCUMENT_FILE {
        let message = format!(
            "the file has {} bytes, more than the {} of any document",
            bytes.len(),
            limits::DOCUMENT_FILE
        );
        return Err(Error::new(Reason::TooLarge, message));
    }
    if let Some(opened) = read_undamaged(bytes) {
        return Ok(opened);
    }
    repair::read(bytes).map_err(|error| sniff::explain(bytes, error))
}

/// Fast path: reads a file exactly as [`armor`] writes it, in a fraction of the time of the search for damage. `None` for
/// any other file.
fn read_undamaged(bytes: &[u8]) -> Option<Opened> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (summary, block) = text.split_at(text.find(BEGIN)?);
    let (label, body) = block.strip_prefix(BEGIN)?.split_once("-----\n")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.armor() == label)?;
    let body = body.strip_suffix("-----\n")?.strip_suffix(label)?.strip_suffix("\n-----END AIRLATCH ")?;
    let mut sealed = Vec::with_capacity(body.len());
    for line in body.split('\n') {
        // A line that is not full has to be the last.
        if line.is_empty() || line.len() > WIDTH || sealed.len() % (WIDTH / 4 * 3) != 0 {
            return None;
        }
        STANDARD.decode_vec(line, &mut sealed).ok()?;
    }
    // The search refuses a text whose letters are all in one case.
    let has_case = |is: fn(&u8) -> bool| body.as_bytes().iter().any(is);
    let mixed = has_case(u8::is_ascii_uppercase) && has_case(u8::is_ascii_lowercase);
    let fits =
        mixed && sealed.len() as u64 <= limits::SEALED && (summary.is_empty() || summary.ends_with('\n'));
    // The search would take these for another encoding or for paste marks of a terminal.
    let plain =
        !summary.starts_with('\u{feff}') && !summary.bytes().any(|byte| matches!(byte, b'\0' | b'\x1b'));
    (fits && plain && max_markers(text) == 2)
        .then(|| Opened { blocks: vec![Block { kind, sealed }], repairs: Vec::new() })
}

/// An upper bound for the markers that the search could find: it compares letters only, since the search allows any
/// layout between them.
fn max_markers(text: &str) -> usize {
    let ends = |end: usize, word: &[u8]| {
        let mut letters = text.as_bytes()[..=end].iter().rev().filter(|byte| byte.is_ascii_alphabetic());
        word.iter().rev().all(|letter| letters.next().is_some_and(|byte| byte.eq_ignore_ascii_case(letter)))
    };
    let ends_marker = |end: &usize| ends(*end, b"BEGINAIRLATCH") || ends(*end, b"ENDAIRLATCH");
    // Both words end in `H`, so only these positions have to be compared.
    let letters = text.match_indices('H').chain(text.match_indices('h'));
    letters.map(|(end, _)| end).filter(ends_marker).count()
}

/// The summary as lines that no reader takes for a marker.
fn safe_summary(summary: &[String]) -> String {
    let lines = || summary.iter().take(limits::SUMMARY_LINES as usize);
    let cut = |line: &str| -> String { line.chars().take(limits::SUMMARY_LINE as usize).collect() };
    let escaped = |line: &String| cut(visible(line).trim_end()) + "\n";
    let text: String = lines().map(escaped).collect();
    if !repair::reads_as_marker(&text) {
        return text;
    }
    // Some name imitates a marker. Without encoding characters and without `H` the word AIRLATCH can't appear.
    let masked = |line: &String| cut(&masked(line)) + "\n";
    let masked_if_needed = |line: &String| {
        let text = escaped(line);
        if repair::reads_as_marker(&text) { masked(line) } else { text }
    };
    let text: String = lines().map(masked_if_needed).collect();
    if !repair::reads_as_marker(&text) {
        return text;
    }
    lines().map(masked).collect()
}

/// Replaces ASCII punctuation by `.` and `H` by `_`.
fn masked(line: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == ' ' || !c.is_ascii() { c } else { '.' };
    visible(line).chars().map(plain).map(|c| if matches!(c, 'H' | 'h') { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// If the fast path returns a document, the search returns the same, for a change at any place.
    #[test]
    fn the_fast_path_and_the_search_agree() {
        let summary = ["Product:  phone".to_owned(), "Customer: Grüße & Söhne <=> BEGIN".to_owned()];
        let bytes: [u8; 100] = std::array::from_fn(|i| (i * 37) as u8);
        let file = armor(Kind::License, &bytes, &summary).into_bytes();
        assert!(read_undamaged(&file).is_some());
        assert!(read_undamaged(armor(Kind::Request, &[7; 48], &[]).as_bytes()).is_some());
        let (mut read, mut skipped) = (0, 0);
        let mut compare = |file: &[u8]| match read_undamaged(file) {
            Some(opened) => {
                assert_eq!(repair::read(file).ok(), Some(opened), "{}", String::from_utf8_lossy(file));
                read += 1;
            }
            None => skipped += 1,
        };
        for at in 0..=file.len() {
            let (before, behind) = file.split_at(at);
            for more in [
                "\0",
                "\n",
                "\r",
                "\t",
                " ",
                "-",
                "A",
                "=",
                ">",
                "\u{1a}",
                "\u{1b}[200~",
                "\u{feff}",
                "\u{ad}",
                "\u{2028}",
            ] {
                compare(&[before, more.as_bytes(), behind].concat());
                compare(&[before, more.as_bytes(), behind.get(1..).unwrap_or_default()].concat());
            }
            for marker in
                ["END AIRLATCH LICENSE", "b e g i n\nairlatch", "-----begin airlatch license-----\n"]
            {
                compare(&[before, marker.as_bytes(), behind].concat());
            }
            compare(&[before, behind.get(1..).unwrap_or_default()].concat());
            compare(&[&file[..], before].concat());
            compare(behind);
        }
        assert!(read > 500 && skipped > 5000, "{read} {skipped}");
    }
}
