//! What a charge looks like before it is made: taken from which code, and what is left afterwards.

use serde_json::{Value, json};

use airlatch_desk::desk::{Planned, Pools};

/// A line for each article that is charged.
pub(super) fn lines(planned: &Planned, after: &Pools) -> Vec<String> {
    if planned.evaluation {
        return vec!["  charge     nothing: a license for trying out".into()];
    }
    if planned.takes.is_empty() {
        return vec!["  charge     nothing: the unit holds all of it already".into()];
    }
    let line = |take: &airlatch_desk::charge::Take| {
        let left = left(take, after);
        let beyond = match take.overdrawn {
            0 => String::new(),
            beyond => format!(", {beyond} of them beyond the order, to be invoiced"),
        };
        format!("  charge     {} {} from {}, leaves {left}{beyond}", take.article, take.quantity, take.code)
    };
    planned.takes.iter().map(line).collect()
}

/// The same for programs.
pub(super) fn json(planned: &Planned, after: &Pools) -> Value {
    let take = |take: &airlatch_desk::charge::Take| {
        json!({
            "code": take.code.to_string(),
            "article": take.article.as_str(),
            "quantity": take.quantity,
            "overdrawn": take.overdrawn,
            "left": left(take, after),
        })
    };
    planned.takes.iter().map(take).collect()
}

fn left(take: &airlatch_desk::charge::Take, after: &Pools) -> u64 {
    let pool = after.iter().find(|pool| pool.code == take.code);
    pool.and_then(|pool| pool.left.get(&take.article)).copied().unwrap_or(0)
}
