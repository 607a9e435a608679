//! Lists of devices: forms, and bad lines, all of which are reported.

use super::Vector;

/// Two good lines.
const TWO: &str = "AB-1\t00049f114bd4\nAB-2\t00:04:9F:11:4B:D5\n";

fn good(condition: &str, comment: &str, file: impl Into<Vec<u8>>) -> Vector {
    let vector = Vector::new(format!("list/{condition}"), "valid", comment);
    vector.with("row", "1 AB-1 00049f114bd4").with("row", "2 AB-2 00049f114bd5").body(file)
}

/// A list that is refused as a whole.
fn whole(condition: &str, expect: &str, comment: &str, file: impl Into<Vec<u8>>) -> Vector {
    Vector::new(format!("list/{condition}"), expect, comment).body(file)
}

/// A list with bad lines, each as `LINE WORD`.
fn lines(condition: &str, comment: &str, bad: &[(usize, &str)], file: impl Into<Vec<u8>>) -> Vector {
    let words: Vec<&str> = bad.iter().map(|(_, word)| *word).collect();
    let numbers: Vec<String> = bad.iter().map(|(line, _)| line.to_string()).collect();
    whole(condition, &words.join(" "), comment, file).with("lines", numbers.join(" "))
}

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = forms();
    vectors.extend(bad_lines());
    vectors.extend(whole_lines());
    vectors.extend(wholes());
    vectors.extend(quantities());
    vectors.extend(models());
    vectors.extend(spreadsheets());
    vectors
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let unit = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    text.encode_utf16().flat_map(unit).collect()
}

fn forms() -> Vec<Vector> {
    let moved = |condition, comment, rows: [&str; 2], file: &str| {
        good(condition, comment, file).without("row").with("row", rows[0]).with("row", rows[1])
    };
    let (third, fourth) = ("3 AB-1 00049f114bd4", "4 AB-2 00049f114bd5");
    vec![
        good("plain", "Number, TAB, MAC", TWO),
        good("crlf", "Line ends are CR LF", TWO.replace('\n', "\r\n")),
        good("lone-cr", "Line ends are CR", TWO.replace('\n', "\r")),
        good("mixed-line-ends", "LF and CR LF", TWO.replacen('\n', "\r\n", 1)),
        good("no-last-line-end", "The last line has no line end", TWO.trim_end()),
        good("byte-order-mark", "UTF-8 with a byte order mark", format!("\u{feff}{TWO}")),
        good("utf-16le", "UTF-16, as Excel saves Unicode text", utf16(&format!("\u{feff}{TWO}"), true)),
        good("utf-16be", "UTF-16 in the other order", utf16(&format!("\u{feff}{TWO}"), false)),
        good("utf-16le-without-mark", "UTF-16 without a byte order mark", utf16(TWO, true)),
        good("tabs-at-the-end", "Empty cells at the end of lines", TWO.replace('\n', "\t\t\n")),
        good(
            "blanks-around-cells",
            "Blanks around the cells",
            " AB-1 \t 00049f114bd4 \nAB-2\t00049f114bd5\n",
        ),
        good(
            "check-digits",
            "Check digits behind the addresses",
            "AB-1\t00049f114bd4 (28)\nAB-2\t00:04:9F:11:4B:D5(2f)\n",
        ),
        good("control-z-at-the-end", "^Z at the end", format!("{TWO}\u{1a}")),
        good("zeros-at-the-end", "Zero bytes at the end", format!("{TWO}\0\0\0\0")),
        moved(
            "comments-and-blank-lines",
            "Comments and blank lines are passed over",
            [third, "5 AB-2 00049f114bd5"],
            "# two devices\n\nAB-1\t00049f114bd4\n \t \nAB-2\t00049f114bd5\n",
        ),
        moved(
            "header",
            "A first line that names the columns",
            ["2 AB-1 00049f114bd4", "3 AB-2 00049f114bd5"],
            &format!("License\tMAC address\n{TWO}"),
        ),
        moved(
            "header-after-comment",
            "The same below comments",
            [third, fourth],
            &format!("# devices\nnumber\tmac\n{TWO}"),
        ),
        moved(
            "header-other-order",
            "The columns are named in the other order",
            ["2 AB-1 00049f114bd4", "3 AB-2 00049f114bd5"],
            "MAC\tnumber\n00049f114bd4\tAB-1\n00049f114bd5\tAB-2\n",
        ),
        good("same-number-twice", "Two devices may have one license number", TWO.replace("AB-2", "AB-1"))
            .without("row")
            .with("row", "1 AB-1 00049f114bd4")
            .with("row", "2 AB-1 00049f114bd5"),
        good(
            "number-64-characters",
            "A number as long as may be",
            format!("{}\t00049f114bd4\n", "9".repeat(64)),
        )
        .without("row")
        .with("row", format!("1 {} 00049f114bd4", "9".repeat(64))),
    ]
}

