//! A fault at every call that writes the clock mark: the verdict is the same, and the next run writes the mark.

use std::fs;

use super::trace::{Fault, calls, changes, errors, inject};
use crate::common::slow;
use crate::scene::{Ran, Scene, has};

const VERIFY: &str = "verify --home @/home";

/// A host with an installed license and one missing or damaged clock mark.
fn set(name: &str, spoil: fn(&Scene)) -> Scene {
    let scene = Scene::set(name);
    scene.done("install --home @/home @/host.license --trust @/keys/acme.pub");
    spoil(&scene);
    scene
}

#[test]
fn no_fault_of_a_mark_changes_an_answer() {
    if !has("strace") {
        return;
    }
    let state = |scene: &Scene| fs::remove_dir_all(scene.path("nobody")).unwrap();
    let beside = |scene: &Scene| scene.write("home/clock.mark", "spoilt");
    for (name, spoil) in [("mark-state", state as fn(&Scene)), ("mark-home", beside)] {
        let start = set(name, spoil);
        let found = calls(&start.copy(&format!("{name}-trial")), VERIFY);
        let mut tried = 0;
        for (call, numbers) in found.iter().filter(|(call, _)| changes(call)) {
            let kinds = errors(call).iter().map(|kind| format!("error={kind}"));
            for (turn, what) in kinds.chain(["signal=KILL".to_owned()]).enumerate() {
                for n in slow::every(numbers.len().min(3), turn, numbers) {
                    let fault = Fault { call: call.clone(), n: *n, what: what.clone(), and_after: false };
                    let scene = start.copy(&format!("{name}-case"));
                    tried += usize::from(one(&scene, &fault));
                }
            }
        }
        println!("{name}: {tried} faults");
        assert!(tried > 10, "{name}: {tried}");
    }
}

/// Whether the license works: without a memory, with a warning for so long.
fn works(ran: &Ran) -> bool {
    let has_warning = ran.err.contains("[lost-mark]") || ran.err.contains("[not-stored]");
    ran.status.success() && (ran.out.starts_with("valid") || ran.out.starts_with("grace") && has_warning)
}

/// Injects one fault; returns whether it hit one of our files.
fn one(scene: &Scene, fault: &Fault) -> bool {
    let (ran, met) = inject(scene, VERIFY, fault);
    // The result names the folder: if it was not printed, the fault hit the output and not the mark.
    if !met || ran.err.contains("--> standard output") {
        return false;
    }
    let killed = fault.what.starts_with("signal");
    let well = works(&ran) && !ran.panicked();
    assert!(well || killed, "{fault:?} {ran:?}");
    scene.done(VERIFY);
    let again = scene.run(VERIFY);
    assert!(works(&again), "after {fault:?} {again:?}");
    assert_eq!(scene.leftovers(), Vec::<std::path::PathBuf>::new(), "after {fault:?}");
    true
}
