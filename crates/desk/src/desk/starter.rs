//! The starter license that ships with a product: for any host, for its first days.

use crate::catalog::{FeatureKind, FeatureRule, Limit, Product};
use airlatch_core::model::{Cause, Error, Features, License, Lock, Quantity, Reason, Result, Term, Time};

use super::Issued;
use super::issue::seal_license;
use airlatch_core::crypto::PrivateKey;

/// The starter license of a product: any host may run it for the activation period, with the features of `starter` in the
/// catalog or all features at their maximum. It is not charged; the same day gives the same license.
///
/// # Errors
/// `not-sold` if the product has no `activation-days`, or a count has no limit and the catalog no `starter`.
pub fn starter(product: &Product, now: Time) -> Result<License> {
    if product.activation_days == 0 {
        let message = format!("`{}` has no activation period in the catalog", product.id);
        return Err(Error::new(Reason::NotSold, message)
            .because(Cause::NoActivationPeriod)
            .at("activation-days"));
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
        advisory: false,
        memory_days: airlatch_core::model::MEMORY_DAYS,
        not_transferable: false,
        weak_lock: false,
        ledger: None,
        lock: Lock::Starter(product.activation_days),
        unknown: Vec::new(),
    })
}

/// Signs a starter license.
///
/// # Errors
/// `too-large`.
pub fn seal_starter(license: License, key: &PrivateKey) -> Result<Issued> {
    seal_license(license, Vec::new(), key)
}

/// All features, each at its maximum.
fn all_features(product: &Product) -> Result<Features> {
    let mut features = Features::default();
    for rule in &product.features {
        if let Some(quantity) = maximum(rule)? {
            features.add(rule.name.clone(), quantity)?;
        }
    }
    Ok(features)
}

/// The most that a unit of any model may have; `None` if no model supports it.
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
                format!("`{}` has no limit in the catalog: state its quantity under `starter`", rule.name);
            let line = format!("in the catalog  starter = {{ {} = 10 }}", rule.name);
            Err(Error::new(Reason::NotSold, message).at("starter").detail(line))
        }
        FeatureKind::Count => Quantity::count(most).map(Some),
    }
}