fn bad_lines() -> Vec<Vector> {
    let one = |condition, word, comment, line: &str| {
        lines(condition, comment, &[(2, word)], format!("AB-1\t00049f114bd4\n{line}\n"))
    };
    vec![
        one("one-cell", "bad-list", "The MAC is missing", "AB-2"),
        one("mac-alone", "bad-list", "The number is missing", "00049f114bd5"),
        one("number-empty", "bad-list", "The number is empty", "\t00049f114bd5"),
        one("mac-empty", "bad-mac", "The MAC is empty", "AB-2\t \t "),
        one("three-cells", "bad-list", "A third cell", "AB-2\t00049f114bd5\t7"),
        one("blanks-for-tab", "bad-list", "Blanks where a TAB belongs", "AB-2    00049f114bd5"),
        one("comma-for-tab", "bad-list", "A comma in a list with TABs", "AB-2,00049f114bd5"),
        one("semicolon-for-tab", "bad-list", "A semicolon in a list with TABs", "AB-2;00049f114bd5"),
        one(
            "number-begins-with-hyphen",
            "bad-list",
            "It would be taken for an option",
            "-AB-2\t00049f114bd5",
        ),
        one("number-with-slash", "bad-list", "A slash in the number", "AB/2\t00049f114bd5"),
        one("number-with-blank", "bad-list", "A blank in the number", "AB 2\t00049f114bd5"),
        one("number-not-ascii", "bad-list", "A letter beyond ASCII in the number", "AÖ-2\t00049f114bd5"),
        one(
            "number-65-characters",
            "bad-list",
            "A number too long by one",
            &format!("{}\t00049f114bd5", "9".repeat(65)),
        ),
        one("quotation-mark-inside", "bad-list", "A quotation mark inside a cell", "AB\"-2\"\t00049f114bd5"),
        one(
            "line-too-long",
            "bad-list",
            "A line of more than 1024 bytes",
            &format!("AB-2\t00049f114bd5{}", "\t".repeat(1024)),
        ),
        one("mac-misspelt", "bad-mac", "11 digits", "AB-2\t0049f114bd5"),
        one(
            "mac-check-digits-wrong",
            "bad-mac",
            "Check digits of another address",
            "AB-2\t00049f114bd5 (28)",
        ),
        one("mac-local", "local-address", "A locally administered address", "AB-2\t02049f114bd5"),
        one("mac-multicast", "not-unicast", "A multicast address", "AB-2\t01005e0000fb"),
        one("mac-other-prefix", "wrong-prefix", "Another prefix than the rule says", "AB-2\t009033000001")
            .with("prefix", "00049f"),
        one("duplicate", "duplicate", "A MAC stands there twice", "AB-2\t00049f114bd4"),
        one(
            "duplicate-in-other-spelling",
            "duplicate",
            "The same MAC in another spelling",
            "AB-2\t00-04-9F-11-4B-D4",
        ),
    ]
}

/// Several bad lines, and lines that must not spoil their neighbours.
fn whole_lines() -> Vec<Vector> {
    vec![
        lines(
            "every-bad-line",
            "All bad lines are reported, in order",
            &[(1, "bad-mac"), (3, "bad-list"), (5, "local-address"), (6, "duplicate")],
            "AB-1\tx\nAB-2\t00049f114bd4\nAB-3\n\nAB-4\t02049f114bd4\nAB-5\t0004.9f11.4bd4\n",
        ),
        lines(
            "quotation-mark",
            "A stray quotation mark swallows no line",
            &[(1, "bad-list")],
            "\"AB-1\t00049f114bd4\nAB-2\t00049f114bd5\n",
        ),
        lines(
            "not-utf-8",
            "A byte of Latin-1",
            &[(2, "bad-list")],
            [b"AB-1\t00049f114bd4\nA\xd6-2\t00049f114bd5\n".as_slice()].concat(),
        ),
        lines(
            "zero-byte-inside",
            "A zero byte",
            &[(2, "not-text")],
            "AB-1\t00049f114bd4\nAB\0-2\t00049f114bd5\n",
        ),
        lines(
            "header-twice",
            "Only the first line may name the columns",
            &[(2, "bad-mac")],
            "number\tmac\nnumber\tmac\nAB-1\t00049f114bd4\n",
        ),
    ]
}

