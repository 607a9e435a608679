//! Reads a TOML table field by field; the first error names its field, and fields that were not read can be listed.

use std::str::FromStr;

use toml::de::DeValue;
use toml::{Spanned, Table};

use crate::model::text::utf8;
use crate::model::{ComponentKind, Error, FeatureName, Features, Quantity, Reason, Result, Time, near};

use super::spelling::PrintedCode;
use super::toml_table::{Fault, Item, Placed, Source};
use super::{limits, payload_text};

pub use super::toml_table::Fields;

/// Fields that were not read: full names and values as TOML.
pub type Unknown = Vec<(String, String)>;

impl<'a> Fields<'a> {
    /// Parses the payload of a sealed document, which uses only a part of TOML.
    ///
    /// # Errors
    /// `bad-payload` with line and column; errors about fields have `bad-field`, or the reason of the value.
    pub(super) fn of_payload(bytes: &'a [u8]) -> Result<Self> {
        if let Ok(text) = utf8(bytes) {
            payload_text::check(text).map_err(|mistake| {
                Error::new(Reason::BadPayload, mistake.what).at(line_and_column(text, mistake.at))
            })?;
        }
        Self::parse(bytes, Reason::BadField)
    }

    /// Parses bytes; later errors about fields have the reason `reason`.
    ///
    /// # Errors
    /// `bad-payload` with line and column if it is not TOML, or `bad-grant` for a grant. Errors about fields have `reason`
    /// and the field's full name; a more specific reason of a value, such as `bad-time`, is kept.
    pub fn parse(bytes: &'a [u8], reason: Reason) -> Result<Self> {
        let unreadable = if reason == Reason::BadGrant { reason } else { Reason::BadPayload };
        let text = utf8(bytes).map_err(|before| {
            Error::new(unreadable, "the text is not UTF-8").at(format!("byte {}", before.len() + 1))
        })?;
        let fields = Self::of(Source { text, reason }).and_then(|fields| {
            // The parser of tables accepts numbers that are too large; the full parser refuses them and tells the place.
            let numbers_fit = fields.entries.values().all(fits);
            if numbers_fit { Ok(fields) } else { text.parse::<Table>().map(|_| fields) }
        });
        fields.map_err(|e| {
            let place = e.span().map(|span| line_and_column(text, span.start));
            let error = Error::new(unreadable, e.message().lines().next().unwrap_or("not TOML").to_owned());
            place.into_iter().fold(error, Error::at)
        })
    }

    /// An error about a field.
    pub fn bad(&self, key: &str, message: impl Into<String>) -> Error {
        Fault { spot: self.spot.missing(key), error: Error::new(self.source.reason, message) }.into_error()
    }

    /// Takes a text of at most [`limits::TEXT_FIELD`] bytes.
    pub fn text(&mut self, key: &str) -> Result<Option<String>> {
        self.text_within(key, limits::TEXT_FIELD)
    }

    /// Takes a text of at most `limit` bytes, never empty. Line breaks and control characters are allowed and escaped when
    /// shown; a field that must be one line needs its own type, read with [`parsed`](Self::parsed).
    pub fn text_within(&mut self, key: &str, limit: u64) -> Result<Option<String>> {
        let text = self.take(key).map(|item| item.text(limit)).transpose();
        text.map(|text| text.map(|text| text.value)).map_err(Fault::into_error)
    }

    /// Takes a text and parses it as a `T`.
    pub fn parsed<T: FromStr<Err = Error>>(&mut self, key: &str) -> Result<Option<T>> {
        let Some(item) = self.take(key) else { return Ok(None) };
        let text = item.text(limits::TEXT_FIELD).and_then(|text| text.parsed(self.source));
        text.map(|text| Some(text.value)).map_err(Fault::into_error)
    }

    /// Takes a required text and parses it as a `T`.
    pub fn needed<T: FromStr<Err = Error>>(&mut self, key: &str) -> Result<T> {
        let value = self.parsed(key)?;
        self.must(key, value)
    }

    /// Takes a typed code of a payload, where it stands in its printed form.
    pub(super) fn code<T: FromStr<Err = Error> + ToString>(&mut self, key: &str) -> Result<Option<T>> {
        Ok(self.parsed(key)?.map(|PrintedCode(code)| code))
    }

    /// Takes a required typed code of a payload.
    pub(super) fn needed_code<T: FromStr<Err = Error> + ToString>(&mut self, key: &str) -> Result<T> {
        self.needed(key).map(|PrintedCode(code)| code)
    }

