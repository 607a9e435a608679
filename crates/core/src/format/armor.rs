//! The armor that travels: readable lines, then the sealed bytes in base64 between BEGIN and END.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::{Error, Kind, Reason, Result};

use super::{Block, Opened, limits, repair, sniff, visible};

/// Characters in a line of base64.
const WIDTH: usize = 64;
/// How the first line of a block begins.
const BEGIN: &str = "-----BEGIN AIRLATCH ";

/// The form that travels: `summary` for people, then the block; LF line ends, 64 columns.
///
/// The summary is never read back. Its lines are made visible and can't be taken for a marker, whatever they hold and
/// whatever happens on the way; they are cut at [`limits::SUMMARY_LINE`] and [`limits::SUMMARY_LINES`]. A block of
/// more than [`limits::SEALED`] bytes is written, but [`open`] will refuse it.
pub fn armor(kind: Kind, sealed: &[u8], summary: &[String]) -> String {
    let mut text = harmless(summary);
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

/// The document in a file or a pasted text, with every usual accident undone.
///
/// # Errors
/// `too-large` beyond [`limits::DOCUMENT_FILE`] or [`limits::SEALED`]; `empty`, `not-text`, `no-document` and
/// `two-documents` by what there is; `truncated`, `bad-character` and `bad-base64` with the line of the file as it
/// came. Nothing is ever guessed: a repair never changes a base64 character.
pub fn open(bytes: &[u8]) -> Result<Opened> {
    if bytes.len() as u64 > limits::DOCUMENT_FILE {
        let what = format!(
            "the file has {} bytes, more than the {} of any document",
            bytes.len(),
            limits::DOCUMENT_FILE
        );
        return Err(Error::new(Reason::TooLarge, what));
    }
    if let Some(opened) = untouched(bytes) {
        return Ok(opened);
    }
    repair::read(bytes).map_err(|error| sniff::explain(bytes, error))
}

/// The document in a file that is just as [`armor`] writes it, which takes a fraction of the time of looking for accidents;
/// none for any other file.
fn untouched(bytes: &[u8]) -> Option<Opened> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (summary, block) = text.split_at(text.find(BEGIN)?);
    let (label, body) = block.strip_prefix(BEGIN)?.split_once("-----\n")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.armor() == label)?;
    let body = body.strip_suffix("-----\n")?.strip_suffix(label)?.strip_suffix("\n-----END AIRLATCH ")?;
    let mut sealed = Vec::with_capacity(body.len());
    for line in body.split('\n') {
        // Only behind full lines may there be another one.
        if line.is_empty() || line.len() > WIDTH || sealed.len() % (WIDTH / 4 * 3) != 0 {
            return None;
        }
        STANDARD.decode_vec(line, &mut sealed).ok()?;
    }
    let fits = sealed.len() as u64 <= limits::SEALED && (summary.is_empty() || summary.ends_with('\n'));
    // What the search would take for another encoding or for marks of a terminal.
    let plain =
        !summary.starts_with('\u{feff}') && !summary.bytes().any(|byte| matches!(byte, b'\0' | b'\x1b'));
    (fits && plain && markers(text) == 2)
        .then(|| Opened { blocks: vec![Block { kind, sealed }], repairs: Vec::new() })
}

/// At most how many markers a search could find: all that counts for it are letters and what may be lost between them.
fn markers(text: &str) -> usize {
    let ends = |end: usize, word: &[u8]| {
        let mut letters = text.as_bytes()[..=end].iter().rev().filter(|byte| byte.is_ascii_alphabetic());
        word.iter().rev().all(|letter| letters.next().is_some_and(|byte| byte.eq_ignore_ascii_case(letter)))
    };
    let ends_marker = |end: &usize| ends(*end, b"BEGINAIRLATCH") || ends(*end, b"ENDAIRLATCH");
    // Both words end with the same letter, so only where one stands is there anything to compare.
    let letters = text.match_indices('H').chain(text.match_indices('h'));
    letters.map(|(end, _)| end).filter(ends_marker).count()
}

/// The summary as lines that can do no harm.
fn harmless(summary: &[String]) -> String {
    let lines = || summary.iter().take(limits::SUMMARY_LINES as usize);
    let cut = |line: &str| -> String { line.chars().take(limits::SUMMARY_LINE as usize).collect() };
    let mild = |line: &String| cut(visible(line).trim_end()) + "\n";
    let text: String = lines().map(mild).collect();
    if !repair::reads_as_marker(&text) {
        return text;
    }
    // Someone has a strange name. Without the characters of any encoding only the name AIRLATCH itself is left to
    // break, and it is broken whatever stands between its letters.
    let hard = |line: &String| cut(&broken(line)) + "\n";
    let one_by_one = |line: &String| {
        let text = mild(line);
        if repair::reads_as_marker(&text) { hard(line) } else { text }
    };
    let text: String = lines().map(one_by_one).collect();
    if !repair::reads_as_marker(&text) {
        return text;
    }
    lines().map(hard).collect()
}

/// No character that an encoding is made of, and no H: a name that plays tricks is shown maimed.
fn broken(line: &str) -> String {
    let harmless = |c: char| if c.is_ascii_alphanumeric() || c == ' ' || !c.is_ascii() { c } else { '.' };
    visible(line).chars().map(harmless).map(|c| if matches!(c, 'H' | 'h') { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the short way gives an answer, the long one gives the same, whatever was changed at any place.
    #[test]
    fn an_untouched_document_is_what_the_search_finds() {
        let summary = ["Product:  phone".to_owned(), "Customer: Grüße & Söhne <=> BEGIN".to_owned()];
        let file = armor(Kind::License, &[0xfb; 100], &summary).into_bytes();
        assert!(untouched(&file).is_some());
        assert!(untouched(armor(Kind::Request, &[7; 48], &[]).as_bytes()).is_some());
        let (mut taken, mut left) = (0, 0);
        let mut compare = |file: &[u8]| match untouched(file) {
            Some(opened) => {
                assert_eq!(repair::read(file).ok(), Some(opened), "{}", String::from_utf8_lossy(file));
                taken += 1;
            }
            None => left += 1,
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
        assert!(taken > 500 && left > 5000, "{taken} {left}");
    }
}
