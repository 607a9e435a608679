//! Random histories of every act, good and bad, held against the independent model.

use std::collections::BTreeMap;
use std::ops::Range;

use airlatch_core::model::{Reason, Result};
use airlatch_desk::ledger::{self, Act, Balance, BalanceFilter, Book, Draft, Entry, Holder, Ledger, Query};

use super::super::chance::Chance;
use super::cast::*;
use super::model::{Model, Step};
use super::queries::sorted;

const CODES: u8 = 5;
const UNITS: u8 = 3;
const ARTICLES: u8 = 3;

/// One history of about `acts` acts for each seed; the same seed gives the same history for ever.
pub fn histories<L: Ledger>(make: impl Fn() -> L, seeds: Range<u64>, acts: usize) {
    for seed in seeds {
        let mut ledger = with(&make, vec![opened(0)]);
        let mut history = History { dice: Chance::new(seed), model: Model::default(), now: 0, refused: 0 };
        history.model.entries = 1;
        let mut done = 0;
        while done < acts {
            done += history.transaction(&mut ledger, seed);
        }
        assert!(history.refused > 0 && history.model.entries > 1, "seed {seed} tried nothing");
        ledger.read(|book| history.ends_well(book)).unwrap();
    }
}

struct History {
    dice: Chance,
    model: Model,
    now: i64,
    refused: usize,
}

impl History {
    /// One to three acts in one transaction, some of them refused; work that minds fails as a whole.
    fn transaction(&mut self, ledger: &mut impl Ledger, seed: u64) -> usize {
        let count = 1 + self.dice.below(3) as usize;
        let minds = self.dice.below(2) == 0;
        let mut model = self.model.clone();
        let mut now = self.now;
        let mut refused = 0;
        let before = state(ledger);
        let done: Result<()> = ledger.transact(|book| {
            for _ in 0..count {
                let (draft, expected) = self.act(&mut model, &mut now);
                let said = format!("seed {seed}: {draft:?}");
                let found = book.post(draft).map(|_| ()).map_err(|error| (error.reason(), error));
                assert_eq!(found.as_ref().err().map(|it| it.0), expected, "{said}");
                assert_eq!(book.head()?.number, model.entries, "{said}");
                assert_eq!(sorted(book.balances(BalanceFilter::All)?), expected_balances(&model), "{said}");
                refused += usize::from(found.is_err());
                match found {
                    Err((_, error)) if minds => return Err(error),
                    _ => {}
                }
            }
            Ok(())
        });
        if done.is_ok() {
            (self.model, self.now) = (model, now);
        } else {
            assert!(state(ledger) == before, "seed {seed}: refused work left something");
        }
        self.refused += refused;
        count
    }

    /// A draft, and why it has to be refused.
    fn act(&mut self, model: &mut Model, now: &mut i64) -> (Draft, Option<Reason>) {
        let step = self.step();
        let later = *now + self.dice.below(3) as i64;
        let mut draft = self.draft(step, later);
        if let Some(reason) = self.spoil(&mut draft, *now) {
            return (draft, Some(reason));
        }
        let refused = model.clone().step(step).err();
        if refused.is_none() {
            let _ = model.step(step);
            *now = later;
        }
        (draft, refused)
    }

    fn step(&mut self) -> Step {
        let (code, article) = (self.dice.small(CODES), self.dice.small(ARTICLES));
        let many = 1 + self.dice.below(20);
        match self.dice.below(15) {
            0..3 => Step::Sell { code, article, many: many * 3, over: self.dice.below(3) == 0 },
            3..5 => Step::Pass { code, to: (code + 1 + self.dice.small(CODES - 1)) % CODES, article, many },
            5 => Step::Cancel { code, article, many },
            6..10 => {
                let many = if self.dice.below(5) == 0 { 0 } else { many };
                Step::Activate { code, unit: self.dice.small(UNITS), article, many }
            }
            10..13 => Step::GiveBack { code, unit: self.dice.small(UNITS), article, many: 1 + many / 4 },
            _ => Step::Note { which: self.dice.small(6), code },
        }
    }

    fn draft(&mut self, step: Step, at: i64) -> Draft {
        let name = |article: u8| ["PBX#15", "voice", "x"][usize::from(article)];
        match step {
            Step::Sell { code, article, many, over: true } => overdrawn(at, code, &[(name(article), many)]),
            Step::Sell { code, article, many, .. } => {
                let number = format!("SO-{}", self.dice.roll());
                ordered(at, code, &number, &[(name(article), many)], None)
            }
            Step::Pass { code, to, article, many } => passed(at, code, to, &[(name(article), many)]),
            Step::Cancel { code, article, many } => cancelled(at, code, &[(name(article), many)]),
            Step::Activate { code, unit, many: 0, .. } => activated(at, unit, &[code], &[]),
            Step::Activate { code, unit, article, many } => {
                activated(at, unit, &[code], &[(name(article), many)])
            }
            Step::GiveBack { code, unit, article, many } => {
                released(at, unit, &[(code, &[(name(article), many)])])
            }
            Step::Note { which: 0, .. } => {
                stated(at, "acme", &"é\\\n".repeat(self.dice.below(3) as usize), None)
            }
            Step::Note { which: 1, code: it } => {
                draft(at, Act::Added { code: code(it), account: account("acme") }, vec![])
            }
            Step::Note { which: 2, code: it } => {
                draft(at, Act::Renewed { code: code(it), term: until(at + 9) }, vec![])
            }
            Step::Note { which: 3, .. } => {
                draft(at, Act::Restored { number: self.dice.roll(), hash: [3; 32], note: None }, vec![])
            }
            Step::Note { which: 4, code } => clock_reset(at, code % UNITS, code),
            Step::Note { code, .. } => activated(at, code % UNITS, &[], &[]),
        }
    }

