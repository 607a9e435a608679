//! What depends on the terminal: the width of help and tables, colors, and what `--quiet` leaves out.

use airlatch::cli::command;
use airlatch_machine::platform::Streams;

use crate::common::trip::Trip;

/// A trip at a terminal of so many columns.
fn terminal(name: &str, columns: u16) -> Trip {
    let mut trip = Trip::new(name);
    trip.streams = Streams { input: true, output: true, error: true, columns: Some(columns), plain: true };
    trip
}

/// Every verb by the words that call it, with the lines of its examples.
fn examples(before: &[&str], command: &clap::Command, found: &mut Vec<(Vec<String>, Vec<String>)>) {
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines = after.lines().filter(|line| line.starts_with(' ')).map(str::to_owned).collect();
    found.push((before.iter().map(ToString::to_string).collect(), lines));
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        examples(&[before, &[verb.get_name()]].concat(), verb, found);
    }
}

#[test]
fn help_takes_the_width_of_the_terminal_and_breaks_no_example() {
    let mut verbs = Vec::new();
    examples(&[], &command(), &mut verbs);
    assert!(verbs.len() > 30);
    for columns in [60, 80, 120] {
        let trip = terminal(&format!("help-{columns}"), columns);
        let mut widest = 0;
        for (verb, examples) in &verbs {
            let args: Vec<&str> = verb.iter().map(String::as_str).chain(["--help"]).collect();
            let help = trip.airlatch(&args, Vec::new()).stdout;
            for example in examples {
                assert!(help.lines().any(|line| line == example), "{args:?} at {columns}: {example}\n{help}");
            }
            for line in help.lines().filter(|line| !examples.iter().any(|example| example == line)) {
                let width = line.chars().count();
                assert!(width <= usize::from(columns) || line.starts_with("Usage:"), "{args:?}: {line}");
                widest = widest.max(width);
            }
        }
        assert!(widest + 5 > usize::from(columns), "{widest} of {columns}");
    }
}

#[test]
fn a_table_becomes_records_where_it_is_too_wide() {
    let mut trip = terminal("tables", 120);
    let did = |trip: &Trip, args: &[&str]| {
        let ran = trip.airlatch(args, Vec::new());
        assert_eq!(ran.exit, 0, "{}", ran.both);
        ran.stdout
    };
    let list = |trip: &Trip| did(trip, &["account", "list"]);
    did(&trip, &["desk", "init", "desk", "--vendor", "Acme", "--no-passphrase"]);
    did(
        &trip,
        &["account", "new", "north", "--title", "A branch with a name of fifty columns, in the north"],
    );
    let table = "account  title\nnorth    A branch with a name of fifty columns, in the north\n";
    trip.streams.columns = Some(30);
    assert_eq!(list(&trip), table, "no terminal is taken for narrower than 60");
    did(&trip, &["account", "new", "the-whole-west", "--title", "x", "--group", "north"]);
    let records = "account  north\ntitle    A branch with a name of fifty columns, in the north\n\n\
                   account  the-whole-west\ntitle    x\ngroup    north\n";
    assert_eq!(list(&trip), records);
    trip.streams.output = false;
    assert!(list(&trip).starts_with("account         title"), "a pipe takes 100 columns");
}

/// Whether there are escape codes in what a command prints on a terminal that shows colors.
fn colored(trip: &mut Trip, plain: bool, line: &str) -> bool {
    trip.streams.plain = plain;
    let ran = trip.airlatch(&line.split(' ').collect::<Vec<_>>(), Vec::new());
    assert!(ran.both.len() > 10, "{line}: {}", ran.both);
    ran.both.contains('\u{1b}')
}

#[test]
fn colors_are_for_people_at_a_terminal() {
    let mut trip = terminal("colors", 80);
    let did = |trip: &Trip, line: &str| {
        let ran = trip.airlatch(&line.split(' ').collect::<Vec<_>>(), Vec::new());
        assert_eq!(ran.exit, 0, "{line}: {}", ran.both);
    };
    did(&trip, "desk init desk --vendor Acme --no-passphrase");
    did(&trip, "account new north");
    for (plain, line, wanted) in [
        (false, "verify", true),
        (true, "verify", false),
        (true, "verify --color always", true),
        (false, "verify --color never", false),
        (false, "verify --json", false),
        (false, "doctor", true),
        (false, "doctor --json --color always", false),
        (false, "id --help", true),
        (false, "verfy", true),
        (false, "verfy --color never", false),
        (false, "order", true),
        (true, "order", false),
        (false, "account list --tsv --color always", false),
        (false, "account list --color always", false),
        (false, "completions bash --color always", false),
        (false, "request --product pbx --out - --color always", false),
    ] {
        assert_eq!(colored(&mut trip, plain, line), wanted, "{line}, NO_COLOR {plain}");
    }
    trip.streams = Streams { error: true, ..Streams::default() };
    assert!(colored(&mut trip, false, "verify"), "standard output is a file, standard error a terminal");
    assert!(!colored(&mut trip, false, "id --help"));
}

#[test]
fn quiet_leaves_out_notes_and_nothing_else() {
    let trip = Trip::new("quiet");
    let run = |line: &str| trip.airlatch(&line.split(' ').collect::<Vec<_>>(), Vec::new());
    let loud = run("id --root tests/hosts/workshop-a");
    assert!(
        loud.both.contains("note: reading the hardware and settings below tests/hosts/workshop-a"),
        "{}",
        loud.both
    );
    let quiet = run("id --root tests/hosts/workshop-a --quiet");
    assert_eq!((quiet.exit, quiet.both), (0, loud.stdout));
    let in_json = run("id --root tests/hosts/workshop-a --quiet --json");
    assert!(in_json.stdout.contains("reading the hardware and settings below"), "{}", in_json.stdout);
    assert_eq!(run("verify -q").both, run("verify").both, "errors and hints stay");
    assert!(run("verify -q").both.starts_with("error: "));
}

#[test]
fn reading_from_a_terminal_says_how_to_end_it() {
    let says = "paste the text, then press Ctrl-D\n";
    let mut trip = terminal("paste", 80);
    assert_eq!(trip.airlatch(&["keygen", "--out", "acme", "--no-passphrase"], Vec::new()).exit, 0);
    std::fs::rename(trip.folder.join("acme.key"), trip.folder.join("key")).unwrap();
    std::fs::write(
        trip.folder.join("grant.toml"),
        "product = 'pbx'\npermanent = true\nfeatures.voicemail = true\n",
    )
    .unwrap();
    for line in [
        "install -",
        "inspect -",
        "verify -",
        "doctor -",
        "catalog check -",
        "install - --json",
        "issue --key key --grant - --mac 00:04:9f:11:4b:d4 --out new --yes",
        "batch --key key --grant grant.toml - --out-dir new --dry-run",
        "keygen --passphrase-file - --out new",
    ] {
        trip.streams.input = true;
        let words: Vec<&str> = line.split(' ').collect();
        let ran = trip.airlatch(&words, Vec::new());
        assert_eq!(ran.both.matches(says).count(), 1, "{line}\n{}", ran.both);
        assert!(!ran.stdout.contains(says), "{line}: it is no result");
        trip.streams.input = false;
        assert!(!trip.airlatch(&words, Vec::new()).both.contains(says), "{line}");
    }
}
