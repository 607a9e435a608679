//! Licenses and grants in words and in JSON, for verbs that do not yet show views.

use serde_json::{Value, json};

use airlatch_core::model::{self, Time};
use airlatch_desk::catalog;

use crate::view::{Grant, License, View as _};

pub(super) fn license(license: &model::License, now: Time) -> Vec<String> {
    License::of(license).lines(now)
}

pub(super) fn license_json(license: &model::License) -> Value {
    json!(License::of(license))
}

pub(super) fn end(license: &model::License, now: Time) -> String {
    License::of(license).end(now)
}

pub(super) fn grant(grant: &catalog::Grant) -> Vec<String> {
    Grant::of(grant).lines(Time::from_seconds(0))
}

pub(super) fn grant_json(grant: &catalog::Grant) -> Value {
    json!(Grant::of(grant))
}
