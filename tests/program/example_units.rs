//! The units of worked examples: devices by number, hosts by request or typed Locking ID, lists of devices.

use serde_json::Value;

use super::example_desk::{ExampleDesk, behind};
use super::example_result::Done;
use crate::common::place::repository;

/// The captured hosts that the examples call 1 and 2.
const HOSTS: [&str; 2] = ["workshop-a", "clinic-b"];

/// The serial of a site.
const SITE: &str = "HQE2Z-RXP8E-AK1V0-X9ZS3-GMQAZ";

impl ExampleDesk {
    /// The options of `issue` that name the unit of these words.
    pub(super) fn unit_options(&mut self, words: &[&str]) -> Vec<String> {
        if !self.unit.is_empty() {
            return self.unit.clone();
        }
        let unit = if words.contains(&"host") {
            let request = format!("request-{}", self.goes_to(words, "host"));
            self.at_host(&["request", "--product", &self.product, "--force", "--out", &request]);
            vec![request]
        } else if words.contains(&"typed") {
            self.goes_to(words, "typed");
            let shown: Value = serde_json::from_str(&self.at_host(&["id", "--json"])).unwrap();
            vec!["--locking-id".into(), shown["locking_id"].as_str().unwrap().into()]
        } else if words.contains(&"site") {
            vec!["--site".into(), SITE.into()]
        } else {
            vec!["--mac".into(), mac(&behind(words, "unit", "1"))]
        };
        [unit, model_option(words)].concat()
    }

    /// `batch` for a list of devices that all get the same.
    pub(super) fn list(&self, words: &[&str]) -> Vec<String> {
        let line = |number: &str| format!("{}\t{}\n", words[0], mac(number));
        let list: String = behind(words, "units", "1").split(',').map(line).collect();
        std::fs::write(self.trip.folder.join("list"), list).unwrap();
        // A license file of an earlier list would be in the way.
        let _ = std::fs::remove_dir_all(self.trip.folder.join("out"));
        let args = ["batch", "list", "--out-dir", "out", "--yes"].map(str::to_owned);
        [args.to_vec(), model_option(words), self.wanted(words)].concat()
    }

    /// The host installs and releases its license; if it can, the desk books the receipt.
    pub(super) fn release(&mut self, words: &[&str]) -> Done {
        self.goes_to(words, "host");
        self.at_host(&["install", "license", "--trust", "desk/keys/desk.pub"]);
        let released = ["release", "--product", &self.product, "--yes", "--force", "--out", "receipt"];
        let done = self.run(&released.map(str::to_owned));
        if done.refusal().is_some() {
            done
        } else {
            self.run(&["issue", "receipt", "--yes"].map(str::to_owned))
        }
    }

    /// The host installs its license and verifies it.
    pub(super) fn verify(&mut self, words: &[&str]) -> Vec<String> {
        self.goes_to(words, "host");
        self.trip.airlatch(&["install", "license", "--trust", "desk/keys/desk.pub"], Vec::new());
        ["verify", "--product", &self.product].map(str::to_owned).to_vec()
    }

    /// Goes to the host whose number is behind a word.
    fn goes_to(&mut self, words: &[&str], word: &str) -> usize {
        let number: usize = behind(words, word, "1").parse().unwrap();
        let name = HOSTS[number - 1];
        self.trip.host = repository().join("tests/hosts").join(name);
        self.trip.home = name.into();
        number
    }

    /// What a command of the host prints; it has to succeed.
    fn at_host(&self, args: &[&str]) -> String {
        let ran = self.trip.airlatch(args, Vec::new());
        assert_eq!(ran.exit, 0, "{args:?}: {}", ran.both);
        ran.stdout
    }
}

/// The model, unless the line says that none is named.
fn model_option(words: &[&str]) -> Vec<String> {
    let model = behind(words, "model", "small");
    if model == "none" { Vec::new() } else { vec!["--model".into(), model] }
}

fn mac(number: &str) -> String {
    format!("00:04:f2:00:00:{number:0>2}")
}
