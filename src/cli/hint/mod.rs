//! What to do next: one table by cause, one by reason word, and what is known filled into their commands.

mod cause;
mod fill;
mod known;
mod ran;
mod reason;
mod wrong_file;

pub(super) use cause::HOST_KEY;
pub(super) use fill::fill;
pub(in crate::cli) use fill::quoted;
pub(super) use known::Known;
pub(super) use ran::Ran;

use airlatch_core::model::{Cause, Error, Place, Reason};

/// The next step most likely to help; none after a no that was meant.
pub(super) fn hint(error: &Error, verb: &str, known: &Known) -> Option<String> {
    let ran = known.ran(verb);
    let step = template(error, &ran, known).and_then(|template| without_circle(template, &ran))?;
    let step = with_places(&step, &ran);
    Some(fill(&step, &known.with_error(error)))
}

/// The hardware changed since the request for a license that is not installed yet.
const MOVE_OF_FILE: &str = "if this host's hardware was changed, ask for this license on the new hardware: airlatch request --move FILE --out host.request";

/// The commands that only show what is there; showing it again does not lead on.
const LOOKS: [&str; 5] = ["doctor", "status", "inspect", "ledger audit", "catalog check"];

/// The step without a clause that would only show the same again; none where nothing else is left.
fn without_circle(step: &str, ran: &Ran) -> Option<String> {
    let again = format!("airlatch {}", ran.command());
    let is_circle = |clause: &str| {
        let command = clause.trim_end_matches(" FILE").trim_end_matches(" CODE");
        LOOKS.contains(&ran.command()) && command.ends_with(&again)
    };
    let clauses: Vec<&str> = step.split("; ").filter(|clause| !is_circle(clause)).collect();
    let step = clauses.join("; ");
    Some(step.strip_prefix("or ").unwrap_or(&step).to_owned()).filter(|step| !step.is_empty())
}

/// The step with the place of each command that does not run where this one ran: at the host, or at the desk.
fn with_places(step: &str, ran: &Ran) -> String {
    let place = |clause: &str| {
        let command = clause.split_once("airlatch ").map(|(_, command)| command)?;
        let next = Ran::verb_alone(command.split(' ').next()?);
        match () {
            () if ran.is_at_desk() && next.needs_host() && !clause.contains("host, ") => {
                Some("on the host, ")
            }
            () if ran.is_at_host() && next.is_at_desk() && !clause.contains("desk") => Some("at the desk, "),
            () => None,
        }
    };
    let clauses = step.split("; ").map(|clause| format!("{}{clause}", place(clause).unwrap_or_default()));
    clauses.collect::<Vec<_>>().join("; ")
}

