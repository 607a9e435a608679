//! Lists of devices as customers send them: every bad row is reported with line and column, and no row is lost or shifted.

use airlatch_core::format::limits;
use airlatch_core::model::{Reason, Spelling};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::lists;
use airlatch_desk::lists::DeviceRow;
use proptest::prelude::*;

use crate::common::rules_room::ten_thousand;

fn rows(list: &[u8]) -> Vec<DeviceRow> {
    lists::read_list(list, &MacRule::default()).unwrap_or_else(|errors| panic!("{errors:?}")).rows
}

/// Line, number and bare MAC of each device.
fn found(list: &[u8]) -> Vec<(usize, String, String)> {
    rows(list).into_iter().map(|row| (row.line, row.number, row.mac.bare())).collect()
}

/// Reason, place and words of each error.
fn errors(list: &[u8], rule: &MacRule) -> Vec<(Reason, String, String)> {
    let errors = lists::read_list(list, rule).map(|list| list.rows).unwrap_err();
    let parts =
        errors.iter().map(|t| (t.reason(), t.place().unwrap_or_default().to_owned(), t.message().to_owned()));
    parts.collect()
}

/// The one error of a list.
fn error(list: &[u8], rule: &MacRule) -> (Reason, String, String) {
    let mut all = errors(list, rule);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn prefixes(list: &[&str]) -> MacRule {
    MacRule { prefixes: list.iter().map(|&prefix| prefix.into()).collect(), ..MacRule::default() }
}

/// Each bad line is line 3 between good ones, and gives the only error.
#[test]
fn every_bad_line_is_named_with_its_column() {
    use Reason::{BadList, BadMac, LocalAddress, NotUnicast, WrongPrefix};
    let any = MacRule::default();
    let lan = prefixes(&["0004f1"]);
    let (bits_28, bits_36) = (prefixes(&["0004f11"]), prefixes(&["0004f1144"]));
    for (line, rule, reason, column, words) in [
        // Separators and lengths.
        ("A1\t01-02:03-04-05-06", &any, BadMac, 9, "separators are mixed"),
        ("A1\t00:04:f1:14:4b:d4:", &any, BadMac, 22, "0 digits between separators"),
        ("A1\t0123:4567:89AF", &any, BadMac, 4, "4 digits between separators"),
        ("A1\t00:04:f1:ff:fe:14:4b:d4", &any, BadMac, 4, "this is an EUI-64"),
        ("A1\t0004f1fffe144bd4", &any, BadMac, 4, "16 digits where 12 belong"),
        ("A1\t0004f1144bd40004f1144bd40004f1144bd40004", &any, BadMac, 4, "digits where 12 belong"),
        // Lost leading zeros.
        ("A1\t0:1b:77:00:00:01", &any, BadMac, 4, "a leading zero may have been lost by a spreadsheet"),
        ("LONGER-1\t00:1b:77:0:00:01", &any, BadMac, 19, "a leading zero may have been lost"),
        ("A1\t4f1144bd412", &any, BadMac, 4, "11 digits where 12 belong: a leading zero may have been lost"),
        ("A1\t4112345678", &any, BadMac, 4, "2 leading zeros may have been lost"),
        ("A1\t412345678", &any, BadMac, 4, "3 leading zeros may have been lost"),
        // Addresses changed by a spreadsheet.
        ("A1\t1.23E+11", &any, BadMac, 4, "turned the MAC address into a number"),
        ("A1\t1,23457E+11", &any, BadMac, 4, "turned the MAC address into a number"),
        ("A1\t1E+12", &any, BadMac, 4, "turned the MAC address into a number"),
        ("A1\t 0.00E+00", &any, BadMac, 5, "turned the MAC address into a number"),
        ("A1\t10-Mar", &any, BadMac, 7, "`M` (U+004D) is not a hexadecimal digit"),
        ("A1\t'0004f1144bd4", &any, BadMac, 4, "left its own marks"),
        ("A1\t=\"0004f1144bd4\"", &any, BadMac, 4, "left its own marks"),
        ("A1\t#####", &any, BadMac, 4, "`#` (U+0023)"),
        // Characters that look alike.
        ("A1\tO004f1144bd4", &any, BadMac, 4, "the letter O stands where a zero belongs"),
        ("A1\t0004fl144bd4", &any, BadMac, 9, "the letter l stands where a one belongs"),
        ("A1\t0004f1144bd\u{430}", &any, BadMac, 15, "U+0430"),
        ("A1\t0004f1144b\u{435}4", &any, BadMac, 14, "U+0435"),
        ("A1\t\u{ff10}004f1144bd4", &any, BadMac, 4, "U+FF10"),
        ("A1\t\u{660}\u{661}04f1144bd4", &any, BadMac, 4, "U+0660"),
        ("A1\t00\u{2011}04\u{2011}f1\u{2011}14\u{2011}4b\u{2011}d4", &any, BadMac, 6, "not the plain hyphen"),
        ("A1\t0004f1\u{200b}144bd4", &any, BadMac, 10, "U+200B"),
        // Addresses that no device of this product has.
        ("A1\t01:00:5e:00:00:01", &any, NotUnicast, 4, "multicast"),
        ("A1\tff-ff-ff-ff-ff-ff", &any, NotUnicast, 4, "broadcast"),
        ("A1\t000000000000", &any, NotUnicast, 4, "all zero"),
        ("A1\t020000000001", &any, LocalAddress, 4, "locally administered"),
        ("A1\t060000000001", &any, LocalAddress, 4, "locally administered"),
        ("A1\tea0000000001", &any, LocalAddress, 4, "locally administered"),
        ("A1\t0004f2144bd4", &lan, WrongPrefix, 4, "00:04:f2:14:4b:d4 does not begin with 0004f1"),
        ("A1\t0004f1244bd4", &bits_28, WrongPrefix, 4, "0004f11"),
        ("A1\t0004f1145bd4", &bits_36, WrongPrefix, 4, "0004f1144"),
        // Cells.
        ("A1", &any, BadList, 1, "the MAC is missing"),
        ("0004f1144bd4", &any, BadList, 1, "the license number is missing"),
        ("\t0004f1144bd4", &any, BadList, 1, "the license number is missing"),
        ("A1\t", &any, BadMac, 4, "the MAC address is missing"),
        ("A1\t\t0004f1144bd4", &any, BadList, 5, "a third column"),
        ("A1\t0004f1144bd4\t\t\tx", &any, BadList, 19, "a fifth column"),
        ("\"A1\t0004f1144bd4\"", &any, BadList, 1, "the whole line is in quotation marks"),
        ("\"A1\t0004f1144bd4", &any, BadList, 1, "a license number can't contain `\"` (U+0022)"),
        ("A1\t\"0004f1144bd4", &any, BadMac, 4, "left its own marks"),
        ("A1,0004f1144bd4", &any, BadList, 1, "separated by `,`, those of line 1 by TAB"),
        ("A1;0004f1144bd4", &any, BadList, 1, "separated by `;`, those of line 1 by TAB"),
        ("0004f1144bd4\tA1", &any, BadList, 14, "number and MAC are swapped"),
        ("A1    0004f1144bd4", &any, BadList, 1, "separated by blanks"),
        ("A1\u{a0}0004f1144bd4", &any, BadList, 1, "separated by blanks"),
        ("A 1\t0004f1144bd4", &any, BadList, 1, "a license number can't contain ` ` (U+0020)"),
        ("=A1\t0004f1144bd4", &any, BadList, 1, "`=` (U+003D)"),
        ("../x\t0004f1144bd4", &any, BadList, 1, "`/` (U+002F)"),
        ("\u{1b}[31mA1\t0004f1144bd4", &any, BadList, 1, "U+001B"),
    ] {
        assert_error_in_line_3(line, rule, reason, column, words);
    }
}

#[track_caller]
fn assert_error_in_line_3(line: &str, rule: &MacRule, reason: Reason, column: usize, words: &str) {
    let list = format!("B1\t0004f1144001\nB2\t0004f1144002\n{line}\nB3\t0004f1144003\n");
    let (found, place, message) = error(list.as_bytes(), rule);
    assert_eq!((found, place), (reason, format!("line 3, column {column}")), "{line:?}: {message}");
    assert!(message.contains(words), "{line:?}: {message}");
}

/// A file that is not a list gives one error; a license number that begins like an image file is a license number.
#[test]
fn html_is_not_a_list_and_a_number_is_not_an_image() {
    let (was, _, message) =
        error(b"\n<html><table><tr><td>A1</td></tr></table></html>\n", &MacRule::default());
    assert!(was == Reason::NotText && message.contains("HTML"), "{message}");
    for number in ["GIF8-1", "BZh0001", "MZ1"] {
        let list =
            lists::read_list(format!("{number}\t0004f1144bd4\n").as_bytes(), &MacRule::default()).unwrap();
        assert_eq!(list.rows[0].number, number);
    }
}

#[test]
fn every_spelling_is_read_and_a_rule_may_take_one_only() {
    let spelt =
        ["00:04:f1:14:4b:d4", "00-04-F1-14-4B-D5", "0004.f114.4bd6", "0004F1144bd7", "\u{a0}0004f1144bd8 "];
    let list: String = spelt.iter().enumerate().map(|(i, text)| format!("A{i}\t{text}\n")).collect();
    let macs: Vec<_> = rows(list.as_bytes()).into_iter().map(|row| row.mac.to_string()).collect();
    let last = ["d4", "d5", "d6", "d7", "d8"].map(|end| format!("00:04:f1:14:4b:{end}"));
    assert_eq!(macs, last);
    for (wanted, lines) in [
        (Spelling::Colons, vec![2, 3, 4, 5]),
        (Spelling::Hyphens, vec![1, 3, 4, 5]),
        (Spelling::Dots, vec![1, 2, 4, 5]),
        (Spelling::Bare, vec![1, 2, 3]),
    ] {
        let rule = MacRule { spelling: Some(wanted), ..MacRule::default() };
        let places: Vec<_> = errors(list.as_bytes(), &rule).into_iter().map(|error| error.1).collect();
        // The last address has a blank before it.
        let column = |line: &i32| if *line == 5 { 5 } else { 4 };
        let expected: Vec<_> =
            lines.iter().map(|line| format!("line {line}, column {}", column(line))).collect();
        assert_eq!(places, expected, "{}", wanted.word());
    }
}

#[test]
fn what_a_rule_allows_passes() {
    let local = MacRule { allow_local: true, ..MacRule::default() };
    assert!(lists::read_list(b"A1\t020000000001\n", &local).is_ok());
    for rule in [prefixes(&["0004f1"]), prefixes(&["0004f11"]), prefixes(&["aa", "0004f1144"])] {
        assert!(lists::read_list(b"A1\t00:04:F1:14:4B:D4\n", &rule).is_ok());
    }
}

/// Every repetition is reported with the first line.
#[test]
fn a_repeated_device_is_reported_with_both_lines() {
    let list = b"A1\t0004f1144bd4\nA2\t0004f1144bd5\nA1\t0004f1144bd4\n\nA3\t00:04:F1:14:4B:D4\nA4\t00-04-f1-14-4b-d4\n";
    let all = errors(list, &MacRule::default());
    let places: Vec<_> = all.iter().map(|(reason, place, _)| (*reason, place.as_str())).collect();
    let twice = Reason::Duplicate;
    assert_eq!(places, [(twice, "line 3"), (twice, "line 5"), (twice, "line 6")]);
    assert!(all.iter().all(|(_, _, message)| message == "00:04:f1:14:4b:d4 is already in line 1"), "{all:?}");
}

/// None of this changes columns or line numbers in errors.
#[test]
fn blank_lines_comments_and_stray_blanks_are_passed_over() {
    let list = b"\n# devices of site 7\n\t\t\n  \nA1\t0004f1144bd4\t\t\n\n\n   # more\t#\n A2 \t 0004f1144bd5 \n\n\nA3\t0004f1144bd6";
    let expected = [(5, "A1", "0004f1144bd4"), (9, "A2", "0004f1144bd5"), (12, "A3", "0004f1144bd6")];
    assert_eq!(found(list), expected.map(|(line, number, mac)| (line, number.to_owned(), mac.to_owned())));
    let (_, place, _) = error(b"A1\t0004f1144bd4\n\n\n\nA2\t0004\n\n", &MacRule::default());
    assert_eq!(place, "line 5, column 4");
}

/// Quotation marks have no special meaning.
#[test]
fn a_stray_quote_does_not_swallow_the_lines_behind_it() {
    let list = b"A1\t0004f1144bd4\nA2\t\"0004f1144bd5\nA3\t0004f1144bd6\n\"A4\t0004\"f1144bd7\nA5\t00\n";
    let places: Vec<_> = errors(list, &MacRule::default()).into_iter().map(|error| error.1).collect();
    assert_eq!(places, ["line 2, column 4", "line 4, column 1", "line 5, column 4"]);
}

#[test]
fn a_head_line_says_which_column_is_which_and_is_no_device() {
    for head in ["number\tMAC", "License Number\tMac Address", "Lizenz\tMAC-Adresse", "#\n\nnumber\tmac"] {
        let list = format!("{head}\nA1\t0004f1144bd4\n");
        assert_eq!(rows(list.as_bytes())[0].number, "A1", "{head}");
    }
    for head in ["MAC\tnumber", "mac address\tlicense", "MAC"] {
        let list = if head == "MAC" { "MAC\nx".into() } else { format!("{head}\n0004f1144bd4\tA1\n") };
        match lists::read_list(list.as_bytes(), &MacRule::default()) {
            Ok(list) => assert_eq!((list.rows[0].line, list.rows[0].number.as_str()), (2, "A1"), "{head}"),
            Err(errors) => assert_eq!((head, errors.len()), ("MAC", 2)),
        }
    }
    assert_eq!(error(b"number,mac\n", &MacRule::default()).0, Reason::Empty);
    assert_eq!(error(b"number\tMAC\n\n# none\n", &MacRule::default()).0, Reason::Empty);
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn encodings_and_line_ends_of_all_systems_are_read() {
    let plain = "A1\t0004f1144bd4\nA2\t0004f1144bd5\n";
    let wanted = found(plain.as_bytes());
    let ends = ["\n", "\r\n", "\r"].map(|end| plain.replace('\n', end));
    for text in ends.iter().map(String::as_str).chain([
        "A1\t0004f1144bd4\r\nA2\t0004f1144bd5\r\n\0\0\0",
        "A1\t0004f1144bd4\rA2\t0004f1144bd5\n\u{1a}",
    ]) {
        assert_eq!(found(text.as_bytes()), wanted, "{text:?}");
        assert_eq!(found(format!("\u{feff}{text}").as_bytes()), wanted, "{text:?}");
        for (little, mark) in [(true, true), (true, false), (false, true), (false, false)] {
            assert_eq!(found(&utf16(text, little, mark)), wanted, "{text:?} {little} {mark}");
        }
    }
    assert_eq!(found(b"A1\t0004f1144bd4\r\n\nA2\t0004f1144bd5\r\r\n")[1].0, 3);
    let (reason, place, _) = error(b"A1\t0004f1144bd4\n\nA2\t\xe5\n", &MacRule::default());
    assert_eq!((reason, place.as_str()), (Reason::BadMac, "line 3, column 4"));
    let (reason, place, _) = error(b"A1\t0004f1144bd4\nA2\t0004\0f1144bd5\n", &MacRule::default());
    assert_eq!((reason, place.as_str()), (Reason::NotText, "line 2"));
}

/// A copy that ends in the middle of a character may have lost more.
#[test]
fn utf16_of_an_odd_length_is_cut_off() {
    for (little, mark) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut list = utf16("MAC\tnumber\n0004f1144bd4\tA12", little, mark);
        list.pop();
        assert_eq!(error(&list, &MacRule::default()).0, Reason::BadList, "{little} {mark}");
    }
    let lone = [0xff, 0xfe, b'A', 0, 0x00, 0xd8, b'\t', 0];
    assert_eq!(error(&lone, &MacRule::default()).0, Reason::BadList);
}

#[test]
fn what_is_no_list_is_named() {
    for (bytes, reason) in [
        (&b""[..], Reason::Empty),
        (b" \n\t\n", Reason::Empty),
        (b"\xef\xbb\xbf", Reason::Empty),
        (b"\xff\xfe", Reason::Empty),
        (b"\0\0\0\0\0\0\0\0", Reason::Empty),
        (b"# nothing yet\n", Reason::Empty),
        (b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\xb5\x55xl/workbook.xml", Reason::NotText),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0", Reason::NotText),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xed", Reason::NotText),
    ] {
        assert_eq!(error(bytes, &MacRule::default()).0, reason, "{bytes:?}");
    }
    let (_, _, message) =
        error(b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\xb5\x55xl/workbook.xml", &MacRule::default());
    assert!(message.contains("Excel workbook"), "{message}");
}

/// Every limit, at its largest allowed value and one above.
#[test]
fn limits_hold() {
    let row = "A1\t0004f1144bd4";
    let lines = |count: usize| "\n".repeat(count - 1) + row;
    assert_eq!(rows(lines(limits::LIST_LINES as usize).as_bytes())[0].line as u64, limits::LIST_LINES);
    let (reason, _, message) = error(lines(limits::LIST_LINES as usize + 1).as_bytes(), &MacRule::default());
    assert_eq!((reason, message.as_str()), (Reason::TooLarge, "more than 1000000 lines"));
    let comments = "#\n".repeat(limits::LIST_LINES as usize + 1);
    assert_eq!(error(comments.as_bytes(), &MacRule::default()).0, Reason::TooLarge);

    let long = |length: usize| {
        format!("B1\t0004f1144001\n{row}{}\nB2\t0004f1144002\n", " ".repeat(length - row.len()))
    };
    let longest = limits::LIST_LINE as usize;
    assert_eq!(rows(long(longest - 1).as_bytes()).len(), 3);
    let (reason, place, message) = error(long(longest + 1).as_bytes(), &MacRule::default());
    assert_eq!((reason, place.as_str()), (Reason::BadList, "line 2, column 1"));
    assert!(message.ends_with("bytes, more than 1024"), "{message}");

    let number = |length: usize| format!("{}\t0004f1144bd4", "9".repeat(length));
    assert_eq!(rows(number(64).as_bytes())[0].number.len(), 64);
    assert_eq!(error(number(65).as_bytes(), &MacRule::default()).0, Reason::BadList);

    let huge = vec![b'\n'; limits::LIST_FILE as usize + 1];
    assert_eq!(error(&huge, &MacRule::default()).0, Reason::TooLarge);
}

#[test]
fn ten_thousand_lines_are_read_each_where_it_stands() {
    let (text, wanted) = ten_thousand();
    assert_eq!(found(text.as_bytes()), wanted);
}

#[test]
fn among_ten_thousand_lines_every_bad_one_is_reported_and_no_other() {
    let (text, wanted) = ten_thousand();
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let bad: Vec<_> = [0, 1, 4_999, 5_000, 9_999].map(|i: usize| wanted[i].0).into();
    for line in &bad {
        lines[line - 1] = format!("X{line}\t0004g1144bd4");
    }
    let places: Vec<_> =
        errors(lines.join("\n").as_bytes(), &MacRule::default()).into_iter().map(|error| error.1).collect();
    let expected: Vec<_> =
        bad.iter().map(|line| format!("line {line}, column {}", line.to_string().len() + 7)).collect();
    assert_eq!(places, expected);
}

/// Whether a note says that this line was left out.
fn names_line(note: &str, line: usize) -> bool {
    let Some((lines, _)) = note.split_once(" left out") else { return false };
    lines.split(|c: char| !c.is_ascii_digit()).any(|number| number.parse() == Ok(line))
}

/// Random pieces of lists.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just("\t".to_owned()),
        4 => Just("\n".to_owned()),
        1 => prop::sample::select(vec!["\r", "\r\n", "\"", "'", "#", "=", ",", ";", " ", "\u{feff}", "\0", "MAC", "é", "\u{2028}", "\u{85}", "\u{b}"]).prop_map(str::to_owned),
        3 => "[A-C][0-9]{1,2}",
        3 => "0004f11[0-9a-f]{5}",
        1 => "[0-9a-f]{2}([:-][0-9a-f]{2}){5}",
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every line is a device, an error, or skipped for a visible reason; what is reported for a line is true for it.
    #[test]
    fn no_text_makes_a_line_vanish(text in pieces()) {
        let plain = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
        let plain = plain.trim_end_matches(['\0', '\u{1a}']);
        let lines: Vec<_> = plain.split('\n').collect();
        let cells = |line: &str| {
            let cells = line.split(['\t', ';', ',']).map(|cell| cell.trim().trim_matches('"').trim());
            cells.map(str::to_owned).collect::<Vec<_>>()
        };
        let passed = |line: &str| line.trim_matches([' ', '\t', '\u{a0}', ';', ',']).is_empty() || line.trim_start_matches([' ', '\u{a0}']).starts_with('#');
        match lists::read_list(text.as_bytes(), &MacRule::default()) {
            Ok(list) => {
                for row in &list.rows {
                    let cells = cells(lines[row.line - 1]);
                    prop_assert!(cells.contains(&row.number), "{row:?}");
                    prop_assert!(cells.iter().any(|cell| cell.parse() == Ok(row.mac)), "{row:?}");
                }
                let read: Vec<_> = list.rows.iter().map(|row| row.line).collect();
                let lost = (1..=lines.len()).filter(|line| !passed(lines[line - 1]) && !read.contains(line));
                for line in lost.skip(usize::from(plain.to_lowercase().contains("mac"))) {
                    // Other whitespace also counts as blank at the start of a line.
                    let rest = lines[line - 1].trim();
                    let is_named = list.notes.iter().any(|note| names_line(note, line));
                    prop_assert!(rest.is_empty() || rest.starts_with('#') || is_named, "line {line} of {text:?} vanished");
                }
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in &errors {
                    let Some(place) = error.place() else { continue };
                    let mut numbers = place.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<usize>().ok());
                    let line = numbers.next().unwrap();
                    prop_assert!((1..=lines.len()).contains(&line), "{error} in {text:?}");
                    let column = numbers.next().unwrap_or(1);
                    prop_assert!((1..=lines[line - 1].chars().count() + 1).contains(&column), "{error} in {text:?}");
                }
            }
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = lists::read_list(&bytes, &MacRule::default());
    }
}

/// Of very many bad lines the first are reported, and the number of the others.
#[test]
fn a_million_bad_lines_are_counted_not_kept() {
    let list = "A1\tnothing\n".repeat(limits::LIST_TROUBLES as usize + 2);
    let errors = lists::read_list(list.as_bytes(), &MacRule::default()).unwrap_err();
    assert_eq!(errors.len() as u64, limits::LIST_TROUBLES + 1);
    assert_eq!(errors.last().unwrap().message(), "2 more bad lines");
}
