//! MAC addresses: spellings, damage by spreadsheets, and the rule of a product.

use super::Vector;

/// The usual address, bare.
const MAC: &str = "00049f114bd4";

fn typed(condition: &str, expect: &str, comment: &str, text: &str) -> Vector {
    let vector = Vector::new(format!("mac/{condition}"), expect, comment);
    let vector = if expect == "valid" { vector.with("mac", MAC) } else { vector };
    vector.body(format!("{text}\n"))
}

pub(crate) fn vectors() -> Vec<Vector> {
    let table = |table: &[(&str, &str, &str)], expect: &str| -> Vec<Vector> {
        table.iter().map(|(condition, comment, text)| typed(condition, expect, comment, text)).collect()
    };
    let mut vectors = table(SPELLINGS, "valid");
    vectors.extend(table(MISSPELT, "bad-mac"));
    vectors.extend(table(NO_DEVICE, "not-unicast"));
    vectors.extend(rules());
    vectors.extend(check_digits());
    vectors
}

const SPELLINGS: &[(&str, &str, &str)] = &[
    ("colons", "Colons", "00:04:9f:11:4b:d4"),
    ("hyphens", "Hyphens and capitals", "00-04-9F-11-4B-D4"),
    ("dots", "Dots, as Cisco writes it", "0004.9f11.4bd4"),
    ("bare", "Nothing between the digits", "00049f114bd4"),
    ("halves", "Two groups of six, as HP writes it", "00049f-114bd4"),
    ("groups-of-four-with-hyphens", "Three groups of four, as Huawei writes it", "0004-9f11-4bd4"),
    ("label", "The word MAC in front, as on a device", "MAC: 00049F114BD4"),
    ("mixed-case", "Capitals and small letters", "00:04:9F:11:4b:D4"),
    ("blanks-around", "Blanks around it", "  00049f114bd4 "),
];

const MISSPELT: &[(&str, &str, &str)] = &[
    ("empty", "Nothing", ""),
    ("mixed-separators", "Hyphens and colons", "00-04-9f:11:4b:d4"),
    ("separator-at-the-end", "A colon at the end", "00:04:9f:11:4b:d4:"),
    ("separator-in-front", "A colon in front", ":00:04:9f:11:4b:d4"),
    ("groups-of-four-with-colons", "Colons where Cisco has dots", "0004:9f11:4bd4"),
    ("groups-of-two-with-dots", "Dots where colons belong", "00.04.9f.11.4b.d4"),
    ("groups-uneven", "A colon in the wrong place", "000:4:9f:11:4b:d4"),
    ("leading-zeros-missing", "Digits left out, as some systems print them", "0:4:9f:11:4b:d4"),
    ("eleven-digits", "A spreadsheet dropped a leading zero", "0049f114bd4"),
    ("thirteen-digits", "A digit too many", "00049f114bd40"),
    ("eight-bytes", "An EUI-64", "00:04:9f:ff:fe:11:4b:d4"),
    (
        "twenty-bytes",
        "A hardware address of InfiniBand",
        "80:00:00:48:fe:80:00:00:00:00:00:00:00:04:9f:03:00:11:4b:d4",
    ),
    ("spreadsheet-exponent", "A spreadsheet made a number of 000123456789", "1.23E+08"),
    ("spreadsheet-exponent-comma", "The same with a decimal comma", "1,23E+08"),
    ("spreadsheet-date", "A spreadsheet made a date of it", "10-Mar"),
    ("spreadsheet-apostrophe", "An apostrophe in front", "'00049f114bd4"),
    ("spreadsheet-formula", "A formula around it", "=\"00049f114bd4\""),
    ("quotation-marks", "Quotation marks around it", "\"00049f114bd4\""),
    ("letter-o", "The letter O for a zero", "OO049f114bd4"),
    ("letter-l", "The letter l for a one", "00049fll4bd4"),
    ("letter-g", "A letter that is no digit", "00049g114bd4"),
    ("cyrillic", "A Cyrillic letter that looks like an a", "00049\u{430}114bd4"),
    ("full-width", "A full-width digit", "\u{ff10}0049f114bd4"),
    ("arabic-digits", "Arabic digits", "\u{660}\u{660}049f114bd4"),
    (
        "en-dashes",
        "Dashes as word processors make them",
        "00\u{2013}04\u{2013}9f\u{2013}11\u{2013}4b\u{2013}d4",
    ),
    ("blank-inside", "A blank between digits", "00049f 114bd4"),
    ("prefix-0x", "0x in front", "0x00049f114bd4"),
    ("two-addresses", "Two addresses", "00049f114bd4,00049f114bd5"),
    ("control-character", "A control character", "00049f\u{7}114bd4"),
];

