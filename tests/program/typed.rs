//! `issue` decides by the document whether to license, reset a clock or book back, and does each only once.

use airlatch_core::crypto::{self, PrivateKey, Sealed};
use airlatch_core::format;
use airlatch_core::model::{ClockResetRequest, DocumentId, Kind, Receipt, Request};

use crate::common::trip::{Ran, Trip};

const CATALOG: &str = "[[product]]\nid = \"call\"\nlock = [\"fingerprint\"]\nactivation-days = 30\n\
    [product.feature]\nsessions = \"count\"\nfax = \"switch\"\n";

/// A desk with 50 sessions, 20 of them with the host of `host.request`.
struct Scene {
    trip: Trip,
    code: String,
}

impl Scene {
    fn new(name: &str) -> Self {
        let mut scene = Self { trip: Trip::new(name), code: String::new() };
        scene.done("desk init desk --no-passphrase --vendor ACME");
        scene.write("desk/catalog.toml", CATALOG);
        let made =
            scene.done("order new SO-1 --product call --line sessions=50 --permanent --customer Town --yes");
        scene.code = made.lines().next().unwrap().split_whitespace().nth(1).unwrap().to_owned();
        scene.done("request --home home --product call --feature sessions=20 --out host.request");
        scene.done(&format!("issue --code {} host.request --out host.license --yes", scene.code));
        scene
    }

    fn run(&self, line: &str) -> Ran {
        self.trip.airlatch(&line.split(' ').collect::<Vec<_>>(), Vec::new())
    }

    #[track_caller]
    fn done(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.exit, 0, "{line}: {}", ran.both);
        ran.both
    }

    #[track_caller]
    fn refused(&self, line: &str, exit: u8, reason: &str) -> String {
        let ran = self.run(line);
        assert!(ran.exit == exit && ran.both.contains(&format!("[{reason}]")), "{line}: {}", ran.both);
        ran.both
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.trip.folder.join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> Sealed {
        format::open_one(&std::fs::read(self.trip.folder.join(name)).unwrap()).unwrap().0
    }

    fn key(&self) -> PrivateKey {
        let pem = std::fs::read(self.trip.folder.join("home/host.key")).unwrap();
        crypto::read_key(&pem).and_then(|file| crypto::expect_private(file, || panic!("encrypted"))).unwrap()
    }

    fn request(&self) -> Request {
        format::read_request(&self.read("host.request")).unwrap().get().clone()
    }

    /// The text of a document signed by the host.
    fn text(&self, kind: Kind, payload: Vec<u8>) -> String {
        format::armor(kind, crypto::seal(kind, &payload, &self.key()).bytes(), &[])
    }

    fn receipt(&self, license: DocumentId) -> String {
        let system_id = self.key().public().system_id();
        let note = Some("the host is scrapped".to_owned());
        let receipt = Receipt { made: self.trip.now, system_id, product: "call".into(), license, note };
        self.text(Kind::ReleaseReceipt, format::write_receipt(&receipt).unwrap())
    }

    /// Writes a request for a clock reset.
    fn clock(&self, name: &str) {
        let clock =
            Some(ClockResetRequest { nonce: [7; 16], latest_time: "2099-01-01T00:00:00Z".parse().unwrap() });
        let payload = format::write_request(&Request { clock, ..self.request() }).unwrap();
        self.write(name, self.text(Kind::Request, payload));
    }
}

