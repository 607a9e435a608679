//! A fault at every file-system call of every command that writes: once as an error, once as the end of the process.
//!
//! `AIRLATCH_SWEEP=full` takes every call with every error; without it, the first, the last and every few calls of each
//! name, with one error each.

use std::fs;
use std::path::PathBuf;

use crate::scene::{AIRLATCH, Ran, Scene, has, run};
use crate::trace::{Fault, calls, errors, inject};
use crate::work::{BATCH, INSTALL, ISSUE, KEYGEN, REISSUE, REQUEST, Work};

/// Without the full sweep, every so many calls of a name are tried.
const STEP: usize = 4;

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

fn sweep(work: &Work) {
    if !has("strace") {
        return;
    }
    let folder = work.name.replace(' ', "");
    let start = Scene::set(&format!("start-{folder}"));
    (work.before)(&start);
    let trial = start.copy(&format!("trial-{folder}"));
    let found = calls(&trial, work.line);
    assert_eq!((work.check)(&trial), Ok(true), "without any fault");
    let full = std::env::var_os("AIRLATCH_SWEEP").is_some_and(|value| value == "full");
    let (mut wrong, mut tried, mut missed) = (Vec::new(), 0, 0);
    for (call, numbers) in &found {
        for fault in faults(call, numbers, full) {
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
    assert!(tried > 20 && missed * 10 < tried, "{missed} of {tried} faults did not meet the files meant");
}

fn faults(call: &str, numbers: &[usize], full: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut add = |n: usize, what: String, and_after| {
        faults.push(Fault { call: call.to_owned(), n, what, and_after });
    };
    let kinds = errors(call);
    for (i, n) in numbers.iter().enumerate() {
        if full {
            add(*n, "signal=KILL".into(), false);
            kinds.iter().for_each(|kind| add(*n, format!("error={kind}"), false));
            kinds.iter().for_each(|kind| add(*n, format!("error={kind}"), true));
        } else if i % STEP == 0 || i + 1 == numbers.len() {
            add(*n, "signal=KILL".into(), false);
            if !kinds.is_empty() {
                add(*n, format!("error={}", kinds[(i / STEP) % kinds.len()]), false);
            }
        }
    }
    faults
}

/// One fault, what it left, and the way out; says whether the fault met one of our files.
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
        // Where every later write fails too, stderr gets no message.
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
    inputs_stay(scene, start, work)?;
    Ok(true)
}

/// What a person does next: the same again, and then what the message says.
fn heal(scene: &Scene, work: &Work) -> Result<(), String> {
    let ran = scene.run(work.line);
    if ran.status.success() {
        return Ok(());
    }
    let there = ran.status.code() == Some(2) && ran.err.contains("[exists]");
    if !there {
        return Err(format!("the next run fails: {ran:?}"));
    }
    match ran.err.split_once("this writes it: ").and_then(|(_, rest)| rest.lines().next()) {
        Some(remedy) => typed(scene, remedy).ill_success(),
        None => Ok(()),
    }
}

/// A line from a message, typed into a shell.
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

fn inputs_stay(scene: &Scene, start: &Scene, work: &Work) -> Result<(), String> {
    for path in start.everything() {
        let (before, after) = (start.folder().join(&path), scene.folder().join(&path));
        let is_output =
            work.line.contains(&format!("@/{}", path.display())) && path.starts_with("new.license");
        if before.is_file() && !is_output && fs::read(before).unwrap() != fs::read(after).unwrap_or_default()
        {
            return Err(format!("{} was changed", path.display()));
        }
    }
    Ok(())
}
