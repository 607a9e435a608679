//! The verdict on a license file, its reasons, and the effect of a hardware change.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use airlatch_core::format;
use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{self, ComponentMatch, Error, FeatureName, Time, Verdict};
use airlatch_core::rules::{self, HeldFeature, MatchOutcome};
use airlatch_machine::here;

use super::{Compared, License, Rows, View, quantity, text, when};

/// An error: reason word, message, place, details and hints.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reason {
    reason: &'static str,
    message: String,
    #[serde(rename = "where")]
    place: Option<String>,
    details: Vec<String>,
    hints: Vec<String>,
}

impl Reason {
    /// With the next step, which differs from front to front.
    pub(crate) fn of(error: &Error, hint: Option<String>) -> Self {
        Self {
            reason: error.reason().word(),
            message: error.message().to_owned(),
            place: error.place().map(str::to_owned),
            details: error.details().to_vec(),
            hints: hint.into_iter().collect(),
        }
    }

    /// The lines of the error, with this heading; the reason word is at the end.
    pub(crate) fn said_as(&self, what: &str) -> Vec<String> {
        let mut lines = vec![format!("{what}: {}", self.message)];
        lines.extend(self.place.iter().map(|place| format!("  --> {place}")));
        lines.extend(self.details.iter().map(|line| format!("      {line}")));
        lines.extend(self.hints.iter().map(|hint| format!("hint: {hint}")));
        if let Some(last) = lines.last_mut() {
            last.push_str(&format!("    [{}]", self.reason));
        }
        lines
    }
}

view! {
    /// A repair made to a file.
    Repair<'a>(it: &'a format::Repair) {
        repair: &'static str = it.word(),
        message: String = text(it),
    }
}

view! {
    /// A repair with the file it was made to.
    RepairOf<'a>(it: &'a format::Repair, name: &'a str) {
        file: &'a str = name,
        #[serde(flatten)]
        repair: Repair<'a> = Repair::of(it),
    }
}

impl<'a> Repair<'a> {
    pub(crate) fn all(repairs: &'a [format::Repair]) -> Vec<Self> {
        repairs.iter().map(Self::of).collect()
    }
}

view! {
    /// The answer to a question about one file; `decides` says whether it is the one to go by.
    CheckedFile<'a>(answer: &'a here::CheckedFile, file: String, reasons: Vec<Reason>, decides: bool) {
        file: String = file,
        verdict: &'static str = answer.word(),
        reasons: Vec<Reason> = reasons,
        decides: bool = decides,
        #[serde(flatten)]
        license: Option<HostCheck<'a>> = answer.judged().map(HostCheck::of),
    }
}

view! {
    /// A license that could be verified.
    HostCheck<'a>(judged: &'a JudgedLicense) {
        id: String = text(judged.license.document_id()),
        key_id: String = text(judged.license.signer().key_id()),
        license: License<'a> = License::of(judged.license.get()),
        works_until: Option<String> = judged.judgement.works_until.map(text),
        components: Compared<'a> = Compared::of(&judged.judgement.comparison),
        repairs: Vec<Repair<'a>> = Repair::all(&judged.repairs),
    }
}

impl View for CheckedFile<'_> {
    fn rows(&self, now: Time) -> Rows {
        let Some(checked) = &self.license else { return Rows::below() };
        Rows::below()
            .words(format!("{}: {}", self.verdict, checked.license.title()))
            .with(license_rows(checked.judged, &checked.license, now))
            .with(checked.components.rows(now))
            .row("file", &self.file)
    }
}

view! {
    /// An installed license, in the list of `status`.
    Installed<'a>(answer: &'a here::CheckedFile, file: String, reasons: Vec<Reason>) {
        file: String = file,
        verdict: &'static str = answer.word(),
        reasons: Vec<Reason> = reasons,
        #[serde(flatten)]
        license: Option<Named<'a>> = answer.judged().map(Named::of),
    }
}

