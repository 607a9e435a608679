//! The products of a catalog.

use airlatch_core::model::Time;
use airlatch_desk::catalog::{self, FeatureKind, FeatureRule, Limit};

use super::license::{ADVISORY, enforcement};
use super::{Rows, View};

view! {
    /// A product and its features.
    Product<'a>(product: &'a catalog::Product) {
        id: &'a str = &product.id,
        name: Option<&'a str> = product.name.as_deref(),
        versions: &'a [String] = &product.versions,
        models: Vec<&'a str> = product.models.iter().map(|model| model.id.as_str()).collect(),
        lock: Vec<&'static str> = product.lock.kinds.iter().map(|kind| kind.word()).collect(),
        transferable: bool = product.transferable,
        moves_per_year: Option<u32> = product.moves_per_year,
        grace_days: u32 = product.grace_days,
        enforcement: &'static str = enforcement(product.advisory),
        memory_days: u32 = product.memory_days,
        activation_days: u32 = product.activation_days,
        evaluation_days: Option<u32> = product.evaluation.as_ref().map(|evaluation| evaluation.days),
        features: Vec<Feature<'a>> = product.features.iter().map(Feature::of).collect(),
    }
}

view! {
    /// What a catalog allows although it makes locks weak.
    CatalogWarning<'a>(warning: &'a catalog::Warning) {
        product: &'a str = &warning.product,
        field: &'static str = warning.field,
        message: &'a str = &warning.message,
    }
}

view! {
    /// Its articles.
    Feature<'a>(rule: &'a FeatureRule) {
        name: &'a str = rule.name.as_str(),
        sold: String = sold(rule),
    }
}

impl View for Product<'_> {
    fn rows(&self, _: Time) -> Rows {
        let title = self.name.map_or_else(|| self.id.to_owned(), |name| format!("{}  {name}", self.id));
        let trial = self.product.evaluation.as_ref();
        Rows::below()
            .words(title)
            .each("versions", (!self.versions.is_empty()).then(|| self.versions.join(", ")))
            .each("models", (!self.models.is_empty()).then(|| self.models.join(", ")))
            .row("lock", self.lock.join(", "))
            .each("transfer", (!self.transferable).then_some("licenses may not move to another unit"))
            .each("limits", self.product.advisory.then_some(ADVISORY))
            .each(
                "moves",
                self.moves_per_year
                    .map(|most| format!("of a license to another machine, within a year: {most}")),
            )
            .each("trial", trial.map(|trial| format!("{} days of {}", trial.days, trial.features)))
            .each("articles", self.features.iter().map(|feature| &feature.sold))
    }
}

/// A feature with its rules in one line.
fn sold(rule: &FeatureRule) -> String {
    let mut words = vec![match &rule.kind {
        FeatureKind::Switch => rule.name.to_string(),
        FeatureKind::Count => format!("{}=N", rule.name),
        FeatureKind::Level { bases, upgrades } => {
            let bases = bases.iter().map(|base| format!("{}#{base}", rule.name));
            let steps = upgrades.iter().map(|(from, to)| format!("{}#{to}@{from}", rule.name));
            bases.chain(steps).collect::<Vec<_>>().join(", ")
        }
    }];
    if let Limit::AtMost(most) = rule.limit
        && rule.kind == FeatureKind::Count
    {
        words.push(format!("at most {most}"));
    }
    let models: Vec<_> = rule.on_model.iter().filter(|(_, limit)| **limit != Limit::Never).collect();
    if !models.is_empty() {
        let model = |(model, limit): &(&String, &Limit)| match limit {
            Limit::AtMost(most) if rule.kind != FeatureKind::Switch => format!("{model} at most {most}"),
            _ => (*model).clone(),
        };
        words.push(format!("on {}", models.iter().map(model).collect::<Vec<_>>().join(", ")));
    }
    if !rule.requires.is_empty() {
        let names: Vec<_> = rule.requires.iter().map(ToString::to_string).collect();
        words.push(format!("needs {}", names.join(" or ")));
    }
    words.extend(rule.bounded_by.iter().map(|name| format!("no more than {name}")));
    if !rule.free_on.is_empty() {
        let models: Vec<_> = rule.free_on.iter().cloned().collect();
        words.push(format!("free on {}", models.join(", ")));
    }
    words.join("; ")
}
