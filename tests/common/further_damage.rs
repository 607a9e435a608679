//! Damage that leaves letters beside or inside the lines of a block, which are no base64: undone alone and after usual damage, but
//! not after each.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::damage::Accident;

/// Every accident with the repair words, one of which is expected.
pub const FURTHER: &[Accident] = &[
    ("numbered lines", numbered, &["line-edges"]),
    ("numbered lines with a colon", numbered_colon, &["line-edges"]),
    ("logged lines", logged, &["line-edges"]),
    ("logged by syslog", syslog, &["line-edges"]),
    ("said in a chat", chat, &["line-edges"]),
    ("commented out", commented, &["line-edges"]),
    ("commented out with slashes", commented_in_c, &["line-edges"]),
    ("quoted with initials", initials, &["line-edges"]),
    ("in quotation marks", in_quotes, &["line-edges"]),
    ("as strings of a program", as_strings, &["line-edges"]),
    ("colored", colored, &["terminal-codes"]),
    ("colored markers", colored_markers, &["terminal-codes"]),
    ("bold lines", bold_lines, &["line-edges", "emphasis"]),
    ("bold markers", bold_markers, &["emphasis"]),
    ("twice", twice, &["repeated"]),
    ("in a reply below itself", replied, &["repeated"]),
    ("mail in base64", base64_mail, &["base64-text"]),
    ("mail of two parts", two_parts, &["repeated"]),
];

/// Each line of the text, changed; `number` counts from 1.
fn each(file: &[u8], change: impl Fn(usize, &str) -> String) -> Vec<u8> {
    let text = String::from_utf8(file.to_vec()).unwrap();
    let lines = text.lines().enumerate().map(|(i, line)| change(i + 1, line) + "\n");
    lines.collect::<String>().into_bytes()
}

fn numbered(file: &[u8]) -> Vec<u8> {
    each(file, |number, line| format!("{number:>6}\t{line}"))
}

fn numbered_colon(file: &[u8]) -> Vec<u8> {
    each(file, |number, line| format!("{number}:{line}"))
}

fn logged(file: &[u8]) -> Vec<u8> {
    each(file, |number, line| format!("2026-12-01T12:00:{number:02}.{:03}Z INFO {line}", number * 37))
}

fn syslog(file: &[u8]) -> Vec<u8> {
    each(file, |number, line| format!("Dec  1 12:00:{number:02} pbx-1 installer[4711]: {line}"))
}

fn chat(file: &[u8]) -> Vec<u8> {
    each(file, |number, line| format!("[12:{number:02}] Ann: {line}"))
}

fn commented(file: &[u8]) -> Vec<u8> {
    each(file, |_, line| format!("# {line}"))
}

fn commented_in_c(file: &[u8]) -> Vec<u8> {
    each(file, |_, line| format!("//{line}"))
}

fn initials(file: &[u8]) -> Vec<u8> {
    each(file, |_, line| format!("JD> {line}"))
}

fn in_quotes(file: &[u8]) -> Vec<u8> {
    each(file, |_, line| format!("\"{line}\""))
}

fn as_strings(file: &[u8]) -> Vec<u8> {
    let text = each(file, |_, line| format!("    \"{line}\\n\" +"));
    let end = text.len() - 3;
    [&text[..end], b";\n"].concat()
}

fn colored(file: &[u8]) -> Vec<u8> {
    each(file, |_, line| format!("\x1b[0;32m{line}\x1b[0m\x1b[K"))
}

fn colored_markers(file: &[u8]) -> Vec<u8> {
    let bold = |line: &str| line.replace("AIRLATCH", "\x1b[1;31mAIRLATCH\x1b[0m");
    each(file, |_, line| if line.starts_with('-') { bold(line) } else { line.to_owned() })
}

fn bold_lines(file: &[u8]) -> Vec<u8> {
    each(file, |_, line| if line.is_empty() { String::new() } else { format!("**{line}**") })
}

fn bold_markers(file: &[u8]) -> Vec<u8> {
    each(file, |_, line| if line.starts_with('-') { format!("**{line}**") } else { line.to_owned() })
}

fn twice(file: &[u8]) -> Vec<u8> {
    [file, b"\n", file].concat()
}

fn replied(file: &[u8]) -> Vec<u8> {
    let below = each(file, |_, line| format!("> {line}"));
    [file, b"\nOn Monday you wrote:\n", &below].concat()
}

fn base64_mail(file: &[u8]) -> Vec<u8> {
    let base64 = STANDARD.encode(file);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let head = "From: desk@example.com\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    format!("{head}{}\r\n", lines.join("\r\n")).into_bytes()
}

/// The text as it is, and once more as an attachment in base64 and as a web page.
fn two_parts(file: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(file.to_vec()).unwrap();
    let page: String = text.lines().map(|line| format!("{line}<br>\n")).collect();
    format!(
        "Content-Type: multipart/alternative; boundary=\"xx\"\n\n--xx\nContent-Type: text/plain\n\n{text}\n--xx\n\
         Content-Type: text/html\n\n<html><body>{page}</body></html>\n--xx--\n"
    )
    .into_bytes()
}
