//! The inventory of a charge: the codes whose terms are not over, what the unit holds from them, and what is left.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Article, FeatureRule, Product};
use crate::orders::Lines;
use airlatch_core::model::{Error, FeatureName, Features, OrderCode, Reason, Result, Term, Time, Unit, near};

use super::details::{list, with_details};
use super::{ChargeContext, ChargeSource, PreviousLicense};

/// A code whose term is not over.
pub(super) struct ActiveCode<'a> {
    pub(super) source: &'a ChargeSource,
    pub(super) term: Term,
    pub(super) named: bool,
}

impl ActiveCode<'_> {
    pub(super) fn code(&self) -> OrderCode {
        self.source.pool.code
    }

    pub(super) fn held(&self, name: &FeatureName) -> u64 {
        count(&self.source.held, name)
    }

    pub(super) fn left(&self, name: &FeatureName) -> u64 {
        count(&self.source.pool.left, name)
    }

    /// How much overdraft of an article the order still allows.
    pub(super) fn overdraft(&self, name: &FeatureName) -> u64 {
        let pool = &self.source.pool;
        let allowed = u128::from(count(&pool.order.lines, name)) * u128::from(pool.order.overdraft) / 100;
        u64::try_from(allowed).unwrap_or(u64::MAX).saturating_sub(count(&pool.overdrawn, name))
    }

    /// Whether the code was booked with this article and hasn't passed all of it on.
    fn has_article(&self, name: &FeatureName) -> bool {
        let pool = &self.source.pool;
        let kept = count(&pool.order.lines, name).saturating_sub(count(&pool.passed, name));
        kept > 0 || self.left(name) > 0 || self.held(name) > 0
    }
}

/// What the unit holds and what the codes still have.
pub(super) struct Inventory<'a> {
    pub(super) product: &'a Product,
    pub(super) unit: Unit,
    /// The model, if the product has models.
    pub(super) model: Option<&'a str>,
    /// Midnight of the day of the charge.
    pub(super) today: Time,
    /// The features of the previous license.
    pub(super) signed: &'a Features,
    /// The previous license.
    pub(super) previous: Option<&'a PreviousLicense>,
    pub(super) may_overdraw: bool,
    /// The named codes first, in the order given.
    pub(super) active_codes: Vec<ActiveCode<'a>>,
    /// Notes on codes for another version: a license has one version, so what the unit holds from them doesn't count.
    pub(super) left_out: Vec<String>,
    /// Every article of the product, in the order of the catalog.
    sold: Vec<(FeatureName, Article<'a>)>,
}