view! {
    /// A license by its id.
    Named<'a>(judged: &'a JudgedLicense) {
        id: String = text(judged.license.document_id()),
        works_until: Option<String> = judged.judgement.works_until.map(text),
        license: License<'a> = License::of(judged.license.get()),
    }
}

/// The content of a license; first of all until when it works, if its term does not decide that.
fn license_rows(judged: &JudgedLicense, license: &License<'_>, now: Time) -> Rows {
    let works_until = judged.judgement.works_until;
    let rows = license.rows(now).without("product");
    let rows = if works_until.is_some() && judged.license.get().end().is_none() {
        rows.without("ends")
    } else {
        rows
    };
    Rows::below().each("works", works_until.map(|end| when::until_and_left(end, now))).with(rows)
}

/// The comparison of components, if any of them is not the same any more, and what may still change.
fn changed_components(judged: &JudgedLicense, now: Time) -> Rows {
    let rows = &judged.judgement.comparison;
    let is_other = |result| !matches!(result, ComponentMatch::Same | ComponentMatch::AbsentInLicense);
    if !rows.iter().any(|row| is_other(row.result)) {
        return Rows::below();
    }
    // What is missing is unknown while something can't be read.
    let is_readable = rows.iter().all(|row| row.result != ComponentMatch::Unreadable);
    let outcome = rules::match_outcome(&judged.license.get().lock, rows).filter(|_| is_readable);
    let label = if matches!(outcome, Some(MatchOutcome::Missing { .. })) { "to fix" } else { "then" };
    Compared::of(rows).rows(now).each(label, outcome.map(|outcome| outcome.phrase()))
}

impl Installed<'_> {
    /// Whether a later license replaces it.
    pub(crate) fn is_superseded(&self) -> bool {
        self.license.as_ref().is_some_and(|named| host::is_superseded(named.judged))
    }

    /// One line for all superseded licenses; none where there is none.
    pub(crate) fn superseded_line(superseded: &[&Self]) -> Option<String> {
        let ids: Vec<&str> =
            superseded.iter().filter_map(|it| Some(it.license.as_ref()?.id.as_str())).collect();
        let noun = if ids.len() == 1 { "license" } else { "licenses" };
        (!ids.is_empty())
            .then(|| format!("replaced by a later one: {} {noun}, {}", ids.len(), ids.join(", ")))
    }
}

impl View for Installed<'_> {
    /// The verdict, then the content.
    fn rows(&self, now: Time) -> Rows {
        let Some(named) = &self.license else { return Rows::below() };
        let judged = named.judged;
        let headline = match &judged.judgement.verdict {
            Verdict::Valid => format!("licensed, {}", ends(judged.license.get(), now)),
            Verdict::Grace(error) => format!("in grace: {}", error.message()),
            Verdict::Advisory(error) => format!("licensed, with a warning: {}", error.message()),
            Verdict::Refused(reasons) => {
                format!("not licensed: {}", reasons.first().map_or("refused", Error::message))
            }
        };
        Rows::below()
            .words(format!("{}: {headline}", named.license.title()))
            .row("license", &named.id)
            .with(license_rows(judged, &named.license, now))
            .with(changed_components(judged, now))
    }
}

/// When it ends, and when something changes before that.
fn ends(license: &model::License, now: Time) -> String {
    let end = license
        .end()
        .map_or_else(|| "never expires".into(), |end| format!("works {}", when::until(end, now)));
    let next = license.spans().filter_map(|(term, _)| term.until).find(|until| *until > now);
    match next.filter(|next| license.end() != Some(*next)) {
        Some(next) => format!("{end}, changes on {}", when::since(next, now)),
        None => end,
    }
}

view! {
    /// Several licenses of a product that add up.
    CombinedLicenses<'a>(all: &'a host::CombinedLicenses) {
        product: &'a str = &all.product,
        licenses: usize = all.licenses,
        features: BTreeMap<String, Amount<'a>> =
            all.features.iter().map(|(name, held)| (text(name), Amount::of(held))).collect(),
    }
}

