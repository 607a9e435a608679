//! A host: its ids, its components, and their comparison with a license.

use std::collections::BTreeMap;

use serde::Serialize;

use airlatch_core::crypto;
use airlatch_core::model::{Comparison, ComponentKind, ComponentMatch, HostFacts, Profile, Time};

use super::{Rows, View, locking_id, text};

/// How strong a lock to these components is: one of hardware is strong or weak, as a desk takes it. The components of a virtual
/// host can be set by its user, so it is never strong.
pub(crate) fn strength(kinds: &[ComponentKind]) -> &'static str {
    let given = [ComponentKind::System, ComponentKind::Instance].iter().any(|kind| kinds.contains(kind));
    let hardware = kinds.iter().filter(|kind| kind.is_hardware()).count();
    match (Profile::from_kinds(kinds.iter().copied()), kinds.len()) {
        (_, 0) => "none",
        (_, 1) => "weak",
        (Profile::Hardware, _) if hardware >= ComponentKind::HARDWARE_NEEDED => "strong",
        (Profile::Hardware, _) => "weak",
        (Profile::Virtual, _) if given => "fair",
        (Profile::Virtual, _) => "weak",
    }
}

/// The stored settings of a host, and its home.
#[derive(Serialize)]
pub(crate) struct Installation {
    pub(crate) instance: Option<String>,
    pub(crate) any_user: bool,
    pub(crate) codes: Vec<String>,
    pub(crate) site: Option<String>,
    pub(crate) home: String,
}

view! {
    /// This host.
    Host<'a>(facts: &'a HostFacts, told: Installation) {
        system_id: Option<String> = facts.system_id.map(text),
        locking_id: Option<String> = locking_id(crypto::locking_id(facts)),
        strength: &'static str = strength(&facts.components.kinds().collect::<Vec<_>>()),
        components: BTreeMap<&'static str, Component> = components(facts),
        class: &'static str = facts.class.word(),
        class_evidence: Option<&'a str> = facts.class.evidence(),
        profile: &'static str = facts.profile().word(),
        #[serde(flatten)]
        told: Installation = told,
    }
}

/// A component of the host's profile: there, or why not.
#[derive(Serialize)]
pub(crate) struct Component {
    present: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

fn components(facts: &HostFacts) -> BTreeMap<&'static str, Component> {
    let component = |kind: ComponentKind| match facts.components.get(kind).len() {
        0 => (kind.word(), Component { present: false, count: None, why: Some(absence(facts, kind)) }),
        n => (kind.word(), Component { present: true, count: Some(n), why: None }),
    };
    facts.profile().kinds().into_iter().map(component).collect()
}

fn absence(facts: &HostFacts, kind: ComponentKind) -> String {
    let why = facts.absent.iter().find(|(absent, _)| *absent == kind);
    why.map_or_else(|| "there is none".into(), |(_, why)| why.to_string())
}

impl View for Host<'_> {
    fn rows(&self, _: Time) -> Rows {
        let shown = |kind: ComponentKind| {
            let what = match self.components.get(kind.word()) {
                Some(Component { why: Some(why), .. }) => format!("absent: {why}"),
                Some(Component { count: Some(n @ 2..), .. }) => format!("present, {n} of them"),
                _ => "present".into(),
            };
            (kind.word(), what)
        };
        let profile = match self.facts.profile() {
            Profile::Hardware => "identified by its hardware",
            Profile::Virtual => "identified by its host and network settings",
        };
        let class = self.class_evidence.map_or_else(String::new, |evidence| format!(" ({evidence})"));
        let count = self.facts.components.kinds().count();
        let components = Rows::new(2, 9).pairs(self.facts.profile().kinds().into_iter().map(shown));
        Rows::new(0, 11)
            .row("System ID", self.system_id.as_deref().unwrap_or("none yet"))
            .row("Locking ID", self.locking_id.as_deref().unwrap_or("none: the host shows no component"))
            .row("strength", format!("{}: {count} of 5 components", self.strength))
            .with(components)
            .row("host", format!("{}{class}", self.class))
            .row("profile", format!("{}: {profile}", self.profile))
            .each("code", &self.told.codes)
            .each("site", &self.told.site)
            .each("instance", &self.told.instance)
            .each("any user", self.told.any_user.then_some("what not every user may read is left out"))
    }
}

view! {
    /// How the components of a host compared with a license.
    Compared<'a>(compared: &'a [Comparison]) {
        #[serde(flatten)]
        words: BTreeMap<&'static str, &'static str> = compared.iter().map(word).collect(),
    }
}

fn word(row: &Comparison) -> (&'static str, &'static str) {
    let word = match row.result {
        ComponentMatch::Same => "same",
        ComponentMatch::Changed => "changed",
        ComponentMatch::AbsentHere => "absent-here",
        ComponentMatch::Unreadable => "unreadable",
        ComponentMatch::AbsentInLicense => "absent-then",
    };
    (row.kind.word(), word)
}

impl View for Compared<'_> {
    /// One row; none where no component plays a part.
    fn rows(&self, _: Time) -> Rows {
        let word = |seen| match seen {
            ComponentMatch::Same => "same",
            ComponentMatch::Changed => "changed",
            ComponentMatch::AbsentHere => "absent here",
            ComponentMatch::Unreadable => "unreadable",
            ComponentMatch::AbsentInLicense => "new",
        };
        let words = self.compared.iter().map(|row| format!("{} {}", row.kind.word(), word(row.result)));
        let words = words.collect::<Vec<_>>().join(", ");
        Rows::below().each("components", (!words.is_empty()).then_some(words))
    }
}
