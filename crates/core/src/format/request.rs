//! The payload of a request.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::crypto::{Sealed, Verified};
use crate::model::{
    ClockResetRequest, ComponentKind, Error, Features, Fingerprint, HostClass, Kind, Reason, Request, Result,
    hex,
};

use super::fields::Fields;
use super::{host_signed, limits, wire};

/// Writes the payload of a request, its fields in the order of the specification.
///
/// # Errors
/// `internal` if a value can't be written as TOML, which is a defect.
pub fn write_request(request: &Request) -> Result<Vec<u8>> {
    wire::to_toml(&Wire {
        made: request.made.to_string(),
        tool: &request.tool,
        product: &request.product,
        version: request.version.as_deref(),
        model: request.model.as_deref(),
        codes: request.codes.iter().map(ToString::to_string).collect(),
        note: request.note.as_deref(),
        site: request.site.map(|site| site.to_string()),
        system_id: request.system_id.to_string(),
        locking_id: request.locking_id.to_string(),
        class: &request.class,
        replaces: request.replaces.map(|id| id.to_string()),
        wanted: wire::features(&request.wanted),
        fingerprint: WireFingerprint {
            salt: hex::write(&request.fingerprint.salt),
            hashes: wire::hashes(&request.fingerprint),
        },
        clock: request
            .clock
            .map(|ask| WireClock { nonce: hex::write(&ask.nonce), latest: ask.latest_time.to_string() }),
    })
}

/// Reads a request, and checks that the host of its System ID signed it.
///
/// # Errors
/// Those of [`crypto::check_host_signed`](crate::crypto::check_host_signed); `foreign-request` if another host signed it;
/// `unknown-critical`, `bad-payload` or `bad-field` if it can't be read.
pub fn read_request(sealed: &Sealed) -> Result<Verified<Request>> {
    host_signed::read(sealed, Kind::Request, parse, |request| request.system_id)
}

/// Reads an unverified request: only for views that say so.
///
/// # Errors
/// `bad-payload` or `bad-field`.
pub fn read_unverified_request(sealed: &Sealed) -> Result<Request> {
    parse(sealed.unverified_payload())
}

fn parse(payload: &[u8]) -> Result<Request> {
    let mut fields = Fields::of_payload(payload)?;
    let critical: Vec<wire::Text> = fields.list("critical")?;
    let made = fields.needed("made")?;
    let tool = fields.needed_text("tool")?;
    let product = wire::product(&mut fields)?;
    let version = fields.text("version")?;
    let model = fields.text("model")?;
    let codes = fields.codes("codes")?;
    let note = fields.text_within("note", limits::NOTE_FIELD)?;
    let site = fields.code("site")?;
    let system_id = fields.needed_code("system-id")?;
    let locking_id = fields.needed_code("locking-id")?;
    let class = class(&mut fields)?;
    let replaces = fields.code("replaces")?;
    let wanted = fields.table("wanted")?.map_or_else(|| Ok(Features::default()), Fields::features)?;
    let table = fields.table("fingerprint")?;
    let mut fingerprint_fields = fields.must("fingerprint", table)?;
    let hashes = fingerprint_fields.table("hashes")?;
    let mut hashes = fingerprint_fields.must("hashes", hashes)?;
    let fingerprint = wire::fingerprint(&mut fingerprint_fields, &mut hashes)?;
    check_hashes(&fingerprint, hashes)?;
    let mut unknown = Vec::new();
    let clock = match fields.table("clock")? {
        None => None,
        Some(mut table) => {
            let wire::Hex(nonce) = table.needed("nonce")?;
            let latest_time = table.needed("latest")?;
            unknown.extend(table.rest());
            Some(ClockResetRequest { nonce, latest_time })
        }
    };
    unknown.extend([fields, fingerprint_fields].into_iter().flat_map(Fields::rest));
    wire::refuse_critical(&critical, &unknown)?;
    Ok(Request {
        made,
        tool,
        product,
        version,
        model,
        codes,
        wanted,
        note,
        system_id,
        locking_id,
        class,
        site,
        fingerprint,
        replaces,
        clock,
        unknown,
    })
}

/// Refuses components of a kind that this version does not know, and a hash that is there twice: it would count twice, and
/// several hashes of a component are not held against the Locking ID.
fn check_hashes(fingerprint: &Fingerprint, unknown: Fields) -> Result<()> {
    unknown.nothing_else(&ComponentKind::ALL.map(ComponentKind::word))?;
    match fingerprint.hashes.iter().find(|(_, hashes)| hashes.windows(2).any(|pair| pair[0] == pair[1])) {
        None => Ok(()),
        Some((kind, _)) => {
            let message = format!("a hash of the component {kind} is there twice");
            Err(Error::new(Reason::BadField, message).at(format!("field `fingerprint.hashes.{kind}`")))
        }
    }
}

/// The class of host. A desk that does not know the word could not tell whether a license may be for such a host.
fn class(fields: &mut Fields) -> Result<String> {
    let word = fields.needed_text("class")?;
    if HostClass::WORDS.contains(&word.as_str()) {
        return Ok(word);
    }
    let message = format!("`{word}` is no class of host; there are {}", HostClass::WORDS.join(", "));
    Err(fields.bad("class", message))
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Wire<'a> {
    made: String,
    tool: &'a str,
    product: &'a str,
    version: Option<&'a str>,
    model: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<String>,
    note: Option<&'a str>,
    site: Option<String>,
    system_id: String,
    locking_id: String,
    class: &'a str,
    replaces: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    wanted: BTreeMap<&'a str, wire::WireQuantity>,
    fingerprint: WireFingerprint,
    clock: Option<WireClock>,
}

#[derive(Serialize)]
struct WireClock {
    nonce: String,
    latest: String,
}

#[derive(Serialize)]
struct WireFingerprint {
    salt: String,
    hashes: BTreeMap<&'static str, Vec<String>>,
}
