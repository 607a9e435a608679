//! The content of a catalog: products, models, features and the rules between them.

use std::collections::{BTreeMap, BTreeSet};

use airlatch_core::model::{FeatureName, Features};

use super::{GrantLock, MacRule};

/// A vendor's catalog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The vendor's name, printed on order sheets.
    pub vendor: Option<String>,
    /// The products; ids are unique.
    pub products: Vec<Product>,
}

impl Catalog {
    /// The product with this id.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }
}

/// A product with all rules for its licenses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The id, as in requests and licenses.
    pub id: String,
    /// The display name.
    pub name: Option<String>,
    /// The versions on sale; empty if the product has no versions.
    pub versions: Vec<String>,
    /// The hardware models; empty if the product has none.
    pub models: Vec<Model>,
    /// The features, in the order of the catalog; names are unique.
    pub features: Vec<FeatureRule>,
    /// How units may be identified and locked.
    pub lock: LockPolicy,
    /// The MAC addresses of its devices.
    pub mac: MacRule,
    /// Whether licenses may be moved to another unit.
    pub transferable: bool,
    /// How often within a year a license may move to another machine; `None` means any number.
    pub moves_per_year: Option<u32>,
    /// For how many days after its end a license still works: the grace period.
    pub grace_days: u32,
    /// For how many days a license with an end works on a host that lost its memory or can't keep one.
    pub memory_days: u32,
    /// Whether its licenses only advise: an end, changed hardware or a wrong clock warns and stops nothing. Trials and starters
    /// are enforced all the same.
    pub advisory: bool,
    /// For how many days after its first installation a host works without any license.
    pub activation_days: u32,
    /// The features of the starter license that ships with the product; `None` means all, each at its maximum.
    pub starter: Option<Features>,
    /// The trial license, if the product has one.
    pub evaluation: Option<Evaluation>,
}

impl Product {
    /// The rule of a feature.
    pub fn feature(&self, name: &FeatureName) -> Option<&FeatureRule> {
        self.features.iter().find(|rule| rule.name == *name)
    }

    /// The model with this id.
    pub fn model(&self, id: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.id == id)
    }
}

/// A trial license: once per unit, without an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// How many days it lasts.
    pub days: u32,
    /// Its features.
    pub features: Features,
}

/// A hardware model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The id, as in requests.
    pub id: String,
    /// The display name.
    pub name: Option<String>,
    /// The prefixes of its MAC addresses: 6, 7 or 9 lower-case hexadecimal digits (24, 28 or 36 bits).
    pub prefixes: Vec<String>,
}

/// How units of a product may be identified, and the tolerance of their locks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockPolicy {
    /// The allowed kinds of lock; never empty in a catalog read from a file.
    pub kinds: BTreeSet<LockKind>,
    /// Tolerance and weak hosts.
    pub rule: GrantLock,
}

/// How a unit is identified, and what its license is locked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockKind {
    /// A request: its hashed components.
    Fingerprint,
    /// A typed Locking ID.
    LockingId,
    /// A System ID, typed or from a request.
    SystemId,
    /// A MAC address.
    Mac,
    /// A site serial.
    Site,
}

impl LockKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Fingerprint, Self::LockingId, Self::SystemId, Self::Mac, Self::Site];

    /// The word in files; the same as that of the lock in a license.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fingerprint => "fingerprint",
            Self::LockingId => "locking-id",
            Self::SystemId => "system-id",
            Self::Mac => "mac",
            Self::Site => "site",
        }
    }
}

/// A feature with its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureRule {
    /// The name in licenses.
    pub name: FeatureName,
    /// How it is sold.
    pub kind: FeatureKind,
    /// How much a unit may hold, unless `on_model` has its model.
    pub limit: Limit,
    /// How much a unit of a model may hold.
    pub on_model: BTreeMap<String, Limit>,
    /// Models that have it without a license; for switches only.
    pub free_on: BTreeSet<String>,
    /// The unit also needs at least one of these; empty means it needs none.
    pub requires: Vec<FeatureName>,
    /// A unit may hold no more of this feature than of that one.
    pub bounded_by: Option<FeatureName>,
    /// A unit that has it can't get it a second time from another code.
    pub not_twice: bool,
}

impl FeatureRule {
    /// How much a unit of `model` may hold.
    pub fn limit_on(&self, model: Option<&str>) -> Limit {
        model.and_then(|model| self.on_model.get(model)).copied().unwrap_or(self.limit)
    }

    /// Whether units of `model` have it without a license.
    pub fn is_free_on(&self, model: Option<&str>) -> bool {
        model.is_some_and(|model| self.free_on.contains(model))
    }
}

/// How a feature is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeatureKind {
    /// On or off; the article is the feature, one per unit.
    Switch,
    /// A number of them; the article is the feature.
    Count,
    /// A level, sold in steps: articles `NAME#BASE` and `NAME#TO@FROM`.
    Level {
        /// The base levels.
        bases: BTreeSet<u64>,
        /// The upgrades, `(from, to)`.
        upgrades: BTreeSet<(u64, u64)>,
    },
}

impl FeatureKind {
    /// Whether it is a level.
    pub const fn is_level(&self) -> bool {
        matches!(self, Self::Level { .. })
    }
}

/// How much of a feature a unit may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// None: the model doesn't support it.
    Never,
    /// At most this many; for a switch, that a unit can have it.
    AtMost(u64),
    /// No limit.
    Any,
}
