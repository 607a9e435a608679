//! One installed license, or what stands between a file and one.

use serde_json::{Value, json};

use crate::cli::describe;
use crate::cli::report::Report;
use crate::cli::session::Session;
use airlatch_core::host::{self, Judged};
use airlatch_core::model::{License, Time, Trouble, Verdict};

/// What it is worth, then what it says; of one that was superseded only its name.
pub(super) fn lines(judged: &Judged, now: Time) -> Vec<String> {
    let license = judged.license.get();
    let headline = match &judged.judgement.verdict {
        Verdict::Valid => format!("activated, {}", ends(license, now)),
        Verdict::Grace(trouble) => format!("in grace: {}", trouble.what()),
        Verdict::Refused(reasons) => {
            let first = reasons.first().map_or("refused", Trouble::what);
            format!("not licensed: {first}")
        }
    };
    let id = judged.license.document_id();
    let mut lines = vec![format!("{}: {headline}", license.title()), format!("  license    {id}")];
    if !host::is_superseded(judged) {
        lines.extend(describe::license(license, now).into_iter().skip(1));
    }
    lines
}

/// The same for programs.
pub(super) fn json(judged: &Judged) -> Value {
    let (verdict, troubles) = match &judged.judgement.verdict {
        Verdict::Valid => ("valid", &[][..]),
        Verdict::Grace(trouble) => ("grace", std::slice::from_ref(trouble)),
        Verdict::Refused(reasons) => ("refused", reasons.as_slice()),
    };
    let reasons: Vec<Value> =
        troubles.iter().map(|trouble| Report::new(trouble.clone(), "status").json()).collect();
    json!({
        "id": judged.license.document_id().to_string(),
        "verdict": verdict,
        "reasons": reasons,
        "license": describe::license_json(judged.license.get()),
    })
}

/// Says why no license could be read from a file.
pub(super) fn unreadable(trouble: &Trouble, is_no: bool, session: &mut Session) -> Value {
    let report = Report::new(trouble.clone(), "status");
    if !session.screen.is_json() {
        report.lines().iter().for_each(|line| session.screen.talk(line));
    }
    json!({ "verdict": if is_no { "refused" } else { "unable" }, "reasons": [report.json()] })
}

/// When it ends, and when something changes before that.
fn ends(license: &License, now: Time) -> String {
    let end = license.end().map_or_else(|| "never expires".into(), |end| format!("expires on {end}"));
    let next = license.spans().filter_map(|(term, _)| term.until).find(|until| *until > now);
    match next.filter(|next| license.end() != Some(*next)) {
        Some(next) => format!("{end}, changes on {next}"),
        None => end,
    }
}
