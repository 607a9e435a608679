//! Writes the events of a host's verbs to its log; an error of the log is ignored, since the verb itself succeeded.

use airlatch_core::host::{self, JudgedLicense};
use airlatch_core::model::{DocumentId, Error, License, Reason, Receipt, Time};
use airlatch_core::rules::Question;
use airlatch_machine::here::{Home, HostCheck, log};

/// Logs an installed license.
pub(super) fn installed(home: &Home, now: Time, id: DocumentId, license: &License) {
    let what = license.end().map_or_else(|| "for ever".into(), |end| format!("until {end}"));
    let _ = log::note(home, now, "installed", &format!("{} [valid] license {id} {what}", license.product));
}

/// Logs a clock reset that was applied.
pub(super) fn reset(home: &Home, now: Time, id: DocumentId, issued: Time) {
    let _ =
        log::note(home, now, "reset", &format!("clock [valid] reset {id} sets the clock mark to {issued}"));
}

/// Logs a released license.
pub(super) fn released(home: &Home, now: Time, receipt: &Receipt) {
    let what = format!("{} [valid] license {} released", receipt.product, receipt.license);
    let _ = log::note(home, now, "released", &what);
}

/// Logs a file that was refused by `install`.
pub(super) fn not_installed(home: &Home, now: Time, file: &str, error: &anyhow::Error) {
    let error = error.downcast_ref::<Error>();
    let (reason, what) =
        error.map_or((Reason::Internal, "a defect of the program"), |it| (it.reason(), it.message()));
    let subject = file.replace(char::is_whitespace, "_");
    let _ = log::note(home, now, "not-installed", &format!("{subject} [{reason}] {what}"));
}

/// Logs that the installed licenses do not satisfy `verify`; the same answer is logged once, until it changes.
pub(super) fn refused(home: &Home, question: &Question, checked: &HostCheck) {
    if checked.is_licensed() {
        return;
    }
    let judged: Vec<&JudgedLicense> = checked.judged().collect();
    // Licenses of another product count only if there is none of the product asked for.
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
