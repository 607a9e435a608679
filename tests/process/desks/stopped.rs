//! A process stopped while it holds the ledger: others name it, and continue when it does.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::process::{Child, Stdio};
use std::sync::{LazyLock, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::desk::{at_once, mac, macs};
use crate::scene::{AIRLATCH, Ran, Scene, has};

/// A process waits ten seconds for the lock. The tests start together with the first of them, so that they wait at the same
/// time; each test reports its own result.
static WAITING: LazyLock<Mutex<BTreeMap<&str, JoinHandle<()>>>> = LazyLock::new(|| {
    let all =
        [("stopped", stopped_at_work as fn()), ("closing", stopped_at_closing), ("between", between_locks)];
    Mutex::new(all.map(|(name, waits)| (name, std::thread::spawn(waits))).into())
});

fn ends_well(name: &str) {
    let waiting = WAITING.lock().unwrap().remove(name).unwrap();
    waiting.join().unwrap_or_else(|why| std::panic::resume_unwind(why));
}

#[test]
fn a_process_that_waits_for_a_stopped_one_names_it_and_continues_after_it() {
    ends_well("stopped");
}

fn stopped_at_work() {
    let scene = Scene::desk("stopped");
    scene.done("order new many --product seat --line video=3000 --permanent --yes --desk @/desk");
    scene.write("many.tsv", macs(1_000, 1_500));
    let holder = stopped(&scene, "batch @/many.tsv --desk @/desk --code many --out-dir @/many --yes");

    let issue = |more: &'static str| {
        scene.run(&format!(
            "issue --desk @/desk --code seats --mac {} --all --yes --out @/one.license {more}",
            mac(1)
        ))
    };
    let began = Instant::now();
    let ends = at_once(["", "--json"].map(|more| {
        let issue = &issue;
        move || issue(more)
    }));
    let waited = began.elapsed();
    assert!(waited >= Duration::from_secs(9) && waited < Duration::from_secs(15), "{waited:?}");
    let process = format!("process {}: airlatch batch since 2", holder.0.id());
    for busy in &ends {
        busy.fails("busy");
        assert!(busy.err.contains(&process), "{busy:?}");
        assert!(busy.err.contains("it is stopped and will not continue by itself"), "{busy:?}");
    }
    assert!(ends[1].err.contains("\"exit\": 2"), "{ends:?}");
    assert!(!scene.exists("one.license"));

    // Reading needs no lock.
    assert_eq!(scene.ledger("desk").unwrap().used("seats"), 0);
    scene.done("ledger balance --desk @/desk");
    scene.done("ledger audit --desk @/desk");
    scene.done("ledger backup @/backup.db --desk @/desk");

    let ran = holder.goes_on();
    assert!(ran.status.success(), "{ran:?}");
    let ran = issue("");
    assert!(ran.status.success(), "{ran:?}");
    let books = scene.ledger("desk").unwrap();
    assert_eq!((books.used("many"), books.used("seats")), (1_500, 1));
    assert_eq!(scene.licenses_in("", ".cfg", &books).unwrap().len(), 1_500);
}

/// During a checkpoint not even reading is possible: a process stopped then is named too.
#[test]
fn a_reader_that_waits_for_a_checkpoint_names_its_process() {
    ends_well("closing");
}

fn stopped_at_closing() {
    if !has("strace") {
        return;
    }
    let scene = Scene::desk("closing");
    let mut strace = scene.command("strace");
    strace.args(["-qq", "-o", "/dev/null", "-e", "trace=unlink", "-e", "inject=unlink:signal=STOP:when=1"]);
    let order = "order new 4711 --product seat --line video=7 --permanent --yes --desk @/desk";
    strace.arg(AIRLATCH).args(scene.words(order)).stdout(Stdio::null()).stderr(Stdio::null());
    let mut tracer = strace.spawn().unwrap();
    let stopped = || -> Option<u32> {
        let lock = fs::read_to_string(scene.path("desk/ledger.lock")).ok()?;
        let process = lock.split(' ').next()?.parse().ok()?;
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // Under strace, it may stop briefly at every call.
        (stat.contains(") T ") || stat.contains(") t ")).then_some(process)
    };
    let began = Instant::now();
    let mut seen = (None, 0);
    while seen.1 < 20 {
        assert!(began.elapsed() < Duration::from_secs(10), "it never stood still");
        std::thread::sleep(Duration::from_millis(10));
        let now = stopped();
        seen = if now.is_some() && now == seen.0 { (now, seen.1 + 1) } else { (now, 0) };
    }
    let process = seen.0.unwrap();
    let ran = scene.run("ledger balance --desk @/desk");
    let kill = std::process::Command::new("kill").args(["-CONT", &process.to_string()]).status();
    assert!(kill.unwrap().success() && tracer.wait().unwrap().success());
    ran.fails("busy");
    let told = format!("process {process}: airlatch order since 2");
    assert!(ran.err.contains(&told) && ran.err.contains("it is stopped"), "{ran:?}");
    assert!(scene.done("ledger balance --desk @/desk").contains("4711"));
}

