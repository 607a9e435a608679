//! Gives each vector to its reader, and compares the answer with the head.

use std::collections::BTreeMap;

use airlatch::crypto::{self, KeyFile, Passphrase, PublicKey, Sealed, TrustedSet};
use airlatch::format::{self, Repair};
use airlatch::host;
use airlatch::model::{
    Code, CodeKind, ComponentKind, Components, FeatureName, Features, HostClass, HostFacts, Kind, Mac,
    MacRule, Memory, Quantity, Reason, Spelling, Time, Trouble, Verdict,
};
use airlatch::rules::{self, Ask, Question};
use sha2::{Digest as _, Sha256};

use crate::vector::{Vector, expected};

/// What a reader said: nothing for valid, else its reasons; and what the head can say about something valid.
type Said = Result<(), Vec<Trouble>>;

/// Runs one vector; gives the reasons that were expected and came, or what is wrong.
pub(crate) fn run(path: &str, bytes: &[u8], keys: &BTreeMap<String, String>) -> Result<Vec<Reason>, String> {
    let mut vector = Vector::parse(bytes)?;
    let expect = expected(&vector.must("expect")?)?;
    if vector.must("comment")?.is_empty() {
        return Err("the comment is empty".into());
    }
    let reader = path.split('/').next().unwrap_or_default();
    let said = match reader {
        "document" => document(&mut vector, keys)?,
        "key" => key(&mut vector)?,
        "code" => code(&mut vector)?,
        "mac" => mac(&mut vector)?,
        "grant" => grant(&mut vector)?,
        "list" => list(&mut vector)?,
        "fleet" => fleet(&mut vector)?,
        other => return Err(format!("there is no reader `{other}`")),
    };
    vector.finish()?;
    let troubles = said.err().unwrap_or_default();
    let reasons: Vec<Reason> = troubles.iter().map(Trouble::reason).collect();
    if reasons == expect {
        return Ok(reasons);
    }
    let words = |reasons: &[Reason]| match reasons {
        [] => "valid".to_owned(),
        _ => reasons.iter().map(|reason| reason.word()).collect::<Vec<_>>().join(" "),
    };
    let why: Vec<String> = troubles.iter().map(ToString::to_string).collect();
    Err(format!("{} was expected, {} came: {}", words(&expect), words(&reasons), why.join("; ")))
}

fn same(name: &str, told: Option<String>, seen: impl ToString) -> Result<(), String> {
    let seen = seen.to_string();
    match told {
        Some(told) if told != seen => Err(format!("{name} should be {told}, is {seen}")),
        _ => Ok(()),
    }
}

fn words(trouble: Trouble) -> String {
    trouble.to_string()
}

fn one(trouble: Trouble) -> Vec<Trouble> {
    vec![trouble]
}

