//! Threats 11 to 14: the clock turned back, a clock that was ahead, deleted state, and living on grace for ever.

use airlatch_core::format::HostSettings;
use airlatch_core::host::{RequestInput, draft};
use airlatch_core::model::{HostMemory, LedgerMark, License, OrderCode, Reason, Time, Verdict};
use airlatch_core::rules::{self, Question};

use crate::common::life::{DAY, HOUR, Life, YEAR, time};

#[test]
fn threat_11_a_clock_turned_back_is_noticed_with_one_store_deleted_and_not_with_both() {
    let mut life = Life::new("t11");
    life.install(&life.license()).unwrap();
    for _ in 0..100 {
        life.wait(DAY);
        assert_eq!(life.word(), "valid");
    }
    for (seconds, word) in
        [(DAY, "valid"), (-HOUR, "valid"), (-25 * HOUR, "clock-rollback"), (-YEAR, "clock-rollback")]
    {
        let now = life.now;
        life.wait(seconds);
        assert_eq!(life.word(), word, "{seconds}");
        life.now = if seconds < -DAY { now } else { life.now };
    }
    life.wait(-30 * DAY);
    for place in [0, 1] {
        life.forget(&[place]);
        assert_eq!(life.word(), "clock-rollback", "the other place knows");
        assert!(life.marks().iter().all(|mark| mark.exists()), "and the first has it again");
    }
    life.forget(&[0, 1]);
    let checked = life.check();
    assert_eq!(crate::common::life::words(&checked), "grace lost-mark", "this is a stated limit");
    assert_eq!(checked.notes[0].reason(), Reason::LostMark, "and it is said");
}

/// Without any memory the days of a license are few, and deleting it once more gives none without a warning.
#[test]
fn threat_11_a_deleted_memory_gives_days_with_a_warning() {
    let mut life = Life::new("t11-deleted");
    let start = life.now;
    life.install(&life.license()).unwrap();
    life.wait(YEAR - DAY);
    assert_eq!(life.word(), "valid");
    for _ in 0..3 {
        life.forget(&[0, 1]);
        life.now = start.plus_seconds(DAY);
        assert_eq!(life.word(), "grace lost-mark");
        life.wait(14 * DAY - 1);
        assert_eq!(life.word(), "grace lost-mark");
        life.wait(1);
        assert_eq!(life.word(), "lost-mark");
    }
    // The vendor's answer to a request for a clock reset is signed, and ends it.
    life.install_reset(&life.reset(life.now)).unwrap();
    assert_eq!(life.word(), "valid");
}

/// Not even both stores deleted help before the license was issued.
#[test]
fn threat_11_what_was_signed_is_a_bound_that_no_deleting_moves() {
    let mut life = Life::new("t11-signed");
    life.install(&life.license()).unwrap();
    life.forget(&[0, 1]);
    life.wait(-25 * HOUR);
    assert_eq!(life.word(), "clock-rollback");
}

#[test]
fn threat_12_a_reset_mends_it_once_here_and_nowhere_else() {
    let mut life = Life::new("t12");
    life.install(&life.license()).unwrap();
    let today = life.now.plus_seconds(DAY);
    life.now = time("2099-01-01T00:00:00Z");
    assert_eq!(life.word(), "expired");
    life.now = today;
    assert_eq!(life.word(), "grace clock-rollback");
    let reset = life.reset(today);
    let other = Life::new("t12-other");
    assert_eq!(other.install_reset(&reset), Err("wrong-host".into()));
    assert_eq!(life.install_reset(&reset), Ok(()));
    assert_eq!(life.word(), "valid");
    assert_eq!(life.memory().latest_time, Some(today));
    assert_eq!(life.install_reset(&reset), Err("used-reset".into()));
    // An old copy in one place does not undo it.
    let [beside, second] = life.marks();
    for (copy, place) in [(&beside, &second), (&second, &beside)] {
        let before = std::fs::read(copy).unwrap();
        life.now = time("2099-01-01T00:00:00Z");
        assert_eq!(life.word(), "expired");
        let poisoned = std::fs::read(copy).unwrap();
        assert_ne!(before, poisoned);
        life.now = today;
        life.install_reset(&life.reset(today)).unwrap();
        std::fs::write(place, poisoned).unwrap();
        assert_eq!(life.word(), "valid");
        assert_eq!(life.memory().latest_time, Some(today));
    }
    // Neither does one for a mark that was lost meanwhile.
    let late = life.reset(today);
    life.forget(&[0, 1]);
    assert_eq!(life.install_reset(&late), Err("used-reset".into()));
}

