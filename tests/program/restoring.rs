//! Restoring a backup, and lists of several products: no loss and no MAC goes unreported.

use std::ffi::OsString;
use std::io::Cursor;
use std::rc::Rc;

use airlatch::cli::{NoTerminal, Prompt, Screen, Session, run};
use airlatch_core::model::Result;
use airlatch_machine::platform::{Env, Files};
use zeroize::Zeroizing;

use crate::common::trip::{Ran, Trip};

const CATALOG: &str = "
[[product]]
id = 'phone'
lock = ['mac']
[product.mac]
prefix = ['00-04-f1']
[product.feature]
video = 'switch'

[[product]]
id = 'gate'
lock = ['mac']
[product.feature]
video = 'switch'
";

fn did(trip: &Trip, line: &str) -> Ran {
    let ran = trip.airlatch(&line.split(' ').collect::<Vec<_>>(), Vec::new());
    assert_eq!(ran.exit, 0, "airlatch {line}\n{}", ran.both);
    ran
}

/// A desk with an order for ten telephones and one for ten gates.
fn desk(name: &str) -> Rc<Trip> {
    let trip = Trip::new(name);
    did(&trip, "desk init desk --no-passphrase --vendor ACME");
    std::fs::write(trip.folder.join("desk/catalog.toml"), CATALOG).unwrap();
    did(&trip, "order new 4711 --product phone --line video=10 --permanent --yes");
    did(&trip, "order new 4712 --product gate --line video=10 --permanent --yes");
    Rc::new(trip)
}

fn issue(trip: &Trip, number: u8) {
    did(trip, &format!("issue --code 4711 --mac 00:04:f1:00:00:{number:02x} --yes"));
}

/// Answers yes after another process has booked.
struct Slow(Rc<Trip>, u8);

impl Prompt for Slow {
    fn confirm(&mut self, _: &str, _: &str) -> Result<bool> {
        issue(&self.0, self.1);
        Ok(true)
    }

    fn passphrase(&mut self, prompt: &str, is_new: bool, flag: &str) -> Result<Zeroizing<String>> {
        NoTerminal.passphrase(prompt, is_new, flag)
    }
}

fn slowly(trip: &Rc<Trip>, line: &str, number: u8) -> u8 {
    let env = Env { desk: Some(trip.folder.join("desk")), user: Some("bob".into()), ..Env::default() };
    let entropy = |bytes: &mut [u8]| -> Result<()> {
        bytes.fill(9);
        Ok(())
    };
    let mut session = Session::new(
        trip.now,
        Box::new(entropy),
        env,
        Files::new(&trip.folder),
        trip.host.clone(),
        Box::new(Cursor::new(Vec::new())),
        Screen::new(Box::new(std::io::sink()), Box::new(std::io::sink())),
        Box::new(Slow(Rc::clone(trip), number)),
    );
    run(std::iter::once("airlatch").chain(line.split(' ')).map(OsString::from), &mut session)
}

#[test]
fn a_license_issued_during_the_question_is_not_lost() {
    let trip = desk("restore-slowly");
    issue(&trip, 1);
    did(&trip, "ledger backup backup.db");
    assert_eq!(slowly(&trip, "ledger restore backup.db", 2), 1);
    let left = did(&trip, "order show 4711").both;
    assert!(left.contains('8'), "{left}");
    did(&trip, "ledger audit");
    assert_eq!(slowly(&trip, "ledger restore", 3), 1);
    assert_eq!(did(&trip, "ledger licenses").both.matches("00:04:f1:00:00:").count(), 3);
}

#[test]
fn entries_unknown_to_the_witness_are_reported_before_they_are_lost() {
    let trip = desk("restore-lagging");
    did(&trip, "ledger backup backup.db");
    let witness = std::fs::read(trip.folder.join("desk/witness.toml")).unwrap();
    issue(&trip, 1);
    issue(&trip, 2);
    // The state after a power failure between writing the ledger and its witness.
    std::fs::write(trip.folder.join("desk/witness.toml"), witness).unwrap();
    let told = did(&trip, "ledger restore backup.db --yes").both;
    assert!(told.contains("2 later entries are lost"), "{told}");
    let entries = did(&trip, "ledger entries").both;
    assert!(entries.contains("restored"), "{entries}");
}

/// Each product has its own MAC rule.
#[test]
fn each_line_of_a_list_is_checked_by_the_mac_rule_of_its_product() {
    let trip = desk("batch-two-products");
    let list = "number\tMAC\n4712\t00:90:33:00:00:01\n4711\t00:90:33:00:00:02\n";
    std::fs::write(trip.folder.join("list.tsv"), list).unwrap();
    let ran = trip.airlatch(&["batch", "list.tsv", "--out-dir", "out", "--yes"], Vec::new());
    assert_eq!(ran.exit, 1, "{}", ran.both);
    assert!(ran.both.contains("line 3") && ran.both.contains("[wrong-prefix]"), "{}", ran.both);
    assert!(did(&trip, "order show 4712").both.contains("10"));
}
