//! The quantity column of lists of devices.

use airlatch_core::model::{Error, Reason};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::lists;
use airlatch_desk::lists::DeviceRow;

fn rows(list: &[u8]) -> Vec<DeviceRow> {
    let list = lists::read_list(list, &MacRule::default());
    list.unwrap_or_else(|errors| panic!("{errors:?}")).rows
}

/// Reason, place and words of each error.
fn errors(list: &[u8]) -> Vec<(Reason, String, String)> {
    let errors = lists::read_list(list, &MacRule::default()).map(|list| list.rows).unwrap_err();
    let parts =
        |t: &airlatch_core::model::Error| (t.reason(), t.place().unwrap().to_owned(), t.message().to_owned());
    errors.iter().map(parts).collect()
}

/// The one error of a list.
fn error(list: &[u8]) -> (Reason, String, String) {
    let mut all = errors(list);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Each quantity is in line 2 of a list whose MACs have 12 digits, so the third cell begins in column 17.
#[test]
fn a_quantity_is_a_plain_whole_number() {
    for (cell, column, words) in [
        ("1,000", 18, "a quantity has digits only, not `,` (U+002C)"),
        ("1.000", 18, "`.` (U+002E)"),
        ("1 000", 18, "` ` (U+0020)"),
        ("1'000", 18, "`'` (U+0027)"),
        ("\u{661}\u{660}", 17, "U+0661"),
        ("1\u{ff10}", 18, "U+FF10"),
        ("0", 17, "the quantity is 0"),
        ("  000", 19, "the quantity is 0"),
        ("-1", 17, "`-` (U+002D)"),
        ("\u{2212}1", 17, "U+2212"),
        ("+1", 17, "`+` (U+002B)"),
        ("1e2", 18, "`e` (U+0065)"),
        ("1E+02", 18, "`E`"),
        (" \"7\"", 18, "`\"`"),
        ("=7", 17, "`=`"),
        ("9007199254740992", 17, "larger than 9007199254740991"),
        ("99999999999999999999999999", 17, "larger than 9007199254740991"),
        ("", 17, "the quantity is missing"),
        ("7\tM\t8", 21, "a fifth column"),
    ] {
        let list = format!("A1\t0004f1144bd4\t1\nA2\t0004f1144bd5\t{cell}\nA3\t0004f1144bd6\t1\n");
        let (reason, place, message) = error(list.as_bytes());
        assert_eq!(
            (reason, &*place),
            (Reason::BadList, &*format!("line 2, column {column}")),
            "{cell:?}: {message}"
        );
        assert!(message.contains(words), "{cell:?}: {message}");
    }
    let line = |cell: &str| rows(format!("A1\t0004f1144bd4\t{cell}\n").as_bytes())[0].quantity;
    for (cell, quantity) in
        [("1", 1), ("10 ", 10), ("\u{a0}007", 7), ("9007199254740991", 9_007_199_254_740_991)]
    {
        assert_eq!(line(cell), Some(quantity), "{cell:?}");
    }
    assert_eq!(line(" \t "), None);
}

/// A lost cell must not change the amount.
#[test]
fn quantities_stand_in_every_line_or_in_none() {
    let list = b"A1\t0004f1144bd4\t5\nA2\t0004f1144bd5\nA3\t0004f1144bd6\t\n";
    let places: Vec<_> = errors(list).into_iter().map(|error| error.1).collect();
    assert_eq!(places, ["line 2, column 16", "line 3, column 17"]);
    let (_, place, message) = error(b"A1\t0004f1144bd4\nA2\t0004f1144bd5\t5\n");
    assert_eq!(place, "line 2, column 17");
    assert!(message.contains("a quantity in every line"), "{message}");
    for head in ["number\tMAC\tquantity", "Number\tMAC\tSeats (max)", "no.\tmac\tCOUNT"] {
        let row = rows(format!("{head}\nA1\t0004f1144bd4\t5\n").as_bytes()).remove(0);
        assert_eq!((row.number.as_str(), row.quantity), ("A1", Some(5)), "{head}");
        let short = error(format!("{head}\nA1\t0004f1144bd4\n").as_bytes());
        assert!(short.2.contains("quantity is missing"), "{short:?}");
    }
    let row = rows(b"count\tMAC\tnumber\n5\t0004f1144bd4\tA1\n").remove(0);
    assert_eq!((row.number.as_str(), row.quantity), ("A1", Some(5)));
    // Two columns are always number and MAC, whatever the header of the first.
    assert_eq!(rows(b"account\tMAC\nA1\t0004f1144bd4\n")[0].quantity, None);
    assert_eq!(rows(b"seats\tMAC\nA1\t0004f1144bd4\n")[0].number, "A1");
    // Only whole words mark the quantity column.
    let account = b"number\tMAC\taccount\nA1\t0004f1144bd4\t5\n";
    assert!(error(account).2.contains("the heading `account` is not known, and its cells are numbers"));
}

#[test]
fn a_line_may_name_its_model() {
    let models = |list: &str| -> Vec<_> {
        rows(list.as_bytes()).into_iter().map(|row| (row.number, row.quantity, row.model)).collect()
    };
    let row = |number: &str, quantity, model: Option<&str>| (number.into(), quantity, model.map(Into::into));
    let found = models("A1\t0004f1144bd4\t5\tIP24\nA2\t0004f1144bd5\t1\nA3\t0004f1144bd6\t1\t \n");
    let expected = [row("A1", Some(5), Some("IP24")), row("A2", Some(1), None), row("A3", Some(1), None)];
    assert_eq!(found, expected);
    assert_eq!(models("A1\t0004f1144bd4\t\t IP24\n"), [row("A1", None, Some("IP24"))]);
    for list in [
        "number\tMAC\tmodel\nA1\t0004f1144bd4\tIP24\n",
        "Model\tnumber\tMAC\nIP24\tA1\t0004f1144bd4\n",
        "MAC\tHardware model\tnumber\n0004f1144bd4\tIP24\tA1\n",
    ] {
        assert_eq!(models(list), [row("A1", None, Some("IP24"))], "{list}");
    }
    let all = "model\tseats\tMAC\tnumber\nIP24\t5\t0004f1144bd4\tA1\n";
    assert_eq!(models(all), [row("A1", Some(5), Some("IP24"))]);
    assert_eq!(models("model\tMAC\tseats\nA1\t0004f1144bd4\t5\n"), [row("A1", Some(5), None)]);
    for (list, words) in [
        ("number\tMAC\tmodel\nA1\t0004f1144bd4\tIP24\t5\n", "column 4 has no heading"),
        ("number\tMAC\tseats\nA1\t0004f1144bd4\t5\tIP24\n", "column 4 has no heading"),
        ("A1\t0004f1144bd4\nA2\t0004f1144bd5\t5\tIP24\n", "a quantity in every line or in none"),
    ] {
        let found = error(list.as_bytes());
        assert!(found.0 == Reason::BadList && found.2.contains(words), "{list}: {found:?}");
    }
}

#[test]
fn the_number_of_a_line_says_how_its_mac_is_read() {
    let (phones, any) =
        (MacRule { prefixes: vec!["0004f2".into()], ..MacRule::default() }, MacRule::default());
    let mut rule_of = |number: &str| match number {
        "P" => Ok(&phones),
        "Q" => Ok(&any),
        other => Err(Error::new(Reason::NotBooked, format!("no {other}"))),
    };
    let list = b"P\t0004f2000001\nQ\t0004f1000002\nP\t0004f1000003\nR\t0004f2000004\nQ\t004f2000005\n";
    let errors = lists::read_list_by(list, &mut rule_of).unwrap_err();
    let found: Vec<_> = errors.iter().map(|error| (error.reason(), error.place().unwrap())).collect();
    assert_eq!(
        found,
        [
            (Reason::WrongPrefix, "line 3, column 3"),
            (Reason::NotBooked, "line 4, column 1"),
            (Reason::BadMac, "line 5, column 3")
        ]
    );
}
