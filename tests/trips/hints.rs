//! Every command in a hint, typed in the situation in which it was given.

use std::collections::BTreeSet;
use std::path::Path;

use crate::common::trip::{Ran, Trip, commands_of};

/// Names in a command that only a person can fill in.
const PERSON: [&str; 11] =
    ["PRODUCT", "VENDOR.pub", "BACKUP", "DIR", "MAC", "TEXT", "NAME", "LENGTH", "FILE", "CODE", "LICENSE"];

/// A hint's command, and what typing it did.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Typed {
    /// The reason word of the error that gave it.
    reason: String,
    command: String,
    outcome: String,
}

impl Typed {
    /// As a row of `tests/trips/hints.md`.
    pub fn row(&self) -> String {
        format!("| `{}` | `{}` | {} |\n", self.reason, self.command, self.outcome)
    }
}

/// Replays a trip; after each command its hints are typed in a copy of the trip. Gives what that did, and what is wrong.
pub fn typed(path: &Path, seed: u64) -> (BTreeSet<Typed>, Vec<String>) {
    let (mut all, mut wrong) = (BTreeSet::new(), Vec::new());
    let text = std::fs::read_to_string(path).unwrap();
    let mut trip = Trip::seeded(path.file_stem().unwrap().to_str().unwrap(), seed);
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        }
        let Some(line) = line.strip_prefix("$ ").filter(|_| inside) else { continue };
        let printed = trip.line(line);
        for (reason, command) in commands_of(&printed) {
            let (outcome, fault) = outcome(&trip, line, &reason, &command);
            wrong.extend(fault.map(|fault| format!("{}: after `{line}`: {fault}", path.display())));
            all.insert(Typed { reason, command: general(&command), outcome });
        }
    }
    (all, wrong)
}

fn outcome(trip: &Trip, line: &str, reason: &str, command: &str) -> (String, Option<String>) {
    let names: Vec<&str> = command.split([' ', '=']).filter(|word| PERSON.contains(word)).collect();
    match names[..] {
        [] => {}
        [name] => return (format!("asks the person for {name}"), None),
        _ => {
            return (
                format!("asks for {names:?}"),
                Some(format!("`{command}` asks for more than one thing")),
            );
        }
    }
    let Ran { both, exit, .. } = trip.copy().typed(command);
    let next = commands_of(&both);
    let word = both.rsplit_once('[').and_then(|(_, word)| Some(word.split_once(']')?.0)).unwrap_or_default();
    let circle = next.iter().any(|(_, next)| next == line || next == command);
    let fault = match exit {
        _ if circle => Some(format!("`{command}` leads back to `{}`", next[0].1)),
        0 => None,
        _ if word == reason && !only_looks(command) => Some(format!("`{command}` meets the same: {both}")),
        _ if both.contains("[usage]") => Some(format!("`{command}` can't be typed: {both}")),
        _ => None,
    };
    (if exit == 0 { "done".into() } else { format!("exit {exit}, {word}") }, fault)
}

/// Whether a command only shows what is wrong.
fn only_looks(command: &str) -> bool {
    ["airlatch doctor", "airlatch inspect", "airlatch ledger audit"]
        .iter()
        .any(|look| command.starts_with(look))
}

/// The command without ids and files of one trip.
fn general(command: &str) -> String {
    let is_id = |word: &str| {
        word.len() == 29 && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
    };
    command.split(' ').map(|word| if is_id(word) { "ID" } else { word }).collect::<Vec<_>>().join(" ")
}
