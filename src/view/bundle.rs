//! The support bundle: the facts that may leave a site, each by its own type, and no text from outside.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use airlatch_core::crypto;
use airlatch_core::host::JudgedLicense;
use airlatch_core::model::{
    Absence, ComponentKind, DocumentId, HostFacts, KeyId, License, Lock, Reason, Result, Time, Unit, Verdict,
};
use airlatch_machine::here::doctor::{self, Examination};
use airlatch_machine::platform::Machine;

use super::{Compared, Rows, Step, View, locking_id, text};

/// Host name and user name, included only with --with-names.
#[derive(Debug, Serialize)]
pub(crate) struct Names {
    pub(crate) hosts: Vec<String>,
    pub(crate) users: Vec<String>,
}

/// The id of a document in a file, and the key id it names as its signer.
pub(crate) type Document = (DocumentId, Option<KeyId>);

/// The input of a bundle.
pub(crate) struct Source<'a> {
    pub(crate) host: &'a Examination,
    pub(crate) machine: &'a Machine,
    /// The findings about each file named.
    pub(crate) files: Vec<&'a [doctor::Finding]>,
    /// The documents among the installed licenses, in their order.
    pub(crate) documents: Vec<Option<Document>>,
    pub(crate) steps: Vec<Step>,
    pub(crate) names: Option<Names>,
    pub(crate) now: Time,
}

view! {
    /// All of it.
    Bundle<'a>(source: &'a Source<'a>) {
        made: String = text(source.now),
        airlatch: &'static str = env!("CARGO_PKG_VERSION"),
        system: Option<&'static str> = source.machine.system,
        processor: Option<&'static str> = source.machine.processor,
        #[serde(rename = "static")]
        is_static: Option<bool> = source.machine.is_static,
        user: Option<u32> = source.machine.user,
        sha256: Option<&'a str> = source.host.program.as_deref(),
        names: Option<&'a Names> = source.names.as_ref(),
        system_id: Option<String> = source.host.facts.system_id.map(text),
        site: Option<String> = source.host.facts.site.map(text),
        locking_id: Option<String> = locking_id(crypto::locking_id(&source.host.facts)),
        class: &'static str = source.host.facts.class.word(),
        profile: &'static str = source.host.facts.profile().word(),
        components: BTreeMap<&'static str, String> = components(&source.host.facts),
        trusted: Vec<String> = source.host.trusted.iter().map(|key| text(key.key_id())).collect(),
        remembers: Option<String> = source.host.facts.memory.latest_time.map(text),
        checks: Vec<HostCheck<'a>> = checks(source),
        steps: &'a [Step] = &source.steps,
        licenses: Vec<Licensed<'a>> = licenses(source),
        log: Vec<Event> = log(source.host),
    }
}

/// Each component of the profile: how often it is there, or why not.
fn components(facts: &HostFacts) -> BTreeMap<&'static str, String> {
    let absent = |kind| facts.absent.iter().find(|(absent, _)| *absent == kind).map(|(_, why)| why);
    let one = |kind: ComponentKind| match (facts.components.get(kind).len(), absent(kind)) {
        (0, Some(Absence::Placeholder(_))) => "absent: it holds a filler text or a constant".into(),
        (0, Some(Absence::Denied)) => "absent: this user may not read it".into(),
        (0, Some(Absence::Shared(owner))) => format!("absent: it belongs to {owner}, which others share"),
        (0, Some(Absence::Volatile(_))) => "absent: it is another one after each start".into(),
        (0, Some(Absence::Unreadable(_))) => "absent: it can't be read".into(),
        (0, _) => "absent: there is none".into(),
        (1, _) => "present".into(),
        (n, _) => format!("present, {n} of them"),
    };
    facts.profile().kinds().into_iter().map(|kind| (kind.word(), one(kind))).collect()
}

view! {
    /// One check: its state and reason, in the program's own words; `file` is the number of the file on the command line, from 1.
    HostCheck<'a>(finding: &'a doctor::Finding, file: Option<usize>) {
        file: Option<usize> = file,
        check: &'static str = finding.check.word(),
        state: &'static str = finding.state.word(),
        seen: bool = !finding.unreadable,
        reason: Option<&'static str> = finding.cause.as_ref().map(|cause| cause.reason().word()),
        says: Option<&'static str> = finding.fixed_message.or(finding.cause.as_ref().map(|it| it.reason().meaning())),
        is: Option<&'static str> = finding.document.map(|(kind, _)| kind.word()),
        id: Option<String> = finding.document.map(|(_, id)| text(id)),
    }
}