impl<'a> Inventory<'a> {
    /// Checks the named codes; other codes whose term is over are left out.
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
            signed: &context.signed,
            previous: context.previous.as_ref(),
            may_overdraw,
            active_codes: Vec::new(),
            left_out: Vec::new(),
            sold,
        };
        for source in &context.named {
            let term = usable_term(source, context).map_err(|t| t.at(source.pool.code))?;
            inventory.add(ActiveCode { source, term, named: true });
        }
        for source in context.others.iter().filter(|source| source.pool.order.product == product.id) {
            let term = term_of(source, context.now).map_err(|t| t.at(source.pool.code))?;
            let Ok(term) = term else { continue };
            if let Some(version) = other_version(source, context) {
                let code = source.pool.code;
                inventory
                    .left_out
                    .push(format!("left out: what the unit has from {code} is for version {version}"));
            } else {
                inventory.add(ActiveCode { source, term, named: false });
            }
        }
        Ok(inventory)
    }

    /// Adds a code, once.
    fn add(&mut self, active: ActiveCode<'a>) {
        if self.active_codes.iter().all(|known| known.code() != active.code()) {
            self.active_codes.push(active);
        }
    }

    /// Checks the model against the catalog. An unknown model is an error only if one of these rules, or one for a feature the
    /// unit holds, depends on it.
    pub(super) fn check_model(&mut self, mut rules: Vec<&'a FeatureRule>) -> Result<()> {
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
        let referenced = rules.iter().flat_map(|rule| rule.requires.iter().chain(&rule.bounded_by));
        let referenced: Vec<_> = referenced.filter_map(|name| self.product.feature(name)).collect();
        rules.extend(referenced);
        let depends_on_model = |rule: &&&FeatureRule| !rule.on_model.is_empty() || !rule.free_on.is_empty();
        let Some(rule) = rules.iter().find(depends_on_model) else { return Ok(()) };
        let message = format!("the limit of `{}` depends on the model of the unit", rule.name);
        let error = Error::new(Reason::UnknownModel, message).at(self.unit);
        Err(with_details(error, &[("models", list(known()))]))
    }

    /// The articles of the product, in the order of the catalog.
    pub(super) fn sold(&self) -> impl Iterator<Item = &(FeatureName, Article<'a>)> {
        self.sold.iter()
    }

    /// The articles of one feature.
    pub(super) fn sold_of(&self, rule: &FeatureRule) -> impl Iterator<Item = &(FeatureName, Article<'a>)> {
        self.sold.iter().filter(|(_, article)| article.rule().name == rule.name)
    }

    /// The articles that the named codes were booked with and haven't passed on.
    pub(super) fn on_codes(&self) -> impl Iterator<Item = (&FeatureName, Article<'a>)> {
        let carried = |name: &FeatureName| self.named().any(|active| active.has_article(name));
        self.sold.iter().filter(move |(name, _)| carried(name)).map(|(name, article)| (name, *article))
    }

    /// Articles left on the named codes that the catalog no longer has.
    pub(super) fn discontinued(&self) -> BTreeSet<&'a FeatureName> {
        self.not_in_catalog(self.named().flat_map(|active| &active.source.pool.left))
    }

    /// Articles that the unit holds and the catalog no longer has.
    pub(super) fn held_discontinued(&self) -> BTreeSet<&'a FeatureName> {
        self.not_in_catalog(self.active_codes.iter().flat_map(|active| &active.source.held))
    }

    fn not_in_catalog<'b>(
        &self,
        lines: impl Iterator<Item = (&'b FeatureName, &'b u64)>,
    ) -> BTreeSet<&'b FeatureName> {
        let names = lines.filter(|(_, quantity)| **quantity > 0).map(|(name, _)| name);
        names.filter(|name| self.product.article(name).is_err()).collect()
    }

    pub(super) fn named(&self) -> impl Iterator<Item = &ActiveCode<'a>> {
        self.active_codes.iter().filter(|active| active.named)
    }

    /// How much of an article the unit holds, from all codes.
    pub(super) fn held(&self, name: &FeatureName) -> u64 {
        sum(self.active_codes.iter().map(|active| active.held(name)))
    }

    /// How much it holds from the named codes.
    pub(super) fn held_from_named(&self, name: &FeatureName) -> u64 {
        sum(self.named().map(|active| active.held(name)))
    }

    /// How much of an article is left on the named codes.
    pub(super) fn left(&self, name: &FeatureName) -> u64 {
        sum(self.named().map(|active| active.left(name)))
    }

    /// The overdraft of an article that the orders of the named codes allow.
    pub(super) fn overdraft(&self, name: &FeatureName) -> u64 {
        sum(self.named().map(|active| active.overdraft(name)))
    }

    /// How much can be taken: what is left, plus the overdraft if `may_overdraw`.
    pub(super) fn available(&self, name: &FeatureName) -> u64 {
        let overdraft = if self.may_overdraw { self.overdraft(name) } else { 0 };
        self.left(name).saturating_add(overdraft)
    }

    /// Another code from which the unit holds the article for at least as long as the named code would license it. Several that
    /// follow one another without a gap do as one; then it is the last of them.
    pub(super) fn covering_code(&self, name: &FeatureName) -> Option<&ActiveCode<'a>> {
        let has_overdraft = |active: &ActiveCode<'_>| self.may_overdraw && active.overdraft(name) > 0;
        let charged = self.named().find(|active| active.left(name) > 0);
        let charged = charged.or_else(|| self.named().find(|active| has_overdraft(active)));
        let others = || self.active_codes.iter().filter(|active| !active.named && active.held(name) > 0);
        let Some(charged) = charged else { return others().next() };
        let (begins, end) = (charged.term.from.max(self.today), end_or_max(charged.term));
        let has_begun = |other: &ActiveCode<'_>, by: i64| other.term.from.seconds() <= by;
        let alone =
            others().find(|other| has_begun(other, begins.seconds()) && end_or_max(other.term) >= end);
        if alone.is_some() {
            return alone;
        }
        let mut covered = begins.seconds();
        loop {
            let following = others().filter(|other| has_begun(other, covered));
            let last = following.max_by_key(|other| end_or_max(other.term))?;
            match end_or_max(last.term) {
                reached if reached >= end => return Some(last),
                reached if reached <= covered => return None,
                reached => covered = reached,
            }
        }
    }

    /// The steps of a level that the unit holds, and those in `added`.
    pub(super) fn steps(&self, rule: &FeatureRule, added: &Lines) -> Vec<Article<'a>> {
        self.steps_where(rule, |name| self.held(name) > 0 || count(added, name) > 0)
    }

    /// The steps of a level for which `predicate` is true.
    pub(super) fn steps_where(
        &self,
        rule: &FeatureRule,
        predicate: impl Fn(&FeatureName) -> bool,
    ) -> Vec<Article<'a>> {
        self.sold_of(rule).filter(|(name, _)| predicate(name)).map(|(_, article)| *article).collect()
    }
}

