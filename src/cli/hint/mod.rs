//! What to do next: one table by cause, one by reason word, and what is known filled into their commands.

mod cause;
mod fill;
mod known;
mod reason;

pub(super) use cause::HOST_KEY;
pub(super) use fill::fill;
pub(super) use known::Known;

use airlatch_core::model::{Cause, Error, Place, Reason};

/// The next step most likely to help; none after a no that was meant.
pub(super) fn hint(error: &Error, verb: &str, known: &Known) -> Option<String> {
    template(error, verb, known).map(|template| fill(template, &known.with_error(error)))
}

/// The step with names in capitals where something is to be filled in.
fn template(error: &Error, verb: &str, known: &Known) -> Option<&'static str> {
    if error.reason() == Reason::Declined {
        return None;
    }
    let lost_output = error.places().contains(&Place::Output);
    if lost_output && matches!(error.reason(), Reason::DiskFull | Reason::Io) {
        if verb == "release" {
            return Some(
                "the license may be given back already: the same command prints the same receipt again",
            );
        }
        if matches!(verb, "order" | "account" | "issue" | "batch" | "ledger" | "desk") {
            return Some(
                "it may be booked already: see before you run it again: airlatch ledger entries --last 3",
            );
        }
    }
    let is_of_content =
        matches!(error.reason(), Reason::FeatureMissing | Reason::QuantityShort | Reason::WrongProduct);
    if verb == "verify" && known.names_files && is_of_content {
        return Some("see what the file licenses: airlatch inspect FILE");
    }
    // Only an installed license can be moved.
    let cause = match error.cause() {
        Some(Cause::OtherHardware) if known.names_files => Some(Cause::OtherHost),
        cause => cause,
    };
    let by_cause = cause.and_then(|cause| cause::step(cause, error.reason(), verb));
    Some(by_cause.unwrap_or_else(|| reason::step(error.reason(), verb)))
}

#[cfg(test)]
mod tests {
    use super::fill::commands;
    use super::*;
    use crate::cli::command;

    const VERBS: [&str; 18] = [
        "keygen", "id", "request", "desk", "catalog", "account", "order", "issue", "install", "status",
        "verify", "what-if", "release", "inspect", "doctor", "batch", "ledger", "help",
    ];

    /// Every step that a verb can be given.
    fn steps() -> Vec<&'static str> {
        let mut steps = Vec::new();
        for verb in VERBS {
            steps.extend(Reason::ALL.iter().map(|reason| reason::step(*reason, verb)));
            for cause in cause::ALL {
                steps.extend(Reason::ALL.iter().filter_map(|reason| cause::step(*cause, *reason, verb)));
            }
        }
        steps.sort_unstable();
        steps.dedup();
        steps
    }

    #[test]
    fn every_reason_has_a_next_step_of_its_own() {
        for reason in Reason::ALL.iter().filter(|reason| !matches!(reason, Reason::Usage | Reason::Declined))
        {
            let step = reason::step(*reason, "verify");
            assert_ne!(step, "see the commands: airlatch help", "{reason}");
        }
    }

    #[test]
    fn every_command_in_a_step_can_be_typed() {
        for step in steps() {
            assert_eq!(
                step.matches("airlatch ").count(),
                commands(step).len(),
                "a command not at a clause's end: {step}"
            );
            for words in commands(step) {
                let typed = words.replace("MAC", "00:04:f1:14:4b:d4");
                let parsed = command::command().try_get_matches_from(typed.split(' '));
                let asks_help = words.contains("help") || words.contains("--version");
                assert!(parsed.is_ok() || asks_help, "{step}\n{}", parsed.unwrap_err());
            }
        }
    }
}