#[test]
fn a_receipt_is_booked_back_once_by_either_command() {
    let scene = Scene::new("receipt");
    let text = scene.receipt(scene.read("host.license").document_id());
    scene.write("host.receipt", &text);
    let shown = scene.done("issue host.receipt --dry-run");
    for part in ["license to book back", "customer   Town", "books back sessions 20 to", "nothing was booked"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(shown.contains("note       the host is scrapped"), "{shown}");
    scene.refused("issue host.receipt", 2, "no-terminal");
    scene.refused(&format!("issue --code {} host.receipt --yes", scene.code), 2, "usage");
    scene.refused("issue --receipt host.request --yes", 1, "wrong-kind");
    assert!(scene.done("order show SO-1").contains("20 used, 30 left"));

    let said = scene.done("issue --receipt host.receipt --yes --comment scrapped");
    assert!(said.contains("booked back by entry 4"), "{said}");
    assert!(scene.done("order show SO-1").contains("0 used, 50 left"));
    let already = "booked back already, entry 4, at Sat 21 Nov 2026 12:00 UTC: nothing was booked";
    assert!(scene.done("ledger return host.receipt --yes").contains(already));
    assert!(scene.done("ledger return host.receipt").contains(already));
    // As forwarded by mail.
    let quoted: String = text.lines().map(|line| format!("> {line}\r\n")).collect();
    let mailed = scene.trip.airlatch(&["issue", "-", "--json"], quoted.into_bytes());
    assert!(mailed.exit == 0 && mailed.stdout.contains("\"already\": true"), "{}", mailed.both);
    assert!(mailed.stdout.contains("\"entry\": 4"), "{}", mailed.stdout);

    let entries = scene.done("ledger entries");
    assert!(entries.contains("released") && entries.contains("scrapped"), "{entries}");
    assert!(scene.done("ledger activations --json").contains("\"given_back\": \"2026-11-21T12:00:00Z\""));
    assert!(scene.done("ledger licenses").contains("no license"));
    let again = scene.refused("ledger reprint --request host.request", 1, "released");
    assert!(again.contains("released    2026-11-21T12:00:00Z, by entry 4"), "{again}");
    let again =
        scene.refused(&format!("issue --code {} host.request --yes --force", scene.code), 1, "released");
    assert!(again.contains("airlatch request"), "{again}");
    std::fs::create_dir(scene.trip.folder.join("field")).unwrap();
    std::fs::copy(scene.trip.folder.join("host.license"), scene.trip.folder.join("field/a")).unwrap();
    let audit = scene.done("ledger audit --against field");
    assert!(audit.contains("released at") && audit.contains("no faults"), "{audit}");
}

#[test]
fn a_license_from_a_grant_was_not_charged() {
    let scene = Scene::new("receipt-of-grant");
    scene.write("grant.toml", "product = 'call'\npermanent = true\n[features]\nsessions = 50\n");
    scene.done("keygen --out acme --no-passphrase");
    scene.done("issue --key acme.key --grant grant.toml host.request --out free.license --yes");
    scene.write("free.receipt", scene.receipt(scene.read("free.license").document_id()));
    let said = scene.refused("issue free.receipt --yes", 1, "not-booked");
    assert!(said.contains("was not charged"), "{said}");
}

#[test]
fn a_reset_is_signed_once_and_printed_again() {
    let scene = Scene::new("reset");
    scene.clock("clock.request");
    let shown = scene.done("issue clock.request --dry-run");
    for part in [
        "clock reset to sign",
        "clock      Sat 21 Nov 2026 12:00 UTC",
        "clock mark 1 Jan 2099 00:00 UTC",
        "nothing was",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!scene.trip.folder.join("call.reset").exists());
    scene.refused("issue clock.request", 2, "no-terminal");
    scene.refused(&format!("issue --code {} clock.request --yes", scene.code), 2, "usage");
    scene.write("other.reset", "something else");
    scene.refused("issue clock.request --out other.reset --yes", 2, "exists");
    let said = scene.done("issue clock.request --yes");
    assert!(said.contains("written to call.reset; carry it to its host"), "{said}");
    let said = scene.done("issue clock.request --out again.reset");
    assert!(said.contains("in the ledger already") && said.contains("reprinted to again.reset;"), "{said}");
    assert_eq!(scene.read("again.reset").bytes(), scene.read("call.reset").bytes());
    let json = scene.done("issue clock.request --json --out third.reset");
    assert!(json.contains("\"type\": \"issue-reset\"") && json.contains("\"unchanged\": true"), "{json}");
    assert!(scene.done("ledger entries").contains("clock-reset"));
    assert!(scene.done("ledger audit").contains("4 entries, 1 license: no faults"));
    scene.refused("ledger reprint --request clock.request", 1, "not-booked");
}

#[test]
fn a_reset_for_an_unknown_host_or_without_a_ledger_needs_an_option() {
    let scene = Scene::new("reset-strange");
    scene.clock("clock.request");
    scene.done("desk init other --no-passphrase --vendor ACME");
    scene.write("other/catalog.toml", CATALOG);
    let said = scene.refused("issue clock.request --desk other --yes", 1, "not-booked");
    assert!(said.contains("--unknown-host"), "{said}");
    let said = scene.done("issue clock.request --desk other --yes --unknown-host");
    assert!(said.contains("note: the ledger has licensed `call` to no such host"), "{said}");
    scene.write("grant.toml", "product = 'call'\npermanent = true\n[features]\nsessions = 5\n");
    scene.done("keygen --out acme --no-passphrase");
    let line = "issue --key acme.key --grant grant.toml clock.request --out free.reset --yes";
    assert!(scene.done(line).contains("in no ledger"));
    scene.done(line);
}

#[test]
fn a_product_is_shipped_with_a_license_for_its_first_days() {
    let scene = Scene::new("starter");
    let said = scene.refused("issue --starter call --yes", 1, "not-sold");
    assert!(said.contains("`sessions` has no limit"), "{said}");
    scene.write("desk/catalog.toml", format!("{CATALOG}[product.starter]\nsessions = 100\nfax = true\n"));
    assert!(scene.done("catalog check").contains("no fault"));
    let said = scene.done("issue --starter call --yes");
    assert!(said.contains("sessions 100") && said.contains("call-starter.license"), "{said}");
    scene.done("issue --starter call --yes");
    scene.refused(&format!("issue --starter call --code {} --yes", scene.code), 2, "usage");
    assert!(scene.done("ledger audit").contains("3 entries, 1 license"));
    scene.refused("issue host.request --yes", 2, "usage");
}
