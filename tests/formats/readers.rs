//! The readers of what travels between host and vendor: documents, keys and codes.

use std::collections::BTreeMap;

use airlatch_core::crypto::{self, KeyFile, Passphrase, PublicKey, TrustedSet};
use airlatch_core::format::{self, Repair};
use airlatch_core::host;
use airlatch_core::model::{
    Absence, Code, CodeKind, ComponentKind, Components, Error, FeatureName, HostClass, HostFacts, HostMemory,
    Kind, Quantity, Time, Verdict,
};
use airlatch_core::rules::{Question, remember};
use sha2::{Digest as _, Sha256};

use crate::common::vector::Vector;
use crate::common::vector_run::{Reader, Said, one, same, words};
use crate::mark_readers;

/// Who reads what.
pub(crate) const READERS: &[Reader] = &[
    ("document", document),
    ("key", key),
    ("code", code),
    ("merge", mark_readers::merge),
    ("reset", mark_readers::reset),
];

fn document(vector: &mut Vector, keys: &BTreeMap<String, String>) -> Result<Said, String> {
    let (hash, id, repairs) = (vector.take("sealed-sha256"), vector.take("id"), vector.take("repairs"));
    match format::open_one(&vector.body) {
        Ok((sealed, found)) => {
            same("sealed-sha256", hash, hex(&Sha256::digest(sealed.bytes())))?;
            same("id", id, sealed.document_id().to_string())?;
            reported(repairs, &found)?;
        }
        Err(error) if hash.is_some() || id.is_some() => return Err(words(error)),
        Err(_) => {}
    }
    let unknown = vector.take_all("unknown");
    let (said, ignored) = match vector.must("wanted")?.as_str() {
        "license" => license(vector, keys)?,
        "clock-mark" => (clock_mark(vector), Vec::new()),
        "request" => request(vector),
        "receipt" => (receipt(vector), Vec::new()),
        "clock-reset" => (reset(vector, keys)?, Vec::new()),
        other => return Err(format!("nobody reads a `{other}`")),
    };
    if said.is_ok() && ignored != unknown {
        return Err(format!("ignored should be {unknown:?}, is {ignored:?}"));
    }
    Ok(said)
}

/// At least one of the words has to be reported, if there is any.
fn reported(told: Option<String>, found: &[Repair]) -> Result<(), String> {
    let told = told.unwrap_or_default();
    let words: Vec<&str> = told.split_whitespace().collect();
    if words.is_empty() || found.iter().any(|repair| words.contains(&repair.word())) {
        return Ok(());
    }
    let found: Vec<&str> = found.iter().map(Repair::word).collect();
    Err(format!("none of the repairs {words:?} was reported, but {found:?}"))
}

fn names(unknown: &[(String, String)]) -> Vec<String> {
    unknown.iter().map(|(name, _)| name.clone()).collect()
}

fn license(vector: &mut Vector, keys: &BTreeMap<String, String>) -> Result<(Said, Vec<String>), String> {
    let trusted = trusted(vector, keys)?;
    let features = vector.take_all("feature").iter().map(|text| feature(text)).collect::<Result<_, _>>()?;
    let now: Time = vector.must("at")?.parse().map_err(words)?;
    let (verdict, grace, lost) = (vector.take("verdict"), vector.take("grace"), vector.take("lost-mark"));
    let question = Question { now, supposed: false, product: vector.take("product"), features };
    let beside = vector.take_all("beside");
    let facts = facts(vector)?;
    Ok(match host::verify(&vector.body, &trusted, &facts, &question) {
        Err(error) => (Err(one(error)), Vec::new()),
        Ok(judged) => {
            let mut all = vec![judged];
            for base64 in &beside {
                let sealed = mark_readers::sealed(base64, Kind::License)?;
                let file = format::armor(Kind::License, sealed.bytes(), &[]);
                all.push(host::verify(file.as_bytes(), &trusted, &facts, &question).map_err(words)?);
            }
            let mut together: Vec<_> = all.iter_mut().collect();
            host::supersede(&mut together);
            host::answer_together(&mut together, &question);
            let judged = all.swap_remove(0);
            let is_lost = remember::is_lost(&facts.memory, [(&judged.license, &judged.judgement)]);
            same("lost-mark", lost, if is_lost { "yes" } else { "no" })?;
            same("grace", grace, reasons(&judged.judgement.warnings))?;
            let unknown = names(&judged.license.get().unknown);
            let word = judged.judgement.verdict.word();
            match judged.judgement.verdict {
                Verdict::Refused(reasons) => (Err(reasons), unknown),
                _ => {
                    same("verdict", Some(verdict.unwrap_or("valid".into())), word)?;
                    (Ok(()), unknown)
                }
            }
        }
    })
}

fn clock_mark(vector: &Vector) -> Said {
    let read = format::open_one(&vector.body).and_then(|(sealed, _)| format::read_clock_mark(&sealed));
    read.map(|_| ()).map_err(one)
}

fn reasons(errors: &[Error]) -> String {
    errors.iter().map(|error| error.reason().word()).collect::<Vec<_>>().join(" ")
}

