//! A PEM block whose line ends were lost, as secret stores of CI systems do, is put into lines again.

use zeroize::Zeroizing;

/// How many characters of base64 a line of PEM has (RFC 7468, section 2).
const COLUMNS: usize = 64;

/// The block in lines; `None` if it has lines, or is no block. Line ends may be missing, blanks, or written as `\n`; quotes around
/// the block are dropped. Nothing of the key is changed by that.
pub(super) fn in_lines(text: &str) -> Option<Zeroizing<String>> {
    let unquoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    let text = unquoted('"').or_else(|| unquoted('\'')).unwrap_or(text).trim();
    let text = text.strip_suffix("\\n").unwrap_or(text);
    let (label, rest) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let body = rest.strip_suffix(format!("-----END {label}-----").as_str())?;
    if body.contains(['\n', '\r']) {
        return None;
    }
    let body = Zeroizing::new(body.replace("\\r", "").replace("\\n", ""));
    let mut lines = Zeroizing::new(String::with_capacity(2 * text.len()));
    lines.push_str(&format!("-----BEGIN {label}-----\n"));
    for (at, c) in body.chars().filter(|c| !matches!(c, ' ' | '\t')).enumerate() {
        if at > 0 && at % COLUMNS == 0 {
            lines.push('\n');
        }
        lines.push(c);
    }
    lines.push_str(&format!("\n-----END {label}-----"));
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{KeyFile, PrivateKey, read_key};

    #[test]
    fn a_key_is_read_however_its_line_ends_were_lost() {
        let key = PrivateKey::from_seed(&Zeroizing::new([7; 32])).unwrap();
        for pem in [key.to_pem().to_string(), key.public().to_pem()] {
            let block = pem.trim();
            for lost in [
                block.replace('\n', " "),
                block.replace('\n', ""),
                block.replace('\n', "\\n"),
                pem.replace('\n', "\\n"),
                block.replace('\n', "\\r\\n"),
                format!("\"{}\"", pem.replace('\n', "\\n")),
                format!("'{}'", block.replace('\n', " ")),
            ] {
                let read = match read_key(lost.as_bytes()).unwrap_or_else(|error| panic!("{lost}: {error}")) {
                    KeyFile::Public(key) => key,
                    KeyFile::Private(key) => key.public(),
                    KeyFile::Encrypted(_) => panic!("encrypted"),
                };
                assert_eq!(read, key.public(), "{lost}");
            }
        }
    }

    #[test]
    fn what_is_no_block_on_one_line_is_left_alone() {
        let cut = "-----BEGIN PRIVATE KEY----- MC4C";
        for text in [
            "",
            "MC4CAQ",
            cut,
            "-----BEGIN A-----\nMC4C\n-----END A-----",
            "x -----BEGIN A-----MC-----END A-----",
        ] {
            assert!(in_lines(text).is_none(), "{text}");
        }
    }
}
