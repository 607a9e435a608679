//! An order in words and in JSON, for verbs that do not yet show views.

use serde_json::{Value, json};

use airlatch_core::model::Time;
use airlatch_desk::orders::Pool;

use crate::view::{Order, View as _};

pub(super) use crate::view::amounts as list;

pub(super) fn lines(pool: &Pool) -> Vec<String> {
    Order::of(pool).lines(Time::from_seconds(0))
}

pub(super) fn json(pool: &Pool) -> Value {
    json!(Order::of(pool))
}