    /// Takes an array of typed codes of a payload; empty if the field is missing.
    pub(super) fn codes<T: FromStr<Err = Error> + ToString>(&mut self, key: &str) -> Result<Vec<T>> {
        Ok(self.list(key)?.into_iter().map(|PrintedCode(code)| code).collect())
    }

    /// Takes a required text.
    pub fn needed_text(&mut self, key: &str) -> Result<String> {
        let value = self.text(key)?;
        self.must(key, value)
    }

    /// The value of a required field, or the error that it is missing.
    pub fn must<T>(&self, key: &str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| self.bad(key, "the field is missing"))
    }

    /// Takes `true` or `false`; the default is false.
    pub fn flag(&mut self, key: &str) -> Result<bool> {
        self.flag_or(key, false)
    }

    /// Takes `true` or `false`, with a default.
    pub fn flag_or(&mut self, key: &str, default: bool) -> Result<bool> {
        self.take(key).map_or(Ok(default), |item| item.flag()).map_err(Fault::into_error)
    }

    /// Takes a whole number from 0 up.
    pub fn number(&mut self, key: &str) -> Result<Option<usize>> {
        let Some(item) = self.take(key) else { return Ok(None) };
        let number = item.integer().filter(|number| *number >= 0);
        let number = number.ok_or_else(|| item.wrong("a whole number").into_error())?;
        let too_large = |_| item.fault("the number is too large").into_error();
        usize::try_from(number).map(Some).map_err(too_large)
    }

    /// Takes an array of texts, each parsed as a `T`; `None` if the field is missing.
    pub fn list_if_there<T: FromStr<Err = Error>>(&mut self, key: &str) -> Result<Option<Vec<T>>> {
        let Some(item) = self.take(key) else { return Ok(None) };
        let mut found = Vec::new();
        for item in item.list("an array", limits::LIST_FIELD).map_err(Fault::into_error)? {
            // A text in an array has no limit of its own, and may be empty.
            let text = match item.value {
                DeValue::String(text) => Placed { value: text.into_owned(), spot: item.spot },
                _ => return Err(item.wrong("a text in quotes").into_error()),
            };
            found.push(text.parsed(self.source).map_err(Fault::into_error)?.value);
        }
        Ok(Some(found))
    }

    /// Takes an array of texts, each parsed as a `T`; empty if the field is missing.
    pub fn list<T: FromStr<Err = Error>>(&mut self, key: &str) -> Result<Vec<T>> {
        Ok(self.list_if_there(key)?.unwrap_or_default())
    }

    /// Takes a table.
    pub fn table(&mut self, key: &str) -> Result<Option<Self>> {
        self.take(key).map(Item::table).transpose().map_err(Fault::into_error)
    }

    /// Takes an array of tables; empty if the field is missing.
    pub fn tables(&mut self, key: &str) -> Result<Vec<Self>> {
        let Some(item) = self.take(key) else { return Ok(Vec::new()) };
        let items = item.list("an array of tables", u64::MAX);
        let tables = items.and_then(|items| items.into_iter().map(Item::table).collect());
        tables.map_err(Fault::into_error)
    }

    /// Takes a time: a text, or a date or time of TOML, in UTC. The second value tells whether it is a date only.
    pub fn time_or_date(&mut self, key: &str) -> Result<Option<(Time, bool)>> {
        let Some(item) = self.take(key) else { return Ok(None) };
        let text = match &item.value {
            DeValue::Datetime(time) => time.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return Err(item.wrong("a date or time").into_error()),
        };
        let is_date = !text.contains(['T', 't', ' ']);
        let time = if is_date { Time::from_date(&text) } else { text.parse() };
        let bad = |error| Fault { spot: item.spot, error }.into_error();
        time.map(|time| Some((time, is_date))).map_err(bad)
    }

    /// Takes all fields as features.
    pub fn features(mut self) -> Result<Features> {
        let mut features = Features::default();
        for key in self.keys() {
            let Some(item) = self.take(&key) else { continue };
            let within = |error| self.source.fault(&item.spot, error).into_error();
            let name: FeatureName = key.parse().map_err(within)?;
            let quantity = match (&item.value, item.integer()) {
                (DeValue::Boolean(true), _) => Quantity::On,
                (_, Some(number)) => Quantity::count(u64::try_from(number).unwrap_or(0)).map_err(within)?,
                _ => {
                    let wanted = "a feature is true or a whole number from 1";
                    return Err(item.fault(format!("{wanted}, not {}", item.shown())).into_error());
                }
            };
            features.add(name, quantity).map_err(within)?;
        }
        Ok(features)
    }

    /// Takes all fields that are named like components, each an array of texts parsed as `T`.
    pub fn by_component<T: FromStr<Err = Error>>(&mut self) -> Result<Vec<(ComponentKind, Vec<T>)>> {
        let mut found = Vec::new();
        for kind in ComponentKind::ALL {
            found.extend(self.list_if_there(kind.word())?.map(|list| (kind, list)));
        }
        Ok(found)
    }

    /// The fields that were not taken.
    pub fn rest(mut self) -> Unknown {
        let taken = self.keys().into_iter().filter_map(|key| self.take(&key));
        taken.map(|item| (item.spot.field.clone(), item.written())).collect()
    }

    /// Refuses fields that were not taken; the error suggests names from `known`.
    pub fn nothing_else(self, known: &[&str]) -> Result<()> {
        match self.keys().first() {
            None => Ok(()),
            Some(key) => {
                let hint = near::hint(known.iter().copied(), key).unwrap_or_default();
                Err(self.bad(key, format!("`{key}` is not known here; {hint}")))
            }
        }
    }
}

