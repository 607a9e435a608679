//! `inspect`: identifies a file, code or MAC address and shows its content; unverified content is marked on every view.

use airlatch_desk::catalog;
use airlatch_desk::desk;
use airlatch_desk::lists;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::session::Session;
use crate::cli::{Outcome, desk_home, host_home, input, trust};
use crate::view::{self, View};
use airlatch_core::crypto::{self, KeyFile, PublicKey, Sealed};
use airlatch_core::format::{self, limits};
use airlatch_core::model::{
    Code, CodeKind, Error, HostKind, Kind, LockingId, Mac, OrderCode, Reason, Result as Tried,
};
use airlatch_desk::catalog::MacRule;

/// Identify a file, a code or a MAC address, and show its content
///
/// Knows requests, licenses and other sealed documents, keys, grants, catalogs, lists of devices, typed codes and MAC
/// addresses. The content of a document is marked NOT VERIFIED unless its signer is trusted here or named with --trust; exits 1 if
/// its signature does not fit. At a desk, the ledger tells what it knows of a code or MAC.
#[derive(Args)]
#[command(after_help = "Examples:
  airlatch inspect stick/host.license
  airlatch inspect stick/host.license --trust keys/acme.pub
  airlatch inspect B88Q4-EAC3V-PK3D8-3TFJC-6HC9T
  airlatch inspect 00:04:f1:14:4b:d4")]
pub(in crate::cli) struct Inspect {
    /// File, typed code or MAC address; `-` is stdin
    #[arg(value_name = "FILE|CODE|MAC")]
    thing: PathBuf,

    /// Trust this vendor's public key too, for this run
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    /// Desk whose ledger tells what it knows of a code or MAC [default: $AIRLATCH_DESK, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    desk: Option<PathBuf>,
}

pub(in crate::cli) fn run(args: &Inspect, session: &mut Session) -> Result<Outcome> {
    let path = args.thing.as_path();
    if !input::is_stream(path)
        && !session.files.exists(path)
        && let Some(text) = path.to_str()
        && typed(args, text, session)?
    {
        return Ok(Outcome::Done);
    }
    let bytes = input::read(session, path, limits::LIST_FILE)?;
    let place = |error: Error| error.at(input::place(path));
    match format::open_one(&bytes) {
        Ok((sealed, repairs)) => {
            input::say_repairs(session, path, &repairs);
            let (mut value, is_broken) = document(args, &sealed, session).map_err(place)?;
            value["repairs"] = json!(view::Repair::all(&repairs));
            session.screen.json("inspect", value);
            Ok(if is_broken { Outcome::No } else { Outcome::Done })
        }
        Err(error) => {
            if error.reason() == Reason::NoDocument && other(path, &bytes, session).map_err(place)? {
                return Ok(Outcome::Done);
            }
            Err(place(error).into())
        }
    }
}

/// Shows a code or MAC address, if the text is one; returns false for anything else.
///
/// # Errors
/// Those of a code or address with a typing mistake.
fn typed(args: &Inspect, text: &str, session: &mut Session) -> Result<bool> {
    if let Ok(mac) = Mac::parse_with_check(text) {
        let note = match (mac.unicast(), mac.is_local()) {
            (Err(error), _) => error.message().to_owned(),
            (Ok(_), true) => "locally administered: a virtual or random address".into(),
            (Ok(_), false) => "unicast, assigned by the manufacturer".into(),
        };
        session.screen.line(&format!("MAC {}", mac.with_check_digits()));
        session.screen.line(&format!("  {note}"));
        let ledger = booked(args, &mac.bare(), session);
        session.screen.json(
            "inspect",
            json!({ "is": "mac", "mac": mac.bare(), "check_digits": mac.check_digits(), "local": mac.is_local(), "note": note, "ledger": ledger }),
        );
        return Ok(true);
    }
    if looks_like_mac(text) {
        Mac::parse_with_check(text).map_err(|error| error.at(text))?;
    }
    let code = match Code::parse_any(text) {
        Ok(code) => code,
        Err(error) if looks_like_code(text) => return Err(error.at(text).into()),
        Err(_) => return Ok(false),
    };
    let id: Option<LockingId> = text.parse().ok();
    let note = id.and_then(|id| match (id.is_empty(), id.host_kind()) {
        (true, _) => Some("it names no component: the host it was read from shows none".to_owned()),
        (false, HostKind::BareMetal) => None,
        (false, kind) => Some(format!("of {}, identified by its settings", kind.name())),
    });
    session.screen.line(&format!("{} {code}", code.kind().name()));
    if let Ok(code) = text.parse::<OrderCode>()
        && let Some(value) = booked_order(args, code, session)
    {
        session.screen.json("inspect", value);
        return Ok(true);
    }
    note.iter().for_each(|note| session.screen.line(&format!("  note       {note}")));
    let ledger = booked(args, &code.to_string(), session);
    let value = json!({ "is": code.kind().name(), "code": code.to_string(), "note": note, "ledger": ledger });
    session.screen.json("inspect", value);
    Ok(true)
}

