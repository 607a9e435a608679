//! The file accesses of `verify`: each file is opened once, and nothing is written if nothing changed. Counted, since counts do
//! not vary like times.

use std::collections::BTreeMap;
use std::path::Path;

use crate::scene::{Scene, has, run};

/// Allows every class of host, since the tests may run on any.
const GRANT: &str = "product = \"call-services\"\nterm = \"1 year\"\n\
    [features]\nsessions = 100\n[lock]\nallow = [\"virtual\", \"container\"]\n";

/// A host with a license that is not installed yet, with these words more in the lock of the grant.
fn host(name: &str, lock: &str) -> Scene {
    let scene = Scene::empty(name);
    scene.write("grant.toml", format!("{GRANT}{lock}"));
    scene.done("keygen --no-passphrase --out @/keys/acme");
    std::fs::create_dir(scene.path("stick")).unwrap();
    scene.done("request --home @/home --product call-services --out @/host.request");
    scene.done("issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes --out @/stick/host.license");
    scene
}

/// Every path that one run opened, with its count; and the calls that change a file or a name.
struct Trace {
    opened: BTreeMap<String, usize>,
    changes: Vec<String>,
}

/// Traces airlatch with these words, which must give a verdict.
#[track_caller]
fn trace(scene: &Scene, line: &str) -> Trace {
    let calls = "trace=open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,fsync,fdatasync";
    let script = format!("exec strace -f -qq -y -e {calls} -o {} \"$@\"", scene.path("trace").display());
    let ran = run(&mut scene.shell(&script, line));
    // The verdict on a machine without any component does not matter here.
    assert!(matches!(ran.status.code(), Some(0 | 1)), "{line}: {ran:?}");
    let text = std::fs::read_to_string(scene.path("trace")).unwrap();
    let (mut opened, mut changes) = (BTreeMap::new(), Vec::new());
    for call in text.lines().filter(|call| call.contains("open") && !call.contains(") = -1 ")) {
        let (before, path) = call.split_once('"').unwrap_or_default();
        let folder = before.split(['<', '>']).nth(1).unwrap_or_default();
        let path = Path::new(folder).join(path.split('"').next().unwrap_or_default());
        *opened.entry(path.display().to_string()).or_default() += 1;
    }
    for call in text.lines() {
        let opens = call.contains("open");
        if !opens || ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| call.contains(flag)) {
            changes.push(call.to_owned());
        }
    }
    // The program file itself, which the loader opens if it is not static.
    opened.retain(|path, _| !path.contains(".so") && !path.starts_with("/proc/self/"));
    Trace { opened, changes }
}

impl Trace {
    /// How often the files of the scene were opened; all others at most twice, since each profile reads the network cards.
    #[track_caller]
    fn opened_below(&self, scene: &Scene) -> Vec<(String, usize)> {
        let folder = format!("{}/", scene.folder().display());
        let (own, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
            self.opened.iter().partition(|(path, _)| path.starts_with(&folder));
        let often: Vec<_> = others.into_iter().filter(|(_, count)| **count > 2).collect();
        assert!(often.is_empty(), "{often:?}");
        own.into_iter().map(|(path, count)| (path[folder.len()..].to_owned(), *count)).collect()
    }
}

#[test]
fn a_file_on_a_stick_is_verified_by_opening_it_and_the_key_once() {
    if !has("strace") {
        return;
    }
    let scene = host("cost-file", "");
    let trace = trace(&scene, "verify @/stick/host.license --trust @/keys/acme.pub --home @/none");
    assert_eq!(trace.changes, Vec::<String>::new());
    let all = [("keys/acme.pub".to_owned(), 1), ("stick/host.license".to_owned(), 1)];
    // A license of another installation is looked for in its folder.
    let opened: Vec<_> = trace.opened_below(&scene).into_iter().filter(|(path, _)| path != "stick").collect();
    assert_eq!(opened, all);
}

#[test]
fn what_is_installed_is_read_once_and_nothing_is_written() {
    if !has("strace") {
        return;
    }
    let scene = host("cost-home", "");
    scene.done("install @/stick/host.license --trust @/keys/acme.pub --home @/home");
    scene.done("verify --home @/home");
    let trace = trace(&scene, "verify --home @/home");
    assert_eq!(trace.changes, Vec::<String>::new());
    let opened = trace.opened_below(&scene);
    for (name, read) in [(".license", true), ("host.pub", true), ("clock.mark", true), ("host.key", true)] {
        let is_it = |(path, _): &(String, usize)| path.starts_with("home/") && path.ends_with(name);
        assert_eq!(opened.iter().any(is_it), read, "{name}: {opened:?}");
    }
    let often: Vec<_> = opened.iter().filter(|(_, count)| *count > 1).collect();
    assert!(often.is_empty(), "{often:?}");
}

#[test]
fn a_machine_is_looked_at_only_for_a_license_that_depends_on_it() {
    if !has("strace") {
        return;
    }
    let scene = host("cost-installation", "system-id-only = true\n");
    scene.done("install @/stick/host.license --trust @/keys/acme.pub --home @/home");
    let trace = trace(&scene, "verify --home @/home");
    let machine = |path: &&String| ["/sys/", "/etc/", "/proc/"].iter().any(|it| path.starts_with(it));
    // Which boot this is belongs to the clock.
    let is_boot = |path: &&String| path.as_str() == "/proc/sys/kernel/random/boot_id";
    let looked: Vec<_> = trace.opened.keys().filter(machine).filter(|path| !is_boot(path)).collect();
    assert!(looked.is_empty(), "{looked:?}");
}
