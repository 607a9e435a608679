//! A private key in a file that travels.

/// Whether a private key stands in these bytes beside a document, so that it would travel with it.
pub fn holds_key_beside_document(bytes: &[u8]) -> bool {
    holds_private_key(bytes) && String::from_utf8_lossy(bytes).contains("AIRLATCH")
}

/// Whether the text of a private key stands in these bytes: its label, then base64. That a program or a page merely speaks of
/// private keys is none.
fn holds_private_key(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.match_indices(LABEL).any(|(at, _)| {
        let behind = text[at + LABEL.len()..].chars().filter(|c| !c.is_whitespace());
        behind.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/')).nth(LEAST - 1).is_some()
    })
}

/// How the first line of such a block ends, whatever tool made it.
const LABEL: &str = "PRIVATE KEY-----";
/// Fewer characters than any private key has.
const LEAST: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_and_talk_of_one_is_not() {
        let key =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n";
        assert!(holds_private_key(key.as_bytes()));
        for text in [
            key.replace('\n', "\r\n"),
            key.replace("\nMC4C", "\n  MC4C"),
            key.replace("PRIVATE", "ENCRYPTED PRIVATE"),
            format!("\u{fffd}\0{key}"),
            format!("PRIVATE KEY----- is its label:\n{key}"),
        ] {
            assert!(holds_private_key(text.as_bytes()), "{text}");
        }
        assert!(holds_private_key(&[&[0xff, 0x80], key.as_bytes()].concat()));
        for text in
            ["", "PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\0-----END PUBLIC KEY-----", &key[..60]]
        {
            assert!(!holds_private_key(text.as_bytes()), "{text}");
        }
    }
}
