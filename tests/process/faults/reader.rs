//! A user who can't read or write all of a home: a missing permission is exit 2, never a refusal.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;

use crate::scene::{Ran, Scene, run};

/// A host with an installed license that has drift days, and a clock mark only in its home.
fn installed(name: &str) -> Scene {
    let scene = Scene::set(name);
    let grant = std::fs::read_to_string(scene.path("grant.toml")).unwrap() + "drift-days = 3\n";
    scene.write("grant.toml", grant);
    scene.done("issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes --out @/drift.license");
    scene.done("install @/drift.license --trust @/keys/acme.pub --home @/home");
    scene.done("verify --home @/home");
    std::fs::remove_dir_all(scene.path("nobody")).unwrap();
    scene
}

/// Runs airlatch as a user to whom these file modes apply.
fn with_modes(scene: &Scene, modes: &[(&str, u32)], line: &str) -> Option<Ran> {
    let mut command = scene.without_rights(line)?;
    let set = |(name, mode): &(&str, u32)| {
        set_permissions(scene.path(name), Permissions::from_mode(*mode)).unwrap()
    };
    modes.iter().for_each(set);
    let ran = run(&mut command);
    modes.iter().for_each(|(name, _)| set(&(name, 0o700)));
    Some(ran)
}

#[test]
fn a_key_that_may_not_be_read_is_not_taken_for_none() {
    let scene = installed("reader-key");
    std::fs::remove_file(scene.path("home/host.pub")).unwrap();
    let hidden = [("home/host.key", 0o000)];
    for line in
        ["verify --home @/home", "release --dry-run --home @/home", "what-if --replace name --home @/home"]
    {
        let Some(ran) = with_modes(&scene, &hidden, line) else { return };
        ran.fails("denied");
        assert!(ran.err.contains("its public key is missing"), "{line}: {ran:?}");
    }
    let Some(ran) = with_modes(&scene, &hidden, "doctor --home @/home") else { return };
    assert!(ran.status.code() == Some(2) && ran.out.contains("its public key is missing"), "{ran:?}");
}

#[test]
fn a_home_that_is_only_read_is_well() {
    let scene = installed("reader-home");
    // So the clock mark can't be written to either place.
    let modes = [("home", 0o555), ("home/host.key", 0o000), ("", 0o555)];
    for line in ["status --check --home @/home", "verify --home @/home", "doctor --home @/home"] {
        let Some(ran) = with_modes(&scene, &modes, line) else { return };
        assert!(ran.status.success(), "{line}: {ran:?}");
    }
    let Some(ran) = with_modes(&scene, &modes, "status --check --home @/home --json") else { return };
    assert!(ran.out.contains("\"well\": true"), "{ran:?}");
}

#[test]
fn a_memory_that_may_not_be_read_is_not_called_gone() {
    let scene = installed("reader-mark");
    let Some(ran) = with_modes(&scene, &[("home/clock.mark", 0o000), ("", 0o555)], "verify --home @/home")
    else {
        return;
    };
    assert!(ran.err.contains("can't be read") && !ran.err.contains("lost:"), "{ran:?}");
}

#[test]
fn a_license_that_may_not_be_read_is_not_called_missing() {
    let scene = installed("reader-license");
    let folder = scene
        .everything()
        .into_iter()
        .find(|path| path.starts_with("home/licenses") && path.extension().is_some());
    let license = folder.unwrap().display().to_string();
    let Some(ran) = with_modes(&scene, &[(&license, 0o000)], "release --dry-run --home @/home") else {
        return;
    };
    ran.fails("denied");
}

#[test]
fn trust_that_may_not_be_seen_is_not_taken_for_none() {
    let scene = installed("reader-trust");
    let hidden = [("home", 0o000)];
    let Some(ran) = with_modes(&scene, &hidden, "inspect @/drift.license --home @/home") else { return };
    assert!(ran.err.contains("note: not trusted: ") && ran.err.contains("home/trust"), "{ran:?}");
    let Some(ran) = with_modes(&scene, &hidden, "doctor @/drift.license --home @/home") else { return };
    assert!(ran.status.code() == Some(2) && !ran.out.contains("[no-trust]"), "{ran:?}");
}
