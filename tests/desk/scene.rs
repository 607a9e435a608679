//! The desk of these tests: two products with every kind of rule, a ledger in memory, hosts and their requests.

use std::collections::BTreeMap;

use airlatch_core::crypto::{self, Verified};
use airlatch_core::format;
use airlatch_core::host;
use airlatch_core::model::{
    ComponentKind, Components, FeatureName, Features, HostClass, HostFacts, Kind, Mac, Quantity, Request,
    Time,
};
use airlatch_desk::catalog::{
    Catalog, Evaluation, FeatureKind, FeatureRule, Limit, LockKind, LockPolicy, MacRule, Model, Product,
};
use airlatch_desk::ledger::{Act, Draft, Ledger, MemoryLedger};
use airlatch_desk::orders::Lines;

pub use crate::common::rules_room::{key, time, trusted};

/// The features of the telephone system; the telephone has only `video` and `lines`.
pub const PBX: [&str; 9] = [
    "PBX#15",
    "PBX#30",
    "PBX#30@15",
    "PBX#60@30",
    "registrations",
    "sessions",
    "voicemail",
    "fax",
    "conference",
];

pub const PHONE: [&str; 2] = ["video", "lines"];

pub fn name(text: &str) -> FeatureName {
    text.parse().unwrap()
}

pub fn lines(list: &[(&str, u64)]) -> Lines {
    list.iter().map(|(article, many)| (name(article), *many)).collect()
}

/// Reads features such as `sessions 100, voicemail`: with a number a count, without one a switch.
pub fn features(text: &str) -> Features {
    let mut features = Features::default();
    for item in text.split(", ").filter(|item| !item.is_empty()) {
        let (feature, quantity) = match item.split_once(' ') {
            Some((feature, number)) => (feature, Quantity::Count(number.parse().unwrap())),
            None => (item, Quantity::On),
        };
        features.add(name(feature), quantity).unwrap();
    }
    features
}

/// A rule without a limit.
pub fn rule(feature: &str, kind: FeatureKind) -> FeatureRule {
    FeatureRule {
        name: name(feature),
        kind,
        limit: Limit::Any,
        on_model: BTreeMap::new(),
        free_on: [].into(),
        requires: Vec::new(),
        bounded_by: None,
        not_twice: false,
    }
}

/// A product in two versions, for every kind of lock.
pub fn product(id: &str, features: Vec<FeatureRule>) -> Product {
    Product {
        id: id.into(),
        name: None,
        versions: vec!["1".into(), "2".into()],
        models: Vec::new(),
        features,
        lock: LockPolicy { kinds: LockKind::ALL.into(), ..LockPolicy::default() },
        mac: MacRule::default(),
        transferable: true,
        moves_per_year: None,
        grace_days: 0,
        advisory: false,
        memory_days: 14,
        activation_days: 0,
        starter: None,
        evaluation: None,
    }
}

pub fn catalog() -> Catalog {
    use FeatureKind::{Count, Switch};
    let level = FeatureKind::Level { bases: [15, 30].into(), upgrades: [(15, 30), (30, 60)].into() };
    let model = |id: &str, prefix: &str| Model { id: id.into(), name: None, prefixes: vec![prefix.into()] };
    let on_ip24 = |most: u64| [("IP24".to_owned(), Limit::AtMost(most))].into();
    let pbx = vec![
        FeatureRule { on_model: on_ip24(30), ..rule("PBX", level) },
        FeatureRule { bounded_by: Some(name("PBX")), ..rule("registrations", Count) },
        FeatureRule { limit: Limit::AtMost(200), on_model: on_ip24(60), ..rule("sessions", Count) },
        FeatureRule { free_on: ["IP800".to_owned()].into(), ..rule("voicemail", Switch) },
        FeatureRule { requires: vec![name("voicemail"), name("conference")], ..rule("fax", Switch) },
        FeatureRule { not_twice: true, ..rule("conference", Switch) },
    ];
    let lines =
        FeatureRule { limit: Limit::AtMost(10), requires: vec![name("video")], ..rule("lines", Count) };
    let evaluation = Evaluation { days: 30, features: features("sessions 5, conference") };
    let pbx = Product {
        models: vec![model("IP24", "009033"), model("IP800", "009034")],
        evaluation: Some(evaluation),
        ..product("pbx", pbx)
    };
    let locks = LockPolicy { kinds: [LockKind::Mac, LockKind::Site].into(), ..LockPolicy::default() };
    let phone = Product { lock: locks, ..product("phone", vec![rule("video", Switch), lines]) };
    Catalog { vendor: Some("ACME".into()), products: vec![pbx, phone] }
}

/// A ledger that was created at that time.
pub fn opened(now: Time) -> MemoryLedger {
    let mut ledger = MemoryLedger::default();
    let act = Act::Opened { nonce: [7; 16], vendor: None };
    let draft = Draft { time: now, actor: "ann".into(), act, transfers: Vec::new(), sealed: None };
    ledger.transact(|book| book.post(draft)).unwrap();
    ledger
}

/// A host whose last `changed` components were replaced.
pub fn host(number: u8, changed: usize) -> HostFacts {
    let mut components = Components::default();
    for (at, kind) in ComponentKind::HARDWARE.into_iter().enumerate() {
        let new = if at + changed >= ComponentKind::HARDWARE.len() { "new" } else { "" };
        components.add(kind, format!("{kind} of {number} {new}"));
    }
    HostFacts {
        system_id: Some(key(10 + number).public().system_id()),
        site: None,
        class: HostClass::BareMetal,
        components,
        absent: Vec::new(),
        memory: Default::default(),
        stored: None,
    }
}

/// A request of that host with this serial number in its note, sealed with its key and verified.
pub fn request(
    number: u8,
    changed: usize,
    requested: host::RequestInput,
    serial: u64,
    now: Time,
) -> Verified<Request> {
    let salt_of_product = crypto::product_salt(None, &requested.product);
    let requested = host::RequestInput { note: Some(format!("request {serial}")), ..requested };
    let request = host::draft(requested, &host(number, changed), salt_of_product, now).unwrap();
    sealed(10 + number, &request)
}

/// A request of the telephone system from an installation with this key.
pub fn request_from(seed: u8, facts: &HostFacts, serial: u64, now: Time) -> Verified<Request> {
    let asked = host::RequestInput { note: Some(format!("request {serial}")), ..pbx_request() };
    sealed(seed, &host::draft(asked, facts, crypto::product_salt(None, "pbx"), now).unwrap())
}

/// A request signed with this key, verified as by a desk.
pub fn sealed(seed: u8, request: &Request) -> Verified<Request> {
    let sealed = crypto::seal(Kind::Request, &format::write_request(request).unwrap(), &key(seed));
    format::read_request(&sealed).unwrap()
}

pub fn pbx_request() -> host::RequestInput {
    host::RequestInput { product: "pbx".into(), ..host::RequestInput::default() }
}

/// A request of the telephone system from a host with unchanged hardware.
pub fn request_of(number: u8, version: Option<&str>, serial: u64, now: Time) -> Verified<Request> {
    let version = version.map(str::to_owned);
    request(number, 0, host::RequestInput { version, ..pbx_request() }, serial, now)
}

/// A device of the model IP24.
pub fn mac(number: u8) -> Mac {
    Mac([0, 0x90, 0x33, 0, 0, number])
}
