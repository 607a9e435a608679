//! Common damage of transfers, each kind as a function from the sent file to the received one.

use super::encoding::{Encoding, as_text, decode, encode, encode_quoted_printable, lines};

/// A kind of damage: its name, its function, and the repair words, at least one of which is expected.
pub type Accident = (&'static str, fn(&[u8]) -> Vec<u8>, &'static [&'static str]);

/// Every accident that is undone without loss.
pub const ACCIDENTS: &[Accident] = &[
    ("utf-8 bom", utf8_bom, &["utf-8-bom"]),
    ("utf-16le with bom", utf16le_bom, &["utf-16"]),
    ("utf-16be with bom", utf16be_bom, &["utf-16"]),
    ("utf-16le", utf16le, &["utf-16"]),
    ("utf-16be", utf16be, &["utf-16"]),
    ("ftp text mode", ftp_text_mode, &["line-ends"]),
    ("crlf", crlf, &["line-ends"]),
    ("lone cr", lone_cr, &["line-ends"]),
    ("mixed line ends", mixed_ends, &["line-ends"]),
    ("cr cr lf", cr_cr_lf, &["line-ends"]),
    ("line separators", line_separators, &["line-ends"]),
    ("trailing blanks", trailing_blanks, &["trailing-blanks"]),
    ("trailing tabs", trailing_tabs, &["trailing-blanks"]),
    ("trailing nbsp", trailing_nbsp, &["trailing-blanks"]),
    ("blank lines", blank_lines, &["blank-lines"]),
    ("blank lines lost", blank_lines_lost, &[]),
    ("folded at 20", fold_20, &["re-wrapped"]),
    ("folded at 40", fold_40, &["re-wrapped"]),
    ("filled to 72", fill_72, &["re-wrapped"]),
    ("filled to 76", fill_76, &["re-wrapped"]),
    ("a word a line", a_word_a_line, &["re-wrapped"]),
    ("joined", joined, &["re-wrapped"]),
    ("joined with blanks", joined_with_blanks, &["re-wrapped"]),
    ("quoted", quoted, &["quoting"]),
    ("quoted twice", quoted_twice, &["quoting"]),
    ("quoted with bars", quoted_with_bars, &["quoting"]),
    ("indented", indented, &["indentation"]),
    ("indented with tabs", indented_with_tabs, &["indentation"]),
    ("three dashes", three_dashes, &["dashes"]),
    ("no dashes", no_dashes, &["dashes"]),
    ("en dashes", en_dashes, &["dashes"]),
    ("em dash and hyphen", em_dash_and_hyphen, &["dashes"]),
    ("hyphens", hyphens, &["dashes"]),
    ("minus signs", minus_signs, &["dashes"]),
    ("dash-escaped", dash_escaped, &["dashes", "label"]),
    ("quoted-printable", quoted_printable, &["quoted-printable"]),
    ("quoted-printable dashes", quoted_printable_dashes, &["quoted-printable"]),
    ("quoted-printable binary", quoted_printable_binary, &["quoted-printable"]),
    ("zeros at the end", zeros_at_the_end, &["padding-bytes"]),
    ("zeros in front", zeros_in_front, &["padding-bytes"]),
    ("^Z at the end", control_z_at_the_end, &["padding-bytes"]),
    ("mail around", mail_around, &["text-after"]),
    ("windows-1252 around", windows_1252_around, &["text-after"]),
    ("html", html, &["html", "text-after"]),
    ("html quoted", html_quoted, &["html", "quoting"]),
    ("pre", pre, &["text-after"]),
    ("lost padding", lost_padding, &["base64-padding"]),
    ("zero-width spaces", zero_width_spaces, &["invisible-characters"]),
    ("soft hyphens", soft_hyphens, &["invisible-characters"]),
    ("code fence", code_fence, &["text-after"]),
    ("paste marks", paste_marks, &["paste-marks"]),
    ("capitals", capitals, &["label"]),
    ("doubled blanks", doubled_blanks, &["label"]),
];

fn utf8_bom(file: &[u8]) -> Vec<u8> {
    [b"\xef\xbb\xbf", file].concat()
}

fn wide(file: &[u8], encoding: Encoding, mark: &str) -> Vec<u8> {
    let text = decode(file).0;
    encode(&format!("{mark}{}", text.trim_start_matches('\u{feff}')), encoding)
}

fn utf16le_bom(file: &[u8]) -> Vec<u8> {
    wide(file, Encoding::Little, "\u{feff}")
}

fn utf16be_bom(file: &[u8]) -> Vec<u8> {
    wide(file, Encoding::Big, "\u{feff}")
}

fn utf16le(file: &[u8]) -> Vec<u8> {
    wide(file, Encoding::Little, "")
}

fn utf16be(file: &[u8]) -> Vec<u8> {
    wide(file, Encoding::Big, "")
}

/// Byte by byte, whatever the encoding.
fn ftp_text_mode(file: &[u8]) -> Vec<u8> {
    file.iter().flat_map(|&b| if b == b'\n' { vec![b'\r', b'\n'] } else { vec![b] }).collect()
}

fn crlf(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.replace('\n', "\r\n"))
}

fn lone_cr(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.replace('\n', "\r"))
}

