//! What is licensed of a product, now and later.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use airlatch_core::host::{self, Decrease, FeatureOutlook};
use airlatch_core::model::{FeatureName, Quantity, Time};

use super::{Rows, View, quantity, text, when};

/// So many features are named in a sentence; of more the number is told.
pub(crate) const NAMED: usize = 5;
/// Names beyond this width push their line to the right.
const WIDEST: usize = 40;

view! {
    /// A product with its features over all licenses together.
    Outlook<'a>(outlook: &'a host::Outlook, now: Time) {
        product: &'a str = &outlook.product,
        licenses: usize = outlook.licenses,
        reason: Option<&'static str> = outlook.loss_reason.as_ref().map(|why| why.reason.word()),
        features: BTreeMap<String, Feature<'a>> =
            outlook.features.iter().map(|(name, it)| (text(name), Feature::of(it, now))).collect(),
        next: Option<Next> = outlook.next().map(|fall| Next::of(&fall, now)),
    }
}

view! {
    /// A feature of it.
    Feature<'a>(prospect: &'a FeatureOutlook, now: Time) {
        licensed: bool = prospect.quantity.is_some(),
        quantity: Option<Value> = prospect.quantity.map(quantity),
        grace: bool = prospect.in_grace,
        advisory: bool = prospect.advisory,
        whole: Option<String> = prospect.first_decrease().map(|(at, _)| text(at)),
        then: Option<Value> = prospect.first_decrease().and_then(|(_, then)| then).map(quantity),
        until: Option<String> = prospect.end().map(text),
        days_left: Option<i64> = prospect.first_decrease().and_then(|(at, _)| when::days_left(now, at)),
        reason: Option<&'static str> = prospect.loss_reason.as_ref().map(|why| why.reason.word()),
        message: Option<&'a str> = prospect.loss_reason.as_ref().map(|why| why.message.as_str()),
    }
}

/// The next date to act.
#[derive(Serialize)]
pub(crate) struct Next {
    at: String,
    days_left: Option<i64>,
    features: Vec<String>,
}

impl Next {
    fn of(fall: &Decrease, now: Time) -> Self {
        let features = fall.features.iter().map(|(name, ..)| text(name)).collect();
        Self { at: text(fall.at), days_left: when::days_left(now, fall.at), features }
    }
}

impl View for Outlook<'_> {
    /// The product, a line for each feature, and the next date to act.
    fn rows(&self, now: Time) -> Rows {
        let held = match (&self.outlook.loss_reason, self.licenses) {
            (Some(why), _) => format!("not licensed: {}    [{}]", why.message, why.reason),
            (None, 1) => "1 valid license".to_owned(),
            (None, many) => format!("{many} valid licenses"),
        };
        let feature = |(name, prospect): (&FeatureName, &FeatureOutlook)| {
            let name = prospect.quantity.map_or_else(|| name.to_string(), |held| held.with_name(name));
            (name, licensed(prospect, now))
        };
        let next = self.outlook.next().map(|fall| {
            let what = if fall.features.is_empty() { "its license ends".into() } else { becomes(&fall) };
            (
                "next date to act".to_owned(),
                format!("{}, {}: {what}", when::last(fall.at, now), when::left(now, fall.at)),
            )
        });
        let mut lines: Vec<(String, String)> = self.outlook.features.iter().map(feature).collect();
        let widths = lines.iter().map(|(name, _)| name.chars().count());
        let width = widths.max().unwrap_or(0).max("next date to act".len()).min(WIDEST);
        lines.extend(next);
        // Two blanks before the value, behind the longest names too.
        lines.iter_mut().for_each(|(name, _)| name.push(' '));
        Rows::new(2, width + 1)
            .words(format!("{}: {held}", self.product))
            .pairs(lines.iter().map(|(name, what)| (name.as_str(), what)))
    }
}

/// Whether and until when.
fn licensed(prospect: &FeatureOutlook, now: Time) -> String {
    if prospect.quantity.is_none() {
        let Some(why) = &prospect.loss_reason else { return "not licensed".into() };
        return format!("not licensed: {}    [{}]", why.message, why.reason);
    }
    let word = match (prospect.in_grace, prospect.advisory) {
        (true, _) => "licensed, in grace,",
        (false, true) => "licensed, with a warning,",
        (false, false) => "licensed",
    };
    match prospect.first_decrease() {
        None => format!("{word} for ever"),
        Some((at, None)) => format!("{word} {}", when::until_and_left(at, now)),
        Some((at, Some(then))) => format!("{word} {}; then {then}", when::until_and_left(at, now)),
    }
}

/// `sessions 100 end, voicemail falls to …`.
pub(crate) fn becomes(fall: &Decrease) -> String {
    let one = |(name, before, then): &(FeatureName, Quantity, Option<Quantity>)| match then {
        None if matches!(before, Quantity::Count(number) if *number > 1) => {
            format!("{} end", before.with_name(name))
        }
        None => format!("{} ends", before.with_name(name)),
        Some(then) => format!("{} falls to {then}", before.with_name(name)),
    };
    let mut words: Vec<String> = fall.features.iter().take(NAMED).map(one).collect();
    let more = fall.features.len().saturating_sub(NAMED);
    if more > 0 {
        words.push(format!("{more} more"));
    }
    words.join(", ")
}