/// The step with names in capitals where something is to be filled in.
fn template(error: &Error, ran: &Ran, known: &Known) -> Option<&'static str> {
    let verb = ran.verb();
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
    if error.reason() == Reason::UntrustedKey && known.has_built_in_keys {
        return Some("another vendor signed it; see who: airlatch inspect FILE");
    }
    let is_of_content =
        matches!(error.reason(), Reason::FeatureMissing | Reason::QuantityShort | Reason::WrongProduct);
    let is_bare = known.feature.is_none() && error.reason() != Reason::WrongProduct;
    if is_of_content && ran.is_at_host() && is_bare && !known.names_files {
        return Some("see what is licensed: airlatch status");
    }
    if verb == "verify" && known.names_files && is_of_content {
        return Some("see what the file licenses: airlatch inspect FILE");
    }
    if verb == "verify" && error.cause() == Some(Cause::OtherDevice) && known.unit.is_some() {
        return Some("take the license of that device; see which this one is for: airlatch inspect FILE");
    }
    if error.reason() == Reason::BadMac && error.cause().is_none() {
        return Some(reason::mac_spelling(error.subjects()));
    }
    // Without a file it is an option's value.
    if error.reason() == Reason::BadField && error.cause().is_none() && error.path().is_none() {
        return Some(reason::HELP);
    }
    let cause = match error.cause() {
        Some(Cause::OtherHardware) if known.names_root => Some(Cause::OtherHost),
        // A license that is not installed is named.
        Some(Cause::OtherHardware) if known.names_files || verb == "install" => return Some(MOVE_OF_FILE),
        cause => cause,
    };
    let by_cause = cause.and_then(|cause| cause::step(cause, error.reason(), ran));
    Some(by_cause.unwrap_or_else(|| reason::step(error.reason(), ran)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::ffi::OsString;
    use std::rc::Rc;

    use clap::error::ErrorKind;

    use super::fill::commands;
    use super::*;
    use crate::cli::command;

    /// Every command, as it is known after it ran.
    fn all_ran() -> Vec<Ran> {
        let mut whole = command::command();
        whole.build();
        let mut all = Vec::new();
        for verb in whole.get_subcommands().filter(|verb| verb.get_name() != "help") {
            let deeper = verb.get_subcommands().filter(|it| it.get_name() != "help");
            let deeper: Vec<String> =
                deeper.map(|it| format!("airlatch {} {}", verb.get_name(), it.get_name())).collect();
            let lines =
                if deeper.is_empty() { vec![format!("airlatch {}", verb.get_name())] } else { deeper };
            for line in lines {
                let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
                all.push(Ran::typed(&whole, &words));
            }
        }
        all
    }

    /// Every step that a command can be given.
    fn steps_of(ran: &Ran) -> BTreeSet<&'static str> {
        let by_reason = Reason::ALL.iter().map(|reason| reason::step(*reason, ran));
        let pairs =
            cause::ALL.iter().flat_map(|cause| Reason::ALL.iter().map(move |reason| (*cause, *reason)));
        by_reason.chain(pairs.filter_map(|(cause, reason)| cause::step(cause, reason, ran))).collect()
    }

    #[test]
    fn every_reason_has_a_next_step_of_its_own() {
        let reasons = Reason::ALL.iter().filter(|it| !matches!(it, Reason::Usage | Reason::Declined));
        for reason in reasons {
            let step = reason::step(*reason, &Ran::verb_alone("verify"));
            assert_ne!(step, "see the commands: airlatch help", "{reason}");
        }
    }

    #[test]
    fn every_command_in_a_step_can_be_typed() {
        for ran in all_ran() {
            let known = Known { ran: Some(Rc::new(ran.clone())), ..Known::default() };
            for step in steps_of(&ran) {
                assert_eq!(
                    step.matches("airlatch ").count(),
                    commands(step).len(),
                    "a command not at a clause's end: {step}"
                );
                let filled = fill(step, &known);
                for words in commands(&filled) {
                    let typed = words
                        .replace("MAC", "00:04:f1:14:4b:d4")
                        .replace("FEATURE", "sessions=5")
                        .replace("ENTRY", "7");
                    let parsed = command::command().try_get_matches_from(typed.split(' '));
                    let is_shown = |error: &clap::Error| {
                        matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion)
                    };
                    assert!(parsed.as_ref().err().is_none_or(is_shown), "{step}\n{}", parsed.unwrap_err());
                }
            }
        }
    }

    #[test]
    fn no_step_names_an_option_that_the_command_does_not_have() {
        let mut wrong = BTreeSet::new();
        for ran in all_ran() {
            for step in steps_of(&ran) {
                let prose =
                    step.split("; ").map(|clause| clause.split("airlatch ").next().unwrap_or_default());
                let named = prose.flat_map(|text| text.split([' ', ',', ';', '(', ')', ':']));
                for option in named.filter_map(|word| word.strip_prefix("--")).filter(|it| !ran.has(it)) {
                    wrong.insert(format!("{} has no --{option}: {step}", ran.command()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn no_step_sends_the_reader_to_the_command_that_ran() {
        for ran in all_ran().iter().filter(|ran| LOOKS.contains(&ran.command())) {
            for step in steps_of(ran).into_iter().filter_map(|step| without_circle(step, ran)) {
                let circle = format!("airlatch {}", ran.command());
                let leads_back =
                    |command: &&str| command.trim_end_matches(char::is_uppercase).trim() == circle;
                assert!(!commands(&step).iter().any(leads_back), "{circle}: {step}");
            }
        }
    }

    #[test]
    fn where_a_clause_is_left_out_the_others_stay() {
        let ran = Some(Rc::new(Ran::verb_alone("status")));
        let known = Known { ran, asked: Some("phone".into()), ..Known::default() };
        let error = Error::new(Reason::WrongProduct, "it is for another product");
        assert_eq!(
            hint(&error, "status", &known).as_deref(),
            Some("ask for a license: airlatch request --product phone --out host.request")
        );
    }

    #[test]
    fn a_command_of_another_place_is_given_with_that_place() {
        let (desk, host) = (Ran::verb_alone("ledger"), Ran::verb_alone("verify"));
        for (step, ran, placed) in [
            ("ask again: airlatch request", &desk, "on the host, ask again: airlatch request"),
            ("on its host, install it: airlatch install", &desk, "on its host, install it: airlatch install"),
            ("wait; see: airlatch order list", &host, "wait; at the desk, see: airlatch order list"),
            ("ask again: airlatch request", &host, "ask again: airlatch request"),
        ] {
            assert_eq!(with_places(step, ran), placed);
        }
    }
}