/// What the host remembers that asks: a sealed clock mark in base64.
fn memory(vector: &mut Vector) -> Result<HostMemory, String> {
    let Some(base64) = vector.take("mark") else { return Ok(HostMemory::default()) };
    let sealed = mark_readers::sealed(&base64, Kind::ClockMark)?;
    format::read_clock_mark(&sealed).map(|mark| mark.get().memory.clone()).map_err(words)
}

fn request(vector: &Vector) -> (Said, Vec<String>) {
    match format::open_one(&vector.body).and_then(|(sealed, _)| format::read_request(&sealed)) {
        Ok(request) => (Ok(()), names(&request.get().unknown)),
        Err(error) => (Err(one(error)), Vec::new()),
    }
}

fn receipt(vector: &Vector) -> Said {
    let read = format::open_one(&vector.body).and_then(|(sealed, _)| format::read_receipt(&sealed));
    read.map(|_| ()).map_err(one)
}

fn reset(vector: &mut Vector, keys: &BTreeMap<String, String>) -> Result<Said, String> {
    let trusted = trusted(vector, keys)?;
    let read = format::open_one(&vector.body).and_then(|(sealed, _)| format::read_reset(&sealed, &trusted));
    Ok(read.map(|_| ()).map_err(one))
}

/// The keys in the head.
fn trusted(vector: &mut Vector, keys: &BTreeMap<String, String>) -> Result<TrustedSet, String> {
    let key = |name: &String| {
        let pem = keys.get(name).ok_or(format!("there is no key `{name}`"))?;
        PublicKey::from_pem(pem).map_err(words)
    };
    let trusted = vector.take_all("trusted");
    Ok(trusted.iter().map(key).collect::<Result<Vec<_>, _>>()?.into_iter().collect())
}

fn feature(text: &str) -> Result<(FeatureName, Quantity), String> {
    let (name, quantity) = match text.split_once('=') {
        None => (text, Quantity::On),
        Some((name, count)) => {
            (name, Quantity::count(count.parse().map_err(|_| "no count")?).map_err(words)?)
        }
    };
    Ok((name.parse().map_err(words)?, quantity))
}

/// What the host shows that asks.
fn facts(vector: &mut Vector) -> Result<HostFacts, String> {
    let mut components = Components::default();
    for kind in ComponentKind::ALL {
        vector.take_all(kind.word()).into_iter().for_each(|value| components.add(kind, value));
    }
    let system_id = vector.take("system-id").map(|id| id.parse().map_err(words)).transpose()?;
    let site = vector.take("site").map(|site| site.parse().map_err(words)).transpose()?;
    let class = match vector.take("class").as_deref() {
        None | Some("bare-metal") => HostClass::BareMetal,
        Some("virtual") => HostClass::Virtual("the vector says so".into()),
        Some("container") => HostClass::Container("the vector says so".into()),
        Some(other) => return Err(format!("there is no class `{other}`")),
    };
    let memory = memory(vector)?;
    let denied = |word: String| Ok((word.parse().map_err(words)?, Absence::Denied));
    let absent = vector.take_all("denied").into_iter().map(denied).collect::<Result<_, String>>()?;
    Ok(HostFacts { system_id, site, class, components, absent, memory, stored: None })
}

fn key(vector: &mut Vector, _: &BTreeMap<String, String>) -> Result<Said, String> {
    let (is, id, system) = (vector.take("is"), vector.take("key-id"), vector.take("system-id"));
    let passphrase = match (vector.take("passphrase"), vector.take("passphrase-hex")) {
        (None, Some(hex)) => Some(unhex(&hex)?),
        (text, _) => text,
    };
    let wanted = vector.take("wanted");
    let repairs = vector.take("repairs");
    let file = match format::open_key(&vector.body) {
        Err(error) => return Ok(Err(one(error))),
        Ok((file, found)) => {
            reported(repairs, &found)?;
            file
        }
    };
    let word = match &file {
        KeyFile::Public(_) => "public",
        KeyFile::Private(_) => "private",
        KeyFile::Encrypted(_) => "encrypted",
    };
    same("is", is, word)?;
    let open = || Passphrase::new(passphrase.unwrap_or_default());
    let public = match (wanted.as_deref(), &file) {
        (Some("public"), _) | (None, KeyFile::Public(_)) => crypto::expect_public(file),
        (Some("private") | None, _) => crypto::expect_private(file, open).map(|key| key.public()),
        (Some(other), _) => return Err(format!("nobody wants a `{other}` key")),
    };
    match public {
        Err(error) => Ok(Err(one(error))),
        Ok(key) => {
            same("key-id", id, key.key_id().to_string())?;
            same("system-id", system, key.system_id().to_string())?;
            Ok(Ok(()))
        }
    }
}

fn unhex(hex: &str) -> Result<String, String> {
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|e| e.to_string());
    let bytes: Vec<u8> = (0..hex.len() / 2).map(|i| byte(2 * i)).collect::<Result<_, _>>()?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn code(vector: &mut Vector, _: &BTreeMap<String, String>) -> Result<Said, String> {
    let kind = vector.must("kind")?;
    let kind =
        CodeKind::ALL.into_iter().find(|known| known.name() == kind).ok_or(format!("no kind `{kind}`"))?;
    let canonical = vector.take("code");
    match Code::parse(&vector.line()?, kind) {
        Err(error) => Ok(Err(one(error))),
        Ok(code) => same("code", canonical, code.to_string()).map(Ok),
    }
}
