//! Reading a TOML table field by field, with the field's name in every error and what is left over known.

use std::str::FromStr;

use toml::{Table, Value};

use crate::model::text::utf8;
use crate::model::{ComponentKind, FeatureName, Features, Quantity, Reason, Result, Time, Trouble, near};

use super::limits;

/// Fields that nobody took: full names and values as TOML.
pub type Unknown = Vec<(String, String)>;

/// A table whose fields are taken out one by one.
pub struct Fields {
    table: Table,
    path: String,
    reason: Reason,
}

impl Fields {
    /// Parses bytes; `reason` is what every later complaint carries.
    pub fn parse(bytes: &[u8], reason: Reason) -> Result<Self> {
        let unreadable = if reason == Reason::BadGrant { reason } else { Reason::BadPayload };
        let text = utf8(bytes).map_err(|before| {
            Trouble::new(unreadable, "the text is not UTF-8").at(format!("byte {}", before.len() + 1))
        })?;
        let table = text.parse::<Table>().map_err(|e| {
            let place = e.span().map(|span| line_and_column(text, span.start));
            let trouble =
                Trouble::new(unreadable, e.message().lines().next().unwrap_or("not TOML").to_owned());
            place.into_iter().fold(trouble, Trouble::at)
        })?;
        Ok(Self { table, path: String::new(), reason })
    }

    /// A complaint about a field.
    pub fn bad(&self, key: &str, what: impl Into<String>) -> Trouble {
        Trouble::new(self.reason, what).at(format!("field `{}{key}`", self.path))
    }

    /// A complaint of something that was read from a field: its own, if it is more telling than that of the table.
    fn within(&self, key: &str, trouble: Trouble) -> Trouble {
        match trouble.reason() {
            Reason::BadField => self.bad(key, trouble.what()),
            _ => trouble.at(format!("field `{}{key}`", self.path)),
        }
    }

    /// Takes a text of at most [`limits::TEXT_FIELD`] bytes.
    pub fn text(&mut self, key: &str) -> Result<Option<String>> {
        self.text_within(key, limits::TEXT_FIELD)
    }

    /// Takes a text of at most `limit` bytes, never empty.
    pub fn text_within(&mut self, key: &str, limit: u64) -> Result<Option<String>> {
        match self.table.remove(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Err(self.bad(key, "the text is empty")),
            Some(Value::String(text)) if text.len() as u64 > limit => {
                Err(self.bad(key, format!("the text has {} bytes, more than {limit}", text.len())))
            }
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => {
                Err(self.bad(key, format!("a text in quotes belongs here, not {}", describe(&other))))
            }
        }
    }

