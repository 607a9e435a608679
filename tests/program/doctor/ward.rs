//! A host to examine: home, state folder, facts and program, each in its own folder.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use airlatch::cli::{NoTerminal, Screen, Session, run};
use airlatch_core::model::Time;
use airlatch_machine::platform::{Env, Files, Machine};

use crate::common::chance::Chance;
use crate::common::licenses_room::{license, text};
use crate::common::place::{repository, scratch};
use crate::common::rules_room::{key, time};

/// A host with a license for its network card.
pub(crate) struct Ward {
    pub(crate) folder: PathBuf,
    pub(crate) env: Env,
    pub(crate) root: PathBuf,
    pub(crate) now: Time,
    pub(crate) machine: Machine,
}

pub(crate) struct Ran {
    pub(crate) exit: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ward {
    pub(crate) fn new(name: &str) -> Self {
        let folder = scratch().join(format!("airlatch-doctor-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let env =
            Env { home: Some(folder.join("home")), state: folder.join("state").into(), ..Env::default() };
        let root = repository().join("tests/hosts/workshop-a");
        let now = time("2026-11-22T12:00:00Z");
        let ward = Self { folder, env, root, now, machine: Machine::default() };
        assert_eq!(ward.run(&["id"]).exit, 0);
        fs::create_dir(ward.home().join("licenses")).unwrap();
        fs::create_dir(ward.home().join("trust")).unwrap();
        fs::write(ward.home().join("licenses/a.license"), text(&license("sessions=10"))).unwrap();
        fs::write(ward.home().join("trust/acme.pub"), key(1).public().to_pem()).unwrap();
        ward
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    pub(crate) fn session(&self) -> (Session, [Shared; 2]) {
        let streams = [Shared::default(), Shared::default()];
        let screen = Screen::new(Box::new(streams[0].clone()), Box::new(streams[1].clone()));
        let mut chance = Chance::new(0);
        let entropy = move |bytes: &mut [u8]| {
            chance.fill(bytes);
            Ok(())
        };
        let mut session = Session::new(
            self.now,
            Box::new(entropy),
            self.env.clone(),
            Files::new(&self.folder),
            self.root.clone(),
            Box::new(Cursor::new(Vec::new())),
            screen,
            Box::new(NoTerminal),
        );
        let machine = self.machine.clone();
        session.machine = Box::new(move || machine.clone());
        (session, streams)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let (mut session, [out, err]) = self.session();
        let args = std::iter::once("airlatch").chain(args.iter().copied()).map(OsString::from);
        let exit = run(args, &mut session);
        drop(session);
        Ran { exit, out: out.text(), err: err.text() }
    }

    /// Every file below the folder: path, bytes and modification time.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
        let mut files = BTreeMap::new();
        collect(&self.folder, &mut files);
        files
    }
}

impl Drop for Ward {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let changed = fs::symlink_metadata(&path).unwrap().modified().unwrap();
        if path.is_dir() {
            files.insert(path.clone(), (Vec::new(), changed));
            collect(&path, files);
        } else {
            files.insert(path.clone(), (fs::read(&path).unwrap_or_default(), changed));
        }
    }
}

/// Whether this process is root, for whom no permission is missing.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Prints that a test was skipped; fails with AIRLATCH_REQUIRE_TOOLS=1.
pub(crate) fn skipped(what: &str) {
    assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "{what} is not there");
    println!("skipped: {what} is not there");
}

/// A buffer with several writers.
#[derive(Clone, Default)]
pub(crate) struct Shared(Rc<RefCell<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
