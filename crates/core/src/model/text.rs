//! The encodings of text: byte order marks, UTF-8, and UTF-16 in both orders.

/// The byte order mark of UTF-8.
pub const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a byte order mark says of the bytes behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Pairs of bytes.
    Utf16(ByteOrder),
}

/// Which byte of a pair comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// The low one.
    Little,
    /// The high one.
    Big,
}

impl ByteOrder {
    /// The number that a pair of bytes stands for.
    pub const fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(pair),
            Self::Big => u16::from_be_bytes(pair),
        }
    }
}

/// The byte order marks, each with what it says.
const MARKS: [(&[u8], Encoding); 3] = [
    (UTF8_MARK, Encoding::Utf8),
    (b"\xff\xfe", Encoding::Utf16(ByteOrder::Little)),
    (b"\xfe\xff", Encoding::Utf16(ByteOrder::Big)),
];

/// What the byte order mark in front says, if there is one, and all that is behind it.
pub fn mark(bytes: &[u8]) -> (Option<Encoding>, &[u8]) {
    let found = MARKS.iter().find_map(|(mark, says)| Some((Some(*says), bytes.strip_prefix(*mark)?)));
    found.unwrap_or((None, bytes))
}

/// All bytes behind the byte order mark of UTF-8, if there is one.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes)
}

/// The bytes as UTF-8.
///
/// # Errors
/// The text before the first byte that is none.
pub fn utf8(bytes: &[u8]) -> Result<&str, &str> {
    std::str::from_utf8(bytes)
        .map_err(|error| std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_apart() {
        assert_eq!(mark(b"\xef\xbb\xbfa"), (Some(Encoding::Utf8), &b"a"[..]));
        assert_eq!(mark(b"\xff\xfea\0"), (Some(Encoding::Utf16(ByteOrder::Little)), &b"a\0"[..]));
        assert_eq!(mark(b"\xfe\xff\0a"), (Some(Encoding::Utf16(ByteOrder::Big)), &b"\0a"[..]));
        for none in [&b""[..], b"a", b"\xef\xbb", b"\xff", b"a\xef\xbb\xbf"] {
            assert_eq!((mark(none), without_mark(none)), ((None, none), none));
        }
        assert_eq!(without_mark(b"\xef\xbb\xbf\xef\xbb\xbf"), b"\xef\xbb\xbf");
        assert_eq!(without_mark(b"\xff\xfea\0"), b"\xff\xfea\0");
    }

    #[test]
    fn pairs_are_read_in_their_order() {
        assert_eq!(
            (ByteOrder::Little.unit([0xac, 0x20]), ByteOrder::Big.unit([0x20, 0xac])),
            (0x20ac, 0x20ac)
        );
    }

    #[test]
    fn what_is_before_a_bad_byte_is_told() {
        assert_eq!(utf8("grüße".as_bytes()), Ok("grüße"));
        assert_eq!(utf8(b"gr\xc3\xbc\xdfe"), Err("grü"));
        assert_eq!(utf8(b"\xff"), Err(""));
    }
}