fn wholes() -> Vec<Vector> {
    vec![
        whole("empty", "empty", "A file of 0 bytes", ""),
        whole("empty-blank", "empty", "Blanks and line ends only", " \n\t\r\n"),
        whole("empty-comments", "empty", "Comments only", "# nothing\n# here\n"),
        whole("empty-header", "empty", "Column names only", "number\tmac\n"),
        whole(
            "excel-workbook",
            "not-text",
            "An Excel workbook",
            b"PK\x03\x04\x14\0\0\0\x08\0xl/workbook.xml\0".as_slice(),
        ),
    ]
}

/// The third column.
fn quantities() -> Vec<Vector> {
    let rows = |condition, comment, rows: [&str; 2], file: &str| {
        good(condition, comment, file).without("row").with("row", rows[0]).with("row", rows[1])
    };
    let usual = ["1 AB-1 00049f114bd4 10", "2 AB-2 00049f114bd5 1"];
    let below_head = ["2 AB-1 00049f114bd4 10", "3 AB-2 00049f114bd5 1"];
    let three = "AB-1\t00049f114bd4\t10\nAB-2\t00049f114bd5\t1\n";
    let mut vectors = vec![
        rows("quantity", "A third column: how much each device gets", usual, three),
        rows("quantity-tabs-at-the-end", "Empty cells behind it", usual, &three.replace('\n', "\t\t\n")),
        rows("quantity-blanks-around", "Blanks around it", usual, &three.replace("\t10", "\t 10\u{a0}")),
        rows("quantity-zeros-in-front", "Zeros in front", usual, &three.replace("\t10", "\t0010")),
        rows(
            "quantity-largest",
            "As much as may be",
            ["1 AB-1 00049f114bd4 9007199254740991", usual[1]],
            &three.replace("\t10", "\t9007199254740991"),
        ),
        rows(
            "quantity-header",
            "The first line names it",
            below_head,
            &format!("number\tMAC\tquantity\n{three}"),
        ),
        rows(
            "quantity-header-other-order",
            "The columns are named in another order",
            below_head,
            "Seats\tLicense\tMAC address\n10\tAB-1\t00049f114bd4\n1\tAB-2\t00049f114bd5\n",
        ),
    ];
    let bad = [
        ("comma", "A comma between the thousands", "1,000"),
        ("dot", "A dot between the thousands", "1.000"),
        ("blank", "A blank between the thousands", "1 000"),
        ("apostrophe", "An apostrophe between the thousands", "1'000"),
        ("arabic", "Arabic digits", "\u{661}\u{660}"),
        ("full-width", "Full-width digits", "\u{ff11}\u{ff10}"),
        ("zero", "Nothing at all", "0"),
        ("negative", "Less than nothing", "-1"),
        ("plus", "A sign", "+1"),
        ("exponent", "An exponent", "1e2"),
        ("hexadecimal", "Hexadecimal", "0x10"),
        ("unit", "A unit behind it", "10 seats"),
        ("too-large", "More than may be by one", "9007199254740992"),
        ("far-too-large", "More than 64 bits hold", "18446744073709551626"),
        ("empty", "It is missing in one line", " "),
    ];
    vectors.extend(bad.map(|(condition, comment, cell)| {
        let file = format!("AB-1\t00049f114bd4\t10\nAB-2\t00049f114bd5\t{cell}\n");
        lines(&format!("quantity-{condition}"), comment, &[(2, "bad-list")], file)
    }));
    vectors.push(lines(
        "quantity-not-named",
        "The first line names the other columns only",
        &[(2, "bad-list"), (3, "bad-list")],
        format!("number\tMAC\n{three}"),
    ));
    vectors.push(lines(
        "quantity-and-fifth-cell",
        "A cell behind quantity and model",
        &[(2, "bad-list")],
        "AB-1\t00049f114bd4\t10\nAB-2\t00049f114bd5\t1\tIP24\t7\n",
    ));
    vectors
}

