//! Where the faults of a catalog are gathered, each with its line and field.

use std::cell::{Cell, RefCell};

use airlatch_core::format::fields::line_and_column;
use airlatch_core::format::limits;
use airlatch_core::model::{Reason, Trouble, near};

/// A place in a catalog.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// The byte it begins at; none for what stands nowhere.
    at: Option<usize>,
    /// The field, with the tables it is in.
    field: String,
}

impl Spot {
    /// The whole file.
    pub(super) fn whole() -> Self {
        Self { at: None, field: String::new() }
    }

    /// What stands below this one, and where that is.
    pub(super) fn below(&self, key: &str, at: usize) -> Self {
        Self { at: Some(at), ..self.missing(key) }
    }

    /// What is missing below this one.
    pub(super) fn missing(&self, key: &str) -> Self {
        let dot = if self.field.is_empty() { "" } else { "." };
        Self { at: self.at, field: format!("{}{dot}{key}", self.field) }
    }

    /// An entry of an array; `name` is its id, or `#` and its number.
    pub(super) fn entry(&self, name: &str, at: usize) -> Self {
        Self { at: Some(at), field: format!("{}[{name}]", self.field) }
    }

    /// An entry of an array of texts, which has no name of its own.
    pub(super) fn moved(&self, at: usize) -> Self {
        Self { at: Some(at), field: self.field.clone() }
    }

    /// The same entry of an array, once its id is known.
    pub(super) fn named(&self, id: &str) -> Self {
        let array = self.field.rfind('[').map_or(self.field.as_str(), |end| &self.field[..end]);
        Self { at: self.at, field: format!("{array}[{id}]") }
    }
}

/// A value with the place it stands at.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) spot: Spot,
}

/// The faults found so far; of very many the first ones are kept and the others counted.
pub(super) struct Faults<'t> {
    text: &'t str,
    found: RefCell<Vec<(Spot, Trouble)>>,
    count: Cell<usize>,
}

impl<'t> Faults<'t> {
    /// None yet in this text.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, found: RefCell::default(), count: Cell::default() }
    }

    /// Adds one.
    pub(super) fn add(&self, spot: &Spot, what: impl Into<String>) {
        self.trouble(spot, Trouble::new(Reason::BadCatalog, what));
    }

    /// Adds what a noun said of its text: with its own reason, if that is more telling than `bad-field`.
    pub(super) fn trouble(&self, spot: &Spot, trouble: Trouble) {
        let trouble = match trouble.reason() {
            Reason::BadField => Trouble::new(Reason::BadCatalog, trouble.what()),
            _ => trouble,
        };
        if !self.is_full() {
            self.found.borrow_mut().push((spot.clone(), trouble));
        }
        self.count.set(self.count.get() + 1);
    }

    /// Adds a name that is not known, with what was probably meant.
    pub(super) fn unknown<'n>(
        &self,
        spot: &Spot,
        what: &str,
        known: impl IntoIterator<Item = &'n str, IntoIter: Clone>,
        typed: &str,
    ) {
        // To look for near spellings is the only costly thing here.
        let hint = if self.is_full() { None } else { near::hint(known, typed) };
        self.add(spot, hint.map_or_else(|| what.to_owned(), |hint| format!("{what}; {hint}")));
    }

    /// How many there are: what was read since an earlier count is whole when it is still the same.
    pub(super) fn count(&self) -> usize {
        self.count.get()
    }

    /// The source text of a value, in one short line.
    pub(super) fn source(&self, span: std::ops::Range<usize>) -> String {
        let source = self.text.get(span).unwrap_or_default();
        source.lines().next().unwrap_or_default().chars().take(40).collect()
    }

    /// All of them in the order of the file.
    pub(super) fn into_troubles(self) -> Vec<Trouble> {
        let mut found = self.found.into_inner();
        let more = self.count.get() - found.len();
        found.sort_by_key(|(spot, _)| spot.at);
        let placed = |(spot, mut trouble): (Spot, Trouble)| {
            if !spot.field.is_empty() {
                trouble = trouble.at(format!("field `{}`", spot.field));
            }
            match spot.at {
                Some(at) => trouble.at(line_and_column(self.text, at)),
                None => trouble,
            }
        };
        let mut troubles: Vec<Trouble> = found.into_iter().map(placed).collect();
        if more > 0 {
            troubles.push(Trouble::new(Reason::BadCatalog, format!("{more} more faults")));
        }
        troubles
    }

    fn is_full(&self) -> bool {
        self.found.borrow().len() as u64 >= limits::CATALOG_FAULTS
    }
}
