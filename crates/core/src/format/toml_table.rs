//! A TOML text as tables and values, each with its place in the text.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use serde::Deserialize;
use toml::de::{self, DeTable, DeValue, ValueDeserializer};
use toml::{Spanned, Value};

use crate::model::{Error, Reason};

/// A place in a text.
#[derive(Debug, Clone)]
pub struct Spot {
    /// The byte offset where it begins; `None` for a missing field.
    pub at: Option<usize>,
    /// The field, with the tables it is in; empty for the whole text.
    pub field: String,
}

impl Spot {
    /// The place of a missing field in this table.
    #[must_use]
    pub fn missing(&self, key: &str) -> Self {
        let dot = if self.field.is_empty() { "" } else { "." };
        Self { at: self.at, field: format!("{}{dot}{key}", self.field) }
    }

    /// The place of a field in this table, at the byte offset `at`.
    #[must_use]
    pub fn below(&self, key: &str, at: usize) -> Self {
        Self { at: Some(at), ..self.missing(key) }
    }

    /// An entry of an array; `name` is its id, or `#` and its number.
    #[must_use]
    pub fn entry(&self, name: &str) -> Self {
        Self { at: self.at, field: format!("{}[{name}]", self.field) }
    }

    /// The same entry of an array, once its id is known.
    #[must_use]
    pub fn named(&self, id: &str) -> Self {
        let array = self.field.rfind('[').map_or(self.field.as_str(), |end| &self.field[..end]);
        Self { at: self.at, field: format!("{array}[{id}]") }
    }
}

/// A value with its place.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub spot: Spot,
}

/// An error with its place in the text.
#[derive(Debug)]
pub struct Fault {
    /// The place.
    pub spot: Spot,
    /// The error, without a place of its own.
    pub error: Error,
}

impl Fault {
    /// The error with the field as its place.
    pub fn into_error(self) -> Error {
        match self.spot.field.as_str() {
            "" => self.error,
            field => self.error.at(format!("field `{field}`")),
        }
    }
}

/// The text that is read, and the reason for errors in it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The whole text.
    pub text: &'a str,
    /// The reason.
    pub reason: Reason,
}

impl Source<'_> {
    /// An error from parsing a value. `bad-field` is replaced by the reason of this text, a more specific reason is kept.
    pub fn fault(self, spot: &Spot, error: Error) -> Fault {
        let error = match error.reason() {
            Reason::BadField => Error::new(self.reason, error.message()),
            _ => error,
        };
        Fault { spot: spot.clone(), error }
    }
}

/// A table whose fields are taken out one by one.
pub struct Fields<'a> {
    /// The text.
    pub source: Source<'a>,
    /// The place of the table.
    pub spot: Spot,
    pub(super) entries: DeTable<'a>,
}

impl<'a> Fields<'a> {
    /// The root table of a text.
    ///
    /// # Errors
    /// The error of the TOML parser.
    pub fn of(source: Source<'a>) -> Result<Self, de::Error> {
        let entries = DeTable::parse(source.text)?.into_inner();
        Ok(Self { source, spot: Spot { at: None, field: String::new() }, entries })
    }

    /// Takes a field.
    pub fn take(&mut self, key: &str) -> Option<Item<'a>> {
        let value = self.entries.remove(key)?;
        Some(Item::new(self.source, self.spot.below(key, value.span().start), value))
    }

    /// Takes all fields in the order of the text, each with its name and the place of the name.
    pub fn all(&mut self) -> Vec<(Placed<String>, Item<'a>)> {
        let mut entries: Vec<_> = std::mem::take(&mut self.entries).into_iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let placed = |(key, value): (Spanned<Cow<'a, str>>, Spanned<DeValue<'a>>)| {
            let at = key.span().start;
            let name = key.into_inner().into_owned();
            let item = Item::new(self.source, self.spot.below(&name, value.span().start), value);
            (Placed { spot: self.spot.below(&name, at), value: name }, item)
        };
        entries.into_iter().map(placed).collect()
    }

    /// The names of the fields that were not taken, sorted.
    pub fn keys(&self) -> Vec<String> {
        self.entries.keys().map(|key| key.get_ref().to_string()).collect()
    }
}

