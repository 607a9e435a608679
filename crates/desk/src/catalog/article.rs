//! The articles of a product, and how a name is resolved to one.

use std::fmt;

use airlatch_core::model::{Error, FeatureName, Mac, Reason, Result, near};

use super::{FeatureKind, FeatureRule, Model, Product};

/// What an order line can name: a feature, or a step of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Article<'a> {
    /// A switch, or one unit of a count.
    Feature(&'a FeatureRule),
    /// A base level, the first step a unit takes: `PBX#15`.
    Base(&'a FeatureRule, u64),
    /// An upgrade from the level a unit has: `PBX#30@15`.
    Upgrade {
        /// The rule of the level.
        rule: &'a FeatureRule,
        /// The level it starts from.
        from: u64,
        /// The level it leads to; higher.
        to: u64,
    },
}

impl<'a> Article<'a> {
    /// The rule of the feature it belongs to.
    pub fn rule(&self) -> &'a FeatureRule {
        match self {
            Self::Feature(rule) | Self::Base(rule, _) | Self::Upgrade { rule, .. } => rule,
        }
    }
}

impl fmt::Display for Article<'_> {
    /// Writes the name used in order lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feature(rule) => rule.name.fmt(f),
            Self::Base(rule, level) => write!(f, "{}#{level}", rule.name),
            Self::Upgrade { rule, from, to } => write!(f, "{}#{to}@{from}", rule.name),
        }
    }
}

impl FeatureRule {
    /// All articles of the feature: the feature itself, or its base levels and then its upgrades.
    pub fn articles(&self) -> Vec<Article<'_>> {
        match &self.kind {
            FeatureKind::Switch | FeatureKind::Count => vec![Article::Feature(self)],
            FeatureKind::Level { bases, upgrades } => {
                let bases = bases.iter().map(|level| Article::Base(self, *level));
                let steps = upgrades.iter().map(|&(from, to)| Article::Upgrade { rule: self, from, to });
                bases.chain(steps).collect()
            }
        }
    }
}

