//! Every golden trip in `tests/trips/` and the session of the README, run and compared word for word.
//!
//! `AIRLATCH_BLESS=1 cargo test --test trips` writes down what is printed now: read the difference before you commit it.
#![allow(unreachable_pub, clippy::unwrap_used, clippy::disallowed_methods)]

#[path = "../common"]
#[allow(dead_code)]
mod common {
    pub mod place;
    pub mod trip;
}

use common::place::repository;
use common::trip::replay;

#[test]
fn trips_print_what_they_promise() {
    let folder = repository().join("tests/trips");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.retain(|path| !path.ends_with("README.md"));
    paths.push(repository().join("README.md"));
    paths.sort();
    assert!(paths.len() > 5, "the trips are gone");
    let mut differ = Vec::new();
    for path in paths {
        let (expected, actual) = replay(&path);
        if expected == actual {
            continue;
        }
        if std::env::var_os("AIRLATCH_BLESS").is_some() {
            std::fs::write(&path, actual).unwrap();
        } else {
            differ.push(format!("{}\n{}", path.display(), difference(&expected, &actual)));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// The first lines that are not the same.
fn difference(expected: &str, actual: &str) -> String {
    let same = expected.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
    let show = |text: &str, mark: &str| {
        text.lines().skip(same).take(8).map(|line| format!("  {mark} {line}\n")).collect::<String>()
    };
    format!("  line {}\n{}{}", same + 1, show(expected, "-"), show(actual, "+"))
}