/// Shows what the ledger of the desk knows of a code or MAC, and returns it for programs; null where there is no desk.
fn booked(args: &Inspect, text: &str, session: &mut Session) -> Value {
    let Some(desk) = desk_home::if_any(session, args.desk.as_deref()) else { return Value::Null };
    let operator = desk.operator();
    let Ok(hits) = desk.read(|book| desk::find(&operator, book, text)) else { return Value::Null };
    let table = view::found(&hits, |unit, product| operator.unit_name(unit, product));
    match hits.is_empty() {
        true => session.screen.line("  ledger     the desk does not know it"),
        false => session.screen.rows(&table),
    }
    json!(table.json())
}

/// Shows what the desk has booked about a code; none where there is no desk, or where it does not know the code.
fn booked_order(args: &Inspect, code: OrderCode, session: &mut Session) -> Option<Value> {
    let desk = desk_home::if_any(session, args.desk.as_deref())?;
    let operator = desk.operator();
    let found = desk.read(|book| {
        let hits = desk::find(&operator, book, &code.to_string())?;
        Ok((hits, desk::pool(book, code)?, desk::corrections(book, code)?))
    });
    let (hits, pool, corrections) = found.ok()?;
    let ledger = view::found(&hits, |unit, product| operator.unit_name(unit, product)).json();
    let order = view::Order::of(&pool);
    let corrections: Vec<_> = corrections.iter().map(view::Correction::of).collect();
    let rows = order.rows(session.now).without("code");
    let rows = corrections.iter().fold(rows, |rows, it| rows.with(it.rows(session.now)));
    rows.lines().iter().for_each(|line| session.screen.line(&format!("  {line}")));
    let licenses: Vec<_> =
        hits.into_iter().filter(|hit| matches!(hit.found, desk::Found::License(_))).collect();
    if !licenses.is_empty() {
        session.screen.line("");
        session.screen.rows(&view::found(&licenses, |unit, product| operator.unit_name(unit, product)));
    }
    let is = CodeKind::Order.name();
    Some(
        json!({ "is": is, "code": code.to_string(), "note": null, "ledger": ledger, "order": order, "corrections": corrections }),
    )
}

/// Whether the text has only the digits and separators of a MAC address.
fn looks_like_mac(text: &str) -> bool {
    let is_labelled = text.get(..4).is_some_and(|label| label.eq_ignore_ascii_case("mac:"));
    let digits = text.chars().filter(char::is_ascii_hexdigit).count();
    let known = text.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '-' | '.' | '(' | ')' | ' '));
    // The groups of a typed code have five characters.
    let pairs = |separator| text.split(separator).filter(|group| group.len() <= 2).count() >= 5;
    let is_long = matches!(digits, 10..=14 | 16 | 40);
    is_labelled || known && (pairs(':') || pairs('-') || is_long)
}

/// Whether the text has the groups of a typed code.
fn looks_like_code(text: &str) -> bool {
    text.len() <= 40 && text.split(['-', ' ']).filter(|group| (4..=6).contains(&group.len())).count() >= 4
}

/// Shows a document; also returns whether its signature does not fit, which is a no to what it claims. One of a key that is
/// not trusted here was shown as well as can be.
fn document(args: &Inspect, sealed: &Sealed, session: &mut Session) -> Tried<(Value, bool)> {
    let id = sealed.document_id();
    let signer = PublicKey::from_bytes(sealed.named_signer());
    let checked = check(args, sealed, session)?;
    let verified = checked.is_ok();
    let headline = match &checked {
        Ok(word) => format!("{}, verified: {word}", sealed.kind().word()),
        Err(error) => {
            format!("{}, NOT VERIFIED: {} [{}]", sealed.kind().word(), error.message(), error.reason())
        }
    };
    session.screen.line(&headline);
    session.screen.line(&format!("  id         {id}"));
    let key = signer.as_ref().map_or_else(|error| error.message().to_owned(), |key| key.key_id().to_string());
    session.screen.line(&format!("  signed by  {key}"));
    let reason = checked.as_ref().err().map(|error| error.reason().word());
    let mut value = json!({ "is": sealed.kind().word(), "id": id.to_string(), "key_id": key, "verified": verified, "reason": reason });
    let is_broken = checked.as_ref().is_err_and(|error| error.reason() != Reason::UntrustedKey);
    // The signature error tells more than the error of reading unverified content.
    content(sealed, verified, &mut value, session).map_err(|error| checked.err().unwrap_or(error))?;
    if !verified {
        session.screen.line("NOT VERIFIED: anybody could have written the content above");
    }
    Ok((value, is_broken))
}

