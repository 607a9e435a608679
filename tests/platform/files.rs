//! Atomic writes, bounded reads and folders, on a real file system.

use std::fs::{self, File};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use airlatch_core::model::Reason;
use airlatch_machine::platform::{Access, Existing, Exposure, WriteResult, read_limited};

use crate::room::*;

#[test]
fn a_write_is_new_same_or_refused() {
    let room = Room::new("write");
    let files = room.files();
    assert_eq!(keep(&files, "a.license", "one").unwrap(), WriteResult::New);
    let before = fs::metadata(room.path("a.license")).unwrap();
    assert_eq!(keep(&files, "a.license", "one").unwrap(), WriteResult::Same);
    assert_eq!(before.ino(), fs::metadata(room.path("a.license")).unwrap().ino());
    let refused = keep(&files, "a.license", "two").unwrap_err();
    assert_eq!((refused.reason(), refused.place()), (Reason::Exists, Some("a.license")));
    assert_eq!(fs::read(room.path("a.license")).unwrap(), b"one");
    assert_eq!(replace(&files, "a.license", "two").unwrap(), WriteResult::Replaced);
    assert_eq!(replace(&files, "a.license", "two").unwrap(), WriteResult::Same);
    assert_eq!(replace(&files, "b.license", "two").unwrap(), WriteResult::New);
    assert_eq!(fs::read(room.path("a.license")).unwrap(), b"two");
    assert_eq!(room.names(), ["a.license", "b.license"]);
}

#[test]
fn a_private_file_is_private_again_after_a_replacement() {
    let room = Room::new("private");
    fs::write(room.path("a.key"), "one").unwrap();
    fs::set_permissions(room.path("a.key"), PermissionsExt::from_mode(0o644)).unwrap();
    let wrote = room.files().write(Path::new("a.key"), b"one", Access::Private, Existing::Replace);
    assert_eq!(wrote.unwrap(), WriteResult::Replaced);
    assert_eq!(mode(&room.path("a.key")), 0o600);
}

#[test]
fn links_are_never_followed_by_a_write() {
    let room = Room::new("links");
    let files = room.files();
    fs::write(room.path("victim"), "victim").unwrap();
    symlink("victim", room.path("to-file")).unwrap();
    symlink("nowhere", room.path("dangling")).unwrap();
    for link in ["to-file", "dangling"] {
        assert_eq!(reason(keep(&files, link, "new")), Reason::Exists, "{link}");
        assert!(fs::symlink_metadata(room.path(link)).unwrap().is_symlink());
        assert_eq!(replace(&files, link, "new").unwrap(), WriteResult::Replaced, "{link}");
        assert!(fs::symlink_metadata(room.path(link)).unwrap().is_file());
    }
    assert_eq!(fs::read(room.path("victim")).unwrap(), b"victim");
    assert!(!room.path("nowhere").exists());
    // Planted where the temporary will stand.
    symlink("victim", room.path(".planted.airlatch-tmp")).unwrap();
    assert_eq!(keep(&files, "planted", "new").unwrap(), WriteResult::New);
    assert_eq!(fs::read(room.path("victim")).unwrap(), b"victim");
    assert!(fs::symlink_metadata(room.path("planted")).unwrap().is_file());
    assert_eq!(room.names(), ["dangling", "planted", "to-file", "victim"]);
}

#[test]
fn only_a_dead_leftover_is_removed() {
    let room = Room::new("leftover");
    let files = room.files();
    let leftover = room.path(".a.airlatch-tmp");
    fs::write(&leftover, "half of a f").unwrap();
    assert_eq!(keep(&files, "a", "whole").unwrap(), WriteResult::New);
    assert_eq!(room.names(), ["a"]);

    let live = File::create(&leftover).unwrap();
    live.lock().unwrap();
    assert_eq!(reason(replace(&files, "a", "other")), Reason::Busy);
    files.discard_leftover(Path::new("a"));
    assert!(leftover.exists());
    assert_eq!(fs::read(room.path("a")).unwrap(), b"whole");
    drop(live);

    files.discard_leftover(Path::new("a"));
    assert_eq!(room.names(), ["a"]);
    // Also when there is nothing to write, or nothing that may be.
    for (text, expected) in [("whole", Ok(WriteResult::Same)), ("other", Err(Reason::Exists))] {
        fs::write(&leftover, "half").unwrap();
        assert_eq!(keep(&files, "a", text).map_err(|t| t.reason()), expected);
        assert_eq!(room.names(), ["a"], "{text}");
    }
}

