//! Reads acts back from their stored text.

use std::str::FromStr;

use crate::catalog::{GrantEnd, GrantTerm};
use crate::orders::{Lines, Order};
use airlatch_core::model::{Error, MAX_QUANTITY, Reason, Result, Time, hex};

use super::write_act::PERMANENT;
use super::{Act, Activation, Customer, Reversal, Reversed, UnitNote};

impl Act {
    /// Reads what [`word`](Self::word) and [`facts`](Self::facts) wrote.
    ///
    /// # Errors
    /// `damaged-ledger` for any text that those two don't write.
    pub fn read(word: &str, facts: &str) -> Result<Self> {
        let mut lines =
            FactsReader::new(facts).ok_or_else(|| damaged("the facts are not lines `key = value`"))?;
        let act = lines.act(word).map_err(|cause| {
            damaged(format!("the facts of `{word}` can't be read")).detail(cause.to_string())
        })?;
        // Comparing with the text written again finds other spellings of the same facts, and lines left over.
        if act.facts() != facts {
            return Err(damaged(format!("the facts of `{word}` are not in their canonical form")));
        }
        Ok(act)
    }
}

/// The lines not read yet, in reverse order.
struct FactsReader<'a>(Vec<(&'a str, String)>);

impl<'a> FactsReader<'a> {
    fn new(facts: &'a str) -> Option<Self> {
        let line = |line: &'a str| line.split_once(" = ").map(|(key, value)| (key, unescape(value)));
        let mut lines: Vec<_> = facts.lines().map(line).collect::<Option<_>>()?;
        lines.reverse();
        Some(Self(lines))
    }

    fn act(&mut self, word: &str) -> Result<Act> {
        Ok(match word {
            "opened" => Act::Opened { nonce: self.hex("nonce")?, vendor: self.optional("vendor")? },
            "account" => Act::Account(Customer {
                name: self.required("name")?,
                title: self.optional("title")?,
                group: self.optional("group")?,
            }),
            "ordered" => Act::Ordered {
                code: self.required("code")?,
                order: self.order()?,
                account: self.optional("account")?,
            },
            "added" => Act::Added { code: self.required("code")?, account: self.required("account")? },
            "passed" => Act::Passed {
                from: self.required("from")?,
                to: self.required("to")?,
                recipient: self.required("recipient")?,
                reference: self.optional("reference")?,
                note: self.optional("note")?,
            },
            "cancelled" => Act::Cancelled { code: self.required("code")?, note: self.optional("note")? },
            "renewed" => Act::Renewed { code: self.required("code")?, term: self.term()? },
            "overdrawn" => Act::Overdrawn { code: self.required("code")? },
            "activated" => Act::Activated(self.activation(false)?),
            "evaluated" => Act::Activated(self.activation(true)?),
            "restored" => Act::Restored {
                number: self.required("number")?,
                hash: self.hex("hash")?,
                note: self.optional("note")?,
            },
            "released" => Act::Released {
                unit: self.required("unit")?,
                product: self.required("product")?,
                license: self.required("license")?,
                receipt: self.required("receipt")?,
                note: self.optional("note")?,
            },
            "clock-reset" => Act::ClockReset {
                unit: self.required("unit")?,
                product: self.required("product")?,
                request: self.required("request")?,
                key: self.required("key")?,
            },
            "reversed" => Act::Reversed(self.reversal()?),
            "corrected" => Act::Corrected {
                code: self.required("code")?,
                customer: self.optional("customer")?,
                reference: self.optional("reference")?,
                because: self.required("because")?,
            },
            "noted" => Act::Noted(UnitNote {
                unit: self.required("unit")?,
                end_user: self.optional("end-user")?,
                location: self.optional("location")?,
                comment: self.optional("comment")?,
            }),
            "clock-override" => {
                Act::ClockOverride { clock: self.required("clock")?, because: self.required("because")? }
            }
            _ => return Err(damaged("the act is unknown")),
        })
    }