fn checks<'a>(source: &'a Source<'_>) -> Vec<HostCheck<'a>> {
    let files = source.files.iter().zip(1..);
    let files = files.flat_map(|(findings, at)| findings.iter().map(move |it| HostCheck::of(it, Some(at))));
    files.chain(source.host.findings.iter().map(|it| HostCheck::of(it, None))).collect()
}

/// An installed license; its content only if its signature is good.
#[derive(Serialize)]
pub(crate) struct Licensed<'a> {
    id: Option<String>,
    key_id: Option<String>,
    verdict: &'static str,
    reasons: Vec<&'static str>,
    #[serde(flatten)]
    content: Option<Content<'a>>,
}

view! {
    /// The content of a verified license, by the ids of the vendor's catalog.
    Content<'a>(judged: &'a JudgedLicense) {
        product: &'a str = &judged.license.get().product,
        unit: Option<String> = unit(&judged.license.get().lock),
        features: Vec<String> = judged.license.get().timetable(),
        from: String = text(judged.license.get().term.from),
        until: Option<String> = judged.license.get().end().map(text),
        grace_days: u32 = judged.license.get().grace_days,
        advisory: bool = judged.license.get().advisory,
        drift_days: u32 = drift_days(judged.license.get()),
        allow: String = text(judged.license.get().allow),
        lock: &'static str = judged.license.get().lock.word(),
        tolerance: Option<String> = tolerance(&judged.license.get().lock),
        components: Compared<'a> = Compared::of(&judged.judgement.comparison),
        unmetered: bool = judged.license.get().unmetered,
        entry: Option<u64> = judged.license.get().ledger.map(|mark| mark.number),
    }
}

/// The unit by its airlatch id; a device has only its MAC address, which is left out.
fn unit(lock: &Lock) -> Option<String> {
    lock.unit().filter(|unit| !matches!(unit, Unit::Device(_))).map(text)
}

/// Only a license locked to a fingerprint can have hardware drift.
fn drift_days(license: &License) -> u32 {
    if matches!(license.lock, Lock::Fingerprint { .. }) { license.drift_days } else { 0 }
}

fn tolerance(lock: &Lock) -> Option<String> {
    match lock {
        Lock::Fingerprint { tolerance, .. } | Lock::LockingId { tolerance, .. } => Some(text(tolerance)),
        _ => None,
    }
}

fn licenses<'a>(source: &'a Source<'_>) -> Vec<Licensed<'a>> {
    let one = |judged: &'a Result<JudgedLicense>, document: Option<Document>| {
        let (verdict, errors) = match judged.as_ref().map(|judged| &judged.judgement.verdict) {
            Ok(verdict @ Verdict::Refused(reasons)) => (verdict.word(), reasons.as_slice()),
            Ok(verdict) => (verdict.word(), verdict.warning().map_or(&[][..], std::slice::from_ref)),
            Err(error) => ("not verified", std::slice::from_ref(error)),
        };
        Licensed {
            id: document.map(|(id, _)| text(id)),
            key_id: document.and_then(|(_, key)| key).map(text),
            verdict,
            reasons: errors.iter().map(|error| error.reason().word()).collect(),
            content: judged.as_ref().ok().map(Content::of),
        }
    };
    let documents = source.documents.iter().copied().chain(std::iter::repeat(None));
    source.host.licenses.iter().zip(documents).map(|((_, judged), document)| one(judged, document)).collect()
}

/// The events in the host's log that have known words.
#[derive(Serialize)]
pub(crate) struct Event {
    time: String,
    event: &'static str,
    about: Vec<String>,
}

const EVENTS: [&str; 11] = [
    "installed",
    "not-installed",
    "refused",
    "released",
    "reset",
    "gained",
    "lost",
    "more",
    "less",
    "grace",
    "renewed",
];

