//! What a vendor sells: products, models, features and the rules between them.

use std::collections::{BTreeMap, BTreeSet};

use airlatch_core::model::{FeatureName, Features};

use super::{GrantLock, MacRule};

/// A vendor's catalog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The vendor's name, as it stands on order sheets.
    pub vendor: Option<String>,
    /// The products; no two have the same id.
    pub products: Vec<Product>,
}

impl Catalog {
    /// The product with this id.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }
}

/// A product and everything that decides about its licenses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The id, as in requests and licenses.
    pub id: String,
    /// The name for people.
    pub name: Option<String>,
    /// The versions on sale; none where versions don't matter.
    pub versions: Vec<String>,
    /// The hardware models; none where they don't matter.
    pub models: Vec<Model>,
    /// The features, in the order of the catalog; no two have the same name.
    pub features: Vec<FeatureRule>,
    /// How units may be named and locked.
    pub lock: LockPolicy,
    /// Which devices may hold a license.
    pub mac: MacRule,
    /// Whether licenses may move to another unit.
    pub transferable: bool,
    /// For how many days after its end a license still works.
    pub grace_days: u32,
    /// For how many days after its first installation a host works without any license.
    pub activation_days: u32,
    /// What the license gives that a product is shipped with; `None` is everything at its most.
    pub starter: Option<Features>,
    /// The license for trying out, if there is one.
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

/// A license for trying out: once for a unit, without an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// For how many days.
    pub days: u32,
    /// What it gives.
    pub features: Features,
}

/// A hardware model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The id, as a request names it.
    pub id: String,
    /// The name for people.
    pub name: Option<String>,
    /// The beginnings of its MAC addresses: 6, 7 or 9 lower-case hexadecimal digits (24, 28 or 36 bits).
    pub prefixes: Vec<String>,
}

/// The ways a unit of a product may be named, and the tolerance of its lock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockPolicy {
    /// The allowed ways; never empty in a catalog that was read.
    pub kinds: BTreeSet<LockKind>,
    /// Tolerance and weak hosts.
    pub rule: GrantLock,
}

/// A way to name a unit.
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
    /// All ways.
    pub const ALL: [Self; 5] = [Self::Fingerprint, Self::LockingId, Self::SystemId, Self::Mac, Self::Site];

    /// The word in files, the same as a lock's.
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

/// A feature and the rules it is under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureRule {
    /// The name in licenses.
    pub name: FeatureName,
    /// What is sold of it.
    pub kind: FeatureKind,
    /// How much a unit may hold, where its model isn't named below.
    pub limit: Limit,
    /// How much a unit of a model may hold.
    pub on_model: BTreeMap<String, Limit>,
    /// Models that have it without any license; switches only.
    pub free_on: BTreeSet<String>,
    /// At least one of these has to be on the unit too; none means nothing is needed.
    pub requires: Vec<FeatureName>,
    /// A unit may hold no more of it than of this one.
    pub bounded_by: Option<FeatureName>,
    /// A unit that has it takes no second one.
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

/// What is sold of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeatureKind {
    /// It is on or not; the article is the feature, one for each unit.
    Switch,
    /// So many; the article is the feature.
    Count,
    /// A level that is reached by steps: articles `NAME#BASE` and `NAME#TO@FROM`.
    Level {
        /// The levels one can begin with.
        bases: BTreeSet<u64>,
        /// The steps up, `(from, to)`.
        upgrades: BTreeSet<(u64, u64)>,
    },
}

impl FeatureKind {
    /// Whether it is a level, sold in steps.
    pub const fn is_level(&self) -> bool {
        matches!(self, Self::Level { .. })
    }
}

/// How much of a feature a unit may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The model can't do it.
    Never,
    /// So much at most; for a switch it means that it can be had.
    AtMost(u64),
    /// As much as was bought.
    Any,
}
