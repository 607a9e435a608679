//! A license for each of ten thousand devices, issued and verified by the program.

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use airlatch_core::crypto::{PublicKey, TrustedSet};
use airlatch_core::host;
use airlatch_core::model::{ComponentKind, Lock, Verdict};

use crate::common::rules_room::{asking, host_with, mac, ten_thousand};
use crate::common::slow;
use crate::common::trip::Trip;

/// Runs `airlatch batch` over the list and returns its output; prints the time.
fn batch(trip: &Trip) -> String {
    let begin = Instant::now();
    let args = "batch --key acme.key --grant grant.toml macs.tsv --out-dir licenses";
    let ran = trip.airlatch(&args.split(' ').collect::<Vec<_>>(), Vec::new());
    assert_eq!(ran.exit, 0, "{}", ran.both);
    println!("batch of 10,000: {:?}", begin.elapsed());
    ran.both
}

/// Every file of a folder: path, content and modification time.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths
        .map(|path| {
            let (bytes, written) =
                (std::fs::read(&path).unwrap(), path.metadata().unwrap().modified().unwrap());
            (path, bytes, written)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn ten_thousand_licenses_are_issued_verified_and_unchanged_by_a_rerun() {
    let trip = Trip::new("ten-thousand");
    let (mut list, mut wanted) = ten_thousand();
    // Two thousand lines run the same code; `just slow` takes ten thousand.
    if !slow::all() {
        wanted.truncate(2_000);
        let last = wanted.last().unwrap().0;
        list = list.split_inclusive('\n').take(last).collect();
    }
    let many = wanted.len();
    std::fs::write(trip.folder.join("macs.tsv"), list).unwrap();
    let grant = "product = 'phone'\npermanent = true\n[features]\nvideo = true\n";
    std::fs::write(trip.folder.join("grant.toml"), grant).unwrap();
    assert_eq!(trip.airlatch(&["keygen", "--out", "acme", "--no-passphrase"], Vec::new()).exit, 0);
    let said = batch(&trip);
    assert!(said.contains(&format!("{many} licenses issued into licenses, 0 unchanged")), "{said}");

    let before = files(&trip.folder.join("licenses"));
    let names: Vec<_> = before.iter().map(|file| file.0.file_name().unwrap().to_str().unwrap()).collect();
    let expected: Vec<_> = wanted.iter().map(|(_, _, mac)| format!("{mac}-license.cfg")).collect();
    assert_eq!(names, expected);
    let key = std::fs::read_to_string(trip.folder.join("acme.pub")).unwrap();
    let trusted = TrustedSet::new([PublicKey::from_pem(&key).unwrap()]);
    for ((_, bytes, _), (_, number, bare)) in before.iter().zip(&wanted) {
        let facts = host_with([(ComponentKind::Nic, bare.as_str())]);
        let judged = host::verify(bytes, &trusted, &facts, &asking(trip.now)).unwrap();
        assert_eq!(judged.judgement.verdict, Verdict::Valid);
        assert_eq!(judged.license.get().number.as_ref(), Some(number));
        assert_eq!(judged.license.get().lock, Lock::Mac(mac(bare)));
    }

    let said = batch(&trip);
    assert!(said.contains(&format!("0 licenses issued into licenses, {many} unchanged")), "{said}");
    assert!(files(&trip.folder.join("licenses")) == before, "the rerun changed a file");
}