/// The quantity of an article.
pub(super) fn count(lines: &Lines, name: &FeatureName) -> u64 {
    lines.get(name).copied().unwrap_or_default()
}

/// Adds to the quantity of an article.
pub(super) fn add(lines: &mut BTreeMap<FeatureName, u64>, name: &FeatureName, quantity: u64) {
    if quantity > 0 {
        let line = lines.entry(name.clone()).or_default();
        *line = line.saturating_add(quantity);
    }
}

fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

/// The end of a term in seconds, to compare ends; a permanent term ends last.
pub(super) fn end_or_max(term: Term) -> i64 {
    term.until.map_or(i64::MAX, Time::seconds)
}

/// The version of a code, if it isn't the version of the license.
fn other_version<'a>(source: &'a ChargeSource, context: &ChargeContext<'_>) -> Option<&'a str> {
    source.pool.order.version.as_deref().filter(|version| Some(*version) != context.version)
}

/// The term of a named code, or why the code can't be used.
fn usable_term(source: &ChargeSource, context: &ChargeContext<'_>) -> Result<Term> {
    let order = &source.pool.order;
    let other = |field: &str, asked: &str, code: &str| {
        let error = Error::new(Reason::WrongProduct, format!("this code is for another {field}"));
        Err(with_details(error, &[("asked for", asked.to_owned()), ("code", code.to_owned())]))
    };
    if order.product != context.product.id {
        return other("product", &context.product.id, &order.product);
    }
    if let Some(version) = other_version(source, context) {
        return other("version", context.version.unwrap_or("none"), version);
    }
    if source.pool.cancelled {
        return Err(Error::new(Reason::Cancelled, format!("this code was {}", source.pool.closed_word())));
    }
    term_of(source, context.now)?
        .map_err(|ended| Error::new(Reason::Expired, format!("the term of this code ended at {ended}")))
}

/// The term of a code for this unit, or when it ended.
///
/// It begins with the day of the first activation. A length runs from that second to the end of a day.
fn term_of(source: &ChargeSource, now: Time) -> Result<Result<Term, Time>> {
    let term = &source.pool.order.term;
    let since = source.since.unwrap_or(now);
    match term.end_if_started(since)?.filter(|end| *end <= now) {
        Some(end) => Ok(Err(end)),
        None => term.starting(since).map(Ok),
    }
}
