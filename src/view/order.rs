//! An order: its code, balance, and the codes passed on.

use std::collections::BTreeMap;

use airlatch_core::model::Time;
use airlatch_desk::desk;
use airlatch_desk::orders::{self, Lines, Pool};

use super::{Rows, View, grant_term, text};

view! {
    /// An order and its code.
    Order<'a>(pool: &'a Pool) {
        code: String = text(pool.code),
        order: &'a str = &pool.order.number,
        reference: Option<&'a str> = pool.order.reference.as_deref(),
        customer: Option<&'a str> = pool.order.customer.as_deref(),
        account: Option<String> = pool.account.as_ref().map(text),
        from: Option<String> = pool.parent.as_ref().map(|(from, _)| text(from)),
        recipient: Option<&'a str> = pool.parent.as_ref().map(|(_, recipient)| recipient.as_str()),
        product: &'a str = &pool.order.product,
        version: Option<&'a str> = pool.order.version.as_deref(),
        term: String = text(&pool.order.term),
        overdraft_percent: u8 = pool.order.overdraft,
        cancelled: bool = pool.cancelled,
        reversed: bool = pool.reversed,
        articles: BTreeMap<String, Amounts<'a>> = articles(pool),
    }
}

view! {
    /// The balance of an article.
    Amounts<'a>(article: &'a str, it: orders::Amounts) {
        added: u64 = it.added,
        used: u64 = it.used,
        left: u64 = it.left,
        passed: u64 = it.passed,
        returned: u64 = it.returned,
        overdrawn: u64 = it.overdrawn,
    }
}

fn articles(pool: &Pool) -> BTreeMap<String, Amounts<'_>> {
    let names = pool.articles().into_iter();
    names.map(|name| (text(name), Amounts::of(name.as_str(), pool.amounts(name)))).collect()
}

impl View for Order<'_> {
    fn rows(&self, now: Time) -> Rows {
        let parent = self.pool.parent.as_ref().map(|(from, to)| format!("from {from} for {to}"));
        let version = self.version.map_or_else(String::new, |version| format!(" {version}"));
        let percent = Some(self.overdraft_percent).filter(|percent| *percent > 0);
        let articles = self.pool.articles().into_iter().map(text);
        let articles = articles.filter_map(|it| Some(format!("{it}: {}", self.articles.get(&it)?.words())));
        let closed = self.pool.closed_word();
        Rows::new(0, 10)
            .row("code", &self.code)
            .row("order", self.order)
            .each("reference", self.reference)
            .each("customer", self.customer)
            .each("account", &self.account)
            .each("passed on", parent)
            .row("product", format!("{}{version}", self.product))
            .row("term", grant_term(&self.pool.order.term, now))
            .each("overdraft", percent.map(|percent| format!("at most {percent} percent of each line")))
            .each("articles", articles)
            .each(closed, self.cancelled.then_some("what was left can no longer be charged"))
    }
}

impl Amounts<'_> {
    /// Zero quantities are shown only for added, used and left.
    fn words(&self) -> String {
        let words = [
            (true, self.added, "added"),
            (false, self.overdrawn, "beyond the order, to be invoiced"),
            (true, self.used, "used"),
            (false, self.passed, "passed on"),
            (false, self.returned, "cancelled"),
            (true, self.left, "left"),
        ];
        let told = words.into_iter().filter(|(always, amount, _)| *always || *amount > 0);
        told.map(|(_, amount, word)| format!("{amount} {word}")).collect::<Vec<_>>().join(", ")
    }
}

/// Articles with their quantities in a line.
pub(crate) fn amounts(lines: &Lines) -> String {
    let words = lines.iter().filter(|(_, quantity)| **quantity > 0);
    let words: Vec<_> = words.map(|(article, quantity)| format!("{article} {quantity}")).collect();
    if words.is_empty() { "nothing".into() } else { words.join(", ") }
}

view! {
    /// A part of a code that was passed on.
    PassedOn<'a>(passed: &'a desk::PassedOn) {
        code: String = text(passed.pool.code),
        recipient: &'a str = &passed.recipient,
        order: Order<'a> = Order::of(&passed.pool),
    }
}

impl View for PassedOn<'_> {
    fn rows(&self, _: Time) -> Rows {
        let what = amounts(&self.passed.pool.order.lines);
        let state = if self.passed.pool.reversed { ", reversed" } else { "" };
        Rows::new(0, 10).row("passed on", format!("{what} to {}: {}{state}", self.recipient, self.code))
    }
}