    /// Spoils one draft in six, each in one way only.
    fn spoil(&mut self, draft: &mut Draft, now: i64) -> Option<Reason> {
        match self.dice.below(36) {
            0 => draft.actor.clear(),
            1 => *draft = opened(now),
            2 => draft.transfers.extend(moves(&[("voice", 1)], Holder::Returned, Holder::Source)),
            3 if !draft.transfers.is_empty() => draft.transfers[0].quantity = 0,
            4 if !draft.transfers.is_empty() => draft.transfers.push(draft.transfers[0].clone()),
            5 => {
                draft.time = hour(now).plus_seconds(-1);
                return Some(Reason::ClockRollback);
            }
            _ => return None,
        }
        Some(Reason::Internal)
    }

    fn ends_well(&self, book: &dyn Book) -> Result<()> {
        let mut entries = 0;
        assert_eq!(ledger::audit(book, &mut |_| entries += 1)?, []);
        assert_eq!(entries, self.model.entries);
        let mut sums: BTreeMap<_, i64> = BTreeMap::new();
        for balance in book.balances(BalanceFilter::All)? {
            assert!(balance.quantity > 0 || balance.holder == Holder::Source, "{balance:?}");
            *sums.entry(balance.article).or_default() += balance.quantity;
        }
        assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
        (0..CODES).try_for_each(|seed| self.pool_is_right(book, seed))?;
        (0..UNITS).try_for_each(|seed| self.holdings_are_right(book, seed))?;
        queries_filter(book)
    }

    fn pool_is_right(&self, book: &dyn Book, seed: u8) -> Result<()> {
        let of =
            |table: &BTreeMap<(u8, u8), i64>| named(table.iter().filter(|it| it.0.0 == seed).map(second));
        let balances = book.balances(BalanceFilter::Pool(code(seed)))?.into_iter();
        let left: BTreeMap<_, _> = balances.map(|it| (it.article.to_string(), it.quantity)).collect();
        assert_eq!(left, of(&self.model.pools));
        let Some(pool) = ledger::pool(book, code(seed))? else { return Ok(()) };
        let plain = |lines: airlatch_desk::orders::Lines| {
            lines.into_iter().map(|(name, many)| (name.to_string(), many as i64)).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(plain(pool.left), left);
        assert_eq!(plain(pool.overdrawn), of(&self.model.over));
        assert_eq!(plain(pool.passed), of(&self.model.passed));
        Ok(())
    }

    fn holdings_are_right(&self, book: &dyn Book, seed: u8) -> Result<()> {
        let mut held: BTreeMap<_, i64> = BTreeMap::new();
        for holding in ledger::holdings(book, unit(seed), "call")? {
            for (name, many) in holding.lines {
                assert!(held.insert((holding.code, name.to_string()), many as i64).is_none());
            }
        }
        let mine = self.model.units.iter().filter(|((unit, ..), many)| *unit == seed && **many > 0);
        let expected = mine.map(|((_, from, article), many)| ((code(*from), article_name(*article)), *many));
        assert_eq!(held, expected.collect());
        Ok(())
    }
}

/// Whatever is asked, the answer is what `fits` lets through.
fn queries_filter(book: &dyn Book) -> Result<()> {
    let every = book.entries(&Query::default())?;
    let mut queries: Vec<Query> = (0..CODES)
        .flat_map(|seed| {
            let it = Some(code(seed));
            [
                Query { code: it, ..Query::default() },
                Query { parent: it, limit: 2, ..Query::default() },
                Query { pool: it, backwards: true, limit: 5, ..Query::default() },
                Query { pool: it, acts: vec!["activated"], after: 20, ..Query::default() },
            ]
        })
        .collect();
    queries.extend((0..UNITS).map(|seed| Query { unit: Some(unit(seed)), ..Query::default() }));
    let half = every[every.len() / 2].time;
    queries.push(Query { from: Some(half), acts: vec!["passed", "cancelled"], ..Query::default() });
    queries.push(Query { until: Some(half), backwards: true, ..Query::default() });
    for query in queries {
        let mut expected: Vec<Entry> = every.iter().filter(|entry| query.fits(entry)).cloned().collect();
        if query.backwards {
            expected.reverse();
        }
        if query.limit > 0 {
            expected.truncate(query.limit);
        }
        assert_eq!(book.entries(&query)?, expected, "{query:?}");
    }
    Ok(())
}

fn article_name(article: u8) -> String {
    ["PBX#15", "voice", "x"][usize::from(article)].into()
}

fn second(((_, article), many): (&(u8, u8), &i64)) -> (u8, i64) {
    (*article, *many)
}

fn named(sums: impl Iterator<Item = (u8, i64)>) -> BTreeMap<String, i64> {
    sums.filter(|it| it.1 != 0).map(|(article, many)| (article_name(article), many)).collect()
}

fn expected_balances(model: &Model) -> Vec<Balance> {
    let at = |holder, name: u8, quantity| Balance { holder, article: article(&article_name(name)), quantity };
    let source = model.sold.iter().map(|(article, many)| at(Holder::Source, *article, -many));
    let pools = model.pools.iter().map(|((it, article), many)| at(Holder::Pool(code(*it)), *article, *many));
    let units = model.units.iter();
    let units =
        units.map(|((who, it, article), many)| at(Holder::Unit(unit(*who), code(*it)), *article, *many));
    let returned = model.returned.iter().map(|(article, many)| at(Holder::Returned, *article, *many));
    sorted(source.chain(pools).chain(units).chain(returned).filter(|it| it.quantity != 0).collect())
}
