//! The whole check as a vendor's program calls it: in the environment of a process of its own, at the time of its clock.

use std::path::Path;

use airlatch_core::crypto::TrustedSet;
use airlatch_core::model::{AllowedClasses, License, Lock, Quantity, Verdict};

use crate::common::child::myself;
use crate::common::life::{Life, key, trusted};

/// What the program asks for, as `<product> <sessions>`; without it this process is the test, not the program.
const ASKED: &str = "FRONT_DOOR_ASKED";
/// Whether the program knows the vendor of the license.
const STRANGER: &str = "FRONT_DOOR_STRANGER";

/// The program of a vendor that prints only the word of the answer.
fn program(asked: &str) {
    let (product, sessions) = asked.split_once(' ').unwrap();
    let known =
        if std::env::var_os(STRANGER).is_some() { TrustedSet::new([key(9).public()]) } else { trusted() };
    let features = [("sessions".parse().unwrap(), Quantity::Count(sessions.parse().unwrap()))];
    let answer = match airlatch_machine::verify_here(&known, product, &features) {
        Err(error) => format!("error {}", error.reason().word()),
        Ok(checked) => match checked.verdict() {
            Verdict::Valid => "valid".to_owned(),
            Verdict::Grace(warning) | Verdict::Advisory(warning) => {
                format!("grace {}", warning.reason().word())
            }
            Verdict::Refused(reasons) => format!("refused {}", reasons[0].reason().word()),
        },
    };
    println!("answer: {answer}");
}

/// What the program says in a home, with these variables.
fn says(life: &Life, home: &Path, asked: &str, variables: &[(&str, &str)]) -> String {
    let mut command = myself(module_path!(), "a_vendors_program_asks_once");
    command.env_clear().env(ASKED, asked);
    command.env("AIRLATCH_HOME", home).env("XDG_STATE_HOME", life.folder.join("state"));
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let answer = out.lines().find_map(|line| Some(line.split_once("answer: ")?.1.to_owned()));
    answer.expect(&out)
}

#[test]
fn a_vendors_program_asks_once() {
    if let Ok(asked) = std::env::var(ASKED) {
        return program(&asked);
    }
    let mut life = Life::new("front-door");
    life.now = airlatch_machine::platform::now();
    let (home, empty) = (life.folder.join("home"), life.folder.join("empty"));
    assert_eq!(says(&life, &home, "pbx 1", &[]), "refused not-activated");
    assert_eq!(says(&life, &empty, "pbx 1", &[]), "refused not-activated");
    assert!(!empty.exists());

    let lock = Lock::SystemId(life.host().facts.system_id.unwrap());
    life.install(&License { lock, allow: AllowedClasses::ALL, ..life.license() }).unwrap();
    life.forget(&[0, 1]);
    assert_eq!(says(&life, &home, "pbx 100", &[]), "grace lost-mark");
    assert!(life.marks().iter().all(|mark| mark.is_file()), "it remembers that it saw the license");
    assert_eq!(says(&life, &home, "pbx 101", &[]), "refused quantity-short");
    assert_eq!(says(&life, &home, "another 1", &[]), "refused wrong-product");
    assert_eq!(says(&life, &home, "pbx 1", &[(STRANGER, "1")]), "refused untrusted-key");

    let instance = |id| says(&life, &home, "pbx 1", &[("AIRLATCH_INSTANCE", id)]);
    assert_eq!(instance("pbx-7"), "grace lost-mark");
    assert_eq!(instance(" blank "), "error bad-field");
    std::fs::write(life.folder.join("file"), "").unwrap();
    assert_eq!(says(&life, &life.folder.join("file"), "pbx 1", &[]), "error no-home");
}

/// What `fn main() -> Result<(), Error>` prints is `Error: ` and the error's `Debug`.
#[test]
fn an_error_that_main_returns_is_a_sentence() {
    let error = "2027-02-30".parse::<airlatch_core::model::Time>().unwrap_err().at("grant.toml");
    assert_eq!(
        format!("Error: {error:?}"),
        "Error: `2027-02-30` is not a time like 2027-03-01T00:00:00Z (grant.toml) [bad-time]"
    );
}