    /// Takes the value of the next line, if it has this key.
    fn next_value(&mut self, key: &str) -> Option<String> {
        self.0.pop_if(|(found, _)| *found == key).map(|(_, value)| value)
    }

    fn optional<T: FromStr>(&mut self, key: &str) -> Result<Option<T>> {
        let read = |text: String| text.parse().map_err(|_| damaged("a value can't be read").at(key));
        self.next_value(key).map(read).transpose()
    }

    fn required<T: FromStr>(&mut self, key: &str) -> Result<T> {
        self.optional(key)?.ok_or_else(|| damaged("a line is missing").at(key))
    }

    fn hex<const N: usize>(&mut self, key: &str) -> Result<[u8; N]> {
        hex::read(&self.required::<String>(key)?).ok_or_else(|| damaged("a value can't be read").at(key))
    }

    fn order(&mut self) -> Result<Order> {
        let order = Order {
            number: self.required("number")?,
            reference: self.optional("reference")?,
            customer: self.optional("customer")?,
            product: self.required("product")?,
            version: self.optional("version")?,
            term: self.term()?,
            lines: self.lines()?,
            overdraft: self.required("overdraft")?,
        };
        if order.overdraft > 100 {
            return Err(damaged("the percentage is larger than 100").at("overdraft"));
        }
        Ok(order)
    }

    fn lines(&mut self) -> Result<Lines> {
        let mut lines = Lines::new();
        while let Some(line) = self.next_value("line") {
            let (article, quantity) =
                line.split_once(' ').ok_or_else(|| damaged("no quantity").at("line"))?;
            let quantity: u64 = quantity.parse().map_err(|_| damaged("no quantity").at("line"))?;
            if !(1..=MAX_QUANTITY).contains(&quantity) {
                return Err(damaged("the quantity is out of range").at("line"));
            }
            lines.insert(article.parse()?, quantity);
        }
        Ok(lines)
    }

    fn term(&mut self) -> Result<GrantTerm> {
        let from: Option<Time> = self.optional("from")?;
        if let Some(length) = self.next_value("for") {
            return Ok(GrantTerm { from, end: GrantEnd::For(length) });
        }
        let until: String = self.required("until")?;
        let end = if until == PERMANENT { GrantEnd::Permanent } else { GrantEnd::Until(until.parse()?) };
        Ok(GrantTerm { from, end })
    }

    fn reversal(&mut self) -> Result<Reversal> {
        let entry = self.required("entry")?;
        let word: String = self.required("act")?;
        let of = match word.as_str() {
            "ordered" => Reversed::Order { code: self.required("code")? },
            "added" => {
                Reversed::Addition { code: self.required("code")?, account: self.required("account")? }
            }
            "passed" => Reversed::Passing { from: self.required("from")?, to: self.required("to")? },
            "cancelled" => Reversed::Cancellation { code: self.required("code")? },
            "renewed" => Reversed::Renewal { code: self.required("code")?, term: self.term()? },
            "activated" => Reversed::License {
                unit: self.required("unit")?,
                product: self.required("product")?,
                license: self.required("license")?,
            },
            _ => return Err(damaged("the act is never reversed").at("act")),
        };
        Ok(Reversal { entry, of, because: self.required("because")? })
    }

    fn activation(&mut self, evaluation: bool) -> Result<Activation> {
        Ok(Activation {
            unit: self.required("unit")?,
            product: self.required("product")?,
            model: self.optional("model")?,
            codes: std::iter::from_fn(|| self.optional("code").transpose()).collect::<Result<_>>()?,
            evaluation,
            request: self.optional("request")?,
            hardware: self.optional("hardware")?,
            weak_lock: self.optional("weak-lock")?.unwrap_or(false),
            number: self.optional("number")?,
            end_user: self.optional("end-user")?,
            location: self.optional("location")?,
            comment: self.optional("comment")?,
            key: self.required("key")?,
        })
    }
}

/// Undoes the escapes. An unknown one is dropped; then the text written again differs.
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

fn damaged(message: impl Into<String>) -> Error {
    Error::new(Reason::DamagedLedger, message)
}
