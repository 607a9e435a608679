//! The situation, checked and counted: whose terms are not over, what is held, and what is left.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Article, FeatureRule, GrantEnd, Product};
use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, OrderCode, Reason, Result, Term, Time, Unit, near};

use super::say::{facts, list};
use super::{ChargeContext, ChargeSource};

/// A code in play.
pub(super) struct CodeInPlay<'a> {
    pub(super) source: &'a ChargeSource,
    pub(super) term: Term,
    pub(super) named: bool,
}

impl CodeInPlay<'_> {
    pub(super) fn code(&self) -> OrderCode {
        self.source.pool.code
    }

    pub(super) fn held(&self, name: &FeatureName) -> u64 {
        count(&self.source.held, name)
    }

    pub(super) fn left(&self, name: &FeatureName) -> u64 {
        count(&self.source.pool.left, name)
    }

    /// How much of an article the order still lets go beyond it.
    pub(super) fn overdraft(&self, name: &FeatureName) -> u64 {
        let pool = &self.source.pool;
        let whole = u128::from(count(&pool.order.lines, name)) * u128::from(pool.order.overdraft) / 100;
        u64::try_from(whole).unwrap_or(u64::MAX).saturating_sub(count(&pool.overdrawn, name))
    }

    /// Whether the code was ever about this article and didn't pass all of it on.
    fn carries(&self, name: &FeatureName) -> bool {
        let pool = &self.source.pool;
        let kept = count(&pool.order.lines, name).saturating_sub(count(&pool.passed, name));
        kept > 0 || self.left(name) > 0 || self.held(name) > 0
    }
}

/// What is held and what is left, over all codes in play.
pub(super) struct Inventory<'a> {
    pub(super) product: &'a Product,
    pub(super) unit: Unit,
    /// The model, where the product has models.
    pub(super) model: Option<&'a str>,
    /// Midnight of the day of the charge.
    pub(super) today: Time,
    pub(super) may_overdraw: bool,
    /// The named ones first, as they were named.
    pub(super) codes_in_play: Vec<CodeInPlay<'a>>,
    /// Notes on what the unit holds for another version: a license is for one, so it doesn't count beside what is named.
    pub(super) left_out: Vec<String>,
    /// Every article of the product, in the order of the catalog.
    sold: Vec<(FeatureName, Article<'a>)>,
}

impl<'a> Inventory<'a> {
    /// Checks the codes and leaves out what is over.
    pub(super) fn open(context: &'a ChargeContext<'a>, may_overdraw: bool) -> Result<Self> {
        let product = context.product;
        let mut sold = Vec::new();
        for article in product.features.iter().flat_map(FeatureRule::articles) {
            sold.push((article.to_string().parse()?, article));
        }
        let mut inventory = Self {
            product,
            unit: context.unit,
            model: context.model.filter(|_| !product.models.is_empty()),
            today: context.now.start_of_day(),
            may_overdraw,
            codes_in_play: Vec::new(),
            left_out: Vec::new(),
            sold,
        };
        for source in &context.named {
            let term = usable(source, context).map_err(|t| t.at(source.pool.code))?;
            inventory.add(CodeInPlay { source, term, named: true })?;
        }
        for source in context.others.iter().filter(|source| source.pool.order.product == product.id) {
            let term = term_of(source, context.now).map_err(|t| t.at(source.pool.code))?;
            let Ok(term) = term else { continue };
            if let Some(version) = other_version(source, context) {
                let code = source.pool.code;
                inventory
                    .left_out
                    .push(format!("what the unit holds from {code} is for version {version}: left out"));
            } else {
                inventory.add(CodeInPlay { source, term, named: false })?;
            }
        }
        Ok(inventory)
    }

    /// Takes a code in once, and only while all that is held from it is still in the catalog.
    fn add(&mut self, code_in_play: CodeInPlay<'a>) -> Result<()> {
        if self.codes_in_play.iter().any(|known| known.code() == code_in_play.code()) {
            return Ok(());
        }
        for (name, _) in code_in_play.source.held.iter().filter(|(_, quantity)| **quantity > 0) {
            self.product.article(name).map_err(|error| error.at(code_in_play.code()).at(self.unit))?;
        }
        self.codes_in_play.push(code_in_play);
        Ok(())
    }

