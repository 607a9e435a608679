//! A test folder with a desk and a host, and the invariants of every ledger.

use airlatch_desk::catalog;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use airlatch_core::crypto::{self, PrivateKey, PublicKey, Sealed, TrustedSet};
use airlatch_core::format;
use airlatch_core::model::{
    ClockResetRequest, DocumentId, Error, Kind, Reason, Receipt, Request, SystemId, Time,
};
use airlatch_desk::desk::{ClockPolicy, Operator, audit, check_sequentially, pools};
use airlatch_desk::ledger::{Act, Book, Ledger, Query, Witness};
use airlatch_desk::store::Store;

use crate::scene::Scene;

/// How many seats the order `seats` holds; the order `host` holds a hundred sessions.
pub(crate) const SEATS: u64 = 50;

/// Each license takes one seat: for a telephone by its MAC, for an installation by its System ID.
const CATALOG: &str = "[[product]]\nid = \"seat\"\nlock = [\"mac\", \"system-id\"]\n[product.feature]\nvideo = \"switch\"\n\
    [[product]]\nid = \"call-services\"\nlock = [\"fingerprint\"]\nallow = [\"virtual\", \"container\"]\n\
    [product.feature]\nsessions = \"count\"\n";

impl Scene {
    /// The desk `desk` with its two orders, the host's request `host.request` for ten sessions, and `macs.tsv`.
    pub(crate) fn desk(name: &str) -> Self {
        let scene = Self::in_memory(name);
        scene.make_desk("desk");
        scene
            .done("request --home @/home --product call-services --feature sessions=10 --out @/host.request");
        scene.write("macs.tsv", macs(1, 3));
        scene
    }

    /// Creates another desk with the same orders.
    pub(crate) fn make_desk(&self, folder: &str) {
        self.done(&format!("desk init @/{folder} --no-passphrase --vendor ACME"));
        self.write(&format!("{folder}/catalog.toml"), CATALOG);
        let order =
            |words: &str| self.done(&format!("order new {words} --permanent --yes --desk @/{folder}"));
        order(&format!("seats --product seat --line video={SEATS}"));
        order("host --product call-services --line sessions=100");
    }

    /// Licenses the host's sessions, and signs a release receipt with the host key: `host.license` and `host.receipt`.
    pub(crate) fn given_back(&self) {
        self.done("issue --desk @/desk --code host @/host.request --weak-lock --yes --out @/host.license");
        let license = self.document("host.license").document_id();
        let system_id = self.host_key().public().system_id();
        let (made, product) = (Time::from_seconds(1_800_000_000), "call-services".into());
        let receipt = Receipt { made, system_id, product, license, note: None };
        self.signed("host.receipt", Kind::ReleaseReceipt, format::write_receipt(&receipt).unwrap());
    }

    /// Licenses the host's sessions, and signs a request for a clock reset with the host key: `clock.request`.
    pub(crate) fn clock_lost(&self) {
        self.done("issue --desk @/desk --code host @/host.request --weak-lock --yes --out @/host.license");
        let request = format::read_request(&self.document("host.request")).unwrap().get().clone();
        let clock =
            Some(ClockResetRequest { nonce: [7; 16], latest_time: Time::from_seconds(4_000_000_000) });
        let payload = format::write_request(&Request { clock, ..request }).unwrap();
        self.signed("clock.request", Kind::Request, payload);
    }

    fn document(&self, name: &str) -> Sealed {
        format::open_one(&fs::read(self.path(name)).unwrap()).unwrap().0
    }

    fn host_key(&self) -> PrivateKey {
        let pem = fs::read(self.path("home/host.key")).unwrap();
        let no_passphrase = || Err(Error::new(Reason::Internal, "the key is open"));
        crypto::read_key(&pem).and_then(|file| crypto::expect_private(file, no_passphrase)).unwrap()
    }

    fn signed(&self, name: &str, kind: Kind, payload: Vec<u8>) {
        let sealed = crypto::seal(kind, &payload, &self.host_key());
        self.write(name, format::armor(kind, sealed.bytes(), &[]));
    }

    /// Reads and audits the ledger; the error lists its faults.
    pub(crate) fn ledger(&self, folder: &str) -> Result<Books, String> {
        Books::read(&self.path(folder))
    }

    /// The licenses in files with this ending below the folder; each must verify and be in the ledger.
    pub(crate) fn licenses_in(
        &self,
        folder: &str,
        ending: &str,
        books: &Books,
    ) -> Result<BTreeSet<DocumentId>, String> {
        let mut found = BTreeSet::new();
        let hidden = |path: &Path| path.iter().any(|part| part.to_string_lossy().starts_with('.'));
        let paths = self.everything().into_iter().filter(|path| path.starts_with(folder) && !hidden(path));
        for path in paths.filter(|path| path.to_string_lossy().ends_with(ending)) {
            let bytes = fs::read(self.path(&path.to_string_lossy())).unwrap();
            let read = format::open_one(&bytes).and_then(|(it, _)| format::read_license(&it, &books.trusted));
            let license = read.map_err(|why| format!("{} is a partial file: {why}", path.display()))?;
            if !books.licenses.contains(&license.document_id()) {
                return Err(format!("{} is not in the ledger", path.display()));
            }
            found.insert(license.document_id());
        }
        Ok(found)
    }
}

