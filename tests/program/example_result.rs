//! What the lines of a worked example did, in the words of the page.

use airlatch_core::model::Time;
use serde_json::Value;

use super::example_desk::ExampleDesk;

/// What a command did: the JSON that it printed.
pub struct Done(pub(super) Value);

impl Done {
    /// The reason word of the first error, if there is one.
    pub fn refusal(&self) -> Option<&str> {
        let Self(json) = self;
        let first = json.pointer("/reasons/0/reason").unwrap_or(&json["reason"]);
        first.as_str().filter(|_| json["type"] != "verify")
    }
}

impl ExampleDesk {
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
            "charged" => self.lines(kind, &json["charge"], json),
            "returned" => self.lines(kind, &json["returned"], json),
            "license" => license(json, &self.trip.now.to_string()),
            "refused" => format!("refused {}", done.refusal().unwrap_or("nothing")),
            "left" => {
                let name = rest.split(' ').next().unwrap().to_owned();
                let shown = self.run(&["order".into(), "show".into(), self.codes[&name].clone()]);
                let articles = shown.0["articles"].as_object().unwrap();
                let named = |word: &str| rest.split([' ', ',']).any(|it| it == word);
                let left = articles.iter().filter(|(article, _)| named(article));
                let left: Vec<_> = left.map(|(article, of)| format!("{article} {}", of["left"])).collect();
                format!("left {name} {}", left.join(", "))
            }
            "verdict" => format!("verdict {}", json["verdict"].as_str().unwrap()),
            "note" => {
                let notes = json["notes"].as_array().unwrap_or_else(|| panic!("{json}"));
                let is_said = notes.iter().any(|note| note.as_str() == Some(&format!("note: {rest}")));
                if is_said { expected.to_owned() } else { format!("notes {notes:?}") }
            }
            other => panic!("no such result: {other}"),
        }
    }

    /// Quantities with the code that they are taken from, or go back to.
    fn lines(&self, kind: &str, lines: &Value, json: &Value) -> String {
        let Some(lines) = lines.as_array() else { return format!("{kind}, but: {json}") };
        let word = if kind == "returned" { "to" } else { "from" };
        let line = |it: &Value| {
            format!(
                "{} {} {word} {}",
                it["article"].as_str().unwrap(),
                it["quantity"],
                self.name(&it["code"])
            )
        };
        let lines: Vec<String> = lines.iter().map(line).collect();
        format!("{kind} {}", if lines.is_empty() { "nothing".into() } else { lines.join("; ") })
    }
}

/// The periods of a license, with the beginning if that is later than now.
fn license(json: &Value, now: &str) -> String {
    let license = &json["license"];
    if !license.is_object() {
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