/// Days on changed hardware that only a wrong clock counted are taken back by the reset that mends it.
#[test]
fn threat_12_a_jump_ahead_uses_up_no_days_for_good() {
    let mut life = Life::new("t12-drift");
    life.install(&License { drift_days: 10, ..life.license() }).unwrap();
    life.change(3);
    assert_eq!(life.word(), "grace host-drift");
    life.wait(2 * DAY);
    assert_eq!(life.word(), "grace host-drift");
    let today = life.now;
    life.now = time("2029-01-01T00:00:00Z");
    assert_ne!(life.word(), "grace host-drift");
    life.now = today;
    assert_eq!(life.word(), "wrong-host clock-rollback");
    life.install_reset(&life.reset(today)).unwrap();
    assert_eq!(life.word(), "grace host-drift");
    // Two of ten were used, and no more.
    life.wait(8 * DAY - 1);
    assert_eq!(life.word(), "grace host-drift");
    life.wait(1);
    assert_eq!(life.word(), "wrong-host");
}

/// A home that is copied to other hardware, where nothing can be stored, has no days on it: they would begin again each time.
#[test]
fn threat_13_days_that_can_not_be_stored_are_not_given() {
    let mut life = Life::new("t13-stored");
    let license = License { drift_days: 10, ..life.license() };
    life.install(&license).unwrap();
    assert_eq!(life.word(), "valid");
    let stored = life.memory();
    life.change(3);
    let word = |life: &Life, stored: &HostMemory| {
        let mut facts = life.host().facts;
        (facts.memory, facts.stored) = (life.memory(), Some(stored.clone()));
        let document = life.check().answers[0].judged().unwrap().license.clone();
        match rules::judge(&document, &facts, &Question::now(life.now)).verdict {
            Verdict::Refused(reasons) => reasons[0].reason().word().to_owned(),
            works => works.word().to_owned(),
        }
    };
    assert_eq!(life.word(), "grace host-drift", "where it is stored they are given");
    assert_eq!(word(&life, &life.memory()), "grace", "and go on by what is stored");
    assert_eq!(word(&life, &stored), "not-stored");
}

/// Used days of changed hardware, an activation period that runs: ten times deleting refills neither.
#[test]
fn threat_13_deleting_the_state_ten_times_adds_no_day() {
    for places in [&[0][..], &[1], &[0, 1]] {
        let mut life = Life::new(&format!("t13-{places:?}"));
        life.install(&License { drift_days: 10, ..life.license() }).unwrap();
        let (mut worked, mut refused) = (0, 0);
        for round in 0..10 {
            life.change(3);
            for _ in 0..3 {
                match life.word().as_str() {
                    "grace host-drift" => worked += 1,
                    "wrong-host" => refused += 1,
                    other => assert_eq!(other, ""),
                }
                life.wait(DAY);
            }
            life.change(0);
            let is_lost = round > 0 && places.len() == 2;
            let word = if is_lost { "grace lost-mark" } else { "valid" };
            assert_eq!(life.word(), word, "the license itself keeps working");
            life.forget(places);
        }
        assert!(worked <= 10 && refused >= 20, "{places:?}: {worked} days of grace, {refused} refused");
    }
}

#[test]
fn threat_13_neither_begins_the_activation_period_anew() {
    for (name, how) in [("one", 1), ("both", 2), ("home", 3)] {
        let mut life = Life::new(&format!("t13-starter-{name}"));
        life.install(&life.starter()).unwrap();
        let mut days = 0;
        for round in 0..10 {
            for _ in 0..10 {
                days += i32::from(life.word() == "grace activation-period");
                life.wait(DAY);
            }
            match how {
                1 => life.forget(&[round % 2]),
                2 => life.forget(&[0, 1]),
                _ => {
                    std::fs::remove_dir_all(life.folder.join("home")).unwrap();
                    life.make_key();
                }
            }
            let _ = life.install(&life.starter());
            if life.home().licenses().unwrap().is_empty() {
                break;
            }
        }
        assert!(days <= 30, "{name}: {days} days");
        assert!(days >= 10, "{name}: {days} days");
    }
}

/// What a lost mark stops begins again with a license that was issued since, and not with the old one.
#[test]
fn threat_13_a_new_license_ends_the_loss() {
    let mut life = Life::new("t13-new");
    let old = License { drift_days: 10, ..life.license() };
    life.install(&old).unwrap();
    life.wait(5 * DAY);
    life.forget(&[0, 1]);
    assert_eq!(life.notes(), [Reason::LostMark]);
    assert_eq!(life.notes(), [Reason::LostMark], "it stays known");
    life.install(&old).unwrap();
    assert_eq!(life.notes(), [Reason::LostMark], "the old one is no news");
    assert_eq!(life.install(&life.starter()), Err("superseded".into()));
    life.change(3);
    assert_eq!(life.word(), "wrong-host");
    life.change(0);
    life.wait(DAY);
    std::fs::remove_dir_all(life.folder.join("home/licenses")).unwrap();
    life.install(&License { drift_days: 10, ..life.license() }).unwrap();
    assert!(life.notes().is_empty());
    life.change(3);
    assert_eq!(life.word(), "grace host-drift");
    // The old one's days stay used up.
    std::fs::remove_dir_all(life.folder.join("home/licenses")).unwrap();
    life.change(0);
    life.install(&old).unwrap();
    life.change(3);
    assert_eq!(life.word(), "wrong-host");
}

