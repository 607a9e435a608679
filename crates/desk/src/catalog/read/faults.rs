//! Collects the faults of a catalog, each with line and field, while reading goes on.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use toml::de::DeValue;

use airlatch_core::format::fields::line_and_column;
use airlatch_core::format::limits;
use airlatch_core::format::toml_table::{Fault, Fields, Item, Placed, Source, Spot};
use airlatch_core::model::{Error, Reason, near};

/// The faults found so far: the first [`limits::CATALOG_FAULTS`] are kept, the rest only counted.
pub(super) struct Faults<'t> {
    source: Source<'t>,
    found: RefCell<Vec<Fault>>,
    count: Cell<usize>,
}

impl<'t> Faults<'t> {
    /// An empty collection for this text.
    pub(super) fn new(source: Source<'t>) -> Self {
        Self { source, found: RefCell::default(), count: Cell::default() }
    }

    /// Adds a fault.
    pub(super) fn add(&self, spot: &Spot, message: impl Into<String>) {
        self.error(spot, Error::new(Reason::BadCatalog, message));
    }

    /// Adds the error of a value that was parsed.
    pub(super) fn error(&self, spot: &Spot, error: Error) {
        self.push(self.source.fault(spot, error));
    }

    /// Adds the fault of a failed read, and returns the value of a successful one.
    pub(super) fn note<T>(&self, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.push(fault)).ok()
    }

    /// Adds a fault that already has its place.
    pub(super) fn push(&self, fault: Fault) {
        if !self.is_full() {
            self.found.borrow_mut().push(fault);
        }
        self.count.set(self.count.get() + 1);
    }

    /// Adds a fault for an unknown name, and suggests a similar known one.
    pub(super) fn unknown<'n>(
        &self,
        spot: &Spot,
        message: &str,
        known: impl IntoIterator<Item = &'n str, IntoIter: Clone>,
        typed: &str,
    ) {
        // Searching for similar spellings is slow; skip it once nothing is kept.
        let hint = if self.is_full() { None } else { near::hint(known, typed) };
        self.add(spot, hint.map_or_else(|| message.to_owned(), |hint| format!("{message}; {hint}")));
    }

    /// How many faults there are. If an earlier count is unchanged, everything read since then was correct.
    pub(super) fn count(&self) -> usize {
        self.count.get()
    }

    /// All faults as errors, in the order of the file.
    pub(super) fn into_errors(self) -> Vec<Error> {
        let mut found = self.found.into_inner();
        let more = self.count.get() - found.len();
        found.sort_by_key(|fault| fault.spot.at);
        let placed = |fault: Fault| match fault.spot.at {
            Some(at) => fault.into_error().at(line_and_column(self.source.text, at)),
            None => fault.into_error(),
        };
        let mut errors: Vec<Error> = found.into_iter().map(placed).collect();
        if more > 0 {
            errors.push(Error::new(Reason::BadCatalog, format!("{more} more faults")));
        }
        errors
    }

    fn is_full(&self) -> bool {
        self.found.borrow().len() as u64 >= limits::CATALOG_FAULTS
    }
}

/// Readers for fields of a table. They add a fault and return `None`; a missing field is no fault, except in `needed`.
impl Faults<'_> {
    /// Takes a required field.
    pub(super) fn needed<'a>(&self, fields: &mut Fields<'a>, key: &str) -> Option<Item<'a>> {
        let item = fields.take(key);
        // A misspelt field is reported later, as an unknown one.
        if item.is_none() && !fields.keys().iter().any(|other| near::nearest([key], other).is_some()) {
            self.add(&fields.spot.missing(key), format!("`{key}` is missing"));
        }
        item
    }

    /// A text.
    pub(super) fn text<'a>(&self, item: impl Into<Option<Item<'a>>>) -> Option<Placed<String>> {
        self.note(item.into()?.text(limits::TEXT_FIELD))
    }

    /// A text parsed as a `T`.
    pub(super) fn parsed<T: FromStr<Err = Error>>(&self, text: &Placed<String>) -> Option<Placed<T>> {
        self.note(text.parsed(self.source))
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, item: Option<Item<'_>>) -> Option<bool> {
        self.note(item?.flag())
    }

    /// A whole number in a range.
    pub(super) fn number<'a>(
        &self,
        item: impl Into<Option<Item<'a>>>,
        range: &RangeInclusive<u64>,
    ) -> Option<Placed<u64>> {
        self.note(item.into()?.number(range))
    }

    /// A table.
    pub(super) fn table<'a>(&self, item: impl Into<Option<Item<'a>>>) -> Option<Fields<'a>> {
        self.note(item.into()?.table())
    }

    /// An array of distinct texts.
    pub(super) fn texts(&self, item: Option<Item<'_>>) -> Vec<Placed<String>> {
        self.distinct(self.list(item, limits::LIST_FIELD).filter_map(|item| self.text(item)))
    }

    /// An array of distinct texts, each parsed as a `T`.
    pub(super) fn all_parsed<T: FromStr<Err = Error>>(&self, item: Option<Item<'_>>) -> Vec<Placed<T>> {
        self.texts(item).iter().filter_map(|text| self.parsed(text)).collect()
    }

    /// An array of distinct whole numbers in a range.
    pub(super) fn numbers(&self, item: Option<Item<'_>>, range: &RangeInclusive<u64>) -> Vec<Placed<u64>> {
        self.distinct(self.list(item, limits::LIST_FIELD).filter_map(|item| self.number(item, range)))
    }

    /// An array of at most `limit` tables, written `[[name]]`.
    pub(super) fn tables<'a>(&self, item: Option<Item<'a>>, name: &str, limit: u64) -> Vec<Fields<'a>> {
        if let Some(Item { value: DeValue::Table(_), spot, .. }) = &item {
            self.add(spot, format!("write `[[{name}]]` with two brackets: it is an array of tables"));
            return Vec::new();
        }
        let numbered = |(index, mut item): (usize, Item<'a>)| {
            item.spot = item.spot.entry(&format!("#{}", index + 1));
            self.table(item)
        };
        self.list(item, limit).enumerate().filter_map(numbered).collect()
    }

    /// Refuses fields that were not taken, and suggests one of `known`; `outer` are the fields of the enclosing product.
    pub(super) fn nothing_else(&self, mut fields: Fields<'_>, known: &[&str], outer: &[&str]) {
        for (Placed { value: key, spot }, _) in fields.all() {
            let message = format!("`{key}` is not known here");
            if outer.contains(&key.as_str()) {
                let where_to = "it is a field of the product: write it above the product's first [table]";
                self.add(&spot, format!("{message}; {where_to}"));
            } else {
                self.unknown(&spot, &message, known.iter().copied(), &key);
            }
        }
    }

    fn list<'a>(&self, item: Option<Item<'a>>, limit: u64) -> impl Iterator<Item = Item<'a>> + use<'a> {
        let list = item.and_then(|item| self.note(item.list("an array", limit)));
        list.unwrap_or_default().into_iter()
    }

    /// The values without repetitions, which are faults.
    fn distinct<T: Ord + Clone + Display>(&self, values: impl Iterator<Item = Placed<T>>) -> Vec<Placed<T>> {
        let mut seen = BTreeSet::new();
        let mut is_new = |placed: &Placed<T>| {
            let new = seen.insert(placed.value.clone());
            if !new {
                self.add(&placed.spot, format!("`{}` is in this array twice", placed.value));
            }
            new
        };
        values.filter(|placed| is_new(placed)).collect()
    }
}
