//! Which model a unit is of: a name, a request, the ledger or its MAC says it.

use super::catalog::Product;
use super::state::{Model, Said, refused};

/// The model of a unit, if something tells it. One that contradicts another is refused.
pub fn model_of(
    model: &Model,
    unit: u8,
    product: &Product,
    named: Option<&str>,
    corrects: bool,
) -> Said<Option<String>> {
    if product.models.is_empty() {
        return Ok(None);
    }
    let mac = super::bench::mac(unit).bare();
    let longest = |(_, prefix): &&(String, Option<String>)| {
        let prefix = prefix.as_ref().map(|prefix| prefix.replace('-', ""));
        prefix.filter(|prefix| mac.starts_with(prefix.as_str())).map_or(0, |prefix| prefix.len())
    };
    let by_mac = product.models.iter().filter(|model| longest(model) > 0).max_by_key(longest);
    let by_mac = by_mac.map(|(id, _)| id.as_str()).filter(|_| !super::bench::is_host(unit));
    let before = model.units.get(&(unit, product.id.clone())).and_then(|unit| unit.license.as_ref());
    let before = before
        .and_then(|license| license.model.as_deref())
        .filter(|_| !corrects || named.is_none() && by_mac.is_none());
    let said: Vec<&str> = [named, before, by_mac].into_iter().flatten().collect();
    if said.iter().any(|id| !product.models.iter().any(|(model, _)| model == id)) {
        return refused("not-sold");
    }
    match said.first() {
        None => Ok(None),
        Some(first) if said.iter().all(|other| other == first) => Ok(Some((*first).to_owned())),
        Some(_) => refused("unknown-model"),
    }
}
