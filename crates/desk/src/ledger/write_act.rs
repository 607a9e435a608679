//! Acts as text: the word of each act, and its facts as canonical lines.

use std::fmt::{Display, Write};

use crate::catalog::{GrantEnd, GrantTerm};
use crate::orders::Order;
use airlatch_core::model::hex;

use super::{Act, Activation, Customer, Reversal, Reversed};

impl Act {
    /// The words of all acts, in the order of the type.
    pub const WORDS: [&'static str; 17] = [
        "opened",
        "account",
        "ordered",
        "added",
        "passed",
        "cancelled",
        "renewed",
        "overdrawn",
        "activated",
        "evaluated",
        "restored",
        "released",
        "clock-reset",
        "reversed",
        "corrected",
        "noted",
        "clock-override",
    ];

    /// The words of the acts that issue a license.
    pub const ISSUING: [&'static str; 2] = ["activated", "evaluated"];

    /// The word under which it is stored.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Account(_) => "account",
            Self::Ordered { .. } => "ordered",
            Self::Added { .. } => "added",
            Self::Passed { .. } => "passed",
            Self::Cancelled { .. } => "cancelled",
            Self::Renewed { .. } => "renewed",
            Self::Overdrawn { .. } => "overdrawn",
            // Trial licenses have their own word because they are few and have to be found among very many.
            Self::Activated(it) if it.evaluation => "evaluated",
            Self::Activated(_) => "activated",
            Self::Restored { .. } => "restored",
            Self::Released { .. } => "released",
            Self::ClockReset { .. } => "clock-reset",
            Self::Reversed(_) => "reversed",
            Self::Corrected { .. } => "corrected",
            Self::Noted(_) => "noted",
            Self::ClockOverride { .. } => "clock-override",
        }
    }

    /// All facts of the act: lines `key = value` in a fixed order, each ended by a line feed. A backslash is written `\\`, a
    /// line feed `\n`; optional values that are missing have no line. Two acts with the same word and facts are equal.
    pub fn facts(&self) -> String {
        let mut out = FactsWriter(String::new());
        match self {
            Self::Opened { nonce, vendor } => {
                out.put("nonce", hex::write(nonce)).put_optional("vendor", vendor)
            }
            Self::Account(Customer { name, title, group }) => {
                out.put("name", name).put_optional("title", title).put_optional("group", group)
            }
            Self::Ordered { code, order, account } => {
                out.put("code", code).order(order).put_optional("account", account)
            }
            Self::Added { code, account } => out.put("code", code).put("account", account),
            Self::Passed { from, to, recipient, reference, note } => out
                .put("from", from)
                .put("to", to)
                .put("recipient", recipient)
                .put_optional("reference", reference)
                .put_optional("note", note),
            Self::Cancelled { code, note } => out.put("code", code).put_optional("note", note),
            Self::Renewed { code, term } => out.put("code", code).term(term),
            Self::Overdrawn { code } => out.put("code", code),
            Self::Activated(activation) => out.activation(activation),
            Self::Restored { number, hash, note } => {
                out.put("number", number).put("hash", hex::write(hash)).put_optional("note", note)
            }
            Self::Released { unit, product, license, receipt, note } => out
                .put("unit", unit.key())
                .put("product", product)
                .put("license", license)
                .put("receipt", receipt)
                .put_optional("note", note),
            Self::ClockReset { unit, product, request, key } => {
                out.put("unit", unit.key()).put("product", product).put("request", request).put("key", key)
            }
            Self::Reversed(reversal) => out.reversal(reversal),
            Self::Corrected { code, customer, reference, because } => out
                .put("code", code)
                .put_optional("customer", customer)
                .put_optional("reference", reference)
                .put("because", because),
            Self::Noted(note) => out
                .put("unit", note.unit.key())
                .put_optional("end-user", &note.end_user)
                .put_optional("location", &note.location)
                .put_optional("comment", &note.comment),
            Self::ClockOverride { clock, because } => out.put("clock", clock).put("because", because),
        };
        out.0
    }
}

struct FactsWriter(String);

impl FactsWriter {
    fn put(&mut self, key: &str, value: impl Display) -> &mut Self {
        self.0 += key;
        self.0 += " = ";
        let start = self.0.len();
        // Writing to a `String` can't fail.
        let _ = write!(self.0, "{value}");
        if self.0[start..].contains(['\\', '\n']) {
            let escaped = self.0[start..].replace('\\', "\\\\").replace('\n', "\\n");
            self.0.replace_range(start.., &escaped);
        }
        self.0.push('\n');
        self
    }

