//! Parses the lines of an order.

use anyhow::Result;

use airlatch_core::model::{Error, FeatureName, Quantity, Reason};
use airlatch_desk::orders::Lines;

/// Articles with their quantities; without a number the quantity is 1.
pub(super) fn lines(named: &[(FeatureName, Quantity)]) -> Result<Lines> {
    let mut lines = Lines::new();
    for (name, quantity) in named {
        let quantity = match quantity {
            Quantity::On => 1,
            Quantity::Count(number) => *number,
        };
        if lines.insert(name.clone(), quantity).is_some() {
            return Err(Error::new(Reason::BadValue, format!("`{name}` is named twice")).into());
        }
    }
    Ok(lines)
}
