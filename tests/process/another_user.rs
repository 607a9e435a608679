//! A home that root made, and the product that runs as another user.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::scene::{AIRLATCH, Ran, Scene, has, is_root, run};

/// A folder with airlatch that another user may enter, and a license to install; `None` where nobody can become one.
fn scene(name: &str) -> Option<Scene> {
    if !is_root() {
        println!("skipped: only root can be somebody else");
        return None;
    }
    if !has("setpriv") {
        return None;
    }
    let scene = Scene::set(name);
    // A process of its own copies it: see `Scene::without_rights`.
    let copied = run(scene.command("cp").arg(AIRLATCH).arg(scene.path("program")));
    assert!(copied.status.success(), "{copied:?}");
    set_mode(&scene, "", 0o755);
    Some(scene)
}

fn set_mode(scene: &Scene, name: &str, mode: u32) {
    fs::set_permissions(scene.path(name), fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs airlatch as the user of the product.
fn as_product(scene: &Scene, line: &str) -> Ran {
    let mut command = scene.command("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(scene.path("program"));
    run(command.args(scene.words(line)))
}

#[test]
fn a_home_that_only_root_may_enter_is_named_with_what_opens_it() {
    let Some(scene) = scene("closed-home") else { return };
    scene.done("install --home @/home @/host.license --trust @/keys/acme.pub");
    let home = scene.path("home").display().to_string();
    let give = format!("chown -R 65534 {home}");
    for line in ["verify --home @/home", "status --home @/home", "request --home @/home --product x --out -"]
    {
        let ran = as_product(&scene, line);
        ran.fails("denied");
        let place = format!("--> {home}\n      owner      user 0, mode 700; this is user 65534\n");
        assert!(ran.err.contains(&place) && ran.err.contains(&give), "{ran:?}");
    }
    // The home itself is open, and what lies in it is not.
    set_mode(&scene, "home", 0o755);
    let ran = as_product(&scene, "verify --home @/home");
    ran.fails("denied");
    assert!(ran.err.contains(&format!("--> {home}/licenses\n")) && ran.err.contains(&give), "{ran:?}");
    let doctor = as_product(&scene, "doctor --home @/home");
    assert!(doctor.out.contains(&give), "{doctor:?}");
    set_mode(&scene, "home", 0o700);
    assert!(run(scene.command("sh").args(["-c", &give])).status.success());
    let ran = as_product(&scene, "verify --home @/home --reason");
    assert_eq!(ran.out, "valid\n", "{ran:?}");
}

#[test]
fn a_home_that_others_may_enter_lets_them_read_its_licenses() {
    let Some(scene) = scene("open-home") else { return };
    set_mode(&scene, "home", 0o755);
    scene.done("install --home @/home @/host.license --trust @/keys/acme.pub");
    let mode = |name: &str| fs::metadata(scene.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        ["home/licenses", "home/trust", "home/host.key"].map(mode),
        [0o755, 0o755, 0o600],
        "the key stays with its owner"
    );
    let ran = as_product(&scene, "verify --home @/home --reason");
    assert_eq!(ran.out, "valid\n", "{ran:?}");
}