    fn put_optional(&mut self, key: &str, value: &Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    fn order(&mut self, order: &Order) -> &mut Self {
        self.put("number", &order.number)
            .put_optional("reference", &order.reference)
            .put_optional("customer", &order.customer)
            .put("product", &order.product)
            .put_optional("version", &order.version)
            .term(&order.term);
        for (article, quantity) in &order.lines {
            self.put("line", format!("{article} {quantity}"));
        }
        self.put("overdraft", order.overdraft)
    }

    fn term(&mut self, term: &GrantTerm) -> &mut Self {
        self.put_optional("from", &term.from);
        match &term.end {
            GrantEnd::Permanent => self.put("until", PERMANENT),
            GrantEnd::Until(end) => self.put("until", end),
            GrantEnd::For(length) => self.put("for", length),
        }
    }

    fn reversal(&mut self, it: &Reversal) -> &mut Self {
        self.put("entry", it.entry).put("act", it.of.word());
        match &it.of {
            Reversed::Order { code } | Reversed::Cancellation { code } => self.put("code", code),
            Reversed::Addition { code, account } => self.put("code", code).put("account", account),
            Reversed::Passing { from, to } => self.put("from", from).put("to", to),
            Reversed::Renewal { code, term } => self.put("code", code).term(term),
            Reversed::License { unit, product, license } => {
                self.put("unit", unit.key()).put("product", product).put("license", license)
            }
        };
        self.put("because", &it.because)
    }

    fn activation(&mut self, it: &Activation) -> &mut Self {
        self.put("unit", it.unit.key()).put("product", &it.product).put_optional("model", &it.model);
        for code in &it.codes {
            self.put("code", code);
        }
        self.put_optional("request", &it.request)
            .put_optional("hardware", &it.hardware)
            .put_optional("weak-lock", &it.weak_lock.then_some(true))
            .put_optional("number", &it.number)
            .put_optional("end-user", &it.end_user)
            .put_optional("location", &it.location)
            .put_optional("comment", &it.comment)
            .put("key", it.key)
    }
}

/// The value of `until` for a permanent term.
pub(super) const PERMANENT: &str = "permanent";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::UnitNote;
    use airlatch_core::model::{DocumentId, KeyId, LockingId, Mac, OrderCode, Reason, Unit};

    fn code(seed: u8) -> OrderCode {
        OrderCode::from_digest(&[seed; 32])
    }

    fn term(end: GrantEnd) -> GrantTerm {
        GrantTerm { from: Some("2026-01-01T00:00:00Z".parse().unwrap()), end }
    }

    fn order() -> Order {
        Order {
            number: "SO-1".into(),
            reference: Some(String::new()),
            customer: Some("Zürich \\n\nAG".into()),
            product: "call".into(),
            version: None,
            term: term(GrantEnd::For("1 year".into())),
            lines: [("PBX#15".parse().unwrap(), 2), ("voice".parse().unwrap(), 100)].into(),
            overdraft: 100,
        }
    }

    fn activation() -> Activation {
        Activation {
            unit: Unit::Device(Mac([0, 4, 0xf1, 0x14, 0x4b, 0xd4])),
            product: " call = 2 ".into(),
            model: Some("m".into()),
            codes: vec![code(2), code(1), code(2)],
            evaluation: false,
            request: Some(DocumentId::from_digest(&[4; 32])),
            hardware: Some(LockingId::from_groups([0, 1, 2, 3, 4])),
            weak_lock: true,
            number: Some("7".into()),
            end_user: Some("\r\n\\".into()),
            location: Some("\0".into()),
            comment: Some("\u{2028}".into()),
            key: KeyId::from_digest(&[5; 32]),
        }
    }

    /// A trial license without anything that may be missing.
    fn bare() -> Activation {
        let full = activation();
        Activation { codes: vec![], evaluation: true, weak_lock: false, request: None, comment: None, ..full }
    }

    fn reversal(of: Reversed) -> Act {
        Act::Reversed(Reversal { entry: 7, of, because: "it was \\ wrong".into() })
    }

