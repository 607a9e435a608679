//! The lines of an order as they are typed.

use anyhow::Result;

use airlatch_core::model::{Error, FeatureName, Quantity, Reason};
use airlatch_desk::orders::Lines;

/// Articles with their quantities; one named without a number is one.
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
