//! The armor that travels: readable lines, then the sealed bytes in base64 between BEGIN and END.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::{Kind, Reason, Result, Trouble};

use super::repair::{self, Repair};
use super::{limits, sniff, visible};

/// Characters in a line of base64.
const WIDTH: usize = 64;

/// One sealed document as it stood between its markers; nothing in it is believed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What its label says it is. The signature has the last word.
    pub kind: Kind,
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// What was read from a file or a pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The one main document; behind a license, the certificate of the key that signed it may follow.
    pub blocks: Vec<Block>,
    /// What had happened on the way and was undone; empty for a file that is just as it was written.
    pub repairs: Vec<Repair>,
}

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
    let mut column = 0;
    for c in STANDARD.encode(sealed).chars() {
        if column == WIDTH {
            text.push('\n');
            column = 0;
        }
        text.push(c);
        column += 1;
    }
    text.push_str(&format!("\n-----END AIRLATCH {label}-----\n"));
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
        return Err(Trouble::new(Reason::TooLarge, what));
    }
    repair::read(bytes).map_err(|trouble| sniff::explain(bytes, trouble))
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