    fn acts() -> Vec<Act> {
        let account = || "acme".parse().unwrap();
        let bare = bare();
        let (code, note) = (code(1), || Some("why".to_owned()));
        vec![
            Act::Opened { nonce: [0xaf; 16], vendor: Some("ACME".into()) },
            Act::Account(Customer { name: account(), title: note(), group: Some("all".parse().unwrap()) }),
            Act::Ordered { code, order: order(), account: Some(account()) },
            Act::Added { code, account: account() },
            Act::Passed {
                from: code,
                to: self::code(2),
                recipient: "shop".into(),
                reference: note(),
                note: note(),
            },
            Act::Cancelled { code, note: note() },
            Act::Renewed { code, term: term(GrantEnd::Until("2030-01-01T00:00:00Z".parse().unwrap())) },
            Act::Overdrawn { code },
            Act::Activated(activation()),
            Act::Activated(bare),
            Act::Restored { number: u64::MAX, hash: [1; 32], note: note() },
            Act::Released {
                unit: activation().unit,
                product: "call".into(),
                license: DocumentId::from_digest(&[6; 32]),
                receipt: DocumentId::from_digest(&[7; 32]),
                note: note(),
            },
            Act::ClockReset {
                unit: activation().unit,
                product: "call".into(),
                request: DocumentId::from_digest(&[8; 32]),
                key: KeyId::from_digest(&[5; 32]),
            },
            reversal(Reversed::Order { code }),
            Act::Corrected {
                code,
                customer: Some("Bern".into()),
                reference: None,
                because: "wrong\ncustomer".into(),
            },
            Act::Noted(UnitNote {
                unit: activation().unit,
                end_user: None,
                location: Some("cellar".into()),
                comment: note(),
            }),
            Act::ClockOverride {
                clock: "2026-12-01T09:00:00Z".parse().unwrap(),
                because: "the clock showed 2035".into(),
            },
            reversal(Reversed::Addition { code, account: account() }),
            reversal(Reversed::Passing { from: code, to: self::code(2) }),
            reversal(Reversed::Cancellation { code }),
            reversal(Reversed::Renewal { code, term: term(GrantEnd::For("1 year".into())) }),
            reversal(Reversed::License {
                unit: activation().unit,
                product: "call".into(),
                license: DocumentId::from_digest(&[6; 32]),
            }),
            Act::Opened { nonce: [0; 16], vendor: None },
            Act::Renewed { code, term: GrantTerm { from: None, end: GrantEnd::Permanent } },
        ]
    }

    #[test]
    fn every_act_is_read_back() {
        for act in acts() {
            assert_eq!(Act::read(act.word(), &act.facts()), Ok(act));
        }
        let words: Vec<_> = acts().iter().take(Act::WORDS.len()).map(Act::word).collect();
        assert_eq!(words, Act::WORDS);
    }

    #[test]
    fn the_text_is_fixed() {
        let order = order();
        let act = Act::Ordered { code: code(1), order, account: None };
        let text = "number = SO-1\nreference = \ncustomer = Zürich \\\\n\\nAG\nproduct = call\n\
            from = 2026-01-01T00:00:00Z\nfor = 1 year\nline = PBX#15 2\nline = voice 100\noverdraft = 100\n";
        assert_eq!(act.facts(), format!("code = {}\n{text}", code(1)));
    }

    #[test]
    fn a_reversal_names_the_entry_and_what_it_was_about() {
        let act = reversal(Reversed::Passing { from: code(1), to: code(2) });
        let text = format!(
            "entry = 7\nact = passed\nfrom = {}\nto = {}\nbecause = it was \\\\ wrong\n",
            code(1),
            code(2)
        );
        assert_eq!(act.facts(), text);
        for bad in [
            text.replace("entry = 7", "entry = 07"),
            text.replace("act = passed", "act = overdrawn"),
            text.replace("act = passed", "act = cancelled"),
            text.replace("because = ", "note = "),
        ] {
            assert_eq!(Act::read("reversed", &bad).unwrap_err().reason(), Reason::DamagedLedger, "{bad}");
        }
    }

    #[test]
    fn other_spellings_are_damage() {
        let good = acts()[2].facts();
        let changed = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            good.replacen(from, to, 1)
        };
        for bad in [
            changed("PBX#15 2\nline = voice 100", "voice 100\nline = PBX#15 2"),
            changed("PBX#15 2", "PBX#15 02"),
            changed("PBX#15 2", "PBX#15 +2"),
            changed("PBX#15 2", "PBX#15 0"),
            changed("PBX#15 2", "PBX#15  2"),
            changed("PBX#15 2", "PBX#15 9007199254740992"),
            changed("line = PBX", "line = PBX#15 1\nline = PBX"),
            changed("overdraft = 100", "overdraft = 101"),
            changed("overdraft = 100", "overdraft = 0100"),
            changed("overdraft = 100\n", ""),
            changed(&code(1).to_string(), &code(1).to_string().replace('-', " ")),
            changed("\\nAG", "\\rAG"),
            changed("\n", "\r\n"),
            changed("for = 1 year", "for = 1 year\nfor = 1 year"),
            changed("number = ", "number ="),
            format!("{good}more = 1\n"),
            format!("{good}\n"),
            format!("\n{good}"),
            good.trim_end().to_owned(),
            String::new(),
        ] {
            assert_eq!(Act::read("ordered", &bad).unwrap_err().reason(), Reason::DamagedLedger, "{bad}");
        }
        assert!(Act::read("added", &good).is_err());
        assert!(Act::read("Ordered", &good).is_err());
        assert!(Act::read("opened", &acts()[0].facts().replace("afaf", "AFaf")).is_err());
        assert!(Act::read("activated", &(acts()[9].facts() + "evaluation = yes\n")).is_err());
    }
}
