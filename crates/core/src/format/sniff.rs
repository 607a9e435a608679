//! Recognizes the type of a file that holds no document, for the error message.

use crate::crypto;
use crate::model::{Cause, Error, Reason, text};

use super::encoded;
use super::fleet_lines::is_fleet;

/// The first bytes of binary files.
const MAGIC: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x7fELF", "a program (ELF)"),
    (b"MZ", "a Windows program"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls)"),
    (b"\x00\x05\x16\x07", "the AppleDouble file that a Mac writes beside a file, not the file"),
    (b"L\0\0\0\x01\x14\x02\0", "a Windows shortcut, not the file it points to"),
];

/// Entries of a ZIP archive that show it to be an office document.
const ZIPPED: &[(&[u8], &str)] = &[
    (b"word/", "a Word document (.docx)"),
    (b"xl/", "an Excel workbook (.xlsx)"),
    (b"ppt/", "a PowerPoint presentation (.pptx)"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "an OpenDocument file"),
];

/// The error for a file that is empty or binary; `None` for any other.
pub fn no_text(bytes: &[u8]) -> Option<Error> {
    let is_binary = |what| Error::new(Reason::NotText, format!("the file is {what}"));
    empty(bytes).or_else(|| binary(bytes).map(is_binary))
}

/// The error for a file without a readable document; `error` is the one about its block, if it has one. An empty or binary
/// file has an error of its own.
pub(super) fn explain(bytes: &[u8], error: Option<Error>) -> Error {
    if let Some(error) = no_text(bytes) {
        return match error.reason() {
            Reason::NotText => error.detail("the document as text is needed, with its BEGIN and END lines"),
            _ => error,
        };
    }
    error.unwrap_or_else(|| other_text(bytes))
}

fn empty(bytes: &[u8]) -> Option<Error> {
    let error = |message| Some(Error::new(Reason::Empty, message));
    let (_, text) = text::split_bom(bytes.trim_ascii());
    if bytes.is_empty() {
        error("the file is empty")
    } else if bytes.iter().all(|&b| b == 0) {
        error("all bytes are zero: copy it again")
    } else if text.iter().all(is_blank) {
        error("the file is blank")
    } else {
        None
    }
}

fn is_blank(b: &u8) -> bool {
    b.is_ascii_whitespace() || matches!(b, 0 | 0x1a)
}

/// The type of a binary file.
pub(super) fn binary(bytes: &[u8]) -> Option<&'static str> {
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let (magic, name) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic))?;
    // A text may begin with the same letters, but it has no zero bytes.
    let could_be_text = magic.iter().all(u8::is_ascii_alphanumeric);
    if could_be_text && !bytes.contains(&0) {
        return None;
    }
    let zipped = ZIPPED.iter().find(|(part, _)| bytes.starts_with(b"PK") && holds(part));
    Some(zipped.map_or(*name, |(_, name)| name))
}

/// The error for a text without a block.
fn other_text(bytes: &[u8]) -> Error {
    let text: Vec<u8> = bytes.iter().copied().filter(|&b| b != 0).collect();
    let text = String::from_utf8_lossy(&text);
    if let Some(error) = key_or_block(&text) {
        return error;
    }
    if is_fleet(bytes) {
        let error = none("this is a fleet file, not one document").because(Cause::OtherFileGiven);
        return error.detail("a device finds its own lines: airlatch verify, airlatch install");
    }
    if is_fleet(text.trim_start_matches(['\u{feff}', '\u{fffd}']).as_bytes()) {
        let message = "this is a fleet file that an editor or a transfer has changed, perhaps to UTF-16";
        return Error::new(Reason::NotText, message).detail("copy it again from the desk, as a file");
    }
    if let Some((what, step)) = encoded::form(&text) {
        return none(what).because(Cause::OtherForm).detail(step);
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Error::new(Reason::NotText, "the file is a tar archive");
    }
    let start: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(200).collect();
    let start = start.to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.contains("<html") {
        return Error::new(Reason::NotText, "the file is a web page without a document")
            .detail("save the document itself, not the page that shows or offers it");
    }
    let controls = bytes.iter().filter(|&&b| b < 0x20 && !b.is_ascii_whitespace()).count();
    if controls * 10 > bytes.len() {
        return Error::new(Reason::NotText, "the file is not text");
    }
    none("no AIRLATCH block is in the text").detail("a document has a line -----BEGIN AIRLATCH …-----")
}

fn none(message: impl Into<String>) -> Error {
    Error::new(Reason::NoDocument, message)
}

/// The error for a key, or a block of another tool.
fn key_or_block(text: &str) -> Option<Error> {
    if text.contains("PRIVATE KEY-----") || text.contains("AGE-SECRET-KEY-1") {
        let error = none("this is a private key, not a document").because(Cause::PrivateKeyGiven);
        return Some(error.detail("never send a private key along with a document"));
    }
    if text.contains("PUBLIC KEY-----") || text.trim_start().starts_with("ssh-") {
        return Some(none("this is a public key, not a document").because(Cause::PublicKeyGiven));
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let block = || text.find("-----BEGIN ").and_then(|at| crypto::foreign_file(&text[at..]));
    let what = crypto::foreign_file(start).or_else(block)?;
    Some(none(format!("this is {what}, not a document of airlatch")))
}
