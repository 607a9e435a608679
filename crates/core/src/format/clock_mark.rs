//! The payload of a clock mark: what a host remembers between runs.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::crypto::{PublicKey, Sealed, Verified};
use crate::model::{
    BootClock, Cause, ClockJump, ClockMark, ClockReading, DocumentId, Drift, Error, HostMemory, Kind,
    MAX_QUANTITY, Reason, ReleasedLicense, Result, hex,
};

use super::fields::Fields;
use super::wire::{self, Hex};
use super::{check_product, host_signed};

/// Writes the payload of a clock mark, its fields in the order of the specification.
///
/// # Errors
/// `too-large` if it is larger than a document; `internal` if a value can't be written as TOML, which is a defect.
pub fn write_clock_mark(mark: &ClockMark) -> Result<Vec<u8>> {
    let memory = &mark.memory;
    wire::to_toml(&Wire {
        system_id: mark.system_id.to_string(),
        nonce: hex::write(&mark.nonce),
        latest: memory.latest_time.map(|time| time.to_string()),
        resets: (mark.resets > 0).then_some(mark.resets),
        lost: memory.lost_at.map(|time| time.to_string()),
        signed: memory.signed_time.map(|time| time.to_string()),
        set_back: (memory.set_back_seconds > 0).then_some(memory.set_back_seconds),
        seen: memory.seen.map(WireSeen::of),
        starts: memory
            .first_installed
            .iter()
            .map(|(product, time)| (product.as_str(), time.to_string()))
            .collect(),
        jump: memory.jump.map(|jump| WireJump { from: jump.from.to_string(), to: jump.to.to_string() }),
        drift: memory.drifts.iter().map(WireDrift::of).collect(),
        clock_grace: memory.clock_graces.iter().map(WireDrift::of).collect(),
        released: memory
            .released
            .iter()
            .map(|it| WireReleased {
                license: it.license.to_string(),
                product: &it.product,
                ledger: it.ledger.map(|(ledger, _)| hex::write(&ledger)),
                entry: it.ledger.map(|(_, entry)| entry),
                at: it.at.to_string(),
            })
            .collect(),
    })
}

/// Reads a clock mark, and checks that the host of its System ID signed it.
///
/// # Errors
/// Those of [`crypto::check_host_signed`](crate::crypto::check_host_signed); `foreign-request` if another host signed
/// it; `unknown-critical`, `bad-payload` or `bad-field` if it can't be read.
pub fn read_clock_mark(sealed: &Sealed) -> Result<Verified<ClockMark>> {
    host_signed::read(sealed, Kind::ClockMark, parse, |mark| mark.system_id)
}

/// Reads the clock mark of the host with the public key `own`.
///
/// # Errors
/// Those of [`read_clock_mark`]; `untrusted-key` if another host signed it.
pub fn read_own_clock_mark(sealed: &Sealed, own: PublicKey) -> Result<Verified<ClockMark>> {
    host_signed::read_own(sealed, Kind::ClockMark, own, parse, |mark| mark.system_id)
}

/// Reads an unverified clock mark: to find out whether it adds anything to a verified one.
///
/// # Errors
/// `wrong-kind`, `bad-payload` or `bad-field`.
pub fn read_unverified_clock_mark(sealed: &Sealed) -> Result<ClockMark> {
    match sealed.kind() {
        Kind::ClockMark => parse(sealed.unverified_payload()),
        kind => {
            let what = format!("this is a {}, not a clock mark", kind.word());
            Err(Error::new(Reason::WrongKind, what).because(Cause::DocumentGiven(kind)))
        }
    }
}

fn parse(payload: &[u8]) -> Result<ClockMark> {
    let mut fields = Fields::of_payload(payload)?;
    let critical: Vec<wire::Text> = fields.list("critical")?;
    let system_id = fields.needed_code("system-id")?;
    let Hex(nonce) = fields.needed("nonce")?;
    let resets = fields.number("resets")?.unwrap_or(0) as u64;
    let mut memory = HostMemory {
        latest_time: fields.parsed("latest")?,
        lost_at: fields.parsed("lost")?,
        signed_time: fields.parsed("signed")?,
        set_back_seconds: seconds(&mut fields, "set-back")?.unwrap_or(0) as i64,
        ..HostMemory::default()
    };
    let mut unknown = Vec::new();
    if let Some(mut seen) = fields.table("seen")? {
        let boot_id = seen.parsed::<Hex<16>>("boot")?;
        let started = seconds(&mut seen, "running")?;
        if boot_id.is_some() != started.is_some() {
            return Err(seen.bad("boot", "`boot` and `running` have to be given together"));
        }
        let boot = boot_id.zip(started).map(|(Hex(boot_id), seconds)| BootClock { boot_id, seconds });
        memory.seen = Some(ClockReading { time: seen.needed("clock")?, boot });
        unknown.extend(seen.rest());
    }
    if let Some(mut jump) = fields.table("jump")? {
        memory.jump = Some(ClockJump { from: jump.needed("from")?, to: jump.needed("to")? });
        unknown.extend(jump.rest());
    }
    if let Some(mut starts) = fields.table("starts")? {
        for product in starts.keys() {
            check_product(&product).map_err(|error| error.at("field `starts`"))?;
            memory.first_installed.insert(product.clone(), starts.needed(&product)?);
        }
    }
    for (key, all) in [("drift", &mut memory.drifts), ("clock-grace", &mut memory.clock_graces)] {
        for mut table in fields.tables(key)? {
            let used = seconds(&mut table, "used")?;
            let used_seconds = table.must("used", used)? as i64;
            all.insert(
                table.needed_code("license")?,
                Drift { used_seconds, last_seen: table.parsed("last")? },
            );
            unknown.extend(table.rest());
        }
    }
    for mut table in fields.tables("released")? {
        let ledger = table.parsed::<Hex<16>>("ledger")?;
        let entry = table.number("entry")?.map(|entry| entry as u64);
        if ledger.is_some() != entry.is_some() {
            return Err(table.bad("ledger", "`ledger` and `entry` have to be given together"));
        }
        memory.released.push(ReleasedLicense {
            license: table.needed_code("license")?,
            product: wire::product(&mut table)?,
            ledger: ledger.map(|Hex(ledger)| ledger).zip(entry),
            at: table.needed("at")?,
        });
        unknown.extend(table.rest());
    }
    unknown.extend(fields.rest());
    wire::refuse_critical(&critical, &unknown)?;
    Ok(ClockMark { system_id, nonce, resets, memory })
}

