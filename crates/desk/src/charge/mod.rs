//! What a unit may get from the codes that were named, what it costs, and until when it holds.

mod already;
mod ask;
mod baseline;
mod issue;
mod level;
mod limits;
mod offer;
mod periods;
mod say;
mod step;
mod stock;
mod take;

pub use issue::{Ask, Decision, bind, check_class, check_request, decide};

use std::fmt;

use crate::catalog::Product;
use crate::orders::{Lines, Pool};
use airlatch_core::model::{FeatureName, Features, OrderCode, Period, Result, Term, Time, Trouble, Unit};

use stock::Stock;

/// A code with what this unit holds from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The code and what is left on it.
    pub pool: Pool,
    /// The articles that the unit holds from it.
    pub held: Lines,
    /// When the unit first got something from it: a length of time begins on that day.
    pub since: Option<Time>,
}

/// All that decides about a charge.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// The product, with its rules.
    pub product: &'a Product,
    /// Who gets it.
    pub unit: Unit,
    /// The id of its model, if somebody said; of no account where the product has no models.
    pub model: Option<&'a str>,
    /// The version the license will be for; `None` where no code, host or license before names one.
    pub version: Option<&'a str>,
    /// The time of the charge.
    pub now: Time,
    /// The codes to take from, in the order in which they were named.
    pub named: Vec<Source>,
    /// The other codes from which the unit holds something; what is over, or of another product or version, is left out.
    pub others: Vec<Source>,
}

/// How much is wanted from the named codes: in all, not on top of what the unit holds from them.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// Nothing was said: switches and levels as they can be had, of counts what the unit holds.
    Unsaid,
    /// Everything on offer.
    All,
    /// These: switches are on, counts have a number; a level is a number to reach (`PBX` 30), or its articles are named.
    These(&'a Features),
    /// One of many units alike: so many of each count, one of each switch, all steps of a level.
    Each(u64),
}

/// An article on the named codes, and how much of it the unit can still have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The article: a switch, a count, or a step of a level.
    pub feature: FeatureName,
    /// How much the unit may hold, by its model and by the feature that bounds it; 1 of a switch or step. `None`: any number.
    pub limit: Option<u64>,
    /// How much it holds, from every code.
    pub held: u64,
    /// How much is left on the named codes.
    pub left: u64,
    /// How much can still be had, all offers taken together: no more than `limit` less `held`, and no more than `left`.
    pub rest: u64,
    /// Why nothing can be had.
    pub why_not: Option<Trouble>,
}

impl fmt::Display for Offer {
    /// `up to 100 (limit 200, held 50, left on the code 100)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = self.limit.map(|limit| format!("limit {limit}, ")).unwrap_or_default();
        write!(f, "up to {} ({limit}held {}, left on the code {})", self.rest, self.held, self.left)
    }
}

/// What moves from a code to the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    /// The code.
    pub code: OrderCode,
    /// The article.
    pub article: FeatureName,
    /// How many.
    pub quantity: u64,
    /// So many of them were never left on the code: they go beyond the order, to be invoiced.
    pub overdrawn: u64,
}

/// A charge that may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// What it costs, in the order of the codes named, then of the catalog; nothing when all is held already.
    pub takes: Vec<Take>,
    /// From when to when `features` holds.
    pub term: Term,
    /// What the unit has in that term, from every code.
    pub features: Features,
    /// What it has afterwards.
    pub after: Vec<Period>,
    /// What a person should know before saying yes, one line each.
    pub notes: Vec<String>,
}

/// What the unit can have from the named codes, in the order of the catalog (rows I4, I16).
///
/// # Errors
/// As [`charge`], before anything is wanted: `wrong-product`, `cancelled`, `expired`, `not-sold`, `unknown-model`.
pub fn offers(situation: &Situation<'_>) -> Result<Vec<Offer>> {
    let mut stock = Stock::open(situation, false)?;
    let rules = stock.on_codes().map(|(_, article)| article.rule()).collect();
    stock.know_model(rules)?;
    Ok(offer::offers(&stock, &offer::everything(&stock)))
}

/// Decides what the unit gets, what that costs, and until when it holds: rows A4 to A6, I4 to I6, I11, I16, O2, P1, P12, B10.
///
/// Deciding again after the takes were booked costs nothing. `may_overdraw` lets `These` and `Each` take beyond the order, as
/// far as the order allows it. What the unit holds already is never refused, only told in a note when it breaks a rule of
/// today's catalog.
///
/// # Errors
/// About the codes: `wrong-product`, `cancelled`, `expired`, `bad-time`, `short-pool`. About the catalog: `not-sold`,
/// `unknown-model`, `not-on-model`. About the unit: `over-limit`, `needs-feature`, `already-held`, `wrong-step`. About what
/// was said: `quantity-needed`, `bad-value`. `not-booked` when nothing is wanted and nothing held; `too-large` when the
/// license would have more than [`Period::MAX`] periods.
pub fn charge(situation: &Situation<'_>, wanted: &Wanted<'_>, may_overdraw: bool) -> Result<Charge> {
    let mut stock = Stock::open(situation, may_overdraw)?;
    let asked = match wanted {
        Wanted::These(features) => ask::read(stock.product, features)?,
        Wanted::Each(number) => ask::each(&stock, *number)?,
        Wanted::Unsaid | Wanted::All => Vec::new(),
    };
    let rules = match wanted {
        Wanted::These(_) => asked.iter().map(|asked| asked.rule).collect(),
        _ => stock.on_codes().map(|(_, article)| article.rule()).collect(),
    };
    stock.know_model(rules)?;
    let mut plan = match wanted {
        Wanted::Unsaid => offer::unsaid(&stock)?,
        Wanted::All => offer::all(&stock)?,
        Wanted::These(_) => ask::these(&stock, &asked)?,
        Wanted::Each(_) => ask::alike(&stock, &asked)?,
    };
    let takes = take::takes(&stock, &plan.more)?;
    plan.notes.extend(take::beyond(&takes));
    plan.notes.append(&mut stock.left_out);
    plan.notes.extend(limits::stale(&stock, &plan.more));
    periods::charge(&stock, takes, plan)
}

/// What is going to be taken, before it is told from which code.
#[derive(Debug, Default)]
struct Plan {
    /// On top of what the unit holds.
    more: Lines,
    /// Counts that the license shows less of than the unit holds from the named codes.
    shown: Lines,
    notes: Vec<String>,
}