/// Holds the write lock of the WAL (byte 120 of its index, walformat.html#wal_locks) while the index is still empty, until its
/// input ends: the state of a process stopped after the first lock of a new WAL.
const BETWEEN_LOCKS: &str = "\
import fcntl, sys
index = open(sys.argv[1], 'a+b')
index.truncate(32768)
fcntl.lockf(index, fcntl.LOCK_EX, 1, 120)
print(flush=True)
sys.stdin.read()
";

/// SQLite gives up after ten seconds with the error "locking protocol", which must not be reported as a fault of the folder.
#[test]
fn a_process_stopped_between_two_locks_is_waited_for() {
    ends_well("between");
}

fn between_locks() {
    if !has("python3") {
        return;
    }
    let scene = Scene::desk("between");
    let mut python = scene.command("python3");
    python.args(["-c", BETWEEN_LOCKS]).arg(scene.path("desk/ledger.db-shm"));
    let mut holder = Holder(python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap());
    holder.0.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
    let ran = scene.run("ledger balance --desk @/desk");
    ran.fails("busy");
    assert!(ran.err.contains("locking protocol"), "{ran:?}");
    drop(holder);
    scene.done("ledger balance --desk @/desk");
}

/// A killed process holds no lock.
#[test]
fn a_desk_that_was_killed_holds_nothing() {
    let scene = Scene::desk("killed");
    scene.done("order new many --product seat --line video=3000 --permanent --yes --desk @/desk");
    scene.write("many.tsv", macs(1_000, 1_500));
    let batch = "batch @/many.tsv --desk @/desk --code many --out-dir @/many --yes";
    drop(stopped(&scene, batch));
    let began = Instant::now();
    scene.done(&format!("issue --desk @/desk --code seats --mac {} --all --yes --out @/one.license", mac(1)));
    assert!(began.elapsed() < Duration::from_secs(5));
    scene.done(batch);
    let books = scene.ledger("desk").unwrap();
    assert_eq!((books.used("many"), books.used("seats")), (1_500, 1));
    assert_eq!(scene.licenses_in("many", ".cfg", &books).unwrap().len(), 1_500);
    assert!(scene.leftovers().is_empty());
}

/// A process that is killed at the end of its test.
struct Holder(Child);

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Holder {
    fn goes_on(mut self) -> Ran {
        signal(&self.0, "CONT");
        let status = self.0.wait().unwrap();
        Ran { status, out: String::new(), err: String::new() }
    }
}

/// A command stopped while it holds the ledger.
fn stopped(scene: &Scene, line: &str) -> Holder {
    for _ in 0..50 {
        let child = scene.airlatch(line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut holder = Holder(child);
        let own = format!("{} ", holder.0.id());
        let lock = || fs::read_to_string(scene.path("desk/ledger.lock")).unwrap_or_default();
        while !lock().starts_with(&own) {
            assert!(holder.0.try_wait().unwrap().is_none(), "it ended before it could be stopped");
            std::thread::sleep(Duration::from_millis(1));
        }
        signal(&holder.0, "STOP");
        if lock().starts_with(&own) {
            return holder;
        }
        // It was stopped just after the lock was released.
    }
    panic!("it always gave the ledger back before it stood still");
}

fn signal(child: &Child, name: &str) {
    let kill =
        std::process::Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let stat = || fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
    while name == "STOP" && !stat().contains(") T ") && !stat().contains(") Z ") {
        std::thread::sleep(Duration::from_millis(2));
    }
}
