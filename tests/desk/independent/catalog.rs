//! Catalogs of the model: chosen at random, and written as TOML for the desk.

use std::collections::{BTreeMap, BTreeSet};

use super::act::Amounts;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Switch,
    Count,
    Level { bases: BTreeSet<u64>, upgrades: BTreeSet<(u64, u64)> },
}

/// How much of a feature a unit of one model may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnModel {
    None,
    Maximum,
    Number(u64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    pub name: String,
    pub kind: Kind,
    pub maximum: Option<u64>,
    pub models: BTreeMap<String, OnModel>,
    pub free_on: BTreeSet<String>,
    pub requires: Vec<String>,
    pub bounded_by: Option<String>,
    pub not_twice: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub id: String,
    pub grace_days: i64,
    /// The models, and the prefix of their MACs.
    pub models: Vec<(String, Option<String>)>,
    pub features: Vec<Feature>,
    /// What left the catalog.
    pub gone: Vec<Feature>,
    /// The days and features of the trial license; a switch is 1.
    pub trial: Option<(i64, Amounts)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog(pub Vec<Product>);

impl Feature {
    pub fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            maximum: None,
            models: BTreeMap::new(),
            free_on: BTreeSet::new(),
            requires: Vec::new(),
            bounded_by: None,
            not_twice: false,
        }
    }

    pub fn is_level(&self) -> bool {
        matches!(self.kind, Kind::Level { .. })
    }

    pub fn articles(&self) -> Vec<String> {
        let name = &self.name;
        match &self.kind {
            Kind::Level { bases, upgrades } => {
                let bases = bases.iter().map(|base| format!("{name}#{base}"));
                bases.chain(upgrades.iter().map(|(from, to)| format!("{name}#{to}@{from}"))).collect()
            }
            _ => vec![name.clone()],
        }
    }

    pub fn is_free(&self, model: Option<&str>) -> bool {
        model.is_some_and(|model| self.free_on.contains(model))
    }

    /// The most that a unit of this model may hold; `None` is no limit.
    pub fn limit(&self, model: Option<&str>) -> Option<u64> {
        let Some(model) = model.filter(|_| !self.models.is_empty()) else { return self.maximum };
        match self.models.get(model) {
            Some(OnModel::Maximum) => self.maximum,
            Some(OnModel::Number(most)) => Some(*most),
            None if self.free_on.contains(model) => self.maximum,
            Some(OnModel::None) | None => Some(0),
        }
    }

    fn toml(&self) -> String {
        let quoted = |names: Vec<&String>| {
            names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
        };
        let mut fields = vec![match &self.kind {
            Kind::Switch => "kind = \"switch\"".to_owned(),
            Kind::Count => "kind = \"count\"".to_owned(),
            Kind::Level { bases, upgrades } => {
                let bases = bases.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
                let upgrades: Vec<_> = upgrades.iter().map(|(from, to)| format!("\"{to}@{from}\"")).collect();
                format!("kind = \"level\", base = [{bases}], upgrade = [{}]", upgrades.join(", "))
            }
        }];
        fields.extend(self.maximum.map(|most| format!("maximum = {most}")));
        if !self.models.is_empty() {
            let models = self.models.iter().map(|(model, most)| match most {
                OnModel::None => format!("{model} = false"),
                OnModel::Maximum => format!("{model} = true"),
                OnModel::Number(most) => format!("{model} = {most}"),
            });
            fields.push(format!("models = {{ {} }}", models.collect::<Vec<_>>().join(", ")));
        }
        if !self.free_on.is_empty() {
            fields.push(format!("free-on = [{}]", quoted(self.free_on.iter().collect())));
        }
        if !self.requires.is_empty() {
            fields.push(format!("requires = [{}]", quoted(self.requires.iter().collect())));
        }
        fields.extend(self.bounded_by.as_ref().map(|bound| format!("bounded-by = \"{bound}\"")));
        fields.extend(self.not_twice.then(|| "not-twice = true".to_owned()));
        format!("{} = {{ {} }}\n", self.name, fields.join(", "))
    }
}

impl Product {
    pub fn feature(&self, name: &str) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.name == name)
    }

    /// The feature that an article belongs to.
    pub fn feature_of(&self, article: &str) -> Option<&Feature> {
        self.feature(article.split('#').next().unwrap_or(article))
    }

    fn toml(&self) -> String {
        let mut text = format!("[[product]]\nid = \"{}\"\nlock = [\"mac\", \"fingerprint\"]\n", self.id);
        if self.grace_days > 0 {
            text += &format!("grace-days = {}\n", self.grace_days);
        }
        if let Some((days, features)) = &self.trial {
            let value = |(name, many): (&String, &u64)| match self.feature(name).map(|it| &it.kind) {
                Some(Kind::Switch) => format!("{name} = true"),
                _ => format!("{name} = {many}"),
            };
            let features: Vec<_> = features.iter().map(value).collect();
            text += &format!("evaluation = {{ days = {days}, features = {{ {} }} }}\n", features.join(", "));
        }
        for (model, prefix) in &self.models {
            text += &format!("[[product.model]]\nid = \"{model}\"\n");
            if let Some(prefix) = prefix {
                text += &format!("mac = [\"{prefix}\"]\n");
            }
        }
        text + "[product.feature]\n" + &self.features.iter().map(Feature::toml).collect::<String>()
    }
}

impl Catalog {
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.0.iter().find(|product| product.id == id)
    }

    pub fn toml(&self) -> String {
        self.0.iter().map(Product::toml).collect()
    }

    /// A feature leaves the catalog, unless another or the trial license needs it.
    pub fn remove(&mut self, name: &str) {
        for product in &mut self.0 {
            let is_needed = product.trial.as_ref().is_some_and(|(_, trial)| trial.contains_key(name))
                || product
                    .features
                    .iter()
                    .any(|it| it.requires.iter().chain(&it.bounded_by).any(|other| other == name));
            let at = product.features.iter().position(|feature| feature.name == name);
            if let Some(at) = at.filter(|_| !is_needed && product.features.len() > 1) {
                let feature = product.features.remove(at);
                product.gone.push(Feature::new(name, feature.kind));
            }
        }
    }

    /// Units may hold at most this much from now on.
    pub fn lower(&mut self, name: &str, most: u64) {
        let features =
            self.0.iter_mut().filter(|product| product.trial.is_none()).flat_map(|it| &mut it.features);
        for feature in features.filter(|it| it.name == name && it.kind == Kind::Count) {
            feature.maximum = Some(feature.maximum.map_or(most, |before| before.min(most)));
            for on_model in feature.models.values_mut() {
                if let OnModel::Number(number) = on_model {
                    *number = most.min(*number);
                }
            }
        }
    }
}