fn document(vector: &mut Vector, keys: &BTreeMap<String, String>) -> Result<Said, String> {
    let (hash, id, repairs) = (vector.take("sealed-sha256"), vector.take("id"), vector.take("repairs"));
    match format::open_one(&vector.body) {
        Ok((sealed, found)) => {
            same("sealed-sha256", hash, hex(&Sha256::digest(sealed.bytes())))?;
            same("id", id, sealed.document_id().to_string())?;
            reported(repairs, &found)?;
        }
        Err(trouble) if hash.is_some() || id.is_some() => return Err(words(trouble)),
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
    let verdict = vector.take("verdict");
    let question = Question { now, supposed: false, product: vector.take("product"), features };
    let facts = facts(vector)?;
    Ok(match host::verify(&vector.body, &trusted, &facts, &question) {
        Err(trouble) => (Err(one(trouble)), Vec::new()),
        Ok(judged) => {
            let unknown = names(&judged.license.get().unknown);
            let word = match &judged.judgement.verdict {
                Verdict::Valid => "valid",
                Verdict::Grace(_) => "grace",
                Verdict::Refused(_) => "refused",
            };
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

/// What the host remembers that asks: a sealed clock mark in base64.
fn memory(vector: &mut Vector) -> Result<Memory, String> {
    use base64::Engine as _;
    let Some(base64) = vector.take("mark") else { return Ok(Memory::default()) };
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).map_err(|e| e.to_string())?;
    let sealed = Sealed::from_parts(Kind::ClockMark, bytes).map_err(words)?;
    format::read_clock_mark(&sealed).map(|mark| mark.get().memory.clone()).map_err(words)
}

fn request(vector: &Vector) -> (Said, Vec<String>) {
    match format::open_one(&vector.body).and_then(|(sealed, _)| format::read_request(&sealed)) {
        Ok(request) => (Ok(()), names(&request.get().unknown)),
        Err(trouble) => (Err(one(trouble)), Vec::new()),
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
    Ok(HostFacts { system_id, site, class, components, absent: Vec::new(), memory })
}

fn key(vector: &mut Vector) -> Result<Said, String> {
    let (is, id, system) = (vector.take("is"), vector.take("key-id"), vector.take("system-id"));
    let passphrase = match (vector.take("passphrase"), vector.take("passphrase-hex")) {
        (None, Some(hex)) => Some(unhex(&hex)?),
        (text, _) => text,
    };
    let wanted = vector.take("wanted");
    let file = match crypto::read_key(&vector.body) {
        Err(trouble) => return Ok(Err(one(trouble))),
        Ok(file) => file,
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
        Err(trouble) => Ok(Err(one(trouble))),
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

fn code(vector: &mut Vector) -> Result<Said, String> {
    let kind = vector.must("kind")?;
    let kind =
        CodeKind::ALL.into_iter().find(|known| known.name() == kind).ok_or(format!("no kind `{kind}`"))?;
    let canonical = vector.take("code");
    match Code::parse(&vector.line()?, kind) {
        Err(trouble) => Ok(Err(one(trouble))),
        Ok(code) => same("code", canonical, code.to_string()).map(Ok),
    }
}

fn rule(vector: &mut Vector) -> Result<MacRule, String> {
    let spelling = vector.take("spelling");
    let known =
        |word: String| Spelling::ALL.into_iter().find(|s| s.word() == word).ok_or(format!("no `{word}`"));
    Ok(MacRule {
        prefixes: vector.take_all("prefix"),
        spelling: spelling.map(known).transpose()?,
        allow_local: vector.take("allow-local").is_some_and(|word| word == "true"),
    })
}

fn mac(vector: &mut Vector) -> Result<Said, String> {
    let (bare, rule) = (vector.take("mac"), rule(vector)?);
    match rule.read(&vector.line()?) {
        Err(trouble) => Ok(Err(one(trouble))),
        Ok(mac) => same("mac", bare, mac.bare()).map(Ok),
    }
}

fn grant(vector: &mut Vector) -> Result<Said, String> {
    let issued = vector.must("at")?.parse::<Time>().map_err(words)?;
    let (from, until) = (vector.take("from"), vector.take("until"));
    let request = vector.take("request").map(|base64| sealed_request(&base64)).transpose()?;
    let grant = match format::read_grant(&vector.body) {
        Err(trouble) => return Ok(Err(one(trouble))),
        Ok(grant) => grant,
    };
    match grant.term.starting(issued.start_of_day()) {
        Err(trouble) => return Ok(Err(one(trouble))),
        Ok(term) => {
            same("from", from, term.from.to_string())?;
            same("until", until, term.until.map_or("permanent".into(), |end| end.to_string()))?;
        }
    }
    let Some(sealed) = request else { return Ok(Ok(())) };
    let request = format::read_request(&sealed).map_err(words)?;
    let decision = rules::decide(&grant, Ask::Request(&request), &Features::default(), None, issued);
    Ok(decision.map(|_| ()).map_err(one))
}

fn sealed_request(base64: &str) -> Result<Sealed, String> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).map_err(|e| e.to_string())?;
    Sealed::from_parts(Kind::Request, bytes).map_err(words)
}

fn list(vector: &mut Vector) -> Result<Said, String> {
    let (rows, lines, rule) = (vector.take_all("row"), vector.take("lines"), rule(vector)?);
    match format::read_list(&vector.body, &rule) {
        Ok(list) => {
            let seen: Vec<String> = list
                .rows
                .iter()
                .map(|row| {
                    let quantity = row.quantity.map(|quantity| format!(" {quantity}")).unwrap_or_default();
                    format!("{} {} {}{quantity}", row.line, row.number, row.mac.bare())
                })
                .collect();
            if seen == rows { Ok(Ok(())) } else { Err(format!("the rows should be {rows:?}, are {seen:?}")) }
        }
        Err(troubles) => {
            let line = |trouble: &Trouble| {
                let place = trouble.place()?.strip_prefix("line ")?;
                Some(place.split(',').next().unwrap_or_default().to_owned())
            };
            let seen: Vec<String> = troubles.iter().filter_map(line).collect();
            same("lines", lines, seen.join(" "))?;
            Ok(Err(troubles))
        }
    }
}

fn fleet(vector: &mut Vector) -> Result<Said, String> {
    let (mac, ids) = (vector.must("mac")?.parse::<Mac>().map_err(words)?, vector.take_all("id"));
    let file = vector.body.clone();
    let mut read = |offset: u64, length: usize| Ok(file[offset as usize..offset as usize + length].to_vec());
    match format::find_in_fleet(file.len() as u64, mac, &mut read) {
        Ok(found) => {
            let seen: Vec<String> = found.iter().map(|sealed| sealed.document_id().to_string()).collect();
            if seen == ids { Ok(Ok(())) } else { Err(format!("the ids should be {ids:?}, are {seen:?}")) }
        }
        Err(trouble) => Ok(Err(one(trouble))),
    }
}
