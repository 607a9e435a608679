//! Reading a TOML table field by field: what is wrong is noted with its place, and reading goes on.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use airlatch_core::format::limits;
use airlatch_core::model::{Trouble, near};

use super::faults::{Faults, Placed, Spot};

/// A table whose fields are taken out one by one.
pub(super) struct Group<'a> {
    pub(super) faults: &'a Faults<'a>,
    pub(super) spot: Spot,
    entries: DeTable<'a>,
}

impl<'a> Group<'a> {
    /// The table of the whole file.
    pub(super) fn whole(faults: &'a Faults<'a>, entries: DeTable<'a>) -> Self {
        Self { faults, spot: Spot::whole(), entries }
    }

    /// Takes a field.
    pub(super) fn take(&mut self, key: &str) -> Option<Item<'a>> {
        let value = self.entries.remove(key)?;
        Some(Item::new(self.faults, self.spot.below(key, value.span().start), value))
    }

    /// Takes a field that has to be there.
    pub(super) fn needed(&mut self, key: &str) -> Option<Item<'a>> {
        let item = self.take(key);
        // A misspelt one is reported as such, once.
        let mut others = self.entries.keys().map(|other| other.get_ref().as_ref());
        if item.is_none() && !others.any(|other| near::nearest([key], other).is_some()) {
            self.faults.add(&self.spot.missing(key), format!("`{key}` is missing"));
        }
        item
    }

    /// Takes a text.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.take(key)?.text().map(|text| text.value)
    }

    /// Takes `true` or `false`.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        self.take(key)?.flag()
    }

    /// Takes a whole number in a range.
    pub(super) fn number(&mut self, key: &str, range: RangeInclusive<u64>) -> Option<Placed<u64>> {
        self.take(key)?.number(range)
    }

    /// Takes an array of different texts, each read as a `T`.
    pub(super) fn parsed<T: FromStr<Err = Trouble>>(&mut self, key: &str) -> Vec<Placed<T>> {
        let texts = self.take(key).map(Item::texts).unwrap_or_default();
        texts.into_iter().filter_map(|text| text.parsed(self.faults)).collect()
    }

    /// Takes all fields in the order of the file, each with its name where that stands.
    pub(super) fn all(&mut self) -> Vec<(Placed<String>, Item<'a>)> {
        let mut entries: Vec<_> = std::mem::take(&mut self.entries).into_iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let placed = |(key, value): (Spanned<_>, Spanned<DeValue<'a>>)| {
            let at = key.span().start;
            let name: String = std::borrow::Cow::into_owned(key.into_inner());
            let item = Item::new(self.faults, self.spot.below(&name, value.span().start), value);
            (Placed { spot: self.spot.below(&name, at), value: name }, item)
        };
        entries.into_iter().map(placed).collect()
    }

    /// Refuses what was not taken, naming what there is; `outer` are the fields of the product around it.
    pub(super) fn nothing_else(mut self, known: &[&str], outer: &[&str]) {
        for (Placed { value: key, spot }, _) in self.all() {
            let what = format!("`{key}` is not known here");
            if outer.contains(&key.as_str()) {
                let where_to = "it is a field of the product: write it above the product's first [table]";
                self.faults.add(&spot, format!("{what}; {where_to}"));
            } else {
                self.faults.unknown(&spot, &what, known.iter().copied(), &key);
            }
        }
    }
}

/// A value with its place.
pub(super) struct Item<'a> {
    pub(super) faults: &'a Faults<'a>,
    pub(super) spot: Spot,
    pub(super) value: DeValue<'a>,
    span: Range<usize>,
}

impl<'a> Item<'a> {
    fn new(faults: &'a Faults<'a>, spot: Spot, value: Spanned<DeValue<'a>>) -> Self {
        Self { faults, spot, span: value.span(), value: value.into_inner() }
    }

    /// A text, not empty and within its limit.
    pub(super) fn text(self) -> Option<Placed<String>> {
        match self.value {
            DeValue::String(text) if text.is_empty() => self.faults.add(&self.spot, "the text is empty"),
            DeValue::String(text) if text.len() as u64 > limits::TEXT_FIELD => {
                let what = format!("the text has {} bytes, more than {}", text.len(), limits::TEXT_FIELD);
                self.faults.add(&self.spot, what);
            }
            DeValue::String(text) => {
                return Some(Placed { value: text.into_owned(), spot: self.spot });
            }
            _ => self.wrong("a text in quotes"),
        }
        None
    }