#[test]
fn threat_14_a_hundred_outages_of_a_day_use_a_hundred_days() {
    let mut life = Life::new("t14");
    life.install(&License { drift_days: 100, ..life.permanent() }).unwrap();
    for outage in 1..=100 {
        life.change(3);
        assert_eq!(life.word(), "grace host-drift", "{outage}");
        life.wait(DAY);
        life.change(0);
        assert_eq!(life.word(), "valid");
        assert_eq!(life.memory().drifts.values().next().unwrap().used_seconds, outage * DAY);
        life.wait(2 * DAY);
    }
    life.change(3);
    assert_eq!(life.word(), "wrong-host");
    life.change(0);
    assert_eq!(life.word(), "valid", "on its own hardware it holds");
}

/// What nobody saw the end of counts for a day at most.
#[test]
fn threat_14_an_outage_that_ended_unseen_counts_for_a_day() {
    let mut life = Life::new("t14-unseen");
    life.install(&License { drift_days: 30, ..life.license() }).unwrap();
    life.change(3);
    assert_eq!(life.word(), "grace host-drift");
    life.wait(20 * DAY);
    life.change(0);
    assert_eq!(life.word(), "valid");
    assert_eq!(life.memory().drifts.values().next().unwrap().used_seconds, DAY);
}

/// A license that works for some days only by the clock does not work by one that was set back, permanent or not.
#[test]
fn threat_14_a_clock_set_back_gives_no_more_days() {
    let mut life = Life::new("t14-back");
    life.install(&License { drift_days: 30, ..life.permanent() }).unwrap();
    life.change(3);
    assert_eq!(life.word(), "grace host-drift");
    life.wait(10 * DAY);
    assert_eq!(life.word(), "grace host-drift");
    life.wait(-5 * DAY);
    assert_eq!(life.word(), "clock-rollback");
    let mut starter = Life::new("t14-starter");
    starter.install(&starter.starter()).unwrap();
    starter.wait(20 * DAY);
    assert_eq!(starter.word(), "grace activation-period");
    starter.wait(-19 * DAY);
    assert_eq!(starter.word(), "clock-rollback");
}

/// The clock of a board that was changed is wrong at first: that uses up no days.
#[test]
fn threat_14_a_wrong_clock_uses_up_no_days() {
    let mut life = Life::new("t14-board");
    life.install(&License { drift_days: 30, ..life.license() }).unwrap();
    life.wait(DAY);
    assert_eq!(life.word(), "valid");
    let today = life.now;
    life.change(3);
    life.now = time("2000-01-01T00:00:00Z");
    assert_eq!(life.word(), "clock-rollback");
    life.now = today.plus_seconds(HOUR);
    assert_eq!(life.word(), "grace host-drift");
    life.change(0);
    assert_eq!(life.word(), "valid");
    assert_eq!(life.memory().drifts.values().next().unwrap().used_seconds, 0);
}

/// What a host signs is read by others, who take no time outside the years 1970 to 9999.
#[test]
fn nothing_is_signed_at_a_time_that_does_not_travel() {
    let life = Life::new("no-time");
    let ledger = LedgerMark { ledger: [7; 16], number: 4, hash: [0; 32] };
    life.install(&License { ledger: Some(ledger), unmetered: false, ..life.license() }).unwrap();
    let (host, checked) = (life.host(), life.check());
    let judged = checked.judged().next().unwrap();
    for seconds in [-1, 253_402_300_800] {
        let now = Time::from_seconds(seconds);
        assert_eq!(host.plan_release(judged, None, now).unwrap_err().reason(), Reason::BadTime);
        let request_input = RequestInput { product: "pbx".into(), ..RequestInput::default() };
        assert_eq!(draft(request_input, &host.facts, [0; 16], now).unwrap_err().reason(), Reason::BadTime);
    }
    assert!(host.plan_release(judged, None, life.now).is_ok());
}

/// More codes than a home holds are refused before they are kept: the file could not be read any more.
#[test]
fn settings_that_can_not_be_read_back_are_not_kept() {
    let life = Life::new("many-codes");
    let code = |number: u16| {
        let mut digest = [0; 32];
        digest[..2].copy_from_slice(&number.to_be_bytes());
        OrderCode::from_digest(&digest)
    };
    let settings = |count| HostSettings { codes: (0..count).map(code).collect(), ..HostSettings::default() };
    life.home().write_settings(&settings(1024)).unwrap();
    assert_eq!(life.home().write_settings(&settings(1025)).unwrap_err().reason(), Reason::BadField);
    assert_eq!(life.home().settings().unwrap().codes.len(), 1024);
}
