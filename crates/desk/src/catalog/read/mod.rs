//! Reads a catalog file and reports all its faults at once, each with line and field.

mod evaluation;
mod faults;
mod feature;
mod level;
mod lock;
mod product;
mod relations;
mod shared;

use crate::catalog::Catalog;
use airlatch_core::model::text::{utf8, without_bom};
use airlatch_core::model::{Error, Reason, Result};

use airlatch_core::format::fields::line_and_column;
use airlatch_core::format::toml_table::{Fields, Source};
use airlatch_core::format::{limits, no_text};

use faults::Faults;
use product::product;
use shared::refuse_duplicates;

/// Reads a catalog file.
///
/// # Errors
/// All faults in the order of the file with line, column and field, but no more than [`limits::CATALOG_FAULTS`]: `bad-catalog`,
/// and `weak-lock` for a tolerance that every host meets or no host. A single error if the file can't be parsed: `too-large`,
/// `empty`, `not-text`, or `bad-catalog` for invalid TOML.
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
/// let errors = airlatch_desk::catalog::read_catalog(b"vender = 'ACME'").unwrap_err();
/// assert_eq!(errors[0].place(), Some("field `product`"));
/// assert_eq!(errors[1].message(), "`vender` is not known here; did you mean `vendor`?");
/// ```
pub fn read_catalog(bytes: &[u8]) -> Result<Catalog, Vec<Error>> {
    let text = text(bytes).map_err(|error| vec![error])?;
    let source = Source { text, reason: Reason::BadCatalog };
    let fields = Fields::of(source).map_err(|error| vec![invalid_toml(text, &error)])?;
    let faults = Faults::new(source);
    let catalog = catalog(fields, &faults);
    let errors = faults.into_errors();
    if errors.is_empty() { Ok(catalog) } else { Err(errors) }
}

fn text(bytes: &[u8]) -> Result<&str> {
    if bytes.len() as u64 > limits::CATALOG_FILE {
        let message = format!("the catalog has {} bytes, more than {}", bytes.len(), limits::CATALOG_FILE);
        return Err(Error::new(Reason::TooLarge, message));
    }
    if let Some(error) = no_text(bytes) {
        return Err(error);
    }
    utf8(without_bom(bytes)).map_err(|before| {
        let message = "a byte that is not UTF-8: save the catalog as UTF-8 text";
        Error::new(Reason::BadCatalog, message).at(line_and_column(before, before.len()))
    })
}

fn invalid_toml(text: &str, error: &toml::de::Error) -> Error {
    let message = match (error.message(), error.span().and_then(|span| text.get(span))) {
        ("duplicate key", Some(key)) => format!("`{key}` is here twice"),
        (message, _) => message.lines().next().unwrap_or("not TOML").to_owned(),
    };
    let place = error.span().map(|span| line_and_column(text, span.start));
    place.into_iter().fold(Error::new(Reason::BadCatalog, message), Error::at)
}

fn catalog(mut group: Fields<'_>, faults: &Faults<'_>) -> Catalog {
    let vendor = faults.text(group.take("vendor")).map(|text| text.value);
    let item = faults.needed(&mut group, "product");
    let list_spot = item.as_ref().map(|item| item.spot.clone());
    let before = faults.count();
    let tables = faults.tables(item, "product", limits::CATALOG_PRODUCTS);
    if let Some(spot) = list_spot.filter(|_| tables.is_empty() && faults.count() == before) {
        faults.add(&spot, "a catalog needs at least one product");
    }
    let mut ids = Vec::new();
    let products = tables.into_iter().map(|table| product(table, faults, &mut ids)).collect();
    refuse_duplicates(faults, "product", &ids);
    faults.nothing_else(group, &["vendor", "product"], &[]);
    Catalog { vendor, products }
}