    /// `true` or `false`.
    pub(super) fn flag(self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(flag) => Some(flag),
            _ => {
                self.wrong("true or false");
                None
            }
        }
    }

    /// A whole number in a range.
    pub(super) fn number(self, range: RangeInclusive<u64>) -> Option<Placed<u64>> {
        let number = match &self.value {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        if let Some(value) = number.filter(|number| range.contains(number)) {
            return Some(Placed { value, spot: self.spot });
        }
        self.wrong(&format!("a whole number from {} to {}", range.start(), range.end()));
        None
    }

    /// A table.
    pub(super) fn table(self) -> Option<Group<'a>> {
        match self.value {
            DeValue::Table(entries) => Some(Group { faults: self.faults, spot: self.spot, entries }),
            _ => {
                self.wrong("a table");
                None
            }
        }
    }

    /// An array of at most `limit` values, each with its place.
    pub(super) fn list(self, limit: u64) -> Vec<Item<'a>> {
        match self.value {
            DeValue::Array(values) if values.len() as u64 <= limit => {
                let place = |value: Spanned<DeValue<'a>>| {
                    Item::new(self.faults, self.spot.moved(value.span().start), value)
                };
                return values.into_iter().map(place).collect();
            }
            DeValue::Array(_) => self.faults.add(&self.spot, format!("more than {limit} entries")),
            _ => self.wrong("an array"),
        }
        Vec::new()
    }

    /// An array of different texts.
    pub(super) fn texts(self) -> Vec<Placed<String>> {
        let faults = self.faults;
        different(faults, self.list(limits::LIST_FIELD).into_iter().filter_map(Self::text))
    }

    /// An array of different whole numbers in a range.
    pub(super) fn numbers(self, range: &RangeInclusive<u64>) -> Vec<Placed<u64>> {
        let faults = self.faults;
        let numbers = self.list(limits::LIST_FIELD).into_iter();
        different(faults, numbers.filter_map(|item| item.number(range.clone())))
    }

    /// An array of at most `limit` tables, as `[[name]]` makes them.
    pub(super) fn tables(self, name: &str, limit: u64) -> Vec<Group<'a>> {
        if let DeValue::Table(_) = self.value {
            self.faults.add(&self.spot, format!("write [[{name}]], in two brackets: there may be several"));
            return Vec::new();
        }
        let numbered = |(index, mut item): (usize, Item<'a>)| {
            item.spot = item.spot.entry(&format!("#{}", index + 1), item.span.start);
            item.table()
        };
        self.list(limit).into_iter().enumerate().filter_map(numbered).collect()
    }

    /// Says that something else belongs here.
    pub(super) fn wrong(&self, wanted: &str) {
        let source = self.faults.source(self.span.clone());
        let what = format!("{wanted} belongs here, not {} `{source}`", self.value.type_str());
        self.faults.add(&self.spot, what);
    }
}

impl Placed<String> {
    /// The text read as a `T`.
    pub(super) fn parsed<T: FromStr<Err = Trouble>>(&self, faults: &Faults<'_>) -> Option<Placed<T>> {
        match self.value.parse() {
            Ok(value) => Some(Placed { value, spot: self.spot.clone() }),
            Err(trouble) => {
                faults.trouble(&self.spot, trouble);
                None
            }
        }
    }
}

/// The values without those that were there before, which are faults.
fn different<T: Ord + Clone + std::fmt::Display>(
    faults: &Faults<'_>,
    values: impl Iterator<Item = Placed<T>>,
) -> Vec<Placed<T>> {
    let mut seen = BTreeSet::new();
    let mut is_new = |placed: &Placed<T>| {
        let new = seen.insert(placed.value.clone());
        if !new {
            faults.add(&placed.spot, format!("`{}` stands in this array twice", placed.value));
        }
        new
    };
    values.filter(|placed| is_new(placed)).collect()
}