const NO_DEVICE: &[(&str, &str, &str)] = &[
    ("all-zero", "No device has it", "00:00:00:00:00:00"),
    ("broadcast", "Every device hears it", "ff:ff:ff:ff:ff:ff"),
    ("multicast", "A group of devices hears it", "01:00:5e:00:00:fb"),
    ("multicast-local", "Multicast comes before locally administered", "33:33:00:00:00:01"),
];

fn rules() -> Vec<Vector> {
    let with = |condition, expect, comment, text, name, value: &str| {
        typed(condition, expect, comment, text).with(name, value)
    };
    let local = "02:04:9f:11:4b:d4";
    vec![
        typed("local", "local-address", "Given by whoever runs the machine", local),
        typed("local-a", "local-address", "The second digit is an a", "3a:04:9f:11:4b:d4"),
        with("local-allowed", "valid", "The rule allows it", local, "allow-local", "true")
            .set("mac", "02049f114bd4"),
        with("prefix-24-bits", "valid", "It begins as the rule says", MAC, "prefix", "00049f"),
        with("prefix-second-of-two", "valid", "It begins as one of two says", MAC, "prefix", "009033")
            .with("prefix", "00049f"),
        with("prefix-wrong", "wrong-prefix", "It begins otherwise", MAC, "prefix", "009033"),
        with("prefix-28-bits", "valid", "28 bits decide", MAC, "prefix", "00049f1"),
        with(
            "prefix-28-bits-wrong",
            "wrong-prefix",
            "The first 24 of 28 bits are right",
            MAC,
            "prefix",
            "00049f2",
        ),
        with("prefix-36-bits", "valid", "36 bits decide", MAC, "prefix", "00049f114"),
        with(
            "prefix-36-bits-wrong",
            "wrong-prefix",
            "The first 32 of 36 bits are right",
            MAC,
            "prefix",
            "00049f115",
        ),
        with(
            "spelling-right",
            "valid",
            "The one spelling the rule takes",
            "00-04-9f-11-4b-d4",
            "spelling",
            "hyphens",
        ),
        with(
            "spelling-wrong",
            "wrong-spelling",
            "Another spelling than the rule takes",
            MAC,
            "spelling",
            "colons",
        ),
        with(
            "spelling-of-no-rule",
            "wrong-spelling",
            "Hyphens, but in other places",
            "00049f-114bd4",
            "spelling",
            "hyphens",
        ),
    ]
}

/// Addresses with check digits behind them.
fn check_digits() -> Vec<Vector> {
    let good = |condition, comment, text| typed(condition, "valid", comment, text).set("mac", "009033010203");
    let bad = |condition, comment, text| typed(condition, "bad-mac", comment, text);
    let right = "00-90-33-01-02-03 (7a)";
    vec![
        good("check-digits", "Check digits in brackets", right),
        good("check-digits-in-capitals", "Without a blank, in capitals", "00-90-33-01-02-03(7A)"),
        good("check-digits-blanks-inside", "Blanks in and around the bracket", " 0090.3301.0203  ( 7a ) "),
        good("check-digits-spelling", "The spelling is that of the address", right)
            .with("spelling", "hyphens"),
        typed("check-digits-of-another", "valid", "Those of another address", "00:04:9f:11:4b:d4 (28)"),
        bad("check-digits-wrong", "They don't fit the address", "00-90-33-01-02-03 (7b)"),
        bad("check-digits-mistyped-address", "A digit of the address is wrong", "00-90-33-01-02-04 (7a)"),
        bad(
            "check-digits-swapped-address",
            "Two digits of the address changed places",
            "00-90-33-01-20-03 (7a)",
        ),
        bad("check-digits-one", "One digit only", "00-90-33-01-02-03 (7)"),
        bad("check-digits-three", "A digit too many", "00-90-33-01-02-03 (7a0)"),
        bad("check-digits-none", "Nothing in the bracket", "00-90-33-01-02-03 ()"),
        bad("check-digits-no-digits", "A letter that is no digit", "00-90-33-01-02-03 (7g)"),
        bad("check-digits-arabic", "Arabic digits", "00-90-33-01-02-03 (\u{667}\u{661})"),
        bad("check-digits-not-closed", "The bracket is not closed", "00-90-33-01-02-03 (7a"),
        bad("check-digits-not-open", "The bracket is not open", "00-90-33-01-02-03 7a)"),
        bad("check-digits-twice", "They stand there twice", "00-90-33-01-02-03 (7a)(7a)"),
        bad("check-digits-in-front", "They stand before the address", "(7a) 00-90-33-01-02-03"),
        bad("check-digits-square", "Another kind of bracket", "00-90-33-01-02-03 [7a]"),
        typed("check-digits-spelling-wrong", "wrong-spelling", "The rule still holds", right)
            .with("spelling", "colons"),
    ]
}
