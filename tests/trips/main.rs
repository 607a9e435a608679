//! Every golden trip in `tests/trips/` and the session of the README, run and compared word for word.
//!
//! `AIRLATCH_BLESS=1 cargo test --test trips` writes down what is printed now: read the difference before you commit it.
#![allow(unreachable_pub, clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

#[path = "../common"]
#[allow(dead_code)]
mod common {
    pub mod chance;
    pub mod golden;
    pub mod place;
    pub mod slow;
    pub mod trip;
}

mod hints;

use common::golden::keep;
use common::place::repository;
use common::trip::{Trip, replay};

/// A test for each trip, which can be run by its name, with its seed. Another seed gives other keys and ids: where lists
/// go by id, it is one that keeps the order of the story.
macro_rules! trips {
    ($($name:ident = $seed:literal => $file:literal,)*) => {
        const TRIPS: &[(&str, u64)] = &[$(($file, $seed)),*];
        $(
            #[test]
            fn $name() {
                prints_what_it_promises($file, $seed);
            }
        )*
    };
}

trips! {
    readme = 0 => "README.md",
    t01_round_trip = 0 => "tests/trips/01-round-trip.md",
    t02_paste = 0 => "tests/trips/02-paste.md",
    t03_reasons = 0 => "tests/trips/03-reasons.md",
    t04_tolerance = 0 => "tests/trips/04-tolerance.md",
    t05_batch = 0 => "tests/trips/05-batch.md",
    t06_keys = 0 => "tests/trips/06-keys.md",
    t07_typed = 0 => "tests/trips/07-typed.md",
    t08_hostile_text = 0 => "tests/trips/08-hostile-text.md",
    t09_command_line = 0 => "tests/trips/09-command-line.md",
    t10_damage = 1 => "tests/trips/10-damage.md",
    t11_inspect = 0 => "tests/trips/11-inspect.md",
    t12_built_in = 0 => "tests/trips/12-built-in.md",
    t13_lost_key = 0 => "tests/trips/13-lost-key.md",
    t14_attacks = 0 => "tests/trips/14-attacks.md",
    t15_virtual = 0 => "tests/trips/15-virtual.md",
    t16_fleet = 0 => "tests/trips/16-fleet.md",
    t17_audium = 0 => "tests/trips/17-audium.md",
    t18_innovaphone = 0 => "tests/trips/18-innovaphone.md",
    t19_reseller = 0 => "tests/trips/19-reseller.md",
    t20_openscape = 9 => "tests/trips/20-openscape.md",
    t21_fleet_desk = 97 => "tests/trips/21-fleet-desk.md",
    t22_ledger_care = 0 => "tests/trips/22-ledger-care.md",
    t23_release_desk = 28 => "tests/trips/23-release-desk.md",
    t24_clock = 0 => "tests/trips/24-clock.md",
    t25_daily = 9 => "tests/trips/25-daily.md",
    t26_doctor = 1 => "tests/trips/26-doctor.md",
    t27_what_if = 3 => "tests/trips/27-what-if.md",
    t28_a_year = 6 => "tests/trips/28-a-year.md",
    t29_twins = 0 => "tests/trips/29-twins.md",
    t30_which_to_release = 0 => "tests/trips/30-which-to-release.md",
    t31_next_steps = 0 => "tests/trips/31-next-steps.md",
    t32_terms = 0 => "tests/trips/32-terms.md",
    t33_levels = 0 => "tests/trips/33-levels.md",
    t34_virtual_by_id = 0 => "tests/trips/34-virtual-by-id.md",
    t35_lists_like_issue = 0 => "tests/trips/35-lists-like-issue.md",
    t38_wrong_files = 0 => "tests/trips/38-wrong-files.md",
    t41_lost_disk = 0 => "tests/trips/41-lost-disk.md",
    t42_trust = 0 => "tests/trips/42-trust.md",
    t46_monitoring = 0 => "tests/trips/46-monitoring.md",
    t47_day_of_a_clerk = 0 => "tests/trips/47-day-of-a-clerk.md",
    t48_advisory = 0 => "tests/trips/48-advisory.md",
    t49_run_again = 0 => "tests/trips/49-run-again.md",
    t53_weak_lock = 0 => "tests/trips/53-weak-lock.md",
    t54_suspicious = 0 => "tests/trips/54-suspicious.md",
    t37_another_user = 0 => "tests/trips/37-another-user.md",
    t43_day_of_a_technician = 0 => "tests/trips/43-day-of-a-technician.md",
    t40_at_the_desk = 0 => "tests/trips/40-at-the-desk.md",
    t45_from_a_spreadsheet = 0 => "tests/trips/45-from-a-spreadsheet.md",
    t39_corrections = 0 => "tests/trips/39-corrections.md",
    t44_clock_and_twin = 0 => "tests/trips/44-clock-and-twin.md",
    t52_on_the_stick = 0 => "tests/trips/52-on-the-stick.md",
    t51_changed_before_install = 0 => "tests/trips/51-changed-before-install.md",
    t50_renewals_and_ids = 0 => "tests/trips/50-renewals-and-ids.md",
}

fn prints_what_it_promises(file: &str, seed: u64) {
    let path = repository().join(file);
    keep(&path, &replay(&path, seed).1);
}

/// The table of all hints with a command is `tests/trips/hints.md`.
#[test]
fn every_command_in_a_hint_can_be_typed_and_leads_on() {
    let (mut all, mut wrong) = (std::collections::BTreeSet::new(), Vec::new());
    for (file, seed) in TRIPS {
        let (typed, faults) = hints::typed(&repository().join(file), *seed);
        all.extend(typed);
        wrong.extend(faults);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let head = "# Commands in hints\n\nEach command that a hint of the trips gave, typed literally where it was given; \
                what is asked of the person is in capitals.\n\n| after | typed | did |\n| --- | --- | --- |\n";
    let rows: String = all.iter().map(hints::Typed::row).collect();
    keep(&repository().join("tests/trips/hints.md"), &format!("{head}{rows}"));
}

#[test]
fn every_trip_is_a_test() {
    let names =
        std::fs::read_dir(repository().join("tests/trips")).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names
        .map(|name| name.into_string().unwrap())
        .filter(|name| name.ends_with(".md") && name != "README.md" && name != "hints.md");
    let mut found: Vec<String> = names.map(|name| format!("tests/trips/{name}")).collect();
    found.push("README.md".to_owned());
    found.sort();
    let mut listed: Vec<&str> = TRIPS.iter().map(|(file, _)| *file).collect();
    listed.sort_unstable();
    assert_eq!(found, listed, "a trip that is not in the list of tests/trips/main.rs is never run");
}

#[test]
fn a_command_put_in_the_middle_changes_no_later_id() {
    let made = |before: &[&str]| {
        let mut trip = Trip::new("in-the-middle");
        before.iter().for_each(|line| drop(trip.line(line)));
        trip.line("airlatch keygen --out a --no-passphrase")
    };
    let alone = made(&[]);
    assert!(alone.contains("key id"), "{alone}");
    assert_eq!(alone, made(&["airlatch keygen --out b --no-passphrase", "airlatch id"]));
    let twice = made(&["airlatch keygen --out a --no-passphrase", "rm a.key a.pub"]);
    assert_ne!(alone, twice, "the same command again makes another key");
}