    /// Holds the model against the catalog, if one of these rules, or one of what the unit holds, depends on it (row P1).
    pub(super) fn know_model(&mut self, mut rules: Vec<&'a FeatureRule>) -> Result<()> {
        let known = || self.product.models.iter().map(|model| model.id.as_str());
        if let Some(id) = self.model {
            if self.product.model(id).is_some() {
                return Ok(());
            }
            let hint = near::hint(known(), id).map(|hint| format!("; {hint}")).unwrap_or_default();
            return Err(Error::new(Reason::NotSold, format!("there is no model `{id}`{hint}")).at(self.unit));
        }
        if self.product.models.is_empty() {
            return Ok(());
        }
        rules.extend(self.sold.iter().filter(|(name, _)| self.held(name) > 0).map(|(_, held)| held.rule()));
        let near_by = rules.iter().flat_map(|rule| rule.requires.iter().chain(&rule.bounded_by));
        let near_by: Vec<_> = near_by.filter_map(|name| self.product.feature(name)).collect();
        rules.extend(near_by);
        let decides = |rule: &&&FeatureRule| !rule.on_model.is_empty() || !rule.free_on.is_empty();
        let Some(rule) = rules.iter().find(decides) else { return Ok(()) };
        let what = format!("how much `{}` the unit may have depends on its model", rule.name);
        let error = Error::new(Reason::UnknownModel, what).at(self.unit);
        Err(facts(error, &[("models", list(known()))]))
    }

    /// The articles of the product, in the order of the catalog.
    pub(super) fn sold(&self) -> impl Iterator<Item = &(FeatureName, Article<'a>)> {
        self.sold.iter()
    }

    /// Those of one feature.
    pub(super) fn sold_of(&self, rule: &FeatureRule) -> impl Iterator<Item = &(FeatureName, Article<'a>)> {
        self.sold.iter().filter(|(_, article)| article.rule().name == rule.name)
    }

    /// The articles that the named codes were booked with and kept.
    pub(super) fn on_codes(&self) -> impl Iterator<Item = (&FeatureName, Article<'a>)> {
        let carried = |name: &FeatureName| self.named().any(|code_in_play| code_in_play.carries(name));
        self.sold.iter().filter(move |(name, _)| carried(name)).map(|(name, article)| (name, *article))
    }

