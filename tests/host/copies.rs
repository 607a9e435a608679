//! What a customer tries with copies: a file beside the installed ones, a home begun anew, a release kept in one place.

use std::path::PathBuf;

use airlatch_core::model::{LedgerMark, License, Reason};
use airlatch_core::rules::Question;

use crate::common::life::{Life, fill, text, words};
use crate::common::rules_room::trusted;

fn charged(life: &Life, number: u64) -> License {
    let ledger = Some(LedgerMark { ledger: [7; 16], number, hash: [0; 32] });
    License { ledger, ..life.license() }
}

/// The verdict on a license in a file that is not installed.
fn word_of_file(life: &Life, license: &License) -> String {
    let file = (PathBuf::from("old.license"), Ok(text(license).into_bytes()));
    words(&life.host().check(vec![file], &trusted(), &Question::now(life.now), &mut fill))
}

#[test]
fn a_named_file_is_judged_beside_the_installed_licenses() {
    let life = Life::new("copies-file");
    let (old, new) = (charged(&life, 4), charged(&life, 5));
    assert_eq!(word_of_file(&life, &old), "valid");
    life.install(&new).unwrap();
    assert_eq!(word_of_file(&life, &old), "superseded");
    assert_eq!(word_of_file(&life, &new), "valid");
}

/// The home is deleted after a release; the second place still knows of it.
#[test]
fn what_an_earlier_installation_released_stays_released() {
    let mut life = Life::new("copies-anew");
    let license = charged(&life, 4);
    life.install(&license).unwrap();
    assert_eq!(life.word(), "valid");
    release(&life).unwrap();
    assert_eq!(life.word(), "released");
    std::fs::remove_dir_all(life.folder.join("home")).unwrap();
    life.make_key();
    assert_eq!(life.install(&license), Err("released".into()));
}

#[test]
fn a_release_that_one_place_can_not_keep_is_not_signed() {
    let life = Life::new("copies-release");
    life.install(&charged(&life, 4)).unwrap();
    assert_eq!(life.word(), "valid");
    let [_, second] = life.marks();
    std::fs::remove_file(&second).unwrap();
    std::fs::create_dir(&second).unwrap();
    assert!(release(&life).is_err());
    assert!(life.memory().released.is_empty());
    std::fs::remove_dir(&second).unwrap();
    assert_eq!(release(&life), Ok(()));
}

/// Releases the installed license; the reason word if that fails.
fn release(life: &Life) -> Result<(), Reason> {
    let checked = life.check();
    let judged = checked.answers[0].judged().unwrap();
    let key = life.home().key(&mut fill).unwrap();
    let released = life.host().release(judged, &key, None, life.now, &mut fill);
    released.map(|_| ()).map_err(|error| error.reason())
}
