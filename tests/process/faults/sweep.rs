//! A fault at every file-system call of every command that writes: once as an error, once as a kill.
//!
//! `just slow` injects every error at every call. Without it, for each system call that writes, the first call gets an error and
//! one call a kill; for each that only reads, half of them an error. The choice depends on command and call, so that all commands
//! together cover all of them. SQLite makes hundreds of calls in the commands of the desk: there `just slow` injects the errors in
//! turn, and a kill.

use std::fs;
use std::path::PathBuf;

use super::desk_work::{
    BACKUP, BACKUP_KILLED, CHARGE, CHARGE_BATCH, CHARGE_TYPED, DESK_BACKUP, DESK_INIT, DESK_RESTORE, ORDER,
    RESET, RESTORE, RESTORE_KILLED, RETURN,
};
use super::trace::{Fault, calls, changes, errors, inject};
use super::work::{BATCH, INSTALL, ISSUE, KEYGEN, REISSUE, REQUEST, Work};
use crate::common::chance::Chance;
use crate::common::slow;
use crate::scene::{AIRLATCH, Ran, Scene, has, run};

/// Above this number of calls, each call gets only one of the errors.
const MANY: usize = 200;

#[test]
fn keygen_leaves_nothing_half_done() {
    sweep(&KEYGEN);
}

#[test]
fn request_leaves_nothing_half_done() {
    sweep(&REQUEST);
}

#[test]
fn issue_leaves_nothing_half_done() {
    sweep(&ISSUE);
}

#[test]
fn issue_over_an_old_license_leaves_nothing_half_done() {
    sweep(&REISSUE);
}

#[test]
fn install_leaves_nothing_half_done() {
    sweep(&INSTALL);
}

#[test]
fn batch_leaves_nothing_half_done() {
    sweep(&BATCH);
}

#[test]
fn desk_init_leaves_nothing_half_done() {
    sweep(&DESK_INIT);
}

#[test]
fn order_books_once() {
    sweep(&ORDER);
}

#[test]
fn issue_charges_a_request_once() {
    sweep(&CHARGE);
}

#[test]
fn issue_charges_a_typed_unit_once() {
    sweep(&CHARGE_TYPED);
}

#[test]
fn batch_charges_every_device_once() {
    sweep(&CHARGE_BATCH);
}

#[test]
fn a_receipt_is_booked_back_once() {
    sweep(&RETURN);
}

#[test]
fn a_clock_reset_is_signed_once() {
    sweep(&RESET);
}

#[test]
fn backup_leaves_nothing_half_done() {
    sweep(&BACKUP);
}

#[test]
fn restore_leaves_the_old_ledger_or_the_backup() {
    sweep(&RESTORE);
}

#[test]
fn restore_after_a_killed_batch_leaves_all_its_entries_or_the_backup() {
    sweep(&RESTORE_KILLED);
}

#[test]
fn backup_after_a_killed_batch_has_its_entries() {
    sweep(&BACKUP_KILLED);
}

#[test]
fn a_backup_of_a_desk_is_complete_or_unfinished() {
    sweep(&DESK_BACKUP);
}

#[test]
fn a_desk_is_restored_whole_or_not_at_all() {
    sweep(&DESK_RESTORE);
}

fn sweep(work: &Work) {
    if !has("strace") {
        return;
    }
    let folder = work.name.replace([' ', '-'], "");
    let start = (work.set)(&format!("start-{folder}"));
    (work.before)(&start);
    let trial = start.copy(&format!("trial-{folder}"));
    let found = calls(&trial, work.line);
    assert_eq!((work.check)(&trial), Ok(true), "without any fault");
    let full = slow::all();
    let many = found.values().map(Vec::len).sum::<usize>() > MANY;
    let (mut wrong, mut tried, mut missed) = (Vec::new(), 0, 0);
    for (call, numbers) in &found {
        let faults = if full { all(call, numbers, many) } else { some(work.name, call, numbers) };
        for fault in faults {
            let scene = start.copy(&format!("case-{folder}"));
            tried += 1;
            match one(&scene, &start, work, &fault, full) {
                Ok(met) => missed += usize::from(!met),
                Err(why) => wrong.push(format!("{fault:?}\n    {why}")),
            }
        }
    }
    println!("{}: {tried} faults at {} kinds of calls, {missed} met other files", work.name, found.len());
    assert!(wrong.is_empty(), "{}: {} of {tried}\n{}", work.name, wrong.len(), wrong.join("\n"));
    assert!(
        tried >= slow::or(found.len() / 2, 21) && missed <= 1.max(tried / 10),
        "{missed} of {tried} faults did not meet the files meant"
    );
}

fn fault(call: &str, n: usize, what: &str, and_after: bool) -> Fault {
    Fault { call: call.to_owned(), n, what: what.to_owned(), and_after }
}

fn kinds(call: &str) -> Vec<String> {
    errors(call).iter().map(|kind| format!("error={kind}")).collect()
}

