//! A reversal, and the corrections of an order.

use std::collections::BTreeMap;

use serde_json::Value;

use airlatch_core::model::Time;
use airlatch_desk::desk::{self, PlannedReversal};
use airlatch_desk::ledger::{Act, Entry, Holder};
use airlatch_desk::orders::Lines;

use super::entry::{about, reverses, unit};
use super::ledger::transfer;
use super::{Rows, View, amounts, grant_term, text, when};

view! {
    /// An entry that reverses an earlier one.
    Reversal<'a>(planned: &'a PlannedReversal) {
        reverses: u64 = planned.entry.number,
        act: &'a str = planned.entry.act.word(),
        because: &'a str = &planned.reversal.because,
        code: Option<String> = planned.entry.act.labels().code,
        unit: Option<String> = unit(&planned.entry.act),
        moves: Vec<Value> = planned.transfers.iter().map(transfer).collect(),
        remaining: Remaining = Remaining::of(&planned.remaining),
        license: Option<WrongLicense<'a>> = planned.license.as_ref().map(|it| WrongLicense::of(it, planned.entry.number)),
        entry: Option<u64> = planned.booked.map(|(number, _)| number),
        booked: Option<String> = planned.booked.map(|(_, time)| text(time)),
        notes: &'a [String] = &planned.notes,
    }
}

/// What was taken from a code before its booking was reversed.
#[derive(serde::Serialize)]
pub(super) struct Remaining {
    used: BTreeMap<String, u64>,
    units: Vec<String>,
    passed: BTreeMap<String, u64>,
    codes: Vec<String>,
}

impl Remaining {
    fn of(remaining: &desk::Remaining) -> Self {
        let lines =
            |lines: &Lines| lines.iter().map(|(article, quantity)| (text(article), *quantity)).collect();
        Self {
            used: lines(&remaining.used),
            units: remaining.units.iter().map(text).collect(),
            passed: lines(&remaining.passed),
            codes: remaining.codes.iter().map(text).collect(),
        }
    }
}

view! {
    /// A license that is to be replaced; `number` is that of its entry.
    WrongLicense<'a>(it: &'a desk::WrongLicense, number: u64) {
        license: String = text(it.id),
        unit: String = text(it.unit),
        product: &'a str = &it.product,
        may_be_valid: bool = it.may_be_valid,
        ends: Option<String> = it.end.map(text),
        releasable: bool = it.is_releasable,
        entry: u64 = number,
    }
}

/// Units and codes named in a line; more are only counted.
const NAMED: usize = 5;

impl View for Reversal<'_> {
    fn rows(&self, now: Time) -> Rows {
        let PlannedReversal { entry, remaining, .. } = self.planned;
        let word = entry.act.word();
        let rows = Rows::below()
            .words("entry to reverse")
            .row(
                "entry",
                format!("{}, {word}, {}, by {}", entry.number, when::at(entry.time, now), entry.actor),
            )
            .row("about", about(entry, |term| grant_term(term, now)))
            .row("because", self.because)
            .each("moves", self.moved());
        let names = |names: &[String]| match names.len() {
            0..=NAMED => names.join(", "),
            count => format!("{} and {} more", names[..NAMED].join(", "), count - NAMED),
        };
        let used = (!remaining.used.is_empty())
            .then(|| format!("{} in use by {}", amounts(&remaining.used), names(&self.remaining.units)));
        let passed = (!remaining.passed.is_empty())
            .then(|| format!("{} passed on to {}", amounts(&remaining.passed), names(&self.remaining.codes)));
        let rows = rows.each("stays", used).each("stays", passed);
        match &self.license {
            Some(license) => rows.with(license.rows(now)),
            None => rows,
        }
    }
}

impl Reversal<'_> {
    /// What moves, by its taker, in words.
    fn moved(&self) -> Vec<String> {
        let mut by_taker: BTreeMap<Holder, Vec<String>> = BTreeMap::new();
        for it in &self.planned.transfers {
            by_taker.entry(it.to).or_default().push(format!("{} {}", it.article, it.quantity));
        }
        let to = |holder: Holder| match holder {
            Holder::Pool(code) => format!("back to {code}"),
            _ => "out of use".to_owned(),
        };
        by_taker.into_iter().map(|(taker, what)| format!("{} {}", what.join(", "), to(taker))).collect()
    }
}

impl View for WrongLicense<'_> {
    fn rows(&self, now: Time) -> Rows {
        let rows = Rows::below().row("to replace", format!("license {} of {}", self.license, self.unit));
        if !self.may_be_valid {
            return rows.row("ended", "it can't be valid anywhere any more");
        }
        let end = self.it.end.map(|end| when::until(end, now));
        let until = end.as_ref().map_or("for ever".to_owned(), Clone::clone);
        let held = (!self.it.held.is_empty()).then(|| {
            format!("{} with {}: its license may be valid {until}", amounts(&self.it.held), self.unit)
        });
        let release = self.releasable.then_some(
            "on its host: airlatch release; then book the receipt: airlatch ledger return RECEIPT",
        );
        let later = self.it.end.map(|end| {
            format!("after {}: airlatch ledger reverse {} again", when::last(end, now), self.entry)
        });
        let never = (release.is_none() && later.is_none())
            .then_some("by nothing: it has no receipt and no end; what it holds stays with the unit");
        let is_held = held.is_some();
        let ways = release.map(str::to_owned).into_iter().chain(later).chain(never.map(str::to_owned));
        rows.each("stays", held).each("returns", ways.filter(|_| is_held))
    }
}

view! {
    /// An entry that corrects an order, or reverses what was booked about its code.
    Correction<'a>(it: &'a Entry) {
        entry: u64 = it.number,
        time: String = text(it.time),
        actor: &'a str = &it.actor,
        act: &'a str = it.act.word(),
        reverses: Option<u64> = reverses(&it.act),
        because: Option<&'a str> = because(&it.act),
        moves: Vec<Value> = it.transfers.iter().map(transfer).collect(),
    }
}

fn because(act: &Act) -> Option<&str> {
    match act {
        Act::Reversed(reversal) => Some(&reversal.because),
        Act::Corrected { because, .. } => Some(because),
        _ => None,
    }
}

impl View for Correction<'_> {
    fn rows(&self, now: Time) -> Rows {
        let what = match (&self.it.act, self.reverses) {
            (_, Some(number)) => format!("entry {number}"),
            (Act::Corrected { customer, reference, .. }, _) => {
                let said =
                    |what: &str, said: &Option<String>| said.as_ref().map(|said| format!("{what} {said}"));
                let lines = self.it.transfers.iter().map(|it| {
                    let sign = if it.from == Holder::Source { '+' } else { '-' };
                    format!("{} {sign}{}", it.article, it.quantity)
                });
                let words = said("customer", customer).into_iter().chain(said("reference", reference));
                words.chain(lines).collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        };
        let (time, because) = (when::at(self.it.time, now), self.because.unwrap_or_default());
        let by = format!("{what}, by entry {}, {time}, {}, because: {because}", self.entry, self.actor);
        Rows::new(0, 10).row(self.act, by)
    }
}