    /// Takes a text that reads as a `T`.
    pub fn parsed<T: FromStr<Err = Trouble>>(&mut self, key: &str) -> Result<Option<T>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        text.parse().map(Some).map_err(|trouble| self.within(key, trouble))
    }

    /// Takes a text that has to be there and reads as a `T`.
    pub fn needed<T: FromStr<Err = Trouble>>(&mut self, key: &str) -> Result<T> {
        let value = self.parsed(key)?;
        self.must(key, value)
    }

    /// Takes a text that has to be there.
    pub fn needed_text(&mut self, key: &str) -> Result<String> {
        let value = self.text(key)?;
        self.must(key, value)
    }

    /// A value that has to be there.
    pub fn must<T>(&self, key: &str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| self.bad(key, "the field is missing"))
    }

    /// Takes `true` or `false`; a missing one is false.
    pub fn flag(&mut self, key: &str) -> Result<bool> {
        self.flag_or(key, false)
    }

    /// Takes `true` or `false`; `missing` says what a missing one is.
    pub fn flag_or(&mut self, key: &str, missing: bool) -> Result<bool> {
        match self.table.remove(key) {
            None => Ok(missing),
            Some(Value::Boolean(flag)) => Ok(flag),
            Some(other) => {
                Err(self.bad(key, format!("true or false belongs here, not {}", describe(&other))))
            }
        }
    }

    /// Takes a whole number from 0 up.
    pub fn number(&mut self, key: &str) -> Result<Option<usize>> {
        match self.table.remove(key) {
            None => Ok(None),
            Some(Value::Integer(number)) if number >= 0 => {
                usize::try_from(number).map(Some).map_err(|_| self.bad(key, "the number is too large"))
            }
            Some(other) => {
                Err(self.bad(key, format!("a whole number belongs here, not {}", describe(&other))))
            }
        }
    }

    /// Takes an array of texts, each read as a `T`, if it is there.
    pub fn list_if_there<T: FromStr<Err = Trouble>>(&mut self, key: &str) -> Result<Option<Vec<T>>> {
        if self.table.contains_key(key) { self.list(key).map(Some) } else { Ok(None) }
    }

    /// Takes an array of texts, each read as a `T`; a missing one is empty.
    pub fn list<T: FromStr<Err = Trouble>>(&mut self, key: &str) -> Result<Vec<T>> {
        let values = match self.table.remove(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(values)) if values.len() as u64 <= limits::LIST_FIELD => values,
            Some(Value::Array(_)) => {
                return Err(self.bad(key, format!("more than {} entries", limits::LIST_FIELD)));
            }
            Some(other) => {
                return Err(self.bad(key, format!("an array belongs here, not {}", describe(&other))));
            }
        };
        let read = |value: &Value| match value {
            Value::String(text) => text.parse().map_err(|trouble| self.within(key, trouble)),
            other => Err(self.bad(key, format!("a text in quotes belongs here, not {}", describe(other)))),
        };
        values.iter().map(read).collect()
    }

    /// The names that are there.
    pub fn keys(&self) -> Vec<String> {
        self.table.keys().cloned().collect()
    }

    /// Takes a table.
    pub fn table(&mut self, key: &str) -> Result<Option<Self>> {
        match self.table.remove(key) {
            None => Ok(None),
            Some(Value::Table(table)) => {
                Ok(Some(Self { table, path: format!("{}{key}.", self.path), reason: self.reason }))
            }
            Some(other) => Err(self.bad(key, format!("a table belongs here, not {}", describe(&other)))),
        }
    }

    /// Takes an array of tables; a missing one is empty.
    pub fn tables(&mut self, key: &str) -> Result<Vec<Self>> {
        let values = match self.table.remove(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(values)) => values,
            Some(other) => {
                return Err(
                    self.bad(key, format!("an array of tables belongs here, not {}", describe(&other)))
                );
            }
        };
        let path = format!("{}{key}.", self.path);
        let table = |value| match value {
            Value::Table(table) => Ok(Self { table, path: path.clone(), reason: self.reason }),
            other => Err(self.bad(key, format!("a table belongs here, not {}", describe(&other)))),
        };
        values.into_iter().map(table).collect()
    }

    /// Takes a time: the one text form, or as a person writes it in TOML, a date or an instant in UTC.
    pub fn time_or_date(&mut self, key: &str) -> Result<Option<(Time, bool)>> {
        let text = match self.table.remove(key) {
            None => return Ok(None),
            Some(Value::Datetime(time)) => time.to_string(),
            Some(Value::String(text)) => text,
            Some(other) => {
                return Err(self.bad(key, format!("a date or time belongs here, not {}", describe(&other))));
            }
        };
        let place = format!("field `{}{key}`", self.path);
        let is_date = !text.contains(['T', 't', ' ']);
        let time = if is_date { Time::from_date(&text) } else { text.parse() };
        time.map(|time| Some((time, is_date))).map_err(|trouble| trouble.at(place))
    }

    /// Takes all fields as features.
    pub fn features(mut self) -> Result<Features> {
        let mut features = Features::default();
        for (key, value) in std::mem::take(&mut self.table) {
            let place = |trouble| self.within(&key, trouble);
            let name: FeatureName = key.parse().map_err(place)?;
            let quantity = match value {
                Value::Boolean(true) => Quantity::On,
                Value::Integer(number) => {
                    Quantity::count(u64::try_from(number).unwrap_or(0)).map_err(place)?
                }
                other => {
                    let what =
                        format!("a feature is true or a whole number from 1, not {}", describe(&other));
                    return Err(self.bad(&key, what));
                }
            };
            features.add(name, quantity).map_err(place)?;
        }
        Ok(features)
    }

    /// Takes all fields that are components, each an array of texts read as `T`.
    pub fn by_component<T: FromStr<Err = Trouble>>(&mut self) -> Result<Vec<(ComponentKind, Vec<T>)>> {
        let mut found = Vec::new();
        for kind in ComponentKind::ALL {
            if self.table.contains_key(kind.word()) {
                found.push((kind, self.list(kind.word())?));
            }
        }
        Ok(found)
    }

    /// What was not taken.
    pub fn rest(self) -> Unknown {
        self.table
            .into_iter()
            .map(|(key, value)| (format!("{}{key}", self.path), value.to_string()))
            .collect()
    }

    /// Refuses what was not taken, naming what there is.
    pub fn nothing_else(self, known: &[&str]) -> Result<()> {
        match self.table.keys().next() {
            None => Ok(()),
            Some(key) => {
                let hint = near::hint(known.iter().copied(), key).unwrap_or_default();
                Err(self.bad(key, format!("`{key}` is not known here; {hint}")))
            }
        }
    }
}

fn describe(value: &Value) -> String {
    let shown: String = value.to_string().chars().take(40).collect();
    format!("{} `{shown}`", value.type_str())
}

/// Line and column, counted from 1, of a byte in a text.
pub fn line_and_column(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("line {line}, column {column}")
}
