//! Acts read back from the text that they were stored as.

use std::str::FromStr;

use crate::catalog::{GrantEnd, GrantTerm};
use crate::orders::{Lines, Order};
use airlatch_core::model::{Error, MAX_QUANTITY, Reason, Result, Time, hex};

use super::words::PERMANENT;
use super::{Act, Activation, Customer};

impl Act {
    /// Reads what [`word`](Self::word) and [`facts`](Self::facts) wrote.
    ///
    /// # Errors
    /// `damaged-ledger` for anything those two don't write.
    pub fn read(word: &str, facts: &str) -> Result<Self> {
        let damaged = |what: String| Error::new(Reason::DamagedLedger, what);
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
            "activated" => Act::Activated(self.activation(false)?),
            "evaluated" => Act::Activated(self.activation(true)?),
            "restored" => Act::Restored {
                number: self.take("number")?,
                hash: self.hex("hash")?,
                note: self.maybe("note")?,
            },
            "released" => Act::Released {
                unit: self.take("unit")?,
                product: self.take("product")?,
                license: self.take("license")?,
                receipt: self.take("receipt")?,
                note: self.maybe("note")?,
            },
            "clock-reset" => Act::ClockReset {
                unit: self.take("unit")?,
                product: self.take("product")?,
                request: self.take("request")?,
                key: self.take("key")?,
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

    fn activation(&mut self, evaluation: bool) -> Result<Activation> {
        Ok(Activation {
            unit: self.take("unit")?,
            product: self.take("product")?,
            model: self.maybe("model")?,
            codes: std::iter::from_fn(|| self.maybe("code").transpose()).collect::<Result<_>>()?,
            evaluation,
            request: self.maybe("request")?,
            hardware: self.maybe("hardware")?,
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

fn bad(what: &str) -> Error {
    Error::new(Reason::DamagedLedger, what)
}
