//! Batches: thousands of files, one sync, all or nothing.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use airlatch_core::model::Reason;
use airlatch_machine::platform::{Existing, WriteResult};

use crate::room::*;

#[test]
fn a_batch_stands_complete_or_not_at_all() {
    let room = Room::new("batch");
    let files = room.files();
    fs::create_dir(room.path("out")).unwrap();
    let out = Path::new("out");
    let mut stage = files.stage(out).unwrap();
    for n in 0..1000 {
        let name = format!("{n:04}.cfg");
        assert_eq!(stage.add(&name, name.as_bytes(), Existing::Keep).unwrap(), WriteResult::New);
    }
    assert_eq!(files.list(out, 10).unwrap(), [""; 0]);
    assert_eq!(reason(files.stage(out)), Reason::Busy);
    stage.commit().unwrap();
    let names = files.list(out, 1000).unwrap();
    assert_eq!((names.len(), names[999].to_str()), (1000, Some("0999.cfg")));
    assert_eq!(reason(files.list(out, 999)), Reason::TooLarge);
    assert_eq!(fs::read(room.path("out/0500.cfg")).unwrap(), b"0500.cfg");
    assert!(!room.path("out/.airlatch-batch").exists());

    // A dead batch: its folder stands, without a lock.
    fs::create_dir(room.path("out/.airlatch-batch")).unwrap();
    fs::write(room.path("out/.airlatch-batch/new.cfg"), "half").unwrap();
    let mut stage = files.stage(out).unwrap();
    assert_eq!(stage.add("0001.cfg", b"0001.cfg", Existing::Keep).unwrap(), WriteResult::Same);
    assert_eq!(reason(stage.add("0001.cfg", b"other", Existing::Keep)), Reason::Exists);
    assert_eq!(stage.add("new.cfg", b"whole", Existing::Keep).unwrap(), WriteResult::New);
    let twin = stage.add("new.cfg", b"whole", Existing::Keep).unwrap_err();
    assert_eq!((twin.reason(), twin.place()), (Reason::Exists, Some("out/new.cfg")));
    for bad in ["", "..", "../x", "a/b", "/x", "a/", "nul\0"] {
        assert_eq!(reason(stage.add(bad, b"x", Existing::Keep)), Reason::BadName, "{bad}");
    }
    drop(stage);
    assert_eq!(files.list(out, 2000).unwrap().len(), 1000);
    assert!(!room.path("out/.airlatch-batch").exists());

    symlink(".", room.path("out/.airlatch-batch")).unwrap();
    assert_eq!(reason(files.stage(out)), Reason::Exists);
    assert_eq!(reason(files.stage(Path::new("missing"))), Reason::NotFound);
}

#[test]
fn a_batch_replaces_what_it_is_told_to() {
    let room = Room::new("replacing");
    fs::write(room.path("a"), "old").unwrap();
    fs::write(room.path("b"), "old").unwrap();
    let mut stage = room.files().stage(Path::new(".")).unwrap();
    assert_eq!(stage.add("a", b"new", Existing::Replace).unwrap(), WriteResult::New);
    assert_eq!(reason(stage.add("b", b"new", Existing::Keep)), Reason::Exists);
    assert_eq!(fs::read(room.path("a")).unwrap(), b"old", "not before all are written");
    stage.commit().unwrap();
    assert_eq!(fs::read(room.path("a")).unwrap(), b"new");
    assert_eq!(fs::read(room.path("b")).unwrap(), b"old");
    assert_eq!(room.names(), ["a", "b"]);
}

#[test]
fn a_batch_never_replaces_what_came_meanwhile() {
    let room = Room::new("meanwhile");
    let mut stage = room.files().stage(Path::new(".")).unwrap();
    stage.add("a", b"ours", Existing::Keep).unwrap();
    stage.add("b", b"ours", Existing::Keep).unwrap();
    fs::write(room.path("b"), "theirs").unwrap();
    assert_eq!(reason(stage.commit()), Reason::Exists);
    assert_eq!(fs::read(room.path("b")).unwrap(), b"theirs");
    assert_eq!(room.names(), ["a", "b"]);
}

#[test]
fn a_batch_syncs_once() {
    if !has_tool("strace") {
        return;
    }
    let room = Room::new("syncs");
    let output = child(
        "exec strace -f -e trace=syncfs,fsync,fdatasync,sync -o \"$AIRLATCH_TEST_ROOM/trace\"",
        (module_path!(), "child_batch"),
        &room,
    );
    passed(&output, 1);
    let trace = fs::read_to_string(room.path("trace")).unwrap();
    assert_eq!(trace.matches("syncfs(").count(), 1, "{trace}");
    assert_eq!(trace.matches("fsync(").count(), 1, "{trace}");
}

#[test]
#[ignore = "run by another test, under its eyes"]
fn child_batch() {
    let mut stage = room_of_child().stage(Path::new(".")).unwrap();
    for n in 0..100 {
        stage.add(&n.to_string(), b"x", Existing::Keep).unwrap();
    }
    stage.commit().unwrap();
}