fn mixed_ends(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| {
        let ends = ["\n", "\r\n", "\r"];
        text.split_inclusive('\n').enumerate().map(|(i, line)| line.replace('\n', ends[i % 3])).collect()
    })
}

fn cr_cr_lf(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.replace('\n', "\r\r\n"))
}

fn line_separators(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.replace('\n', "\u{2028}"))
}

fn trailing_blanks(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!("{line}  "))
}

fn trailing_tabs(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!("{line}\t"))
}

fn trailing_nbsp(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!("{line}\u{a0}"))
}

fn blank_lines(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!("{line}\n"))
}

fn blank_lines_lost(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.split_inclusive('\n').filter(|line| !line.trim().is_empty()).collect())
}

/// As `fold -w` does: hard breaks, also within words.
fn fold(file: &[u8], width: usize) -> Vec<u8> {
    lines(file, |line| {
        let chars: Vec<char> = line.chars().collect();
        let parts: Vec<String> = chars.chunks(width).map(|part| part.iter().collect()).collect();
        parts.join("\n")
    })
}

fn fold_20(file: &[u8]) -> Vec<u8> {
    fold(file, 20)
}

fn fold_40(file: &[u8]) -> Vec<u8> {
    fold(file, 40)
}

/// As an editor does that takes neighbouring lines for a paragraph: joined without blanks and broken anew.
fn fill(file: &[u8], width: usize) -> Vec<u8> {
    as_text(file, |text| {
        let paragraphs: Vec<String> = text
            .split("\n\n")
            .map(|paragraph| {
                let chars: Vec<char> = paragraph.chars().filter(|&c| c != '\n').collect();
                let parts: Vec<String> = chars.chunks(width).map(|part| part.iter().collect()).collect();
                parts.join("\n")
            })
            .collect();
        paragraphs.join("\n\n") + "\n"
    })
}

fn fill_72(file: &[u8]) -> Vec<u8> {
    fill(file, 72)
}

fn fill_76(file: &[u8]) -> Vec<u8> {
    fill(file, 76)
}

fn a_word_a_line(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.split_whitespace().map(|word| format!("{word}\n")).collect())
}

fn joined(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.replace(['\r', '\n', '\u{2028}'], ""))
}

fn joined_with_blanks(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.replace("\r\n", "\n").replace(['\r', '\n', '\u{2028}'], " "))
}

fn quoted(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!("> {line}"))
}

fn quoted_twice(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!(">> {line}"))
}

fn quoted_with_bars(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!("| {line}"))
}

fn indented(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!("    {line}"))
}

fn indented_with_tabs(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!("\t{line}"))
}

fn dashes(file: &[u8], instead: &str) -> Vec<u8> {
    as_text(file, |text| text.replace("-----", instead))
}

fn three_dashes(file: &[u8]) -> Vec<u8> {
    dashes(file, "---")
}

fn no_dashes(file: &[u8]) -> Vec<u8> {
    dashes(file, "")
}

fn en_dashes(file: &[u8]) -> Vec<u8> {
    dashes(file, "–––––")
}