/// The fourth column.
fn models() -> Vec<Vector> {
    let rows = |condition, comment, rows: [&str; 2], file: &str| {
        good(condition, comment, file).without("row").with("row", rows[0]).with("row", rows[1])
    };
    vec![
        rows(
            "model",
            "A fourth column: the model of a device; it may be missing",
            ["1 AB-1 00049f114bd4 10 model IP24", "2 AB-2 00049f114bd5 1"],
            "AB-1\t00049f114bd4\t10\tIP24\nAB-2\t00049f114bd5\t1\n",
        ),
        rows(
            "model-without-quantity",
            "No quantities, so the third cell is empty",
            ["1 AB-1 00049f114bd4 model IP24", "2 AB-2 00049f114bd5 model IP800"],
            "AB-1\t00049f114bd4\t\tIP24\nAB-2\t00049f114bd5\t\t IP800 \n",
        ),
        rows(
            "model-header",
            "The first line names it, and no quantities",
            ["2 AB-1 00049f114bd4 model IP24", "3 AB-2 00049f114bd5"],
            "Model\tMAC\tnumber\nIP24\t00049f114bd4\tAB-1\n\t00049f114bd5\tAB-2\n",
        ),
    ]
}

/// Lists as spreadsheets save them.
fn spreadsheets() -> Vec<Vector> {
    let rows = |condition, comment, rows: [&str; 2], file: Vec<u8>| {
        good(condition, comment, file).without("row").with("row", rows[0]).with("row", rows[1])
    };
    let below = ["2 AB-1 00049f114bd4 10", "3 AB-2 00049f114bd5 1"];
    let named =
        |headings: &str| format!("{headings}\nAB-1;00049f114bd4;10\nAB-2;00049f114bd5;1\n").into_bytes();
    vec![
        good("semicolons", "Separated by semicolons", TWO.replace('\t', ";")),
        good("commas", "Separated by commas", TWO.replace('\t', ",")),
        good("quoted", "Cells in quotation marks", "\"AB-1\"\t\"00049f114bd4\"\nAB-2\t\"00049f114bd5\"\n"),
        rows(
            "separator-line",
            "Excel's line with the separator",
            ["2 AB-1 00049f114bd4", "3 AB-2 00049f114bd5"],
            format!("sep=;\n{}", TWO.replace('\t', ";")).into(),
        ),
        rows("header-german", "German headings", below, named("Auftrag;MAC-Adresse;Anzahl")),
        rows("header-qty", "An abbreviation", below, named("Order no.;MAC;Qty")),
        rows(
            "header-below-title",
            "A title above the headings",
            ["4 AB-1 00049f114bd4 10", "5 AB-2 00049f114bd5 1"],
            [b"Phones of 2026;;\n;;\n".to_vec(), named("number;MAC;quantity")].concat(),
        ),
        rows(
            "header-unread-column",
            "A column that is not read",
            ["2 AB-1 00049f114bd4 10 model IP24", "3 AB-2 00049f114bd5 1"],
            "number;room;MAC;Menge;Modell\nAB-1;\"1.07; left\";00049f114bd4;10;IP24\nAB-2;;00049f114bd5;1;\n"
                .into(),
        ),
        rows(
            "windows-1252",
            "Headings in Windows-1252",
            below,
            named("number;MAC;St@ck")
                .into_iter()
                .map(|byte| if byte == b'@' { 0xfc } else { byte })
                .collect(),
        ),
        lines(
            "header-unknown-numbers",
            "Numbers under a heading that is not known may be quantities",
            &[(2, "bad-list")],
            "number;MAC;extension\nAB-1;00049f114bd4;101\n",
        ),
        lines(
            "header-two-macs",
            "Two headings name the MAC",
            &[(1, "bad-list")],
            "number;MAC LAN;MAC WLAN\nAB-1;00049f114bd4;00049f114bd5\n",
        ),
        lines(
            "number-and-mac-swapped",
            "The address comes first, and no heading says so",
            &[(1, "bad-list")],
            "00049f114bd4\tAB-1\n",
        ),
    ]
}
