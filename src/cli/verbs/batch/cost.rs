//! What a whole list costs: so much of each article from each code.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::desk::{Plan, Pools};
use crate::model::{FeatureName, OrderCode};

use super::code::Line;

/// What a code gives to the whole list of an article.
pub(super) struct Cost {
    code: OrderCode,
    article: FeatureName,
    quantity: u64,
    overdrawn: u64,
    left: u64,
}

impl Cost {
    /// A line for people.
    pub(super) fn line(&self) -> String {
        let beyond = match self.overdrawn {
            0 => String::new(),
            beyond => format!(", {beyond} of them beyond the order, to be invoiced"),
        };
        format!(
            "  charge     {} {} from {}, leaves {}{beyond}",
            self.article, self.quantity, self.code, self.left
        )
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        json!({
            "code": self.code.to_string(),
            "article": self.article.as_str(),
            "quantity": self.quantity,
            "overdrawn": self.overdrawn,
            "left": self.left,
        })
    }
}

/// What these lines cost, by code and article; `pools` stand as they will after it.
pub(super) fn costs(lines: &[Line], pools: &Pools) -> Vec<Cost> {
    let mut sums: BTreeMap<(OrderCode, FeatureName), (u64, u64)> = BTreeMap::new();
    for line in lines {
        let Plan::New(planned) = &line.plan else { continue };
        for take in &planned.takes {
            let sum = sums.entry((take.code, take.article.clone())).or_default();
            sum.0 += take.quantity;
            sum.1 += take.overdrawn;
        }
    }
    let cost = |((code, article), (quantity, overdrawn)): ((OrderCode, FeatureName), (u64, u64))| {
        let pool = pools.iter().find(|pool| pool.code == code);
        let left = pool.and_then(|pool| pool.left.get(&article)).copied().unwrap_or(0);
        Cost { code, article, quantity, overdrawn, left }
    };
    sums.into_iter().map(cost).collect()
}
