//! A desk that runs lines of worked examples, such as `issue A sessions=40`.

use std::collections::HashMap;

use super::example_result::Done;
use crate::common::trip::Trip;

/// A desk with its catalog, and the orders booked so far.
pub struct ExampleDesk {
    pub(super) trip: Trip,
    pub(super) product: String,
    /// The options that name a unit, unless the line names one by number.
    pub(super) unit: Vec<String>,
    /// The code of each order by the name in the example.
    pub(super) codes: HashMap<String, String>,
}

impl ExampleDesk {
    /// A desk with an empty ledger at 1 January 2027, 09:00 UTC.
    pub fn new(catalog: &str, product: &str, unit: &[&str]) -> Self {
        let mut trip = Trip::new("rules");
        trip.now = "2027-01-01T09:00:00Z".parse().unwrap();
        let made =
            trip.airlatch(&["desk", "init", "desk", "--no-passphrase", "--vendor", "ACME"], Vec::new());
        assert_eq!(made.exit, 0, "{}", made.both);
        std::fs::write(trip.folder.join("desk/catalog.toml"), catalog).unwrap();
        let unit = unit.iter().map(|it| (*it).to_owned()).collect();
        Self { trip, product: product.to_owned(), unit, codes: HashMap::new() }
    }

    /// Sets a key of the product in the catalog, or takes it away: in the line that it has, else behind the line of the lock.
    fn set_in_catalog(&self, key: &str, line: Option<&str>) {
        let path = self.trip.folder.join("desk/catalog.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let starts = |line: &str, key: &str| line.split(' ').next() == Some(key);
        let is_there = text.lines().any(|it| starts(it, key));
        let mut lines = Vec::new();
        for it in text.lines() {
            lines.extend(if starts(it, key) { line } else { Some(it) });
            lines.extend(line.filter(|_| !is_there && starts(it, "lock")));
        }
        std::fs::write(&path, lines.join("\n")).unwrap();
    }

    pub(super) fn run(&mut self, args: &[String]) -> Done {
        let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
        args.push("--json");
        let ran = self.trip.airlatch(&args, Vec::new());
        Done(
            serde_json::from_str(&ran.both).unwrap_or_else(|error| panic!("{args:?}: {error}\n{}", ran.both)),
        )
    }

    /// Runs a line of an example; a line that only changes the scene prints nothing.
    pub fn line(&mut self, line: &str) -> Option<Done> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (verb, rest) = words.split_first().unwrap();
        let args = match *verb {
            "on" => {
                self.trip.now = format!("{}T09:00:00Z", rest[0]).parse().unwrap();
                return None;
            }
            "without" => {
                self.set_in_catalog(rest[0], None);
                return None;
            }
            "catalog" => {
                self.set_in_catalog(rest[0], line.split_once(' ').map(|(_, setting)| setting));
                return None;
            }
            "order" => self.order(rest),
            "issue" => self.issue(rest),
            "trial" => self.trial(rest),
            "list" => self.list(rest),
            "release" => return Some(self.release(rest)),
            "verify" => self.verify(rest),
            "renew" => {
                self.on_code(&["order", "renew"], rest[0], &[&["--add", &rest[2..].join(" "), "--yes"]])
            }
            "cancel" => self.on_code(&["order", "cancel"], rest[0], &[&["--yes"]]),
            "pass" => {
                self.on_code(&["order", "pass"], rest[0], &[&["--line", rest[1], "--to", rest[3], "--yes"]])
            }
            other => panic!("no such command: {other}"),
        };
        let done = self.run(&args);
        if let (Some(code), "order" | "pass") = (done.0["code"].as_str(), *verb) {
            let name = if *verb == "pass" { rest[3] } else { rest[0] };
            self.codes.insert(name.to_owned(), code.to_owned());
        }
        Some(done)
    }

    fn on_code(&self, verb: &[&str], name: &str, options: &[&[&str]]) -> Vec<String> {
        let code = [self.codes[name].as_str()];
        [verb, &code]
            .into_iter()
            .chain(options.iter().copied())
            .flatten()
            .map(|it| (*it).to_owned())
            .collect()
    }

    fn issue(&mut self, words: &[&str]) -> Vec<String> {
        [self.issued_to(words), self.wanted(words)].concat()
    }

    /// The options that say what is wanted from which codes.
    pub(super) fn wanted(&self, words: &[&str]) -> Vec<String> {
        let codes = words[0].split('+').flat_map(|name| ["--code".into(), self.codes[name].clone()]);
        let mut args: Vec<String> = codes.collect();
        let mut rest = words[1..].iter();
        while let Some(word) = rest.next() {
            match *word {
                "all" => args.push("--all".into()),
                "overdraft" => args.push("--overdraft".into()),
                "unit" | "units" | "model" | "host" | "typed" => _ = rest.next(),
                "site" => {}
                article => args.extend(["--quantity".into(), article.into()]),
            }
        }
        args
    }

    fn order(&self, words: &[&str]) -> Vec<String> {
        let mut args = ["order", "new", words[0], "--product", &self.product].map(str::to_owned).to_vec();
        let mut rest = words[1..].iter().copied().peekable();
        let mut has_term = false;
        while let Some(word) = rest.next() {
            let mut next = || rest.next().unwrap().to_owned();
            match word {
                "until" => args.extend(["--until".into(), next()]),
                "from" => args.extend(["--from".into(), next()]),
                "overdraft" => args.extend(["--overdraft".into(), next()]),
                "version" => args.extend(["--version".into(), next()]),
                "term" => args.extend(["--term".into(), format!("{} {}", next(), next())]),
                article => args.extend(["--line".into(), article.to_owned()]),
            }
            has_term |= ["until", "term"].contains(&word);
        }
        if !has_term {
            args.push("--permanent".into());
        }
        args
    }

    fn trial(&mut self, words: &[&str]) -> Vec<String> {
        let mut args = self.issued_to(words);
        args.extend(["--evaluation", "--product", &self.product].map(str::to_owned));
        args
    }

    /// `issue` to the unit and model that these words name.
    fn issued_to(&mut self, words: &[&str]) -> Vec<String> {
        let rest = ["--yes", "--out", "license", "--force"].map(str::to_owned);
        std::iter::once("issue".to_owned()).chain(self.unit_options(words)).chain(rest).collect()
    }
}

/// The word behind a word.
pub(super) fn behind(words: &[&str], word: &str, default: &str) -> String {
    let at = words.iter().position(|it| *it == word);
    at.map_or(default, |at| words[at + 1]).to_owned()
}