view! {
    /// The quantity of a feature over several licenses.
    Amount<'a>(held: &'a HeldFeature) {
        quantity: Value = quantity(held.quantity),
        whole: Option<String> = held.full_until.map(text),
        until: Option<String> = held.until.map(text),
    }
}

impl<'a> CombinedLicenses<'a> {
    pub(crate) fn all(all: &'a [host::CombinedLicenses]) -> Vec<Self> {
        all.iter().map(Self::of).collect()
    }
}

impl View for CombinedLicenses<'_> {
    fn rows(&self, now: Time) -> Rows {
        let until = |end: Option<Time>| end.map_or("for ever".into(), |end| when::until(end, now));
        let one = |(name, held): (&FeatureName, &HeldFeature)| {
            let whole = format!("{} {}", held.quantity.with_name(name), until(held.full_until));
            match held.full_until == held.until {
                true => whole,
                false => format!("{whole}, less of it {}", until(held.until)),
            }
        };
        let features = self.all.features.iter().map(one).collect::<Vec<_>>().join("; ");
        Rows::below().words(format!("{}: {} licenses together: {features}", self.product, self.licenses))
    }
}

view! {
    /// The effect of a hardware change on a license; one that only works for drift days counts as lost.
    Survival<'a>(judged: (&'a JudgedLicense, &'a JudgedLicense), file: String) {
        file: String = file,
        id: String = text(judged.0.license.document_id()),
        product: &'a str = &judged.0.license.get().product,
        now: &'static str = word(judged.0),
        then: &'static str = word(judged.1),
        lost: bool = !refused(judged.0) && (refused(judged.1) || drifts(judged.1) && !drifts(judged.0)),
        components: Compared<'a> = Compared::of(&judged.1.judgement.comparison),
        says: Option<String> = enough(judged).map(|enough| enough.phrase()),
    }
}

/// How many more components may change, or which are missing, after the change.
fn enough((now, then): (&JudgedLicense, &JudgedLicense)) -> Option<MatchOutcome> {
    rules::match_outcome(&now.license.get().lock, &then.judgement.comparison)
}

impl Survival<'_> {
    pub(crate) fn is_lost(&self) -> bool {
        self.lost
    }

    fn headline(&self) -> String {
        let (now, then) = self.judged;
        match (&now.judgement.verdict, &then.judgement.verdict) {
            (Verdict::Refused(reasons), _) => format!("not valid now: {}", reasons[0].message()),
            (_, Verdict::Refused(reasons)) => format!("would be lost: {}", reasons[0].message()),
            (_, Verdict::Grace(error)) if drifts(then) => {
                format!("would work for a time, then be refused: {}", error.message())
            }
            (_, Verdict::Advisory(error)) => format!("would work with a warning: {}", error.message()),
            _ if rules::match_outcome(&now.license.get().lock, &[]).is_none() => "stays valid".into(),
            _ => "would stay valid".into(),
        }
    }
}

fn refused(judged: &JudgedLicense) -> bool {
    word(judged) == "refused"
}

fn drifts(judged: &JudgedLicense) -> bool {
    word(judged) == "host-drift"
}

fn word(judged: &JudgedLicense) -> &'static str {
    match &judged.judgement.verdict {
        Verdict::Grace(error) if error.reason() == model::Reason::HostDrift => "host-drift",
        verdict => verdict.word(),
    }
}

impl View for Survival<'_> {
    fn rows(&self, now: Time) -> Rows {
        let label = match enough(self.judged) {
            Some(MatchOutcome::Missing { .. }) => "to fix",
            _ => "then",
        };
        Rows::below()
            .words(format!("{}: {}", self.judged.0.license.get().title(), self.headline()))
            .row("license", &self.id)
            .with(self.components.rows(now))
            .each(label, &self.says)
            .row("file", &self.file)
    }
}