fn em_dash_and_hyphen(file: &[u8]) -> Vec<u8> {
    dashes(file, "——-")
}

fn hyphens(file: &[u8]) -> Vec<u8> {
    dashes(file, "‑‑‑‑‑")
}

fn minus_signs(file: &[u8]) -> Vec<u8> {
    dashes(file, "−−−−−")
}

/// As OpenPGP does with signed mail.
fn dash_escaped(file: &[u8]) -> Vec<u8> {
    lines(file, |line| if line.starts_with('-') { format!("- {line}") } else { line.to_owned() })
}

fn quoted_printable(file: &[u8]) -> Vec<u8> {
    encode_quoted_printable(file, b"")
}

fn quoted_printable_dashes(file: &[u8]) -> Vec<u8> {
    encode_quoted_printable(file, b"-")
}

fn quoted_printable_binary(file: &[u8]) -> Vec<u8> {
    encode_quoted_printable(&crlf(file), b"\n")
}

fn zeros_at_the_end(file: &[u8]) -> Vec<u8> {
    [file, &[0; 512][..]].concat()
}

fn zeros_in_front(file: &[u8]) -> Vec<u8> {
    [&[0; 16][..], file].concat()
}

fn control_z_at_the_end(file: &[u8]) -> Vec<u8> {
    [file, b"\x1a"].concat()
}

fn mail_around(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| {
        format!(
            "From: desk@example.org\nSubject: Lizenz für Sie\nContent-Type: text/plain\n\n---------- Forwarded \
             message ---------\nHere it is:\n\n{text}\n\n-- \nThe desk — Zürich\nThis mail is confidential.\n"
        )
    })
}

fn windows_1252_around(file: &[u8]) -> Vec<u8> {
    [b"Gr\xfc\xdfe \x96 \x93hier\x94:\n\n", file, b"\n\xa9 M\xfcller \x97 vertraulich\n"].concat()
}

fn html_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn html(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| {
        let body = html_text(text).replace('\n', "<br>\n");
        format!("<html><body><p class=\"mail\">\n{body}</p></body></html>\n")
    })
}

fn html_quoted(file: &[u8]) -> Vec<u8> {
    lines(file, |line| format!("&gt; {}<br>", html_text(line)))
}

fn pre(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| format!("<pre>{text}</pre>\n"))
}

fn lost_padding(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.replace("==\n-", "\n-").replace("=\n-", "\n-"))
}

fn sprinkled(file: &[u8], c: char) -> Vec<u8> {
    as_text(file, |text| {
        text.chars()
            .enumerate()
            .flat_map(|(i, old)| [old].into_iter().chain((i % 7 == 3).then_some(c)))
            .collect()
    })
}

fn zero_width_spaces(file: &[u8]) -> Vec<u8> {
    sprinkled(file, '\u{200b}')
}

fn soft_hyphens(file: &[u8]) -> Vec<u8> {
    sprinkled(file, '\u{ad}')
}

fn code_fence(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| format!("```text\n{text}```\n"))
}

fn paste_marks(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| format!("\u{1b}[200~{text}\u{1b}[201~"))
}

fn capitals(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| {
        let words = [("BEGIN", "Begin"), ("END", "End"), ("AIRLATCH", "Airlatch"), ("LICENSE", "License")];
        let more =
            [("KEY CERTIFICATE", "Key Certificate"), ("REQUEST", "Request"), ("CLOCK RESET", "Clock Reset")];
        let rest = [("REVOCATION LIST", "Revocation List"), ("RELEASE RECEIPT", "Release Receipt")];
        let change = |line: &str| {
            let all = words.iter().chain(&more).chain(&rest);
            all.fold(line.to_owned(), |line, (old, new)| line.replace(old, new))
        };
        text.split_inclusive('\n')
            .map(|line| {
                if line.contains("-----") || line.contains("AIRLATCH") {
                    change(line)
                } else {
                    line.to_owned()
                }
            })
            .collect()
    })
}

fn doubled_blanks(file: &[u8]) -> Vec<u8> {
    as_text(file, |text| text.replace(' ', "  "))
}