    /// What is left on the named codes though the catalog doesn't know it.
    pub(super) fn unsold(&self) -> BTreeSet<&'a FeatureName> {
        let lines = self
            .named()
            .flat_map(|code_in_play| &code_in_play.source.pool.left)
            .filter(|(_, left)| **left > 0);
        lines.map(|(name, _)| name).filter(|name| self.product.article(name).is_err()).collect()
    }

    pub(super) fn named(&self) -> impl Iterator<Item = &CodeInPlay<'a>> {
        self.codes_in_play.iter().filter(|code_in_play| code_in_play.named)
    }

    /// What the unit holds of an article from every code.
    pub(super) fn held(&self, name: &FeatureName) -> u64 {
        sum(self.codes_in_play.iter().map(|code_in_play| code_in_play.held(name)))
    }

    /// What it holds from the named codes.
    pub(super) fn held_here(&self, name: &FeatureName) -> u64 {
        sum(self.named().map(|code_in_play| code_in_play.held(name)))
    }

    /// What is left of an article on the named codes.
    pub(super) fn left(&self, name: &FeatureName) -> u64 {
        sum(self.named().map(|code_in_play| code_in_play.left(name)))
    }

    /// What may be taken beyond that, if it may.
    pub(super) fn overdraft(&self, name: &FeatureName) -> u64 {
        sum(self.named().map(|code_in_play| code_in_play.overdraft(name)))
    }

    /// What can be taken: what is left, and the overdraft where that is allowed.
    pub(super) fn there(&self, name: &FeatureName) -> u64 {
        let beyond = if self.may_overdraw { self.overdraft(name) } else { 0 };
        self.left(name).saturating_add(beyond)
    }

    /// Another code that gives the unit this for as long as the named code would that would be charged.
    pub(super) fn covering(&self, name: &FeatureName) -> Option<&CodeInPlay<'a>> {
        let beyond = |code_in_play: &CodeInPlay<'_>| self.may_overdraw && code_in_play.overdraft(name) > 0;
        let charged = self.named().find(|code_in_play| code_in_play.left(name) > 0);
        let charged = charged.or_else(|| self.named().find(|code_in_play| beyond(code_in_play)));
        let covers = |other: &&CodeInPlay<'a>| {
            let Some(charged) = charged else { return true };
            let begins = charged.term.from.max(self.today);
            other.term.from <= begins && end(other.term) >= end(charged.term)
        };
        self.codes_in_play
            .iter()
            .filter(|code_in_play| !code_in_play.named && code_in_play.held(name) > 0)
            .find(covers)
    }

    /// Each of a level's articles that the unit has with `more`.
    pub(super) fn steps(&self, rule: &FeatureRule, more: &Lines) -> Vec<Article<'a>> {
        self.steps_where(rule, |name| self.held(name) > 0 || count(more, name) > 0)
    }

    /// Each of a level's articles for which this is so.
    pub(super) fn steps_where(
        &self,
        rule: &FeatureRule,
        so: impl Fn(&FeatureName) -> bool,
    ) -> Vec<Article<'a>> {
        self.sold_of(rule).filter(|(name, _)| so(name)).map(|(_, article)| *article).collect()
    }
}

/// How many of an article.
pub(super) fn count(lines: &Lines, name: &FeatureName) -> u64 {
    lines.get(name).copied().unwrap_or_default()
}

/// Adds to an article.
pub(super) fn add(lines: &mut BTreeMap<FeatureName, u64>, name: &FeatureName, quantity: u64) {
    if quantity > 0 {
        let line = lines.entry(name.clone()).or_default();
        *line = line.saturating_add(quantity);
    }
}

fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

/// An end that can be compared: no end is the last.
fn end(term: Term) -> i64 {
    term.until.map_or(i64::MAX, Time::seconds)
}

/// The version of a code, if it isn't the one the license will be for.
fn other_version<'a>(source: &'a ChargeSource, context: &ChargeContext<'_>) -> Option<&'a str> {
    source.pool.order.version.as_deref().filter(|version| Some(*version) != context.version)
}

/// The term of a named code, if it can be taken from.
fn usable(source: &ChargeSource, context: &ChargeContext<'_>) -> Result<Term> {
    let order = &source.pool.order;
    let other = |what: &str, asked: &str, code: &str| {
        let error = Error::new(Reason::WrongProduct, format!("this code is for another {what}"));
        Err(facts(error, &[("asked for", asked.to_owned()), ("code", code.to_owned())]))
    };
    if order.product != context.product.id {
        return other("product", &context.product.id, &order.product);
    }
    if let Some(version) = other_version(source, context) {
        return other("version", context.version.unwrap_or("none"), version);
    }
    if source.pool.cancelled {
        return Err(Error::new(
            Reason::Cancelled,
            "this code was cancelled: what was left has been taken back",
        ));
    }
    term_of(source, context.now)?
        .map_err(|ended| Error::new(Reason::Expired, format!("the term of this code ended at {ended}")))
}

/// The term of a code for this unit, or when it ended.
///
/// A length begins with the day of the first activation, not with its second: so the license stays what it was that day.
fn term_of(source: &ChargeSource, now: Time) -> Result<Result<Term, Time>> {
    let term = &source.pool.order.term;
    let over = |end: Time| end <= now;
    if let GrantEnd::Until(end) = term.end
        && over(end)
    {
        return Ok(Err(end));
    }
    let term = term.starting(source.since.unwrap_or(now).start_of_day())?;
    Ok(term.until.filter(|end| over(*end)).map_or(Ok(term), Err))
}
