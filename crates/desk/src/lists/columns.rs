//! The columns of a list of devices, and the headings that name them.

use airlatch_core::model::Mac;

use super::cells::Cell;

/// Words of a heading that mean the quantity, in English and German.
const QUANTITY: &[&str] = &[
    "quantity",
    "qty",
    "count",
    "amount",
    "seats",
    "pieces",
    "pcs",
    "anzahl",
    "menge",
    "stueckzahl",
    "stueck",
    "stk",
    "plaetze",
];
/// Words that mean the hardware model.
const MODEL: &[&str] = &["model", "modell", "type", "typ", "geraetetyp"];
/// Words that mean the license number, which may be a code or an order number.
const NUMBER: &[&str] = &[
    "license",
    "licence", // house: allow
    "lizenz",
    "lizenznummer",
    "lizenznr",
    "order",
    "auftrag",
    "auftragsnummer",
    "auftragsnr",
    "bestellung",
    "bestellnummer",
    "bestellnr",
    "code",
    "key",
];
/// Words that mean the license number if no other heading does, else the number of the line.
const PLAIN_NUMBER: &[&str] = &["number", "nummer", "nr", "no", "#"];

/// The index of each column, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) number: usize,
    pub(super) mac: usize,
    /// Either every line has a quantity or none: a lost cell must not silently change the amount.
    pub(super) quantity: Option<usize>,
    /// A line may have no model: ledger or MAC may tell it.
    pub(super) model: Option<usize>,
}

impl Columns {
    /// The columns of a list without headings, from the cells of its first device: a third cell is a quantity.
    pub(super) fn unnamed(first: &[Cell<'_>]) -> Self {
        let quantity = first.get(2).filter(|cell| !cell.text.is_empty()).map(|_| 2);
        Self { number: 0, mac: 1, quantity, model: Some(3) }
    }

    /// The columns, if these cells are headings: one has the word MAC, and none is an address or a long number.
    pub(super) fn named(cells: &[Cell<'_>]) -> Option<Self> {
        let mac = cells.iter().position(|cell| means_mac(&cell.text))?;
        // A license number may contain `mac`; that line is a device, not headings.
        let is_value = |cell: &Cell<'_>| {
            cell.text.chars().filter(char::is_ascii_digit).count() >= 4
                || Mac::parse_with_check(&cell.text).is_ok()
        };
        if cells.len() < 2 || cells.iter().any(is_value) {
            return None;
        }
        let named = |words: &[&str], taken: &[Option<usize>]| {
            let is_free = |at: &usize| *at != mac && !taken.contains(&Some(*at));
            (0..cells.len()).filter(is_free).find(|at| has_word(&cells[*at].text, words))
        };
        // Two columns are always number and MAC: a heading `seats` may then mean the license number.
        let filled = cells.iter().filter(|cell| !cell.text.is_empty()).count();
        let quantity = (0..cells.len()).find(|at| *at != mac && means_quantity(&cells[*at].text));
        let quantity = quantity.filter(|_| filled > 2);
        let number = named(NUMBER, &[quantity]);
        let model = named(MODEL, &[quantity, number]).filter(|_| filled > 2);
        let number = number.or_else(|| named(PLAIN_NUMBER, &[quantity, model]));
        // One column is left for the number, whatever its heading says.
        let free = |at: &usize| ![Some(mac), quantity, model].contains(&Some(*at));
        let number = number.or_else(|| (0..cells.len()).find(free));
        let (number, model) = match (number, model) {
            (None, Some(model)) => (model, None),
            (number, model) => (number?, model),
        };
        Some(Self { number, mac, quantity, model })
    }

    /// What a column holds.
    pub(super) fn meaning(&self, at: usize) -> Option<&'static str> {
        let all = [
            (Some(self.number), "license number"),
            (Some(self.mac), "MAC"),
            (self.quantity, "quantity"),
            (self.model, "model"),
        ];
        all.into_iter().find(|(column, _)| *column == Some(at)).map(|(_, meaning)| meaning)
    }
}

/// Whether a heading that is not read counts the lines.
pub(super) fn counts_lines(heading: &str) -> bool {
    has_word(heading, PLAIN_NUMBER) || has_word(heading, &["pos", "lfd", "line", "zeile"])
}

/// Whether a heading names the MAC; a sentence that mentions it is the title of a list.
pub(super) fn means_mac(heading: &str) -> bool {
    let is_mac = |word: &String| word == "mac" || word.starts_with("macad");
    let words = words(heading);
    words.len() <= 3 && words.iter().any(is_mac)
}

fn means_quantity(heading: &str) -> bool {
    let words = words(heading);
    has_word(heading, QUANTITY)
        || matches!(words.first().map(String::as_str), Some("number" | "no" | "nr"))
            && words.get(1).is_some_and(|word| word == "of")
}

fn has_word(heading: &str, list: &[&str]) -> bool {
    words(heading).iter().any(|word| list.contains(&word.as_str()))
}

/// The words of a heading in lower case, umlauts spelled out.
fn words(heading: &str) -> Vec<String> {
    let lower = heading.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '#').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::cells::split;
    use super::*;

    #[track_caller]
    fn columns(heading: &str) -> Option<(usize, usize, Option<usize>, Option<usize>)> {
        let columns = Columns::named(&split(heading, ';'))?;
        Some((columns.number, columns.mac, columns.quantity, columns.model))
    }

    #[test]
    fn headings_are_read_in_english_and_german() {
        for (heading, wanted) in [
            ("number;MAC", (0, 1, None, None)),
            ("MAC;whatever", (1, 0, None, None)),
            ("MAC;seats", (1, 0, None, None)),
            ("Auftrag;MAC-Adresse;Anzahl;Typ", (0, 1, Some(2), Some(3))),
            ("Menge;Modell;MACAddress;Bestellnr.", (3, 2, Some(0), Some(1))),
            ("Qty;MAC;PO", (2, 1, Some(0), None)),
            ("Nr;MAC;Lizenz;Stück", (2, 1, Some(3), None)),
            ("#;MAC;Order number", (2, 1, None, None)),
            ("#;MAC;Location", (0, 1, None, None)),
            ("Location;MAC;Number;Number of seats", (2, 1, Some(3), None)),
            ("License type;MAC;Model", (0, 1, None, Some(2))),
            ("Model;MAC;Qty", (0, 1, Some(2), None)),
            ("number;mac;;", (0, 1, None, None)),
        ] {
            assert_eq!(columns(heading), Some(wanted), "{heading}");
        }
    }

    #[test]
    fn devices_and_titles_are_no_headings() {
        for line in [
            "MAC-001;0004f1144bd4",
            "MAC",
            "number;address",
            "A1;MAC 0004f1144bd4",
            "phones with their MAC addresses;Berlin",
            "Machine;number",
        ] {
            assert_eq!(columns(line), None, "{line}");
        }
    }
}
