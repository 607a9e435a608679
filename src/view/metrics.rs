//! What is licensed on a host as Prometheus metrics, for the text file collector of its node exporter.

use airlatch_core::host::{FeatureOutlook, Outlook};
use airlatch_core::model::{Error, FeatureName, Quantity, Time};

use super::when;

/// What the metrics are made of.
pub(crate) struct Metrics<'a> {
    /// What is licensed of each product.
    pub(crate) outlooks: &'a [Outlook],
    /// The warnings that were given.
    pub(crate) warnings: &'a [Error],
    /// Whether nothing has to be done.
    pub(crate) is_well: bool,
    /// The time of the check.
    pub(crate) now: Time,
}

impl Metrics<'_> {
    /// The text exposition format 0.0.4.
    pub(crate) fn text(&self) -> String {
        let mut page = Page::default();
        page.head("airlatch_last_check_timestamp_seconds", "When the licenses were checked.");
        page.value(&[], self.now.seconds());
        page.head("airlatch_well", "Whether nothing has to be done, as in `status --check`.");
        page.value(&[], i64::from(self.is_well));
        page.head("airlatch_warnings", "Warnings of `status`, by reason word.");
        let mut words: Vec<&str> = self.warnings.iter().map(|warning| warning.reason().word()).collect();
        words.sort_unstable();
        for same in words.chunk_by(|one, other| one == other) {
            page.value(&[("reason", same[0])], same.len() as i64);
        }
        page.head("airlatch_product_licenses", "Licenses that work, by product.");
        for outlook in self.outlooks {
            page.value(&[("product", &outlook.product)], outlook.licenses as i64);
        }
        let quantity = |feature: &FeatureOutlook| {
            Some(match feature.quantity {
                None => 0,
                Some(Quantity::On) => 1,
                Some(Quantity::Count(many)) => i64::try_from(many).unwrap_or(i64::MAX),
            })
        };
        let decrease = |feature: &FeatureOutlook| feature.first_decrease().map(|(at, _)| at);
        let help = "What is licensed of a feature: 0 nothing, 1 a switch, else how many.";
        self.features(&mut page, "airlatch_feature_quantity", help, quantity);
        let help = "Whether some of a feature comes from a license in grace.";
        self.features(&mut page, "airlatch_feature_in_grace", help, |it| Some(i64::from(it.in_grace)));
        let help = "Whether some of a feature comes from an advisory license beyond its limits.";
        self.features(&mut page, "airlatch_feature_advisory", help, |it| Some(i64::from(it.advisory)));
        let help = "When a feature ends or becomes less; missing for what lasts for ever.";
        self.features(&mut page, "airlatch_feature_end_timestamp_seconds", help, |it| {
            Some(decrease(it)?.seconds())
        });
        let help = "Days until a feature ends or becomes less; missing for what lasts for ever.";
        self.features(&mut page, "airlatch_feature_days_left", help, |it| {
            when::days_left(self.now, decrease(it)?)
        });
        page.text
    }

    fn features(
        &self,
        page: &mut Page,
        name: &'static str,
        help: &str,
        value: impl Fn(&FeatureOutlook) -> Option<i64>,
    ) {
        page.head(name, help);
        for outlook in self.outlooks {
            let known =
                |(name, feature): (&FeatureName, &FeatureOutlook)| Some((name.to_string(), value(feature)?));
            for (feature, value) in outlook.features.iter().filter_map(known) {
                page.value(&[("product", &outlook.product), ("feature", &feature)], value);
            }
        }
    }
}

/// The text so far, and the metric that was begun last.
#[derive(Default)]
struct Page {
    text: String,
    name: &'static str,
}

impl Page {
    /// Begins a metric; every one here is a gauge.
    fn head(&mut self, name: &'static str, help: &str) {
        self.name = name;
        self.text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
    }

    /// Adds a value of the metric begun last.
    fn value(&mut self, labels: &[(&str, &str)], value: i64) {
        let label = |(label, value): &(&str, &str)| format!("{label}=\"{}\"", escaped(value));
        let labels = labels.iter().map(label).collect::<Vec<_>>().join(",");
        let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
        self.text.push_str(&format!("{}{labels} {value}\n", self.name));
    }
}

/// A label's value: backslash, quote and line feed are escaped.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
