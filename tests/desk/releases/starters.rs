//! Starter licenses.

use airlatch_core::format;
use airlatch_core::model::{Lock, Reason};
use airlatch_desk::catalog::{Limit, Product};
use airlatch_desk::desk;

use crate::scene::{catalog, features, key, time, trusted};

/// The telephone system with an activation period of 30 days, and a limit for every feature.
fn product() -> Product {
    let mut product = catalog().products.swap_remove(0);
    product.activation_days = 30;
    for rule in &mut product.features {
        if rule.name.as_str() == "registrations" {
            rule.limit = Limit::AtMost(500);
        }
    }
    product
}

#[test]
fn a_starter_gives_any_host_every_feature_at_its_maximum() {
    let now = time("2026-11-22T12:00:00Z");
    let license = desk::starter(&product(), now).unwrap();
    let most = "PBX 60, registrations 500, sessions 200, voicemail, fax, conference";
    assert_eq!(license.features, features(most));
    assert_eq!((license.lock.clone(), license.term.until), (Lock::Starter(30), None));
    assert!(license.unmetered && license.ledger.is_none());
    let issued = desk::seal_starter(license.clone(), &key(1)).unwrap();
    assert_eq!(*format::read_license(&issued.sealed, &trusted()).unwrap().get(), license);
    assert_eq!(desk::starter(&product(), now.plus_seconds(3_600)), Ok(license));
}

#[test]
fn a_count_without_a_limit_needs_a_starter_quantity() {
    let now = time("2026-11-22T12:00:00Z");
    let mut product = Product { activation_days: 30, ..catalog().products.swap_remove(0) };
    let error = desk::starter(&product, now).unwrap_err();
    assert_eq!((error.reason(), error.place()), (Reason::NotSold, Some("starter")));
    product.starter = Some(features("sessions 7"));
    assert_eq!(desk::starter(&product, now).unwrap().features, features("sessions 7"));
    product.activation_days = 0;
    assert_eq!(desk::starter(&product, now).unwrap_err().place(), Some("activation-days"));
}