fn log(host: &Examination) -> Vec<Event> {
    let licenses = host.licenses.iter().filter_map(|(_, judged)| Some(judged.as_ref().ok()?.license.get()));
    let mut names = BTreeSet::from(["[valid]".to_owned(), "[grace]".to_owned()]);
    names.extend(Reason::ALL.iter().map(|reason| format!("[{reason}]")));
    for license in licenses {
        names.insert(license.product.clone());
        names.extend(license.spans().flat_map(|(_, features)| features.iter()).map(|(name, _)| text(name)));
    }
    let known = |word: &str| match (word.parse::<DocumentId>(), word.parse::<Time>()) {
        (Ok(id), _) => Some(text(id)),
        (_, Ok(time)) => Some(text(time)),
        _ => names.get(word).cloned(),
    };
    let event = |line: &String| {
        let mut words = line.split(' ');
        let time = text(words.next()?.parse::<Time>().ok()?);
        let event = words.next().and_then(|word| EVENTS.into_iter().find(|event| *event == word))?;
        Some(Event { time, event, about: words.filter_map(known).collect() })
    };
    host.log.iter().filter_map(event).collect()
}

impl View for Bundle<'_> {
    fn rows(&self, now: Time) -> Rows {
        let section = |title: &str| Rows::new(0, 10).words("").words(format!("== {title} =="));
        let or_none = |rows: Rows, is_empty: bool| if is_empty { rows.words("none") } else { rows };
        let mut rows = Rows::new(0, 10);
        if let Some(names) = self.names {
            let [hosts, users] = [&names.hosts, &names.users].map(|names| names.join(", "));
            rows = rows.with(section("names").row("host", hosts).row("user", users));
        }
        let linked = self.is_static.map(|is| if is { "static" } else { "not static" });
        let system = self.system.map(|system| format!("{system} {}", self.processor.unwrap_or_default()));
        rows = rows.with(
            section("program")
                .row("airlatch", self.airlatch)
                .each("system", system)
                .each("linked", linked)
                .each("user", self.user)
                .each("SHA-256", self.sha256),
        );
        rows = rows.with(
            section("host")
                .each("System ID", &self.system_id)
                .each("site", &self.site)
                .row("Locking ID", self.locking_id.as_deref().unwrap_or("none"))
                .row("class", self.class)
                .row("profile", self.profile)
                .pairs(self.components.iter().map(|(kind, what)| (*kind, what)))
                .each("trusts", &self.trusted)
                .row("clock", now)
                .each("remembers", &self.remembers),
        );
        rows = rows.with(section("checks").each("", self.checks.iter().map(HostCheck::line)));
        rows = rows.with(section("what to do").each("", Step::lines(self.steps)));
        rows = self
            .licenses
            .iter()
            .fold(rows.with(or_none(section("licenses"), self.licenses.is_empty())), |rows, license| {
                rows.with(license.rows(now))
            });
        let log = self.log.iter().map(|it| format!("{} {} {}", it.time, it.event, it.about.join(" ")));
        let log = log.map(|line| line.trim_end().to_owned());
        rows.with(or_none(section("log"), self.log.is_empty()).each("", log))
    }
}

impl HostCheck<'_> {
    fn line(&self) -> String {
        let file = self.file.map(|at| format!("file {at}: ")).unwrap_or_default();
        let document = self.is.zip(self.id.as_ref()).map(|(is, id)| format!("{is} {id}"));
        let reason = self.reason.map(|reason| format!("    [{reason}]")).unwrap_or_default();
        let says = document.as_deref().or(self.says).unwrap_or_default();
        format!("{:<5} {:<9} {file}{says}{reason}", self.state, self.check).trim_end().to_owned()
    }
}

impl View for Licensed<'_> {
    fn rows(&self, now: Time) -> Rows {
        let reasons = self.reasons.iter().map(|reason| format!(" [{reason}]")).collect::<String>();
        let id = self.id.as_deref().unwrap_or("no document");
        let rows =
            Rows::below().words(format!("{id}: {}{reasons}", self.verdict)).each("signed by", &self.key_id);
        let Some(it) = &self.content else { return rows };
        let labels = std::iter::once("features").chain(std::iter::repeat("then"));
        rows.row("product", it.product)
            .each("for", &it.unit)
            .pairs(labels.zip(&it.features))
            .row("begins", &it.from)
            .row("ends", it.until.as_deref().unwrap_or("never"))
            .each(
                "grace",
                (it.grace_days > 0 && it.until.is_some()).then(|| format!("{} days", it.grace_days)),
            )
            .row("lock", it.lock)
            .each("needs", &it.tolerance)
            .with(it.components.rows(now))
            .row("may run on", &it.allow)
            .each("drift", (it.drift_days > 0).then(|| super::license::drift(it.drift_days)))
            .each("ledger", it.entry.map(|entry| format!("after entry {entry}")))
            .each("unmetered", it.unmetered.then_some(super::license::UNMETERED))
    }
}
