//! Parses the lines of an order.

use anyhow::Result;

use airlatch_core::model::{Error, FeatureName, Quantity, Reason};
use airlatch_desk::catalog::{FeatureKind, Product};
use airlatch_desk::orders::Lines;

/// Articles with their quantities; without a number the quantity is 1, but a count needs its number.
pub(super) fn lines(named: &[(FeatureName, Quantity)], product: &Product) -> Result<Lines> {
    let mut lines = Lines::new();
    let is_count =
        |name: &FeatureName| product.feature(name).is_some_and(|rule| rule.kind == FeatureKind::Count);
    for (name, quantity) in named {
        let quantity = match quantity {
            Quantity::On if is_count(name) => {
                let message = format!("`{name}` is counted: write how many, as in {name}=10");
                return Err(Error::new(Reason::BadValue, message).at("--line").into());
            }
            Quantity::On => 1,
            Quantity::Count(number) => *number,
        };
        if lines.insert(name.clone(), quantity).is_some() {
            return Err(Error::new(Reason::BadValue, format!("`{name}` is named twice")).into());
        }
    }
    Ok(lines)
}

/// Articles with the quantities that should have been booked; nothing is 0.
pub(super) fn corrected_lines(named: &[(FeatureName, Option<Quantity>)], product: &Product) -> Result<Lines> {
    let some: Vec<_> =
        named.iter().filter_map(|(name, quantity)| Some((name.clone(), (*quantity)?))).collect();
    let mut right = lines(&some, product)?;
    for (name, _) in named.iter().filter(|(_, quantity)| quantity.is_none()) {
        if right.insert(name.clone(), 0).is_some() {
            return Err(Error::new(Reason::BadValue, format!("`{name}` is named twice")).into());
        }
    }
    Ok(right)
}
