//! What looks like cheating.

use serde_json::json;

use airlatch_desk::desk::{Suspicion, SuspicionKind};

use super::{Table, text, when};

/// What it means, for people.
fn meaning(found: &Suspicion) -> String {
    let count = found.count;
    match found.kind {
        SuspicionKind::SameHardware => format!("one machine is licensed as {count} units"),
        SuspicionKind::OsIds => format!("one machine showed {count} operating system ids"),
        SuspicionKind::Releases => format!("{count} releases on one machine within a year"),
        SuspicionKind::Moves => format!("{count} moves of its license to another machine within a year"),
        SuspicionKind::ClockResets => format!("{count} resets of its clock within a year"),
        SuspicionKind::Times => "it dated a release by another clock than the desk's".into(),
    }
}

/// Everything that stands out.
pub(crate) fn suspicions(found: &[Suspicion]) -> Table {
    let units = |it: &Suspicion| it.units.iter().map(text).collect::<Vec<_>>();
    Table::of(found, "nothing stands out")
        .text("kind", |it| it.kind.word())
        .number("count", |it| it.count)
        .text("meaning", meaning)
        .text("latest", |it| it.latest)
        .people(|it| when::at(it.latest, None))
        .text("units", |it| units(it).join(", "))
        .exactly(|it| json!({ "units": units(it) }))
}