/// An error and, for a call that writes, a kill.
fn some(work: &str, call: &str, numbers: &[usize]) -> Vec<Fault> {
    let mut chance = Chance::of(&format!("{work} {call}"));
    let mut faults = Vec::new();
    let kinds = kinds(call);
    if !kinds.is_empty() && (changes(call) || chance.one_in(2)) {
        faults.push(fault(call, numbers[0], &chance.pick(&kinds), false));
    }
    // A kill before a call that only reads leaves the same as a kill before the next one that writes.
    if changes(call) {
        faults.push(fault(call, chance.pick(numbers), "signal=KILL", false));
    }
    faults
}

fn all(call: &str, numbers: &[usize], many: bool) -> Vec<Fault> {
    let kinds = kinds(call);
    let some = if many { 1.min(kinds.len()) } else { kinds.len() };
    let mut faults = Vec::new();
    for (i, n) in numbers.iter().enumerate() {
        faults.push(fault(call, *n, "signal=KILL", false));
        let alone = kinds.iter().cycle().skip(i).take(some);
        faults.extend(alone.map(|kind| fault(call, *n, kind, false)));
        let for_good = kinds.iter().cycle().skip(i + 1).take(some).filter(|kind| lasts(call, kind));
        faults.extend(for_good.map(|kind| fault(call, *n, kind, true)));
    }
    faults
}

/// Whether an error can be permanent: EINTR would be retried for ever, and locks are waited for.
fn lasts(call: &str, error: &str) -> bool {
    error != "error=EINTR" && call != "fcntl"
}

/// Injects one fault, checks the files and the next run; returns whether the fault hit one of our files.
fn one(scene: &Scene, start: &Scene, work: &Work, fault: &Fault, full: bool) -> Result<bool, String> {
    let (ran, met) = inject(scene, work.line, fault);
    if !met {
        return Ok(false);
    }
    let done = (work.check)(scene)?;
    let killed = fault.what.starts_with("signal");
    match ran.status.code() {
        None if killed => {}
        Some(0) if done => {}
        Some(0) => return Err(format!("exit 0, but the work is not done: {ran:?}")),
        // A permanent read error is damage to a database.
        Some(1) if fault.call == "pread64" && ran.err.contains("[damaged-ledger]") && !ran.panicked() => {}
        // If every later write fails too, there is no message on stderr.
        Some(2) if fault.and_after && fault.call.starts_with("write") => {}
        _ => ran.ill_failure().map_or(Ok(()), Err)?,
    }
    if !killed && !fault.and_after && !fault.call.starts_with("unlink") && !fault.call.starts_with("rmdir") {
        nothing_left(scene, "after the fault")?;
    }
    if killed && full {
        inject(scene, work.line, fault);
        (work.check)(scene).map_err(|why| format!("killed again: {why}"))?;
    }
    heal(scene, work)?;
    if !(work.check)(scene)? {
        return Err("the next run did not finish the work".into());
    }
    nothing_left(scene, "after the next run")?;
    inputs_stay(scene, start)?;
    Ok(true)
}

/// Runs the same command again, and then the command that the message names.
fn heal(scene: &Scene, work: &Work) -> Result<(), String> {
    let ran = scene.run(work.line);
    if ran.status.success() {
        return Ok(());
    }
    let there = ran.status.code() == Some(2) && ran.err.contains("[exists]");
    if !there {
        return Err(format!("the next run fails: {ran:?}"));
    }
    match ran.err.split_once("write it: ").and_then(|(_, rest)| rest.lines().next()) {
        Some(remedy) => typed(scene, remedy).ill_success(),
        None => Ok(()),
    }
}

/// Runs a command from a message in a shell.
fn typed(scene: &Scene, line: &str) -> Ran {
    let folder = PathBuf::from(AIRLATCH).parent().unwrap().to_owned();
    let mut shell = scene.command("sh");
    shell.args(["-c", &format!("PATH=\"$1:$PATH\"; {line}"), "sh"]).arg(folder);
    run(&mut shell)
}

impl Ran {
    fn ill_success(&self) -> Result<(), String> {
        if self.status.success() {
            Ok(())
        } else {
            Err(format!("what the message says does not help: {self:?}"))
        }
    }
}

fn nothing_left(scene: &Scene, when: &str) -> Result<(), String> {
    let left = scene.leftovers();
    if left.is_empty() { Ok(()) } else { Err(format!("{when} stands {left:?}")) }
}

fn inputs_stay(scene: &Scene, start: &Scene) -> Result<(), String> {
    for path in start.everything() {
        let (before, after) = (start.folder().join(&path), scene.folder().join(&path));
        let name = path.file_name().unwrap().to_string_lossy();
        let is_output = path.starts_with("new.license")
            || name.ends_with(".mark")
            || (path.starts_with("desk") && (name.starts_with("ledger.") || name == "witness.toml"));
        if before.is_file() && !is_output && fs::read(before).unwrap() != fs::read(after).unwrap_or_default()
        {
            return Err(format!("{} was changed", path.display()));
        }
    }
    Ok(())
}
