//! A desk that runs lines of worked examples, such as `issue A sessions=40`, and says what they did in the words of the page.

use std::collections::HashMap;

use airlatch_core::model::Time;
use serde_json::Value;

use crate::common::trip::Trip;

/// A desk with its catalog, and the orders booked so far.
pub struct ExampleDesk {
    trip: Trip,
    product: String,
    /// The options that name a unit, unless the line names one by number.
    unit: Vec<String>,
    /// The code of each order by the name in the example.
    codes: HashMap<String, String>,
}

/// What a command did: the JSON that it printed.
pub struct Done(Value);

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

    fn without(&self, feature: &str) {
        let path = self.trip.folder.join("desk/catalog.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let kept = text.lines().filter(|line| line.split(' ').next() != Some(feature));
        std::fs::write(&path, kept.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    }

    fn run(&mut self, args: &[String]) -> Done {
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
                self.without(rest[0]);
                return None;
            }
            "order" => self.order(rest),
            "issue" => self.issue(rest),
            "trial" => self.trial(rest),
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
        if matches!(*verb, "order" | "pass") {
            let code = done.0["code"].as_str().unwrap_or_else(|| panic!("{line}: {}", done.0));
            self.codes.insert(rest[if *verb == "pass" { 3 } else { 0 }].to_owned(), code.to_owned());
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

    fn issue(&self, words: &[&str]) -> Vec<String> {
        let mut args = self.to_unit(words);
        for name in words[0].split('+') {
            args.extend(["--code".into(), self.codes[name].clone()]);
        }
        let options = ["unit", "model"];
        let mut rest = words[1..].iter();
        while let Some(word) = rest.next() {
            match *word {
                "all" => args.push("--all".into()),
                "overdraft" => args.push("--overdraft".into()),
                word if options.contains(&word) => _ = rest.next(),
                article => args.extend(["--quantity".into(), article.into()]),
            }
        }
        args
    }

    /// A code as the example names it.
    fn name(&self, code: &Value) -> String {
        let code = code.as_str().unwrap();
        self.codes.iter().find(|(_, known)| *known == code).unwrap().0.clone()
    }

    /// What the page says of the last command, as the program says it.
    pub fn result(&mut self, done: &Done, expected: &str) -> String {
        let (kind, rest) = expected.split_once(' ').unwrap();
        let Done(json) = done;
        match kind {
            "charged" => self.charged(json),
            "license" => license(json, &self.trip.now.to_string()),
            "refused" => format!("refused {}", json["reason"].as_str().unwrap_or("nothing")),
            "left" => {
                let name = rest.split(' ').next().unwrap().to_owned();
                let shown = self.run(&["order".into(), "show".into(), self.codes[&name].clone()]);
                let articles = shown.0["articles"].as_object().unwrap();
                let named = |word: &str| rest.split([' ', ',']).any(|it| it == word);
                let left = articles.iter().filter(|(article, _)| named(article));
                let left: Vec<_> = left.map(|(article, of)| format!("{article} {}", of["left"])).collect();
                format!("left {name} {}", left.join(", "))
            }
            "note" => {
                let notes = json["notes"].as_array().unwrap_or_else(|| panic!("{json}"));
                let is_said = notes.iter().any(|note| note.as_str() == Some(&format!("note: {rest}")));
                if is_said { expected.to_owned() } else { format!("notes {notes:?}") }
            }
            other => panic!("no such result: {other}"),
        }
    }

    fn charged(&self, json: &Value) -> String {
        let Some(lines) = json["charge"].as_array() else { return format!("charged, but: {json}") };
        let line = |it: &Value| {
            format!("{} {} from {}", it["article"].as_str().unwrap(), it["quantity"], self.name(&it["code"]))
        };
        let lines: Vec<String> = lines.iter().map(line).collect();
        format!("charged {}", if lines.is_empty() { "nothing".into() } else { lines.join("; ") })
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
                "term" => args.extend(["--term".into(), format!("{} {}", next(), next())]),
                article => args.extend(["--line".into(), article.to_owned()]),
            }
            has_term |= ["until", "term"].contains(&word);
        }
        if !has_term {
            args.push("--permanent".into());
        }
        args.push("--yes".into());
        args
    }

    fn trial(&self, words: &[&str]) -> Vec<String> {
        let mut args = self.to_unit(words);
        args.extend(["--evaluation", "--product", &self.product].map(str::to_owned));
        args
    }

    /// `issue` to the unit and model that these words name.
    fn to_unit(&self, words: &[&str]) -> Vec<String> {
        let behind = |word: &str, default: &'static str| {
            let at = words.iter().position(|it| *it == word);
            at.map_or(default, |at| words[at + 1]).to_owned()
        };
        let numbered = || {
            let mac = format!("00:04:f2:00:00:{:0>2}", behind("unit", "1"));
            ["--mac".to_owned(), mac, "--model".to_owned(), behind("model", "small")].to_vec()
        };
        let unit = if self.unit.is_empty() { numbered() } else { self.unit.clone() };
        let rest = ["--yes", "--out", "license", "--force"].map(str::to_owned);
        std::iter::once("issue".to_owned()).chain(unit).chain(rest).collect()
    }
}

/// The periods of a license, with the beginning if that is later than now.
fn license(json: &Value, now: &str) -> String {
    let license = &json["license"];
    if license.is_null() {
        return format!("license, but: {json}");
    }
    let first = (&license["features"], &license["until"]);
    let later = license["after"].as_array().unwrap().iter().map(|it| (&it["features"], &it["until"]));
    let spans: Vec<String> = std::iter::once(first).chain(later).map(|(all, end)| span(all, end)).collect();
    let from = license["from"].as_str().unwrap();
    let begins = if from > now { format!("from {}: ", &from[..10]) } else { String::new() };
    format!("license {begins}{}", spans.join("; then "))
}

fn span(features: &Value, end: &Value) -> String {
    let features = features.as_object().unwrap().iter();
    let feature = |(name, quantity): (&String, &Value)| match quantity {
        Value::Number(number) => format!("{name} {number}"),
        _ => name.clone(),
    };
    let features = features.map(feature).collect::<Vec<_>>().join(", ");
    let Some(end) = end.as_str() else { return features };
    let end: Time = end.parse().unwrap();
    format!("{features} through {}", &end.plus_seconds(-1).to_string()[..10])
}
