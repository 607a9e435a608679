//! Every example of the page airlatch-rules(7) runs against the program, and prints what the page says.

use super::example_desk::ExampleDesk;
use super::example_result::Done;
use crate::common::place::repository;

fn page() -> String {
    std::fs::read_to_string(repository().join("man/airlatch-rules.7")).unwrap()
}

/// The text between `.nf` and `.fi` behind a heading.
fn block<'a>(page: &'a str, heading: &str) -> &'a str {
    let rest = page.split_once(heading).unwrap().1;
    rest.split_once(".nf\n").unwrap().1.split_once(".fi").unwrap().0
}

/// The numbered rules: name and example.
fn rules(page: &str) -> Vec<(&str, &str)> {
    let name = |part: &str| part.lines().next().unwrap().len();
    page.split(".TP\n.B ").skip(1).map(|part| (&part[..name(part)], block(part, "\n"))).collect()
}

#[test]
fn every_example_does_what_it_says() {
    let page = page();
    let mut wrong = Vec::new();
    for (rule, example) in rules(&page) {
        let mut desk = ExampleDesk::new(block(&page, ".SS Catalog of the examples"), "pbx", &[]);
        let mut done: Option<Done> = None;
        let mut lines = example.lines().peekable();
        while let Some(line) = lines.next() {
            match line.strip_prefix("  ") {
                None => {
                    done = desk.line(line);
                    let refusal = done.as_ref().and_then(Done::refusal);
                    let is_said = lines.peek().is_some_and(|next| next.starts_with("  refused "));
                    if let Some(reason) = refusal.filter(|_| !is_said) {
                        wrong.push(format!("{rule}\n  page     {line}\n  program  refused {reason}"));
                    }
                }
                Some(expected) => {
                    let found = desk.result(done.as_ref().unwrap(), expected);
                    if found != expected {
                        wrong.push(format!("{rule}\n  page     {expected}\n  program  {found}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rules_are_numbered_and_each_has_an_example() {
    let page = page();
    let rules = rules(&page);
    assert!(rules.len() >= 40);
    for (at, (rule, example)) in rules.iter().enumerate() {
        assert!(rule.starts_with(&format!("R{}. ", at + 1)), "{rule}");
        assert!(example.lines().any(|line| line.starts_with("  ")), "{rule} has no result");
    }
}
