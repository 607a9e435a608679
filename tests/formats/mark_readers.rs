//! The readers of what becomes of clock marks: two copies that are merged, and a clock reset that corrects one.

use airlatch_core::crypto::{PublicKey, Sealed, TrustedSet};
use airlatch_core::format;
use airlatch_core::model::{ClockMark, Kind, ReleasedLicense};
use airlatch_core::rules::remember;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::common::vector::Vector;
use crate::common::vector_run::{Keys, Said, one, words};

/// A sealed document of the head, in base64.
pub(crate) fn sealed(base64: &str, kind: Kind) -> Result<Sealed, String> {
    let bytes = STANDARD.decode(base64).map_err(|error| error.to_string())?;
    Sealed::from_parts(kind, bytes).map_err(words)
}

fn mark(vector: &mut Vector, name: &str) -> Result<ClockMark, String> {
    let sealed = sealed(&vector.must(name)?, Kind::ClockMark)?;
    format::read_clock_mark(&sealed).map(|mark| mark.get().clone()).map_err(words)
}

/// The mark whose payload is the body; it is not signed.
fn expected(body: &[u8]) -> Result<ClockMark, String> {
    let bytes = [body, &[0; 96]].concat();
    let sealed = Sealed::from_parts(Kind::ClockMark, bytes).map_err(words)?;
    format::read_unverified_clock_mark(&sealed).map_err(words)
}

/// Compares marks; the order of releases makes no difference.
fn compare(mut found: ClockMark, mut wanted: ClockMark) -> Result<Said, String> {
    for mark in [&mut found, &mut wanted] {
        mark.memory.released.sort_by_key(|ReleasedLicense { license, .. }| *license);
    }
    if found == wanted { Ok(Ok(())) } else { Err(format!("should be {wanted:?}\nis        {found:?}")) }
}

pub(crate) fn merge(vector: &mut Vector, _: &Keys) -> Result<Said, String> {
    let (one, other) = (mark(vector, "one")?, mark(vector, "other")?);
    let both = remember::merge_marks(&one, &other);
    if remember::merge_marks(&other, &one) != both {
        return Err("the order of the copies makes a difference".into());
    }
    compare(both, expected(&vector.body)?)
}

pub(crate) fn reset(vector: &mut Vector, keys: &Keys) -> Result<Said, String> {
    let trusted = vector.take_all("trusted");
    let key = |name: &String| PublicKey::from_pem(keys.get(name).ok_or("no such key")?).map_err(words);
    let trusted: TrustedSet = trusted.iter().map(key).collect::<Result<Vec<_>, _>>()?.into_iter().collect();
    let (before, sealed) = (mark(vector, "mark")?, sealed(&vector.must("reset")?, Kind::ClockReset)?);
    let nonce = u128::from_str_radix(&vector.must("nonce")?, 16).map_err(|error| error.to_string())?;
    let read = format::read_reset(&sealed, &trusted);
    match read.and_then(|reset| remember::reset(&before, reset.get(), nonce.to_be_bytes())) {
        Ok(after) => compare(after, expected(&vector.body)?),
        Err(error) => Ok(Err(one(error))),
    }
}
