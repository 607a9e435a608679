//! Acts as text: the word of each, and its particulars as canonical lines that can be read back.

use std::fmt::Display;
use std::str::FromStr;

use crate::model::{GrantEnd, GrantTerm, Lines, MAX_QUANTITY, Order, Reason, Result, Time, Trouble};

use super::hex;
use super::{Act, Activation, Customer};

impl Act {
    /// The words of all acts, in the order of the type.
    pub const WORDS: [&'static str; 10] = [
        "opened",
        "account",
        "ordered",
        "added",
        "passed",
        "cancelled",
        "renewed",
        "overdrawn",
        "activated",
        "restored",
    ];

    /// The word it is stored under.
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
            Self::Activated(_) => "activated",
            Self::Restored { .. } => "restored",
        }
    }

    /// All particulars: lines `key = value`, each ended by a line feed, in a fixed order; a backslash is written `\\`, a
    /// line feed `\n`; nothing stands for what there isn't. Two acts with the same word and facts are the same.
    pub fn facts(&self) -> String {
        let mut out = Writer(String::new());
        match self {
            Self::Opened { nonce, vendor } => out.put("nonce", hex::write(nonce)).maybe("vendor", vendor),
            Self::Account(Customer { name, title, group }) => {
                out.put("name", name).maybe("title", title).maybe("group", group)
            }
            Self::Ordered { code, order, account } => {
                out.put("code", code).order(order).maybe("account", account)
            }
            Self::Added { code, account } => out.put("code", code).put("account", account),
            Self::Passed { from, to, recipient, note } => {
                out.put("from", from).put("to", to).put("recipient", recipient).maybe("note", note)
            }
            Self::Cancelled { code, note } => out.put("code", code).maybe("note", note),
            Self::Renewed { code, term } => out.put("code", code).term(term),
            Self::Overdrawn { code } => out.put("code", code),
            Self::Activated(activation) => out.activation(activation),
            Self::Restored { number, hash, note } => {
                out.put("number", number).put("hash", hex::write(hash)).maybe("note", note)
            }
        };
        out.0
    }

    /// Reads what [`word`](Self::word) and [`facts`](Self::facts) wrote.
    ///
    /// # Errors
    /// `damaged-ledger` for anything those two don't write.
    pub fn read(word: &str, facts: &str) -> Result<Self> {
        let damaged = |what: String| Trouble::new(Reason::DamagedLedger, what);
        let mut lines = Reader::new(facts).ok_or_else(|| damaged("the facts are no lines".into()))?;
        let act = lines.act(word).map_err(|cause| {
            damaged(format!("the facts of `{word}` can't be read")).detail(cause.to_string())
        })?;
        // Writing it again finds every other spelling of the same facts, and every line left over.
        if act.facts() != facts {
            return Err(damaged(format!("the facts of `{word}` are not as they were written")));
        }
        Ok(act)
    }
}

struct Writer(String);

impl Writer {
    fn put(&mut self, key: &str, value: impl Display) -> &mut Self {
        let value = value.to_string().replace('\\', "\\\\").replace('\n', "\\n");
        self.0 += &format!("{key} = {value}\n");
        self
    }

    fn maybe(&mut self, key: &str, value: &Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    fn order(&mut self, order: &Order) -> &mut Self {
        self.put("number", &order.number)
            .maybe("reference", &order.reference)
            .maybe("customer", &order.customer)
            .put("product", &order.product)
            .maybe("version", &order.version)
            .term(&order.term);
        for (article, quantity) in &order.lines {
            self.put("line", format!("{article} {quantity}"));
        }
        self.put("overdraft", order.overdraft)
    }

    fn term(&mut self, term: &GrantTerm) -> &mut Self {
        self.maybe("from", &term.from);
        match &term.end {
            GrantEnd::Permanent => self.put("until", PERMANENT),
            GrantEnd::Until(end) => self.put("until", end),
            GrantEnd::For(length) => self.put("for", length),
        }
    }

    fn activation(&mut self, it: &Activation) -> &mut Self {
        self.put("unit", it.unit.key()).put("product", &it.product).maybe("model", &it.model);
        for code in &it.codes {
            self.put("code", code);
        }
        self.maybe("evaluation", &it.evaluation.then_some(YES))
            .maybe("request", &it.request)
            .maybe("number", &it.number)
            .maybe("end-user", &it.end_user)
            .maybe("location", &it.location)
            .maybe("comment", &it.comment)
            .put("key", it.key)
    }
}

const PERMANENT: &str = "permanent";
const YES: &str = "yes";

/// The lines that were not taken yet, the next one last.
struct Reader<'a>(Vec<(&'a str, String)>);

impl<'a> Reader<'a> {
    fn new(facts: &'a str) -> Option<Self> {
        let line = |line: &'a str| line.split_once(" = ").map(|(key, value)| (key, unescape(value)));
        let mut lines: Vec<_> = facts.lines().map(line).collect::<Option<_>>()?;
        lines.reverse();
        Some(Self(lines))
    }

    fn act(&mut self, word: &str) -> Result<Act> {
        Ok(match word {
            "opened" => Act::Opened { nonce: self.hex("nonce")?, vendor: self.maybe("vendor")? },
            "account" => Act::Account(Customer {
                name: self.take("name")?,
                title: self.maybe("title")?,
                group: self.maybe("group")?,
            }),
            "ordered" => Act::Ordered {
                code: self.take("code")?,
                order: self.order()?,
                account: self.maybe("account")?,
            },
            "added" => Act::Added { code: self.take("code")?, account: self.take("account")? },
            "passed" => Act::Passed {
                from: self.take("from")?,
                to: self.take("to")?,
                recipient: self.take("recipient")?,
                note: self.maybe("note")?,
            },
            "cancelled" => Act::Cancelled { code: self.take("code")?, note: self.maybe("note")? },
            "renewed" => Act::Renewed { code: self.take("code")?, term: self.term()? },
            "overdrawn" => Act::Overdrawn { code: self.take("code")? },
            "activated" => Act::Activated(self.activation()?),
            "restored" => Act::Restored {
                number: self.take("number")?,
                hash: self.hex("hash")?,
                note: self.maybe("note")?,
            },
            _ => return Err(bad("there is no such act")),
        })
    }