impl Placed<String> {
    /// The text parsed as a `T`.
    pub fn parsed<T: FromStr<Err = Error>>(&self, source: Source<'_>) -> Result<Placed<T>, Fault> {
        let value = self.value.parse().map_err(|error| source.fault(&self.spot, error))?;
        Ok(Placed { value, spot: self.spot.clone() })
    }
}

/// Whether all numbers in a value are in the range of TOML.
fn fits(value: &Spanned<DeValue<'_>>) -> bool {
    match value.get_ref() {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).is_ok(),
        DeValue::Float(number) => number.as_str().parse::<f64>().is_ok_and(f64::is_finite),
        DeValue::Array(values) => values.iter().all(fits),
        DeValue::Table(entries) => entries.values().all(fits),
        _ => true,
    }
}

/// Line and column, counted from 1, of a byte in a text.
pub fn line_and_column(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_too_large_is_refused_in_any_field() {
        for bad in ["99999999999999999999", "9223372036854775808", "[{ y = -9223372036854775809 }]", "1e999"]
        {
            let error =
                Fields::parse(format!("a = 1\nx = {bad}").as_bytes(), Reason::BadField).err().unwrap();
            assert_eq!(error.reason(), Reason::BadPayload, "{bad}");
            assert!(error.place().unwrap().starts_with("line 2, column"), "{bad}: {error}");
        }
        for good in ["9223372036854775807", "0x7fff_ffff", "-0", "[1e300, -inf, nan]"] {
            assert!(Fields::parse(format!("x = {good}").as_bytes(), Reason::BadField).is_ok(), "{good}");
        }
    }

    #[test]
    fn fields_that_were_not_taken_are_listed_as_toml() {
        let text = "b = 'x'\na = 0x10\n[c]\nd.e = [ 1,\n2 ]\nf = 2027-01-01\n";
        let mut fields = Fields::parse(text.as_bytes(), Reason::BadField).unwrap();
        let inner = fields.table("c").unwrap().unwrap().rest();
        let pairs = |rest: Unknown| rest.iter().map(|(k, v)| format!("{k} = {v}")).collect::<Vec<_>>();
        assert_eq!(pairs(inner), ["c.d = { e = [1, 2] }", "c.f = 2027-01-01"]);
        assert_eq!(pairs(fields.rest()), ["a = 16", "b = \"x\""]);
    }

    #[test]
    fn a_wrong_value_is_shown_in_one_line() {
        let message = |text: &str| {
            let mut fields = Fields::parse(text.as_bytes(), Reason::BadField).unwrap();
            fields.number("x").unwrap_err().message().to_owned()
        };
        for (text, shown) in [
            ("x = 'a'", "string `'a'`"),
            ("x = [\n1,\n2 # c\n]", "array `[1, 2]`"),
            ("x.y = 5", "table `{ y = 5 }`"),
            ("[x]\ny = 5", "table `{ y = 5 }`"),
        ] {
            assert!(message(text).ends_with(&format!("not {shown}")), "{}", message(text));
        }
    }
}
