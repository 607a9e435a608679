//! Orders in the model: booking, passing on, renewing, cancelling.

use std::collections::BTreeMap;

use super::act::{Act, Amounts, End, Term};
use super::calendar::midnight;
use super::state::{Code, Model, Said, refused};

pub fn act(model: &mut Model, act: &Act) -> Said<()> {
    match act {
        Act::Order { code, product, lines, term, overdraft } => {
            order(model, product, lines, *term)?;
            model.codes.insert(*code, new_code(product, *term, *overdraft, lines));
        }
        Act::Pass { from, to, lines } => pass(model, *from, *to, lines)?,
        Act::Renew { code, term } => {
            let current = open(model, *code)?.term;
            if current != *term {
                check_term(model, *term)?;
            }
            model.codes.entry(*code).and_modify(|code| code.term = *term);
        }
        Act::Cancel { code } => {
            open(model, *code)?;
            model.codes.entry(*code).and_modify(|code| {
                code.cancelled = true;
                code.left.clear();
            });
        }
        _ => {}
    }
    Ok(())
}

fn new_code(product: &str, term: Term, overdraft: u64, lines: &Amounts) -> Code {
    Code {
        product: product.to_owned(),
        term,
        overdraft,
        lines: lines.clone(),
        left: lines.clone(),
        fresh: lines.clone(),
        overdrawn: Amounts::new(),
        passed: Amounts::new(),
        cancelled: false,
        released: BTreeMap::new(),
    }
}

/// A code that is booked and not cancelled.
fn open(model: &Model, code: u8) -> Said<&Code> {
    match model.codes.get(&code) {
        None => refused("not-booked"),
        Some(code) if code.cancelled => refused("cancelled"),
        Some(code) => Ok(code),
    }
}

fn order(model: &Model, product: &str, lines: &Amounts, term: Term) -> Said<()> {
    let Some(sold) = model.catalog.product(product) else { return refused("not-sold") };
    let articles: Vec<_> = sold.features.iter().flat_map(|feature| feature.articles()).collect();
    match lines.keys().all(|line| articles.contains(line)) {
        true => check_term(model, term),
        false => refused("not-sold"),
    }
}

/// A term that is over, or ends before it begins, can't be booked.
fn check_term(model: &Model, term: Term) -> Said<()> {
    let begin = term.from.unwrap_or(midnight(model.now));
    let end = match term.end {
        End::Permanent => return Ok(()),
        End::Until(end) => end,
        End::For(length) => length.end(term.from.unwrap_or(model.now)),
    };
    if end <= model.now || end <= begin { refused("bad-time") } else { Ok(()) }
}

/// What was released to a code with a length can't be passed on: its term would begin again.
fn pass(model: &mut Model, from: u8, to: u8, lines: &Amounts) -> Said<()> {
    let source = open(model, from)?;
    let of = |amounts: &Amounts, article: &String| amounts.get(article).copied().unwrap_or(0);
    let is_length = matches!(source.term.end, End::For(_));
    let short = |(article, many): (&String, &u64)| {
        of(&source.left, article) < *many || is_length && of(&source.fresh, article) < *many
    };
    if lines.iter().any(short) {
        return refused("short-pool");
    }
    // The overdraft stays with the code of the order.
    let part = new_code(&source.product, source.term, 0, lines);
    if let Some(source) = model.codes.get_mut(&from) {
        for (article, many) in lines {
            source.left.entry(article.clone()).and_modify(|left| *left -= many);
            *source.passed.entry(article.clone()).or_default() += many;
            source.fresh.entry(article.clone()).and_modify(|fresh| *fresh = fresh.saturating_sub(*many));
        }
    }
    model.codes.insert(to, part);
    Ok(())
}
