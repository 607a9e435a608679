//! Hexadecimal encoding of bytes.

/// Two lower-case digits for each byte.
pub fn write(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Decodes exactly `N` bytes, in upper or lower case; `None` if the text is anything else.
pub fn read<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let digit = |c: u8| char::from(c).to_digit(16);
        *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!((write(&[]), write(&[0, 0x9a, 0xff])), (String::new(), "009aff".to_owned()));
        assert_eq!(read("009aff"), Some([0, 0x9a, 0xff]));
        assert_eq!(read("009AfF"), Some([0, 0x9a, 0xff]));
        for bad in ["", "009af", "009af ", "+09aff", "009aff0", "009aff00", "00ä0f", "009afg"] {
            assert_eq!(read::<3>(bad), None, "{bad}");
        }
    }
}
