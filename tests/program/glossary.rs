//! The glossary has a line for each noun that a reader meets in the help.

use airlatch::cli::command;
use airlatch_core::model::Reason;

use crate::common::place::repository;
use crate::common::trip::Trip;

/// The vocabulary: one word for each concept. A new noun of a help text belongs here and into the page.
const NOUNS: &str = "account, activation, actor, armor, article, audit, authorization code, backup, balance, catalog, check digits, \
    clock mark, clock reset, clock rollback, code, component, container, customer, daily check, desk, device, \
    document id, end user, entry, evaluation, exit code, feature, fingerprint, fleet file, grace, grant, group, \
    hardware drift, home, host, host key, instance id, ledger, level, license, license number, list of devices, \
    lock, Locking ID, MAC address, MAC rule, model, move, order, order sheet, overdraft, pool, private key, product, \
    public key, quantity, reason word, release, release receipt, renewal, repair, reprint, request, salt, sealed \
    document, seat, site, site serial, starter, step, superseded, support bundle, switch, System ID, term, transfer, \
    trial license, trusted set, typed code, unit, unmetered, upgrade, vendor, verdict, virtual machine, weak lock, witness";

fn nouns() -> impl Iterator<Item = &'static str> {
    NOUNS.split(", ")
}

fn page() -> String {
    std::fs::read_to_string(repository().join("man/airlatch-glossary.7")).unwrap()
}

/// The nouns of the page, in its order.
fn defined(page: &str) -> Vec<&str> {
    page.lines().collect::<Vec<_>>().windows(2).filter_map(|two| noun(two[0], two[1])).collect()
}

fn noun<'a>(tag: &str, line: &'a str) -> Option<&'a str> {
    if tag == ".TP" { line.strip_prefix(".B ") } else { None }
}

/// The help texts of the program and of all its verbs.
fn help() -> String {
    fn of(command: &clap::Command, text: &mut String) {
        text.push_str(&command.clone().render_long_help().to_string());
        command.get_subcommands().for_each(|verb| of(verb, text));
    }
    let (mut program, mut text) = (command(), String::new());
    program.build();
    of(&program, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_noun_of_the_vocabulary_has_a_line() {
    let page = page();
    let defined = defined(&page);
    let missing: Vec<&str> = nouns().filter(|noun| !defined.contains(noun)).collect();
    assert!(missing.is_empty(), "not in man/airlatch-glossary.7: {missing:?}");
}

#[test]
fn the_vocabulary_is_that_of_the_help() {
    let help = help().to_lowercase();
    let used = nouns().filter(|noun| help.contains(&noun.to_lowercase())).count();
    assert!(used >= 60, "the help uses only {used} of {} nouns: has one been renamed?", nouns().count());
    // Words that stood in the help once, each a second name for something above.
    for avoided in ["trying out", "charged to nobody", "whoever", "public half"] {
        assert!(!help.contains(avoided), "`{avoided}` is in the help again");
    }
}

#[test]
fn lines_are_in_order_and_no_noun_has_two() {
    let page = page();
    let defined: Vec<String> = defined(&page).into_iter().map(str::to_lowercase).collect();
    let mut sorted = defined.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(defined, sorted);
}

#[test]
fn the_reason_words_it_names_exist() {
    let page = page();
    let named = page.split("(reason word").skip(1).filter_map(|rest| rest.split(')').next());
    let named: Vec<&str> = named.map(str::trim).collect();
    assert!(named.len() >= 3, "{named:?}");
    for word in named {
        assert!(Reason::ALL.iter().any(|reason| reason.word() == word), "{word}");
    }
}

#[test]
fn the_program_prints_it() {
    let ran = Trip::new("glossary").airlatch(&["man", "glossary"], Vec::new());
    assert_eq!((ran.exit, ran.both), (0, page()));
}
