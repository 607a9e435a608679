//! The independent model of the histories: maps of sums and nothing else.

use std::collections::BTreeMap;

use airlatch_core::model::Reason;

/// Small numbers stand for codes, units and articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Code, article, how many: an order, or more than was ordered.
    Sell { code: u8, article: u8, many: u64, over: bool },
    /// From a code to another.
    Pass { code: u8, to: u8, article: u8, many: u64 },
    /// What is taken back.
    Cancel { code: u8, article: u8, many: u64 },
    /// From a code to a unit; 0 moves nothing.
    Activate { code: u8, unit: u8, article: u8, many: u64 },
    /// From a unit back to a code.
    GiveBack { code: u8, unit: u8, article: u8, many: u64 },
    /// An act that moves nothing: account, added, renewed, restored, evaluation, clock reset, in turn.
    Note { which: u8, code: u8 },
}

/// All sums, by small numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    pub sold: BTreeMap<u8, i64>,
    pub pools: BTreeMap<(u8, u8), i64>,
    pub units: BTreeMap<(u8, u8, u8), i64>,
    pub returned: BTreeMap<u8, i64>,
    pub over: BTreeMap<(u8, u8), i64>,
    pub passed: BTreeMap<(u8, u8), i64>,
    pub entries: u64,
}

impl Model {
    /// Does a step, or says why not and changes nothing.
    pub fn step(&mut self, step: Step) -> Result<(), Reason> {
        match step {
            Step::Sell { code, article, many, over } => {
                let many = many as i64;
                *self.sold.entry(article).or_default() += many;
                *self.pools.entry((code, article)).or_default() += many;
                if over {
                    *self.over.entry((code, article)).or_default() += many;
                }
            }
            Step::Pass { code, to, article, many } => {
                self.take(code, article, many)?;
                *self.pools.entry((to, article)).or_default() += many as i64;
                *self.passed.entry((code, article)).or_default() += many as i64;
            }
            Step::Cancel { code, article, many } => {
                self.take(code, article, many)?;
                *self.returned.entry(article).or_default() += many as i64;
            }
            Step::Activate { code, unit, article, many } => {
                self.take(code, article, many)?;
                *self.units.entry((unit, code, article)).or_default() += many as i64;
            }
            Step::GiveBack { code, unit, article, many } => {
                let held = self.units.entry((unit, code, article)).or_default();
                if *held < many as i64 {
                    return Err(Reason::ShortPool);
                }
                *held -= many as i64;
                *self.pools.entry((code, article)).or_default() += many as i64;
            }
            Step::Note { .. } => {}
        }
        self.entries += 1;
        Ok(())
    }

    fn take(&mut self, code: u8, article: u8, many: u64) -> Result<(), Reason> {
        let left = self.pools.entry((code, article)).or_default();
        if *left < many as i64 {
            return Err(Reason::ShortPool);
        }
        *left -= many as i64;
        Ok(())
    }
}