/// Takes a number of seconds, 0 to [`MAX_QUANTITY`].
fn seconds(fields: &mut Fields, key: &str) -> Result<Option<u64>> {
    let Some(number) = fields.number(key)? else { return Ok(None) };
    let seconds = u64::try_from(number).ok().filter(|seconds| *seconds <= MAX_QUANTITY);
    seconds.map(Some).ok_or_else(|| fields.bad(key, "the number of seconds is too large"))
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Wire<'a> {
    system_id: String,
    nonce: String,
    resets: Option<u64>,
    latest: Option<String>,
    lost: Option<String>,
    signed: Option<String>,
    set_back: Option<i64>,
    seen: Option<WireSeen>,
    jump: Option<WireJump>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    starts: BTreeMap<&'a str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    drift: Vec<WireDrift>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clock_grace: Vec<WireDrift>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    released: Vec<WireReleased<'a>>,
}

#[derive(Serialize)]
struct WireSeen {
    clock: String,
    boot: Option<String>,
    running: Option<u64>,
}

impl WireSeen {
    fn of(seen: ClockReading) -> Self {
        let boot = seen.boot.map(|boot| hex::write(&boot.boot_id));
        Self { clock: seen.time.to_string(), boot, running: seen.boot.map(|boot| boot.seconds) }
    }
}

#[derive(Serialize)]
struct WireJump {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct WireDrift {
    license: String,
    used: i64,
    last: Option<String>,
}

impl WireDrift {
    fn of((license, drift): (&DocumentId, &Drift)) -> Self {
        let last = drift.last_seen.map(|time| time.to_string());
        Self { license: license.to_string(), used: drift.used_seconds, last }
    }
}

#[derive(Serialize)]
struct WireReleased<'a> {
    license: String,
    product: &'a str,
    ledger: Option<String>,
    entry: Option<u64>,
    at: String,
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::crypto::{PrivateKey, seal};
    use crate::model::{DocumentId, Time};

    #[test]
    fn a_clock_mark_is_read_back_and_only_for_its_own_host() {
        let key = PrivateKey::from_seed(&Zeroizing::new([1; 32])).unwrap();
        let license = DocumentId::from_digest(&[3; 32]);
        let time = Time::from_seconds(1_800_000_000);
        let memory = HostMemory {
            latest_time: Some(time),
            lost_at: Some(time),
            signed_time: Some(time.plus_days(-1)),
            seen: Some(ClockReading { time, boot: Some(BootClock { boot_id: [4; 16], seconds: 0 }) }),
            set_back_seconds: 7,
            jump: Some(ClockJump { from: time, to: time.plus_days(2) }),
            drifts: [(license, Drift { used_seconds: 5, last_seen: Some(time) })].into(),
            clock_graces: [(license, Drift { used_seconds: 6, last_seen: None })].into(),
            first_installed: [("call.services".to_owned(), time)].into(),
            released: vec![ReleasedLicense {
                license,
                product: "pbx".into(),
                ledger: Some(([7; 16], 0)),
                at: time,
            }],
        };
        let mark = ClockMark { system_id: key.public().system_id(), nonce: [9; 16], resets: 2, memory };
        let sealed = seal(Kind::ClockMark, &write_clock_mark(&mark).unwrap(), &key);
        assert_eq!(*read_clock_mark(&sealed).unwrap().get(), mark);
        assert_eq!(*read_own_clock_mark(&sealed, key.public()).unwrap().get(), mark);
        assert_eq!(read_unverified_clock_mark(&sealed).unwrap(), mark);
        let other = PrivateKey::from_seed(&Zeroizing::new([2; 32])).unwrap();
        let forged = seal(Kind::ClockMark, &write_clock_mark(&mark).unwrap(), &other);
        assert_eq!(read_clock_mark(&forged).unwrap_err().reason(), Reason::ForeignRequest);
        let own = |sealed, key: &PrivateKey| read_own_clock_mark(sealed, key.public()).unwrap_err().reason();
        assert_eq!(own(&forged, &key), Reason::UntrustedKey);
        assert_eq!(own(&forged, &other), Reason::ForeignRequest);
        let request = seal(Kind::Request, &write_clock_mark(&mark).unwrap(), &key);
        assert_eq!(read_unverified_clock_mark(&request).unwrap_err().reason(), Reason::WrongKind);
    }
}
