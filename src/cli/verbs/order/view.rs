//! An order in words and in JSON, the same wherever it is shown.

use serde_json::{Map, Value, json};

use airlatch_core::model::FeatureName;
use airlatch_desk::orders::{Lines, Pool};

/// What is known of a code, a line each.
pub(super) fn lines(pool: &Pool) -> Vec<String> {
    let order = &pool.order;
    let mut lines = vec![format!("code       {}", pool.code), format!("order      {}", order.number)];
    let optional = [
        ("reference", order.reference.clone()),
        ("customer", order.customer.clone()),
        ("account", pool.account.as_ref().map(ToString::to_string)),
        ("passed on", pool.parent.as_ref().map(|(from, to)| format!("from {from} for {to}"))),
    ];
    lines.extend(optional.into_iter().filter_map(|(label, value)| Some(format!("{label:<10} {}", value?))));
    let version = order.version.as_ref().map_or_else(String::new, |version| format!(" {version}"));
    lines.push(format!("product    {}{version}", order.product));
    lines.push(format!("term       {}", order.term));
    if order.overdraft > 0 {
        lines.push(format!("overdraft  up to {} percent of each line", order.overdraft));
    }
    lines.extend(pool.articles().into_iter().map(|article| format!("holds      {}", words(pool, article))));
    if pool.cancelled {
        lines.push("cancelled  what was left has been taken back".into());
    }
    lines
}

fn words(pool: &Pool, article: &FeatureName) -> String {
    let amounts = pool.amounts(article);
    let mut words = vec![format!("{} added", amounts.added)];
    if amounts.overdrawn > 0 {
        words.push(format!("{} beyond the order, to be invoiced", amounts.overdrawn));
    }
    words.push(format!("{} used", amounts.used));
    if amounts.passed > 0 {
        words.push(format!("{} passed on", amounts.passed));
    }
    if amounts.returned > 0 {
        words.push(format!("{} taken back", amounts.returned));
    }
    words.push(format!("{} left", amounts.left));
    format!("{article}: {}", words.join(", "))
}

/// Articles with their quantities in a line.
pub(super) fn list(lines: &Lines) -> String {
    let words = lines.iter().filter(|(_, quantity)| **quantity > 0);
    let words: Vec<_> = words.map(|(article, quantity)| format!("{article} {quantity}")).collect();
    if words.is_empty() { "nothing".into() } else { words.join(", ") }
}

/// The same for programs.
pub(super) fn json(pool: &Pool) -> Value {
    let article = |article: &FeatureName| {
        let amounts = pool.amounts(article);
        let value = json!({
            "added": amounts.added,
            "used": amounts.used,
            "left": amounts.left,
            "passed": amounts.passed,
            "returned": amounts.returned,
            "overdrawn": amounts.overdrawn,
        });
        (article.to_string(), value)
    };
    let order = &pool.order;
    json!({
        "code": pool.code.to_string(),
        "order": order.number,
        "reference": order.reference,
        "customer": order.customer,
        "account": pool.account.as_ref().map(ToString::to_string),
        "from": pool.parent.as_ref().map(|(from, _)| from.to_string()),
        "recipient": pool.parent.as_ref().map(|(_, recipient)| recipient.clone()),
        "product": order.product,
        "version": order.version,
        "term": order.term.to_string(),
        "overdraft_percent": order.overdraft,
        "cancelled": pool.cancelled,
        "articles": pool.articles().into_iter().map(article).collect::<Map<_, _>>(),
    })
}