    /// The value of the next line, if that has this key.
    fn next(&mut self, key: &str) -> Option<String> {
        self.0.pop_if(|(found, _)| *found == key).map(|(_, value)| value)
    }

    fn maybe<T: FromStr>(&mut self, key: &str) -> Result<Option<T>> {
        let read = |text: String| text.parse().map_err(|_| bad("a value can't be read").at(key));
        self.next(key).map(read).transpose()
    }

    fn take<T: FromStr>(&mut self, key: &str) -> Result<T> {
        self.maybe(key)?.ok_or_else(|| bad("a line is missing").at(key))
    }

    fn hex<const N: usize>(&mut self, key: &str) -> Result<[u8; N]> {
        hex::read(&self.take::<String>(key)?).ok_or_else(|| bad("a value can't be read").at(key))
    }

    fn order(&mut self) -> Result<Order> {
        let order = Order {
            number: self.take("number")?,
            reference: self.maybe("reference")?,
            customer: self.maybe("customer")?,
            product: self.take("product")?,
            version: self.maybe("version")?,
            term: self.term()?,
            lines: self.lines()?,
            overdraft: self.take("overdraft")?,
        };
        if order.overdraft > 100 {
            return Err(bad("there is no such percentage").at("overdraft"));
        }
        Ok(order)
    }

    fn lines(&mut self) -> Result<Lines> {
        let mut lines = Lines::new();
        while let Some(line) = self.next("line") {
            let (article, quantity) = line.split_once(' ').ok_or_else(|| bad("no quantity").at("line"))?;
            let quantity: u64 = quantity.parse().map_err(|_| bad("no quantity").at("line"))?;
            if !(1..=MAX_QUANTITY).contains(&quantity) {
                return Err(bad("the quantity is out of range").at("line"));
            }
            lines.insert(article.parse()?, quantity);
        }
        Ok(lines)
    }

    fn term(&mut self) -> Result<GrantTerm> {
        let from: Option<Time> = self.maybe("from")?;
        if let Some(length) = self.next("for") {
            return Ok(GrantTerm { from, end: GrantEnd::For(length) });
        }
        let until: String = self.take("until")?;
        let end = if until == PERMANENT { GrantEnd::Permanent } else { GrantEnd::Until(until.parse()?) };
        Ok(GrantTerm { from, end })
    }

    fn activation(&mut self) -> Result<Activation> {
        Ok(Activation {
            unit: self.take("unit")?,
            product: self.take("product")?,
            model: self.maybe("model")?,
            codes: std::iter::from_fn(|| self.maybe("code").transpose()).collect::<Result<_>>()?,
            evaluation: self.next("evaluation").is_some(),
            request: self.maybe("request")?,
            number: self.maybe("number")?,
            end_user: self.maybe("end-user")?,
            location: self.maybe("location")?,
            comment: self.maybe("comment")?,
            key: self.take("key")?,
        })
    }
}

/// Undoes the escapes; one that is unknown is dropped, so that writing it again shows the difference.
fn unescape(text: &str) -> String {
    let mut chars = text.chars();
    let next = |c: char, chars: &mut std::str::Chars<'_>| match c {
        '\\' => match chars.next() {
            Some('n') => Some('\n'),
            Some('\\') => Some('\\'),
            _ => None,
        },
        c => Some(c),
    };
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        out.extend(next(c, &mut chars));
    }
    out
}

fn bad(what: &str) -> Trouble {
    Trouble::new(Reason::DamagedLedger, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentId, KeyId, Mac, OrderCode, Unit};

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
            number: Some("7".into()),
            end_user: Some("\r\n\\".into()),
            location: Some("\0".into()),
            comment: Some("\u{2028}".into()),
            key: KeyId::from_digest(&[5; 32]),
        }
    }

    fn acts() -> Vec<Act> {
        let account = || "acme".parse().unwrap();
        let bare =
            Activation { codes: vec![], evaluation: true, request: None, comment: None, ..activation() };
        let (code, note) = (code(1), || Some("why".to_owned()));
        vec![
            Act::Opened { nonce: [0xaf; 16], vendor: Some("ACME".into()) },
            Act::Account(Customer { name: account(), title: note(), group: Some("all".parse().unwrap()) }),
            Act::Ordered { code, order: order(), account: Some(account()) },
            Act::Added { code, account: account() },
            Act::Passed { from: code, to: self::code(2), recipient: "shop".into(), note: note() },
            Act::Cancelled { code, note: note() },
            Act::Renewed { code, term: term(GrantEnd::Until("2030-01-01T00:00:00Z".parse().unwrap())) },
            Act::Overdrawn { code },
            Act::Activated(activation()),
            Act::Restored { number: u64::MAX, hash: [1; 32], note: note() },
            Act::Opened { nonce: [0; 16], vendor: None },
            Act::Renewed { code, term: GrantTerm { from: None, end: GrantEnd::Permanent } },
            Act::Activated(bare),
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
        assert!(Act::read("activated", &acts()[12].facts().replace("yes", "no")).is_err());
    }
}
