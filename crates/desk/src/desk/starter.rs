//! The license that a product is shipped with: for any host, for its first days.

use crate::catalog::{FeatureKind, FeatureRule, Limit, Product};
use airlatch_core::model::{Error, Features, License, Lock, Quantity, Reason, Result, Term, Time};

use super::Issued;
use super::issue::seal_license;
use airlatch_core::crypto::PrivateKey;

/// What the license says that any host may start with: the product's activation period, everything the catalog sells of
/// it at its most, wherever it runs. It costs nothing and names nobody; the same day gives the same license.
///
/// # Errors
/// `not-sold` when the catalog gives no such days, or a quantity has no limit there and `starter` doesn't say it.
pub fn starter(product: &Product, now: Time) -> Result<License> {
    if product.activation_days == 0 {
        let message = format!("the catalog gives `{}` no days before it is activated", product.id);
        return Err(Error::new(Reason::NotSold, message).at("activation-days"));
    }
    let features = match &product.starter {
        Some(features) => features.clone(),
        None => all_features(product)?,
    };
    let issued = now.start_of_day();
    Ok(License {
        issued,
        product: product.id.clone(),
        version: None,
        number: None,
        customer: None,
        order: None,
        unmetered: true,
        request: None,
        model: None,
        term: Term { from: issued, until: None },
        features,
        after: Vec::new(),
        grace_days: 0,
        drift_days: 0,
        allow: product.lock.rule.allow,
        not_transferable: false,
        ledger: None,
        lock: Lock::Starter(product.activation_days),
        unknown: Vec::new(),
    })
}

/// Signs it.
///
/// # Errors
/// `too-large`.
pub fn seal_starter(license: License, key: &PrivateKey) -> Result<Issued> {
    seal_license(license, Vec::new(), key)
}

/// Every feature at its most.
fn all_features(product: &Product) -> Result<Features> {
    let mut features = Features::default();
    for rule in &product.features {
        if let Some(quantity) = maximum(rule)? {
            features.add(rule.name.clone(), quantity)?;
        }
    }
    Ok(features)
}

/// The most that any unit may have; `None` where none may have it.
fn maximum(rule: &FeatureRule) -> Result<Option<Quantity>> {
    let limits = rule.on_model.values().chain([&rule.limit]);
    let most = limits.map(|limit| match limit {
        Limit::Never => 0,
        Limit::AtMost(most) => *most,
        Limit::Any => u64::MAX,
    });
    let most = most.max().unwrap_or(0);
    match &rule.kind {
        _ if most == 0 => Ok(None),
        FeatureKind::Switch => Ok(Some(Quantity::On)),
        FeatureKind::Level { bases, upgrades } => {
            let levels = bases.iter().copied().chain(upgrades.iter().map(|(_, to)| *to));
            levels.filter(|level| *level <= most).max().map(Quantity::count).transpose()
        }
        FeatureKind::Count if most == u64::MAX => {
            let message =
                format!("`{}` has no limit in the catalog: `starter` has to say how much", rule.name);
            let line = format!("in the catalog  starter = {{ {} = 10 }}", rule.name);
            Err(Error::new(Reason::NotSold, message).at("starter").detail(line))
        }
        FeatureKind::Count => Quantity::count(most).map(Some),
    }
}
