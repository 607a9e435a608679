//! Tests that this program runs again in a process of its own.

use std::process::Command;

/// The name of a test as `--exact` wants it: `module` is `module_path!()` where the test stands.
pub fn full_name(module: &str, test: &str) -> String {
    match module.split_once("::") {
        Some((_, inside)) => format!("{inside}::{test}"),
        None => test.to_owned(),
    }
}

/// What runs this one test, also where it is ignored otherwise, and shows what it prints.
pub fn arguments(module: &str, test: &str) -> [String; 4] {
    ["--exact", "--include-ignored", "--nocapture", &full_name(module, test)].map(str::to_owned)
}

/// This program, told to run one test of `module`.
pub fn myself(module: &str, test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments(module, test));
    command
}
