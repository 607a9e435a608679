//! What the verbs of a host tell its log; a log that can't be written is no trouble of theirs.

use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{DocumentId, Error, License, Reason, Receipt, Time};
use airlatch_core::rules::Question;
use airlatch_machine::here::{Home, HostCheck, log};

/// A license that was installed.
pub(super) fn installed(home: &Home, now: Time, id: DocumentId, license: &License) {
    let what = license.end().map_or_else(|| "for ever".into(), |end| format!("until {end}"));
    let _ = log::note(home, now, "installed", &format!("{} [valid] license {id} {what}", license.product));
}

/// A reset of the clock that was carried out.
pub(super) fn reset(home: &Home, now: Time, id: DocumentId, issued: Time) {
    let _ = log::note(home, now, "reset", &format!("clock [valid] reset {id} knows {issued}"));
}

/// A license that was given back.
pub(super) fn released(home: &Home, now: Time, receipt: &Receipt) {
    let what = format!("{} [valid] license {} given back", receipt.product, receipt.license);
    let _ = log::note(home, now, "released", &what);
}

/// A file that was not installed.
pub(super) fn not_installed(home: &Home, now: Time, file: &str, error: &anyhow::Error) {
    let error = error.downcast_ref::<Error>();
    let (reason, what) =
        error.map_or((Reason::Internal, "a defect of the program"), |it| (it.reason(), it.message()));
    let subject = file.replace(char::is_whitespace, "_");
    let _ = log::note(home, now, "not-installed", &format!("{subject} [{reason}] {what}"));
}

/// What is installed does not hold for what was asked: told once, until the answer is another one.
pub(super) fn refused(home: &Home, question: &Question, checked: &HostCheck) {
    if checked.is_licensed() {
        return;
    }
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    // What licenses of another product say is of interest only where there is none of this one.
    let is_asked = |it: &&JudgedLicense| {
        question.product.as_ref().is_none_or(|wanted| *wanted == it.license.get().product)
    };
    let asked: Vec<&JudgedLicense> = judged.iter().copied().filter(is_asked).collect();
    let best = host::best(&asked).or_else(|| host::best(&judged));
    let (product, license) = match best {
        Some(best) => {
            (best.license.get().product.as_str(), format!("license {}", best.license.document_id()))
        }
        None => ("-", "no license".into()),
    };
    let features = question.features.iter().map(|(name, wanted)| format!("/{name}={wanted}"));
    let subject: String =
        [question.product.as_deref().unwrap_or(product).to_owned()].into_iter().chain(features).collect();
    let is_best = |found: Option<&JudgedLicense>| match (found, best) {
        (Some(one), Some(best)) => std::ptr::eq(one, best),
        _ => best.is_none(),
    };
    let answers = checked.answers.iter().filter(|answer| is_best(answer.judged()));
    let Some(first) = answers.flat_map(|answer| answer.errors()).next() else { return };
    let text = format!("{subject} [{}] {license} {}", first.reason(), first.message());
    let _ = log::note_once(home, question.now, "refused", &text);
}
