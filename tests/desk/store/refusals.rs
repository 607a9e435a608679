//! Files that are not ledgers, and folders where a ledger can't be kept.

use std::fs;
use std::path::Path;
use std::process::Command;

use airlatch_core::model::Reason;
use airlatch_desk::store::Store;

use crate::common::child::{arguments, myself};
use crate::common::ledger_contract::{post_all, story};
use crate::common::store_room::{Room, beside, by_hand, faults, reason};

#[test]
fn what_is_no_ledger_is_refused_and_left_as_it_is() {
    let room = Room::new("refusals");
    fs::create_dir(room.path("folder")).unwrap();
    fs::write(room.path("empty"), "").unwrap();
    fs::write(room.path("letter"), "Dear Ann, ".repeat(1_000)).unwrap();
    fs::write(room.path("word"), "Dear").unwrap();
    fs::write(room.path("zeros"), [0; 8_192]).unwrap();
    by_hand(&room.path("music")).execute_batch("CREATE TABLE album (title TEXT)").unwrap();
    for (name, expected) in [
        ("nothing", Reason::NotFound),
        ("no/ledger.db", Reason::NotFound),
        ("folder", Reason::NotFound),
        ("empty", Reason::NotALedger),
        ("letter", Reason::NotALedger),
        ("word", Reason::NotALedger),
        ("zeros", Reason::NotALedger),
        ("music", Reason::NotALedger),
    ] {
        let path = room.path(name);
        let bytes = fs::read(&path).ok();
        for open in [Store::open as fn(&Path) -> _, Store::open_read_only] {
            let refused = open(&path).unwrap_err();
            if name == "folder" && refused.reason() == Reason::Io {
                continue;
            }
            assert_eq!((refused.reason(), refused.place()), (expected, path.to_str()), "{name}: {refused:?}");
        }
        assert_eq!(fs::read(&path).ok(), bytes, "{name}");
        assert!(!beside(&path, "-wal").exists(), "{name}");
    }
    // Each has its own message.
    let what = |name: &str| Store::open(&room.path(name)).unwrap_err().message().to_owned();
    assert_eq!(what("empty"), "the file is empty");
    assert_eq!(what("letter"), "the file is not a ledger");
    assert_eq!(what("music"), "the file is a database of another program, not a ledger");
}

#[test]
fn a_ledger_is_made_only_where_nothing_is() {
    let room = Room::new("create");
    let told = room.told("ledger.db");
    fs::write(room.path("letter"), "Dear Ann, ".repeat(1_000)).unwrap();
    by_hand(&room.path("music")).execute_batch("CREATE TABLE album (title TEXT)").unwrap();
    for name in ["ledger.db", "letter", "music"] {
        let bytes = fs::read(room.path(name)).unwrap();
        assert_eq!(reason(Store::create(&room.path(name))), Reason::Exists, "{name}");
        assert_eq!(fs::read(room.path(name)).unwrap(), bytes, "{name}");
    }
    assert_eq!(faults(&told, None), []);
    assert_eq!(reason(Store::create(&room.path("no/ledger.db"))), Reason::NotFound);
    fs::write(room.path("empty"), "").unwrap();
    Store::create(&room.path("empty")).unwrap();
    Store::open(&room.path("empty")).unwrap();
}

#[test]
fn a_name_means_a_file_and_nothing_else() {
    let room = Room::new("names");
    for name in ["file:ledger.db?mode=memory", ":memory:", "a%20b #?&.db", "é\u{1f511}.db"] {
        let path = room.path(name);
        post_all(&mut Store::create(&path).unwrap(), story()).unwrap();
        assert!(path.is_file(), "{name}");
        assert_eq!(Store::open(&path).unwrap().head().unwrap().number, 15);
    }
    let here = myself(module_path!(), "child_makes_ledgers_where_it_stands")
        .current_dir(&room.folder)
        .output()
        .unwrap();
    assert!(here.status.success(), "{here:?}");
    assert!(room.path("file:here?mode=memory").is_file());
}

#[test]
#[ignore = "run by another test, in its folder"]
fn child_makes_ledgers_where_it_stands() {
    for name in ["file:here?mode=memory", "here.db", ":memory:here"] {
        Store::create(Path::new(name)).unwrap();
    }
}

/// Root ignores permissions, so the file system is mounted read-only.
#[test]
fn a_ledger_that_cannot_be_written_says_so() {
    let room = Room::new("read-only");
    fs::create_dir(room.path("desk")).unwrap();
    room.told("desk/ledger.db");
    let script = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" || exit 99; exec \"$@\"";
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", script])
        .arg(room.path("desk"))
        .arg(std::env::current_exe().unwrap())
        .args(arguments(module_path!(), "child_opens_what_cannot_be_written"))
        .env("AIRLATCH_TEST_LEDGER", room.path("desk/ledger.db"))
        .output();
    let Ok(output) = output else {
        assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "unshare is not installed");
        println!("skipped: unshare is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(99) || said.starts_with("unshare:") {
        println!("skipped: mounting is not allowed here: {said}");
        return;
    }
    assert!(output.status.success(), "{output:?}");
}

#[test]
#[ignore = "run by another test, where nothing can be written"]
fn child_opens_what_cannot_be_written() {
    let path = std::path::PathBuf::from(std::env::var_os("AIRLATCH_TEST_LEDGER").unwrap());
    let refused = Store::open(&path).unwrap_err();
    assert_eq!(refused.reason(), Reason::ReadOnly, "{refused:?}");
    let refused = Store::open_read_only(&path).unwrap_err();
    assert_eq!(refused.reason(), Reason::ReadOnly, "{refused:?}");
    assert!(reason(Store::create(&path.with_file_name("new.db"))) != Reason::Exists);
}
