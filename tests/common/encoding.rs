//! Texts as other programs read and write them in transfer.

/// How a program reads and saves a text.
#[derive(Clone, Copy)]
pub enum Encoding {
    Utf8,
    Bytes,
    Little,
    Big,
}

/// Does `change` as a program would that opens the file as text, in whatever encoding, and saves it in the same.
pub fn as_text(file: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let (text, encoding) = decode(file);
    encode(&change(&text), encoding)
}

pub fn decode(file: &[u8]) -> (String, Encoding) {
    let inner = file.iter().skip_while(|&&b| b == 0).count();
    let front = file.len() - inner;
    let head = &file[front..file.len().min(front + 32)];
    let zeros = file.windows(3).filter(|w| w[1] == 0 && w[0] != 0 && w[2] != 0).count();
    let wide =
        head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || zeros * 3 > file.len() - zeros;
    if wide {
        let big = head.starts_with(b"\xfe\xff") || !head.starts_with(b"\xff\xfe") && front % 2 == 1;
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair.get(1).copied().unwrap_or(0)];
            if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        };
        let units: Vec<u16> = file.chunks(2).map(unit).collect();
        let text = String::from_utf16_lossy(&units);
        // Out of step, no program would take it for UTF-16 text.
        let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        if letters.to_ascii_uppercase().matches("LATCH").count() > 1 {
            return (text, if big { Encoding::Big } else { Encoding::Little });
        }
    }
    match std::str::from_utf8(file) {
        Ok(text) => (text.to_owned(), Encoding::Utf8),
        Err(_) => (file.iter().map(|&b| char::from(b)).collect(), Encoding::Bytes),
    }
}

pub fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Bytes if text.chars().all(|c| u32::from(c) < 256) => {
            text.chars().map(|c| c as u8).collect()
        }
        // An editor that put in a character its code page lacks saves the whole as UTF-8.
        Encoding::Bytes => text.as_bytes().to_vec(),
        Encoding::Little => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Big => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}

pub fn lines(file: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    as_text(file, |text| {
        text.split_inclusive('\n')
            .map(|line| match line.strip_suffix('\n') {
                Some(line) => change(line) + "\n",
                None => change(line),
            })
            .collect()
    })
}

/// RFC 2045, 6.7; `also` are bytes that are escaped without need.
pub fn encode_quoted_printable(file: &[u8], also: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut column = 0;
    for (i, &byte) in file.iter().enumerate() {
        if byte == b'\n' && !also.contains(&byte) {
            out.push(byte);
            column = 0;
            continue;
        }
        let last = file.get(i + 1).is_none_or(|&next| next == b'\n');
        let plain =
            (b' '..=b'~').contains(&byte) && byte != b'=' && !also.contains(&byte) && !(byte == b' ' && last);
        let token = if plain { vec![byte] } else { format!("={byte:02X}").into_bytes() };
        if column + token.len() > 75 {
            out.extend(b"=\n");
            column = 0;
        }
        column += token.len();
        out.extend(token);
    }
    out
}