#[test]
fn of_many_writers_one_wins_and_all_agree() {
    let room = Room::new("race");
    let files = room.files();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let files = &files;
            scope.spawn(move || {
                for _ in 0..50 {
                    let done = keep(files, "same", "same").map_err(|t| t.reason());
                    assert!(matches!(done, Ok(WriteResult::New | WriteResult::Same)), "{done:?}");
                    let text = format!("{n}").repeat(10_000);
                    let done = replace(files, "torn", &text).map_err(|t| t.reason());
                    assert!(done.is_ok(), "they wait for each other: {done:?}");
                    if let Ok(found) = files.read(Path::new("torn"), 20_000) {
                        assert!(found.len() == 10_000 && found.iter().all(|b| *b == found[0]));
                    }
                }
            });
        }
    });
    assert_eq!(room.names(), ["same", "torn"]);
}

#[test]
fn names_that_cant_be_written_say_so() {
    let room = Room::new("names");
    let files = room.files();
    fs::create_dir(room.path("folder")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        room.path("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    for (path, expected) in [
        ("", Reason::BadName),
        ("new/", Reason::BadName),
        ("..", Reason::BadName),
        (&"n".repeat(300), Reason::BadName),
        ("missing/file", Reason::NotFound),
        ("folder", Reason::NotAFile),
        ("pipe", Reason::NotAFile),
        ("/dev/full", Reason::NotAFile),
        ("/dev/null", Reason::NotAFile),
    ] {
        assert_eq!(reason(replace(&files, path, "x")), expected, "{path}");
        let error = keep(&files, path, "x").unwrap_err();
        assert_eq!((error.reason(), error.place()), (expected, Some(path)), "{path}");
    }
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let longest = "n".repeat(255);
    assert_eq!(keep(&files, &longest, "x").unwrap(), WriteResult::New);
    assert_eq!(room.names(), ["folder", longest.as_str(), "pipe"]);
}

#[test]
fn a_read_is_bounded_and_never_waits() {
    let room = Room::new("read");
    let files = room.files();
    let read = |path: &str, limit| files.read(Path::new(path), limit);
    fs::write(room.path("five"), "12345").unwrap();
    symlink("five", room.path("link")).unwrap();
    symlink("circle", room.path("circle")).unwrap();
    assert_eq!(read("five", 5).unwrap(), b"12345");
    assert_eq!(read("link", 5).unwrap(), b"12345");
    assert_eq!(reason(read("five", 4)), Reason::TooLarge);
    File::create(room.path("sparse")).unwrap().set_len(20_000_000_000).unwrap();
    assert_eq!(reason(read("sparse", 1 << 20)), Reason::TooLarge);
    assert!(!read("/proc/self/status", 1 << 20).unwrap().is_empty());
    assert_eq!(reason(read("/proc/self/status", 10)), Reason::TooLarge);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        room.path("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(room.path("socket")).unwrap();
    for odd in ["pipe", "socket", ".", "/dev/zero"] {
        assert_eq!(reason(read(odd, 10)), Reason::NotAFile, "{odd}");
    }
    for (path, expected) in [
        ("missing", Reason::NotFound),
        ("five/x", Reason::NotFound),
        ("circle", Reason::BadName),
        ("", Reason::BadName),
    ] {
        assert_eq!(reason(read(path, 10)), expected, "{path}");
    }
    assert_eq!(read_limited(&b"12345"[..], 5, "standard input").unwrap(), b"12345");
    assert_eq!(reason(read_limited(std::io::repeat(0), 5, "standard input")), Reason::TooLarge);
    assert_eq!(reason(read_limited(File::open(&room.0).unwrap(), 5, "standard input")), Reason::NotAFile);
}

#[test]
fn folders_are_made_and_asked() {
    let room = Room::new("folders");
    let files = room.files();
    files.make_dir(Path::new("a/b/c"), false).unwrap();
    files.make_dir(Path::new("a/b/c"), true).unwrap();
    assert!(files.is_dir(Path::new("a/b")) && files.exists(Path::new("a/b/c")));
    fs::write(room.path("file"), "x").unwrap();
    assert_eq!(reason(files.make_dir(Path::new("file"), true)), Reason::Exists);
    assert_eq!(reason(files.make_dir(Path::new("file/x"), true)), Reason::Exists);
    assert_eq!(reason(files.remove(Path::new("a"))), Reason::NotAFile);
    assert_eq!(reason(files.remove(Path::new("missing"))), Reason::NotFound);
    files.remove(Path::new("file")).unwrap();
    symlink("nowhere", room.path("dangling")).unwrap();
    assert!(files.exists(Path::new("dangling")) && !files.exists(Path::new("file")));
    assert_eq!(files.list(Path::new("."), 10).unwrap(), ["a", "dangling"]);
}

#[test]
fn one_file_has_many_names() {
    let room = Room::new("same");
    let files = room.files();
    let same = |a: &str, b: &str| files.same_file(Path::new(a), Path::new(b));
    fs::write(room.path("a"), "x").unwrap();
    fs::write(room.path("b"), "x").unwrap();
    fs::create_dir(room.path("folder")).unwrap();
    fs::hard_link(room.path("a"), room.path("hard")).unwrap();
    symlink("a", room.path("soft")).unwrap();
    for other in ["a", "./a", "folder/../a", "hard", "soft", room.path("a").to_str().unwrap()] {
        assert!(same("a", other), "{other}");
    }
    assert!(!same("a", "b") && !same("a", "missing"));
    assert!(same("new", "./folder/../new") && !same("new", "newer"));
}

#[test]
fn an_open_key_is_seen() {
    let room = Room::new("exposed");
    let files = room.files();
    fs::create_dir(room.path("keys")).unwrap();
    fs::write(room.path("keys/a"), "x").unwrap();
    let exposed = |folder: u32, file: u32| {
        fs::set_permissions(room.path("keys"), PermissionsExt::from_mode(folder)).unwrap();
        fs::set_permissions(room.path("keys/a"), PermissionsExt::from_mode(file)).unwrap();
        files.exposed(Path::new("keys/a")).unwrap()
    };
    assert_eq!(exposed(0o755, 0o600), None);
    assert_eq!(exposed(0o700, 0o400), None);
    assert_eq!(exposed(0o1777, 0o600), None);
    assert_eq!(exposed(0o755, 0o644), Some(Exposure::File(0o644)));
    assert_eq!(exposed(0o755, 0o640), Some(Exposure::File(0o640)));
    assert_eq!(exposed(0o777, 0o600), Some(Exposure::Folder(0o777)));
    assert_eq!(reason(files.exposed(Path::new("missing"))), Reason::NotFound);
}

#[test]
fn a_pipe_is_read_by_its_descriptor_and_never_by_a_name() {
    use std::io::Write;
    use std::os::fd::AsRawFd;
    let room = Room::new("descriptor");
    let files = room.files();
    for folder in ["/dev/fd", "/proc/self/fd"] {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let path = format!("{folder}/{}", reader.as_raw_fd());
        writer.write_all(b"secret").unwrap();
        drop(writer);
        assert_eq!(files.read_descriptor(Path::new(&path), 6).unwrap().unwrap(), b"secret");
    }
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(b"secret").unwrap();
    drop(writer);
    let path = format!("/dev/fd/{}", reader.as_raw_fd());
    assert_eq!(files.read_descriptor(Path::new(&path), 5).unwrap_err().reason(), Reason::TooLarge);
    // Nobody writes into this one: reading it would never end.
    rustix::fs::mkfifoat(rustix::fs::CWD, room.path("pipe"), rustix::fs::Mode::RWXU).unwrap();
    keep(&files, "file", "text").unwrap();
    for name in ["pipe", "file", "missing"] {
        assert!(files.read_descriptor(&room.path(name), 9).unwrap().is_none(), "{name}");
    }
}