/// A value with its place.
pub struct Item<'a> {
    source: Source<'a>,
    /// Its place.
    pub spot: Spot,
    /// The value.
    pub value: DeValue<'a>,
    span: Range<usize>,
}

impl<'a> Item<'a> {
    fn new(source: Source<'a>, spot: Spot, value: Spanned<DeValue<'a>>) -> Self {
        Self { source, spot, span: value.span(), value: value.into_inner() }
    }

    /// A text of at most `limit` bytes, never empty.
    pub fn text(self, limit: u64) -> Result<Placed<String>, Fault> {
        match self.value {
            DeValue::String(ref text) if text.is_empty() => Err(self.fault("the text is empty")),
            DeValue::String(ref text) if text.len() as u64 > limit => {
                Err(self.fault(format!("the text has {} bytes, more than {limit}", text.len())))
            }
            DeValue::String(text) => Ok(Placed { value: text.into_owned(), spot: self.spot }),
            _ => Err(self.wrong("a text in quotes")),
        }
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Result<bool, Fault> {
        match self.value {
            DeValue::Boolean(flag) => Ok(flag),
            _ => Err(self.wrong("true or false")),
        }
    }

    /// A whole number in a range.
    pub fn number(self, range: &RangeInclusive<u64>) -> Result<Placed<u64>, Fault> {
        let number = match &self.value {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        match number.filter(|number| range.contains(number)) {
            Some(value) => Ok(Placed { value, spot: self.spot }),
            None => Err(self.wrong(&format!("a whole number from {} to {}", range.start(), range.end()))),
        }
    }

    /// A whole number of any size and sign.
    pub fn integer(&self) -> Option<i64> {
        match &self.value {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        }
    }

    /// A table.
    pub fn table(self) -> Result<Fields<'a>, Fault> {
        match self.value {
            DeValue::Table(entries) => Ok(Fields { source: self.source, spot: self.spot, entries }),
            _ => Err(self.wrong("a table")),
        }
    }

    /// An array of at most `limit` values, each with its place; `wanted` names the type in the error.
    pub fn list(self, wanted: &str, limit: u64) -> Result<Vec<Item<'a>>, Fault> {
        match self.value {
            DeValue::Array(values) if values.len() as u64 <= limit => {
                let entry = |value: Spanned<DeValue<'a>>| {
                    let spot = Spot { at: Some(value.span().start), field: self.spot.field.clone() };
                    Item::new(self.source, spot, value)
                };
                Ok(values.into_iter().map(entry).collect())
            }
            DeValue::Array(_) => Err(self.fault(format!("more than {limit} entries"))),
            _ => Err(self.wrong(wanted)),
        }
    }

    /// An error about this value.
    pub fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { spot: self.spot.clone(), error: Error::new(self.source.reason, message) }
    }

    /// The error for a value of the wrong type; `wanted` names the right one.
    pub fn wrong(&self, wanted: &str) -> Fault {
        self.fault(format!("{wanted} belongs here, not {}", self.shown()))
    }

    /// Its type and its text, in one short line. A value of several lines and a table are shown as TOML would write them in
    /// one line.
    pub fn shown(&self) -> String {
        let source = self.source.text.get(self.span.clone()).unwrap_or_default();
        let needs_rewriting = source.contains('\n') || matches!(self.value, DeValue::Table(_));
        let text = if needs_rewriting { self.written() } else { source.to_owned() };
        let short: String = text.chars().take(40).collect();
        format!("{} `{short}`", self.value.type_str())
    }

    /// The value as TOML writes it.
    pub(super) fn written(&self) -> String {
        let value = ValueDeserializer::from(Spanned::new(self.span.clone(), self.value.clone()));
        Value::deserialize(value).map(|value| value.to_string()).unwrap_or_default()
    }
}
