//! The encodings of text: byte order marks, UTF-8, and UTF-16 in both orders.

/// The byte order mark of UTF-8.
pub const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// The encoding that a byte order mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16.
    Utf16(ByteOrder),
}

/// The byte order of UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// Low byte first.
    Little,
    /// High byte first.
    Big,
}

impl ByteOrder {
    /// The code unit in a pair of bytes.
    pub const fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(pair),
            Self::Big => u16::from_be_bytes(pair),
        }
    }
}

const BYTE_ORDER_MARKS: [(&[u8], Encoding); 3] = [
    (UTF8_BOM, Encoding::Utf8),
    (b"\xff\xfe", Encoding::Utf16(ByteOrder::Little)),
    (b"\xfe\xff", Encoding::Utf16(ByteOrder::Big)),
];

/// Splits off a leading byte order mark: its encoding, if there is one, and the bytes behind it.
pub fn split_bom(bytes: &[u8]) -> (Option<Encoding>, &[u8]) {
    let found = BYTE_ORDER_MARKS
        .iter()
        .find_map(|(bom, encoding)| Some((Some(*encoding), bytes.strip_prefix(*bom)?)));
    found.unwrap_or((None, bytes))
}

/// The bytes without a leading byte order mark of UTF-8.
pub fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(UTF8_BOM).unwrap_or(bytes)
}

/// The bytes as UTF-8.
///
/// # Errors
/// The text before the first invalid byte.
pub fn utf8(bytes: &[u8]) -> Result<&str, &str> {
    std::str::from_utf8(bytes)
        .map_err(|error| std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_order_mark_is_recognized() {
        assert_eq!(split_bom(b"\xef\xbb\xbfa"), (Some(Encoding::Utf8), &b"a"[..]));
        assert_eq!(split_bom(b"\xff\xfea\0"), (Some(Encoding::Utf16(ByteOrder::Little)), &b"a\0"[..]));
        assert_eq!(split_bom(b"\xfe\xff\0a"), (Some(Encoding::Utf16(ByteOrder::Big)), &b"\0a"[..]));
        for none in [&b""[..], b"a", b"\xef\xbb", b"\xff", b"a\xef\xbb\xbf"] {
            assert_eq!((split_bom(none), without_bom(none)), ((None, none), none));
        }
        assert_eq!(without_bom(b"\xef\xbb\xbf\xef\xbb\xbf"), b"\xef\xbb\xbf");
        assert_eq!(without_bom(b"\xff\xfea\0"), b"\xff\xfea\0");
    }

    #[test]
    fn pairs_are_read_in_their_order() {
        assert_eq!(
            (ByteOrder::Little.unit([0xac, 0x20]), ByteOrder::Big.unit([0x20, 0xac])),
            (0x20ac, 0x20ac)
        );
    }

    #[test]
    fn the_error_is_the_text_before_the_invalid_byte() {
        assert_eq!(utf8("grüße".as_bytes()), Ok("grüße"));
        assert_eq!(utf8(b"gr\xc3\xbc\xdfe"), Err("grü"));
        assert_eq!(utf8(b"\xff"), Err(""));
    }
}
