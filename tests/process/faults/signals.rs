//! SIGINT, SIGTERM and SIGHUP: like a kill, but no unfinished file remains.

use super::desk_work::{BACKUP, CHARGE_BATCH};
use super::trace::{Fault, calls, changes, inject};
use super::work::{BATCH, INSTALL, ISSUE, REQUEST, Work};
use crate::common::slow;
use crate::scene::{Scene, has};

const SIGNALS: [&str; 3] = ["INT", "TERM", "HUP"];

#[test]
fn a_signal_leaves_nothing_unfinished() {
    if !has("strace") {
        return;
    }
    // The scheduler decides whether a signal arrives before the end, so hits are counted over all commands together.
    let mut ended = 0;
    for work in [REQUEST, ISSUE, INSTALL, BATCH, CHARGE_BATCH, BACKUP] {
        let folder = work.name.replace([' ', '-'], "");
        let start = (work.set)(&format!("signal-start-{folder}"));
        (work.before)(&start);
        let found = calls(&start.copy(&format!("signal-trial-{folder}")), work.line);
        // SQLite makes many kinds of calls.
        let step = if found.len() > 15 { 3 } else { 2 };
        for (turn, (call, numbers)) in found.iter().filter(|(call, _)| changes(call)).enumerate() {
            let some = [0, numbers.len() / 2, numbers.len() - 1].map(|at| numbers[at]);
            for (n, signal) in slow::every(step, turn, some.into_iter().zip(SIGNALS)) {
                let fault =
                    Fault { call: call.clone(), n, what: format!("signal={signal}"), and_after: false };
                ended += usize::from(one(&start.copy(&format!("signal-case-{folder}")), &work, &fault));
            }
        }
    }
    assert!(ended >= slow::or(6, 24), "only {ended} signals ended a run");
}

/// Sends one signal and checks the files; returns whether the run was interrupted.
fn one(scene: &Scene, work: &Work, fault: &Fault) -> bool {
    let (ran, _) = inject(scene, work.line, fault);
    let checked = (work.check)(scene);
    assert!(checked.is_ok(), "{}: {fault:?}: {checked:?}", work.name);
    let done = checked == Ok(true);
    let early = ran.status.code().is_none();
    assert!(early || (ran.status.success() && done), "{}: {fault:?}: {ran:?}", work.name);
    let mut left = scene.leftovers();
    // SQLite removes its own files when the database is next opened.
    left.retain(|path| !path.to_string_lossy().ends_with("-journal"));
    assert!(left.is_empty(), "{}: {fault:?} leaves {left:?}", work.name);
    early
}

#[test]
fn an_ignored_signal_stays_ignored() {
    if !has("strace") {
        return;
    }
    let start = Scene::set("signal-off");
    for signal in SIGNALS {
        let scene = start.copy(&format!("signal-off-{signal}"));
        let script = format!(
            "trap '' {signal}; exec strace -f -qq -o /dev/null -e inject=fsync:signal={signal} \"$@\""
        );
        let ran = crate::scene::run(&mut scene.shell(&script, REQUEST.line));
        assert!(ran.status.success(), "{signal}: {ran:?}");
        assert_eq!((REQUEST.check)(&scene), Ok(true), "{signal}");
    }
}
