//! Finds accounts, orders, codes and licenses by a part of whatever the ledger says of them.

use std::collections::BTreeMap;

use crate::ledger::{self, Activation, Book, Entry};
use crate::orders::Pool;
use airlatch_core::model::{DocumentId, Mac, OrderCode, Result, Unit};

use super::{Operator, Releases, pools};

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// An account, with its title.
    Account(String, Option<String>),
    /// An order, or a code that was passed on.
    Code(Box<Pool>),
    /// The last license of a unit for a product.
    License(Box<FoundLicense>),
}

/// A license that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLicense {
    /// The unit.
    pub unit: Unit,
    /// The product.
    pub product: String,
    /// The customers of the orders it was charged to, or the recipients of codes passed on.
    pub customers: Vec<String>,
    /// The end user.
    pub end_user: Option<String>,
    /// The license.
    pub license: Option<DocumentId>,
    /// Whether it was released.
    pub released: bool,
}

/// What was found, and in what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What was found.
    pub found: Found,
    /// What has the text: a label and the whole text.
    pub by: (&'static str, String),
}

/// Searches accounts, orders, codes and licenses for a text, in any case; in codes, ids and MACs also with other separators.
///
/// # Errors
/// Those of the ledger.
pub fn find(operator: &Operator<'_>, book: &dyn Book, text: &str) -> Result<Vec<Hit>> {
    let sought = Sought::new(text);
    let mut hits = Vec::new();
    for customer in ledger::customers(book)? {
        let name = customer.name.to_string();
        let texts = [("account", Some(name.clone())), ("title", customer.title.clone())];
        hits.extend(sought.first_in(texts).map(|by| Hit { found: Found::Account(name, customer.title), by }));
    }
    let pools: BTreeMap<OrderCode, Pool> =
        pools(book, None)?.into_iter().map(|pool| (pool.code, pool)).collect();
    let mut matched: Vec<(Pool, (&'static str, String))> =
        pools.values().filter_map(|pool| Some((pool.clone(), sought.first_in(texts_of(pool))?))).collect();
    matched.sort_by(|(a, _), (b, _)| a.order.number.cmp(&b.order.number));
    hits.extend(matched.into_iter().map(|(pool, by)| Hit { found: Found::Code(Box::new(pool)), by }));
    hits.extend(licenses(operator, book, &sought, &pools)?);
    Ok(hits)
}

fn texts_of(pool: &Pool) -> Vec<(&'static str, Option<String>)> {
    let is_own = pool.parent.is_none();
    vec![
        ("code", Some(pool.code.to_string())),
        ("order", is_own.then(|| pool.order.number.clone())),
        ("reference", pool.order.reference.clone()),
        ("customer", pool.order.customer.clone()),
        ("recipient", pool.parent.as_ref().map(|(_, recipient)| recipient.clone())),
        ("account", pool.account.as_ref().map(ToString::to_string)),
    ]
}

/// The last license of each unit and product of which any activation has the text.
fn licenses(
    operator: &Operator<'_>,
    book: &dyn Book,
    sought: &Sought,
    pools: &BTreeMap<OrderCode, Pool>,
) -> Result<Vec<Hit>> {
    let released = Releases::of(book)?;
    let mut last: BTreeMap<(Unit, String), (Entry, Activation)> = BTreeMap::new();
    let mut by: BTreeMap<(Unit, String), (&'static str, String)> = BTreeMap::new();
    for (entry, activation) in ledger::activations(book, ledger::Query::default())? {
        let key = (activation.unit, activation.product.clone());
        let texts = texts_of_license(operator, &entry, &activation, pools);
        if let Some(found) = sought.first_in(texts) {
            by.insert(key.clone(), found);
        }
        last.insert(key, (entry, activation));
    }
    let hit = |(key, by)| {
        let (entry, activation) = last.get(&key)?;
        let mut customers: Vec<String> =
            activation.codes.iter().filter_map(|code| customer_of(pools.get(code)?)).collect();
        customers.dedup();
        let license = FoundLicense {
            unit: activation.unit,
            product: activation.product.clone(),
            customers,
            end_user: activation.end_user.clone(),
            license: entry.license.map(|license| license.id),
            released: released.released_at(entry, activation).is_some(),
        };
        Some(Hit { found: Found::License(Box::new(license)), by })
    };
    Ok(by.into_iter().filter_map(hit).collect())
}

fn customer_of(pool: &Pool) -> Option<String> {
    pool.parent.as_ref().map(|(_, recipient)| recipient.clone()).or_else(|| pool.order.customer.clone())
}

fn texts_of_license(
    operator: &Operator<'_>,
    entry: &Entry,
    it: &Activation,
    pools: &BTreeMap<OrderCode, Pool>,
) -> Vec<(&'static str, Option<String>)> {
    let mut texts = vec![
        ("unit", Some(operator.unit_name(it.unit, &it.product))),
        ("license", entry.license.map(|license| license.id.to_string())),
        ("number", it.number.clone()),
        ("end user", it.end_user.clone()),
        ("location", it.location.clone()),
        ("comment", it.comment.clone()),
        ("model", it.model.clone()),
        ("hardware", it.hardware.map(|id| id.to_string())),
        ("request", it.request.map(|id| id.to_string())),
    ];
    let of_codes = it.codes.iter().filter_map(|code| pools.get(code));
    texts.extend(of_codes.flat_map(texts_of));
    texts
}

/// The text that is sought, as it is compared.
struct Sought {
    words: String,
    /// Without separators, for codes, ids and addresses; none if it is no part of one.
    bare: Option<String>,
}

impl Sought {
    fn new(text: &str) -> Self {
        let words = text.trim().to_lowercase();
        // The views print the kind of a unit in front of it.
        let kinds = ["host ", "hardware ", "device ", "site ", "mac ", "mac:"];
        let id = kinds.iter().find_map(|kind| words.strip_prefix(kind)).unwrap_or(&words);
        let bare = Mac::parse_with_check(id).map_or_else(|_| bare(id), |mac| mac.bare());
        let is_part = bare.len() >= 4 && bare.bytes().all(|b| b.is_ascii_alphanumeric());
        Self { words, bare: is_part.then_some(bare) }
    }

    /// The first of these texts that has it.
    fn first_in<'a>(
        &self,
        texts: impl IntoIterator<Item = (&'a str, Option<String>)>,
    ) -> Option<(&'a str, String)> {
        let texts = texts.into_iter().filter_map(|(label, text)| Some((label, text?)));
        texts.into_iter().find(|(label, text)| {
            let is_id = matches!(*label, "code" | "unit" | "license" | "hardware" | "request");
            text.to_lowercase().contains(&self.words)
                || is_id && self.bare.as_ref().is_some_and(|part| bare(text).contains(part))
        })
    }
}

/// In lower case, without the separators of codes and addresses.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '-' | ':' | '.' | ' ')).flat_map(char::to_lowercase).collect()
}
