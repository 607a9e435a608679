//! A clock that is set back, over many looks, with and without a new start of the machine in between.

use airlatch_core::model::{BootClock, ClockReading, HostMemory, License, Term, Time, Verdict};
use airlatch_core::rules::{self, Question, remember};

use crate::common::licenses_room::{device, license};
use crate::common::rules_room::verified;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A machine whose clock can be set: how long it has run in all, in which boot, and how far its clock is off.
struct Machine {
    passed: i64,
    boot: u8,
    booted_at: i64,
    offset: i64,
    memory: HostMemory,
}

impl Machine {
    fn new() -> Self {
        Self { passed: 0, boot: 0, booted_at: 0, offset: 0, memory: HostMemory::default() }
    }

    fn clock(&self) -> Time {
        start().plus_seconds(self.passed + self.offset)
    }

    fn reading(&self) -> ClockReading {
        let seconds = u64::try_from(self.passed - self.booted_at).unwrap();
        ClockReading { time: self.clock(), boot: Some(BootClock { boot_id: [self.boot; 16], seconds }) }
    }

    fn restart(&mut self) {
        self.boot = self.boot.wrapping_add(1);
        self.booted_at = self.passed;
    }

    /// One look at the license, after which the memory is kept: the verdict in a word.
    fn look(&mut self) -> String {
        let license = verified(&yearly());
        let mut facts = device();
        facts.memory = rules::observe(&self.memory, self.reading());
        let judged = rules::judge(&license, &facts, &Question::now(self.clock()));
        self.memory = remember::remember(&self.memory, self.reading(), &[(&license, &judged)]);
        match judged.verdict {
            Verdict::Refused(reasons) => reasons[0].reason().word().into(),
            works => works.word().into(),
        }
    }
}

fn start() -> Time {
    yearly().issued
}

/// A license for a year from its issue on.
fn yearly() -> License {
    let license = license("sessions=100");
    let term = Term { from: license.issued, until: Some(license.issued.plus_days(365)) };
    License { term, after: Vec::new(), grace_days: 0, ..license }
}

/// How many of `looks` are valid before the first that is not, and what that says.
fn valid_looks(machine: &mut Machine, looks: usize, mut before: impl FnMut(&mut Machine)) -> (usize, String) {
    assert_eq!(machine.look(), "valid");
    for look in 0..looks {
        before(machine);
        let word = machine.look();
        if word != "valid" {
            return (look, word);
        }
    }
    (looks, "valid".into())
}

#[test]
fn steps_of_23_hours_a_day_add_up() {
    let (days, word) = valid_looks(&mut Machine::new(), 400, |machine| {
        machine.passed += DAY;
        assert_eq!(machine.look(), "valid");
        machine.offset -= 23 * HOUR;
        machine.restart();
    });
    assert_eq!((days, word.as_str()), (1, "clock-rollback"));
}

#[test]
fn within_one_boot_time_goes_on_whatever_the_clock_shows() {
    let (hours, word) = valid_looks(&mut Machine::new(), 10_000, |machine| {
        machine.passed += HOUR;
        machine.offset -= HOUR;
    });
    assert_eq!((hours, word.as_str()), (24, "clock-rollback"));
}

#[test]
fn a_license_ends_although_the_clock_stands_still() {
    let mut machine = Machine::new();
    machine.passed = 364 * DAY;
    let (hours, word) = valid_looks(&mut machine, 100, |machine| {
        machine.passed += HOUR;
        machine.offset -= HOUR;
    });
    assert_eq!((hours, word.as_str()), (23, "expired"));
}

/// A time server puts a clock right by half a minute each week, a dual boot by two hours at each start.
#[test]
fn honest_corrections_are_no_rollback() {
    let mut year = Machine::new();
    let (weeks, _) = valid_looks(&mut year, 50, |machine| {
        machine.passed += 7 * DAY;
        machine.offset -= 30;
    });
    assert_eq!((weeks, year.memory.set_back_seconds), (50, 50 * 30));
    let mut starts = Machine::new();
    let (starts_valid, _) = valid_looks(&mut starts, 300, |machine| {
        machine.passed += DAY;
        machine.restart();
        machine.offset -= 20 * HOUR;
        assert_eq!(machine.look(), "valid");
        machine.passed += 60;
        machine.offset += 20 * HOUR;
    });
    assert_eq!((starts_valid, starts.memory.set_back_seconds), (300, 0));
}

/// A clock that was far back for a time loses nothing once it is right again: a battery that is empty at each start.
#[test]
fn a_clock_that_was_far_behind_and_is_right_again_is_valid() {
    let mut machine = Machine::new();
    let (starts, _) = valid_looks(&mut machine, 100, |machine| {
        machine.passed += DAY;
        machine.restart();
        machine.offset = -50 * 365 * DAY;
        assert_eq!(machine.look(), "clock-rollback");
        machine.passed += 60;
        machine.offset = 0;
    });
    assert_eq!((starts, machine.memory.set_back_seconds), (100, 0));
}