/// Verifies the signature: by a trusted vendor, or by the host for what hosts sign. `Ok(Err)` is a signature that fails.
fn check(args: &Inspect, sealed: &Sealed, session: &mut Session) -> Tried<Tried<&'static str>> {
    if sealed.kind() == Kind::Request {
        return Ok(format::read_request(sealed).map(|_| "signed by the host it names"));
    }
    if sealed.kind().is_signed_by_host() {
        return Ok(crypto::check_host_signed(sealed, sealed.kind()).map(|_| "signed by a host"));
    }
    let trusted = trust::set(session, host_home::locate(session).ok().as_ref(), &args.trust)?;
    Ok(crypto::check(sealed, sealed.kind(), &trusted).map(|_| "signed by a key trusted here"))
}

fn content(sealed: &Sealed, verified: bool, value: &mut Value, session: &mut Session) -> Tried<()> {
    let lines = match sealed.kind() {
        Kind::License => {
            let license = format::read_unverified_license(sealed)?;
            shown("license", &view::License::of(&license), value, session)
        }
        Kind::Request => {
            let request = format::read_unverified_request(sealed)?;
            shown("request", &view::Request::of(&request), value, session)
        }
        _ => {
            let text = String::from_utf8_lossy(sealed.unverified_payload()).into_owned();
            value["payload"] = json!(text);
            text.lines().map(|line| format!("  {line}")).collect()
        }
    };
    let mark = if verified { "" } else { "?" };
    lines.iter().for_each(|line| session.screen.line(&format!("{mark}{line}")));
    Ok(())
}

/// Adds the view to the JSON result, and returns its lines.
fn shown(key: &str, view: &impl View, value: &mut Value, session: &Session) -> Vec<String> {
    value[key] = json!(view);
    view.lines(session.now)
}

/// The errors of a file that is a key.
const KEY_FAULTS: &[Reason] = &[Reason::ForeignKey, Reason::WeakKey, Reason::KeyMismatch, Reason::CostlyKey];

/// Shows a key, grant, catalog or list, if the file is one.
fn other(path: &Path, bytes: &[u8], session: &mut Session) -> Tried<bool> {
    match format::open_key(bytes) {
        Ok((key, repairs)) => {
            input::say_repairs(session, path, &repairs);
            show_key(&key, session);
            return Ok(true);
        }
        // A signature or certificate is no key, and named as what it is below.
        Err(error) if KEY_FAULTS.contains(&error.reason()) || is_damaged_key(bytes, &error) => {
            return Err(format::not_a_key(bytes, error));
        }
        Err(_) => {}
    }
    if format::is_fleet(bytes) {
        let devices = bytes.iter().filter(|byte| **byte == b'\n').count().saturating_sub(1);
        session.screen.line(&format!("fleet file of {devices} licenses"));
        session.screen.line("  note       each line is verified on its device: airlatch verify FILE");
        session.screen.json("inspect", json!({ "is": "fleet", "licenses": devices }));
        return Ok(true);
    }
    if bytes.len() as u64 <= limits::GRANT_FILE
        && let Ok(grant) = catalog::read_grant(bytes)
    {
        session.screen.line(&format!("grant for {}", grant.product));
        session.screen.show("inspect", &view::Grant::of(&grant), session.now);
        return Ok(true);
    }
    if bytes.len() as u64 <= limits::CATALOG_FILE
        && let Ok(catalog) = catalog::read_catalog(bytes)
    {
        let ids: Vec<&str> = catalog.products.iter().map(|product| product.id.as_str()).collect();
        session.screen.line(&format!("catalog of {}", ids.join(", ")));
        session.screen.json("inspect", json!({ "is": "catalog", "vendor": catalog.vendor, "products": ids }));
        return Ok(true);
    }
    match lists::read_list(bytes, &MacRule { allow_local: true, ..MacRule::default() }) {
        Ok(list) => {
            let noun = if list.rows.len() == 1 { "device" } else { "devices" };
            session.screen.line(&format!("list of {} {noun}", list.rows.len()));
            list.notes.iter().for_each(|note| session.screen.line(&format!("  note       {note}")));
            let value = json!({ "is": "list", "devices": list.rows.len(), "understood": list.notes });
            session.screen.json("inspect", value);
            Ok(true)
        }
        // A file with TABs is meant as a list; its first fault tells more than "no document".
        Err(errors) if bytes.contains(&b'\t') => errors.into_iter().next().map_or(Ok(false), Err),
        Err(_) => Ok(false),
    }
}

/// Whether part of a public key was found, and it can't be repaired.
fn is_damaged_key(bytes: &[u8], error: &Error) -> bool {
    error.reason() == Reason::BadKey && String::from_utf8_lossy(bytes).contains("BEGIN PUBLIC KEY")
}

fn show_key(key: &KeyFile, session: &mut Session) {
    let (word, public) = match key {
        KeyFile::Public(key) => ("public key", Some(*key)),
        KeyFile::Private(key) => ("private key without a passphrase", Some(key.public())),
        KeyFile::Encrypted(_) => ("private key, opened by a passphrase", None),
    };
    session.screen.line(word);
    if let Some(key) = public {
        session.screen.line(&format!("  key id     {}", key.key_id()));
    }
    session
        .screen
        .json("inspect", json!({ "is": word, "key_id": public.map(|key| key.key_id().to_string()) }));
}