/// An audited ledger without faults.
pub(crate) struct Books {
    pub(crate) entries: u64,
    /// Every license, in the order of issue.
    pub(crate) licenses: Vec<DocumentId>,
    /// The request that each of them answered.
    pub(crate) answers: Vec<DocumentId>,
    /// Ordered, used, left of each order: its number, then its amounts.
    pub(crate) amounts: Vec<(String, u64, u64, u64)>,
    /// How often the ledger was restored.
    pub(crate) restored: usize,
    /// The receipts that were booked back, and the clock resets.
    pub(crate) released: Vec<DocumentId>,
    pub(crate) resets: Vec<DocumentId>,
    pub(crate) trusted: TrustedSet,
}

impl Books {
    /// Reads the ledger of a desk as the program does, without changing it.
    pub(crate) fn read(desk: &Path) -> Result<Self, String> {
        Self::of(&desk.join("ledger.db"), desk)
    }

    /// Reads a ledger file with the catalog, key and witness of a desk.
    pub(crate) fn of(file: &Path, desk: &Path) -> Result<Self, String> {
        let pem = fs::read_to_string(desk.join("keys/desk.pub")).map_err(|e| format!("desk.pub: {e}"))?;
        let trusted = TrustedSet::new([PublicKey::from_pem(&pem).map_err(|e| e.to_string())?]);
        let catalog = fs::read(desk.join("catalog.toml")).map_err(|e| format!("catalog: {e}"))?;
        let catalog = catalog::read_catalog(&catalog).map_err(|faults| format!("{faults:?}"))?;
        let operator = Operator {
            catalog: &catalog,
            trusted: &trusted,
            now: Time::from_seconds(0),
            actor: "test",
            clock: ClockPolicy::default(),
        };
        let store = Store::open_read_only(file).map_err(|e| format!("the ledger: {e:?}"))?;
        let look = |book: &dyn Book| {
            if let Ok(text) = fs::read_to_string(desk.join("witness.toml")) {
                let witness = text.parse::<Witness>()?;
                if let Err(error) = witness.check(book)
                    && !replaced(book, &witness)?
                {
                    return Err(error);
                }
            }
            Ok((
                audit(&operator, book, &check_sequentially, &mut |_| {})?,
                pools(book, None)?,
                book.entries(&Query::default())?,
            ))
        };
        let (audit, pools, entries) = store.read(look).map_err(|e| format!("the ledger: {e:?}"))?;
        if let Some(fault) = audit.errors.first() {
            return Err(format!("the ledger: {fault:?}"));
        }
        let mut books = Self {
            entries: audit.entries,
            licenses: Vec::new(),
            released: Vec::new(),
            resets: Vec::new(),
            answers: Vec::new(),
            amounts: Vec::new(),
            restored: entries.iter().filter(|entry| matches!(entry.act, Act::Restored { .. })).count(),
            trusted: trusted.clone(),
        };
        for entry in &entries {
            let document = entry.license.map(|named| named.id);
            match &entry.act {
                Act::Activated(activation) => {
                    books.licenses.extend(document);
                    books.answers.extend(activation.request);
                }
                Act::Released { .. } => books.released.extend(document),
                Act::ClockReset { .. } => books.resets.extend(document),
                _ => {}
            }
        }
        for pool in pools {
            for article in pool.articles() {
                let it = pool.amounts(article);
                books.amounts.push((pool.order.number.clone(), it.added, it.used, it.left));
            }
        }
        books.check()?;
        Ok(books)
    }

    /// Used plus left is what was ordered, and no request has two licenses.
    fn check(&self) -> Result<(), String> {
        if let Some(it) = self.amounts.iter().find(|(_, added, used, left)| used + left != *added) {
            return Err(format!("ordered, used, left: {it:?}"));
        }
        let distinct: BTreeSet<_> = self.answers.iter().collect();
        if distinct.len() != self.answers.len() {
            return Err("a request has two licenses".into());
        }
        Ok(())
    }

    /// How many of an order are used.
    pub(crate) fn used(&self, number: &str) -> u64 {
        self.amounts.iter().filter(|it| it.0 == number).map(|it| it.2).sum()
    }

    /// How many of an order are left.
    pub(crate) fn left(&self, number: &str) -> u64 {
        self.amounts.iter().filter(|it| it.0 == number).map(|it| it.3).sum()
    }
}

/// Whether an entry of the ledger says that it replaced the state of this witness.
fn replaced(book: &dyn Book, witness: &Witness) -> Result<bool, Error> {
    let entries = book.entries(&Query { acts: vec!["restored"], ..Query::default() })?;
    let seen = (witness.number, witness.hash);
    Ok(entries
        .iter()
        .any(|entry| matches!(entry.act, Act::Restored { number, hash, .. } if (number, hash) == seen)))
}

/// Runs all closures concurrently.
pub(crate) fn at_once<T: Send, F: FnOnce() -> T + Send>(work: impl IntoIterator<Item = F>) -> Vec<T> {
    std::thread::scope(|scope| {
        let running: Vec<_> = work.into_iter().map(|work| scope.spawn(work)).collect();
        running.into_iter().map(|it| it.join().unwrap()).collect()
    })
}

/// The nth telephone.
pub(crate) fn mac(n: usize) -> String {
    format!("0004f1{n:06x}")
}

/// A list of telephones.
pub(crate) fn macs(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("A{n}\t{}\n", mac(n))).collect()
}

/// The nth installation.
pub(crate) fn system_id(n: usize) -> String {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&n.to_le_bytes());
    SystemId::from_digest(&digest).to_string()
}
