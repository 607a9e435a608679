//! Lists as spreadsheets save them: separators, quotation marks, headings, titles above them; what was understood is said.

use airlatch_core::model::Reason;
use airlatch_desk::catalog::MacRule;
use airlatch_desk::lists::{DeviceList, read_list};

fn list(text: &[u8]) -> DeviceList {
    read_list(text, &MacRule::default()).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// Each row as `LINE NUMBER MAC`, with quantity and model.
fn rows(list: &DeviceList) -> Vec<String> {
    let row = |row: &airlatch_desk::lists::DeviceRow| {
        let quantity = row.quantity.map(|it| format!(" {it}")).unwrap_or_default();
        let model = row.model.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
        format!("{} {} {}{quantity}{model}", row.line, row.number, row.mac.bare())
    };
    list.rows.iter().map(row).collect()
}

fn error(text: &str) -> (Reason, String) {
    let errors = read_list(text.as_bytes(), &MacRule::default()).map(|list| list.rows).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    (errors[0].reason(), errors[0].to_string())
}

#[test]
fn the_first_line_tells_the_separator() {
    for (separator, notes) in [
        ("\t", &[][..]),
        (";", &["its cells are separated by `;`"]),
        (",", &["its cells are separated by `,`"]),
    ] {
        let text = "A1|0004f1144bd4|2|IP24\nA2|00-04-F1-14-4B-D5|1|\n".replace('|', separator);
        let list = list(text.as_bytes());
        assert_eq!(rows(&list), ["1 A1 0004f1144bd4 2 IP24", "2 A2 0004f1144bd5 1"], "{separator:?}");
        assert_eq!(list.notes, notes);
    }
    let list = list(b"sep=;\r\nA1;0004f1144bd4\r\n");
    assert_eq!(rows(&list), ["2 A1 0004f1144bd4"], "a line by which Excel tells itself the separator");
}

#[test]
fn a_line_with_another_separator_is_an_error() {
    for (text, words) in [
        ("A1;0004f1144bd4\nA2\t0004f1144bd5\n", "separated by TAB, those of line 1 by `;`"),
        ("MAC;number\n0004f1144bd4,A1\n", "separated by `,`, those of the header by `;`"),
    ] {
        let (reason, said) = error(text);
        assert!(reason == Reason::BadList && said.contains(words) && said.contains("line 2"), "{said}");
    }
}

#[test]
fn a_sheet_with_a_title_headings_and_other_columns_is_read_and_explained() {
    let text = "Telefone Standort Nord;;;;\r\nStand:;30.11.2026;;;\r\n;;;;\r\n\
                Auftrag;MAC-Adresse;Anzahl;Raum;Typ\r\n\
                PO-1;MAC:0004F1144BD4;2;\"B 1.07; links\";IP24\r\n\
                ;;;;\r\nPO-1;0004f1-144bd5;1;112;\r\n";
    let list = list(text.as_bytes());
    assert_eq!(rows(&list), ["5 PO-1 0004f1144bd4 2 IP24", "7 PO-1 0004f1144bd5 1"]);
    assert_eq!(
        list.notes,
        [
            "its cells are separated by `;`; by line 4, `Auftrag` is the license number, `MAC-Adresse` is the MAC, \
             `Anzahl` is the quantity, `Typ` is the model; not read: `Raum`",
            "lines 1, 2 are left out: the headings are below",
        ]
    );
}

#[test]
fn headings_as_the_manual_has_them_need_no_explanation() {
    assert!(list(b"number\tMAC\tquantity\nA1\t0004f1144bd4\t2\n").notes.is_empty());
    let notes = list(b"MAC\tQty\tOrder\n0004f1144bd4\t2\tA1\n").notes;
    assert_eq!(notes.len(), 1, "{notes:?}");
}

#[test]
fn numbers_under_an_unknown_heading_may_be_quantities() {
    let (reason, said) = error("Auftrag;MAC;Nebenstelle\nA1;0004f1144bd4;101\n");
    assert!(reason == Reason::BadList && said.contains("`Nebenstelle` is not known"), "{said}");
    let known = list(b"Nr;Auftrag;MAC;Menge;Nebenstelle\n1;A1;0004f1144bd4;3;101\n");
    assert_eq!(rows(&known), ["2 A1 0004f1144bd4 3"], "there is a column of quantities");
    let (_, said) = error("Auftrag;WLAN-MAC;LAN-MAC\nA1;0004f1144bd4;0004f1144bd5\n");
    assert!(said.contains("`WLAN-MAC` and `LAN-MAC` both name the MAC"), "{said}");
}

#[test]
fn a_comment_with_an_address_is_named() {
    let list = list(b"A1\t0004f1144bd4\n#A2\t0004f1144bd5\n# A3\tlater\n#A4\t00:04:f1:14:4b:d6\t2\n");
    assert_eq!(rows(&list), ["1 A1 0004f1144bd4"]);
    assert_eq!(list.notes, ["lines 2, 4 are left out: `#` makes a comment, though there is a MAC"]);
}

#[test]
fn a_sheet_saved_on_windows_is_read() {
    let list = list(b"Ger\xe4te \x96 B\xfcro;;\r\nAuftrag;MAC;St\xfcck\r\nA1;0004f1144bd4;2\r\n");
    assert_eq!(rows(&list), ["3 A1 0004f1144bd4 2"]);
    assert!(list.notes[0].contains("`Stück` is the quantity"), "{:?}", list.notes);
}

#[test]
fn quotation_marks_of_a_spreadsheet_are_taken_off() {
    let list = list(b"\"number\";\"MAC\"\n\"A1\";\"0004f1144bd4\"\n");
    assert_eq!(rows(&list), ["2 A1 0004f1144bd4"]);
}

/// A broken first device is no title, even if headings follow.
#[test]
fn only_what_has_no_address_is_above_the_headings() {
    let errors = read_list(b"A1\t0004f1144bd4\nnumber\tMAC\nA2\t0004f1144bd5\n", &MacRule::default());
    assert!(errors.is_err());
}

#[test]
fn a_first_device_whose_number_speaks_of_macs_is_a_device() {
    let list = list(b"MAC-001\t0004f1144bd4\nMAC-002\t0004f1144bd5\n");
    assert_eq!(rows(&list)[0], "1 MAC-001 0004f1144bd4");
}