impl Product {
    /// The article with this name.
    ///
    /// # Errors
    /// `not-sold`. The message suggests a similar article; for a level without a step or with an unknown one, the detail
    /// lists its steps.
    pub fn article(&self, name: &FeatureName) -> Result<Article<'_>> {
        let articles =
            |rule: &FeatureRule| -> Vec<String> { rule.articles().iter().map(ToString::to_string).collect() };
        // The text before `#` names the feature only if that is a level: `#` may be part of another feature's name.
        let feature = self.feature(name);
        let level = name.as_str().split_once('#').and_then(|(level, _)| {
            self.features.iter().find(|rule| rule.name.as_str() == level && rule.kind.is_level())
        });
        let rule = feature.or(level);
        let articles_of_rule = rule.map(FeatureRule::articles).unwrap_or_default();
        if let Some(article) =
            articles_of_rule.into_iter().find(|article| article.to_string() == name.as_str())
        {
            return Ok(article);
        }
        let title = self.name.as_deref().unwrap_or(&self.id);
        if let Some(rule) = rule {
            let message = match feature {
                Some(_) => format!("`{name}` is a level: name one of its steps"),
                None => format!("`{}` has no step `{name}`", rule.name),
            };
            let steps = format!("steps {}", articles(rule).join(", "));
            return Err(Error::new(Reason::NotSold, message).detail(steps));
        }
        let sold: Vec<String> = self.features.iter().flat_map(articles).collect();
        let hint = near::hint(sold.iter().map(String::as_str), name.as_str());
        let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        Err(Error::new(Reason::NotSold, format!("`{name}` is not sold for {title}{hint}")))
    }

    /// The model with the longest MAC prefix that matches this address.
    pub fn model_of(&self, mac: Mac) -> Option<&Model> {
        let bare = mac.bare();
        let longest_match = |model: &Model| {
            let matching = model.prefixes.iter().filter(|prefix| bare.starts_with(prefix.as_str()));
            matching.map(String::len).max()
        };
        let found = self.models.iter().filter_map(|model| Some((longest_match(model)?, model)));
        found.max_by_key(|(length, _)| *length).map(|(_, model)| model)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalog::{Limit, LockPolicy, MacRule};

    fn rule(name: &str, kind: FeatureKind) -> FeatureRule {
        FeatureRule {
            name: name.parse().unwrap(),
            kind,
            limit: Limit::Any,
            on_model: BTreeMap::new(),
            free_on: [].into(),
            requires: Vec::new(),
            bounded_by: None,
            not_twice: false,
        }
    }

    fn pbx() -> Product {
        let level = FeatureKind::Level { bases: [15, 100].into(), upgrades: [(15, 30), (30, 100)].into() };
        let model = |id: &str, prefixes: &[&str]| Model {
            id: id.into(),
            name: None,
            prefixes: prefixes.iter().map(ToString::to_string).collect(),
        };
        Product {
            id: "pbx".into(),
            name: None,
            versions: Vec::new(),
            models: vec![
                model("any", &["009033"]),
                model("IP800", &["0090330"]),
                model("IP24", &["009033012", "009034"]),
            ],
            features: vec![
                rule("PBX", level),
                rule("voicemail", FeatureKind::Switch),
                rule("G#1", FeatureKind::Count),
            ],
            lock: LockPolicy::default(),
            mac: MacRule::default(),
            transferable: true,
            grace_days: 0,
            advisory: false,
            memory_days: 14,
            activation_days: 0,
            moves_per_year: None,
            evaluation: None,
            starter: None,
        }
    }

    #[test]
    fn every_article_is_found_by_its_name() {
        let pbx = pbx();
        let all: Vec<_> = pbx.features.iter().flat_map(FeatureRule::articles).collect();
        let names: Vec<_> = all.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["PBX#15", "PBX#100", "PBX#30@15", "PBX#100@30", "voicemail", "G#1"]);
        for article in all {
            assert_eq!(pbx.article(&article.to_string().parse().unwrap()), Ok(article));
        }
    }

    #[test]
    fn an_unknown_article_gets_a_suggestion() {
        for (name, message, detail) in [
            (
                "PBX",
                "`PBX` is a level: name one of its steps",
                Some("steps PBX#15, PBX#100, PBX#30@15, PBX#100@30"),
            ),
            ("PBX#31", "`PBX` has no step `PBX#31`", Some("steps PBX#15")),
            ("PBX#015", "has no step", Some("steps PBX#15")),
            ("PBX#15@30", "has no step", Some("steps PBX#15")),
            ("PBX#", "has no step", Some("steps PBX#15")),
            ("pbx#15", "did you mean `PBX#15`?", None),
            ("voicmail", "`voicmail` is not sold for pbx; did you mean `voicemail`?", None),
            ("video", "there are PBX#15, PBX#100", None),
            ("voicemail#1", "not sold for pbx; there are", None),
            ("G#2", "did you mean `G#1`?", None),
        ] {
            let error = pbx().article(&name.parse().unwrap()).unwrap_err();
            assert_eq!(error.reason(), Reason::NotSold);
            assert!(error.message().contains(message), "{error}");
            let first = error.details().first();
            assert_eq!(first.is_some(), detail.is_some(), "{error}");
            assert!(first.is_none_or(|line| line.starts_with(detail.unwrap_or_default())), "{first:?}");
        }
    }

    #[test]
    fn the_longest_matching_prefix_decides_the_model() {
        let pbx = pbx();
        let id = |mac: &str| pbx.model_of(mac.parse().unwrap()).map(|model| model.id.as_str());
        assert_eq!(id("00-90-33-f1-02-03"), Some("any"));
        assert_eq!(id("00-90-33-00-02-03"), Some("IP800"));
        assert_eq!(id("00-90-33-01-2f-03"), Some("IP24"));
        assert_eq!(id("00-90-34-01-2f-03"), Some("IP24"));
        assert_eq!(id("00-90-35-01-2f-03"), None);
    }
}
