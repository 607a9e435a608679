//! Detects a private key in the file of a document.

/// Whether the bytes hold both a document and a private key, which must not be sent along with it.
pub fn holds_key_beside_document(bytes: &[u8]) -> bool {
    holds_private_key(bytes) && String::from_utf8_lossy(bytes).contains("AIRLATCH")
}

/// Whether the label of a private key is in the text, whatever the rest of it is.
pub(super) fn mentions_private_key(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).replace('\0', "").contains("PRIVATE KEY")
}

/// Whether the bytes hold the text of a private key: its label, then base64. The label alone does not count: programs and
/// web pages mention it.
fn holds_private_key(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.match_indices(LABEL).any(|(at, _)| {
        let behind = text[at + LABEL.len()..].chars().filter(|c| !c.is_whitespace());
        let base64 = behind.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/'));
        base64.take(MIN_BASE64).count() == MIN_BASE64
    })
}

/// The end of the first line of a private key, in the formats of all tools.
const LABEL: &str = "PRIVATE KEY-----";
/// The base64 characters needed to count as a key; every private key has more.
const MIN_BASE64: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_and_the_mention_of_one_is_not() {
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
