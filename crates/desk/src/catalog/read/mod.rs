//! The vendor's catalog as a file: all its faults in one go, each with line and field.

mod evaluation;
mod faults;
mod feature;
mod level;
mod lock;
mod product;
mod relations;
mod shared;
mod table;

use toml::de::DeTable;

use crate::catalog::Catalog;
use airlatch_core::model::text::{utf8, without_mark};
use airlatch_core::model::{Reason, Result, Trouble};

use airlatch_core::format::fields::line_and_column;
use airlatch_core::format::{limits, no_text};

use faults::Faults;
use product::product;
use shared::no_twins;
use table::Group;

/// Reads a catalog.
///
/// # Errors
/// All faults in the order of the file, the first [`limits::CATALOG_FAULTS`] of them one by one, each with line, column and
/// field: `bad-catalog`, and `weak-lock` for a tolerance that any host meets, or none. One trouble with the whole:
/// `too-large`, `empty`, `not-text`, or `bad-catalog` for what is no TOML.
///
/// ```
/// let catalog = br#"
/// [[product]]
/// id = "pbx"
/// lock = ["mac"]
/// [product.feature]
/// voicemail = "switch"
/// "#;
/// let catalog = airlatch_desk::catalog::read_catalog(catalog).unwrap();
/// assert_eq!(catalog.products[0].features[0].name.as_str(), "voicemail");
///
/// let troubles = airlatch_desk::catalog::read_catalog(b"vender = 'ACME'").unwrap_err();
/// assert_eq!(troubles[0].place(), Some("field `product`"));
/// assert_eq!(troubles[1].what(), "`vender` is not known here; did you mean `vendor`?");
/// ```
pub fn read_catalog(bytes: &[u8]) -> Result<Catalog, Vec<Trouble>> {
    let text = text(bytes).map_err(|trouble| vec![trouble])?;
    let entries = DeTable::parse(text).map_err(|error| vec![no_toml(text, &error)])?;
    let faults = Faults::new(text);
    let catalog = catalog(Group::whole(&faults, entries.into_inner()));
    let troubles = faults.into_troubles();
    if troubles.is_empty() { Ok(catalog) } else { Err(troubles) }
}

fn text(bytes: &[u8]) -> Result<&str> {
    if bytes.len() as u64 > limits::CATALOG_FILE {
        let what = format!("the catalog has {} bytes, more than {}", bytes.len(), limits::CATALOG_FILE);
        return Err(Trouble::new(Reason::TooLarge, what));
    }
    if let Some(trouble) = no_text(bytes) {
        return Err(trouble);
    }
    utf8(without_mark(bytes)).map_err(|before| {
        let what = "a byte that is not UTF-8: save the catalog as UTF-8 text";
        Trouble::new(Reason::BadCatalog, what).at(line_and_column(before, before.len()))
    })
}

fn no_toml(text: &str, error: &toml::de::Error) -> Trouble {
    let what = match (error.message(), error.span().and_then(|span| text.get(span))) {
        ("duplicate key", Some(key)) => format!("`{key}` stands here twice"),
        (message, _) => message.lines().next().unwrap_or("not TOML").to_owned(),
    };
    let place = error.span().map(|span| line_and_column(text, span.start));
    place.into_iter().fold(Trouble::new(Reason::BadCatalog, what), Trouble::at)
}

fn catalog(mut group: Group<'_>) -> Catalog {
    let vendor = group.text("vendor");
    let item = group.needed("product");
    let list_spot = item.as_ref().map(|item| item.spot.clone());
    let before = group.faults.count();
    let tables = item.map(|item| item.tables("product", limits::CATALOG_PRODUCTS)).unwrap_or_default();
    if let Some(spot) = list_spot.filter(|_| tables.is_empty() && group.faults.count() == before) {
        group.faults.add(&spot, "a catalog has at least one product");
    }
    let mut ids = Vec::new();
    let products = tables.into_iter().map(|table| product(table, &mut ids)).collect();
    no_twins(group.faults, "product", &ids);
    group.nothing_else(&["vendor", "product"], &[]);
    Catalog { vendor, products }
}
