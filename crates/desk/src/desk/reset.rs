//! Clock resets: signed for one clock mark of one host, and recorded in the ledger.

use crate::catalog::Product;
use crate::charge;
use crate::ledger::{self, Act, Book, Query};
use airlatch_core::crypto::{self, PrivateKey, Sealed, Verified};
use airlatch_core::format;
use airlatch_core::model::{
    Cause, ClockReset, ClockResetRequest, Error, Kind, Reason, Request, Result, Time, Unit,
};

use super::Operator;

/// A clock reset, signed or to be signed.
#[derive(Debug, Clone)]
pub struct Reset {
    /// The content; `issued` may still change until it is signed.
    pub reset: ClockReset,
    /// Its sealed bytes; `None` if it isn't signed yet.
    pub sealed: Option<Sealed>,
    /// When the request was answered, if it was answered before with the same bytes.
    pub answered_at: Option<Time>,
    /// Notes for the person who signs it.
    pub notes: Vec<String>,
}

/// Plans the answer to a request for a clock reset, or finds the existing one. `any_host` accepts hosts that this ledger never
/// licensed the product to, with a note.
///
/// # Errors
/// `not-sold`, `future-request`, `not-booked` if the host is unknown, `bad-field` if the request doesn't ask for a reset, and
/// those of the ledger.
pub fn plan_reset(
    operator: &Operator<'_>,
    book: &dyn Book,
    request: &Verified<Request>,
    any_host: bool,
) -> Result<Reset> {
    let operator = &operator.at_ledger_time(book)?;
    let product = operator.product(&request.get().product)?;
    if let Some(found) = existing_reset(operator, book, request)? {
        return Ok(found);
    }
    let mut reset = draft(request, &product.id, operator.now)?;
    match refuse_unknown_host(book, request.get(), product) {
        Err(error) if any_host && error.reason() == Reason::NotBooked => {
            reset.notes.push(error.message().to_owned());
        }
        known => known?,
    }
    operator.time(book)?;
    Ok(reset)
}

/// Signs a clock reset and records it with its bytes; the same request gives the same bytes.
///
/// # Errors
/// As [`plan_reset`]; then nothing was signed.
pub fn reset(
    operator: &Operator<'_>,
    book: &mut dyn Book,
    request: &Verified<Request>,
    any_host: bool,
    key: &PrivateKey,
) -> Result<Reset> {
    let planned = plan_reset(operator, book, request, any_host)?;
    if planned.sealed.is_some() {
        return Ok(planned);
    }
    let signed = sign_reset(planned, key)?;
    let act = Act::ClockReset {
        unit: Unit::Host(signed.reset.system_id),
        product: signed.reset.product.clone(),
        request: signed.reset.request,
        key: key.public().key_id(),
    };
    let sealed = signed.sealed.as_ref().map(|sealed| (sealed.document_id(), sealed.bytes().to_vec()));
    operator.post(book, act, Vec::new(), sealed)?;
    Ok(signed)
}

/// The answer to a request for a clock reset without a ledger; the same on the same day.
///
/// # Errors
/// `wrong-product`, `future-request`, `bad-field` if the request doesn't ask for a reset.
pub fn draft_reset(request: &Verified<Request>, product: &str, now: Time) -> Result<Reset> {
    let drafted = draft(request, product, now)?;
    Ok(Reset { reset: ClockReset { issued: now.start_of_day(), ..drafted.reset }, ..drafted })
}

/// Signs a clock reset that was confirmed.
///
/// # Errors
/// `internal` if it can't be written, which doesn't happen.
pub fn sign_reset(reset: Reset, key: &PrivateKey) -> Result<Reset> {
    let payload = format::write_reset(&reset.reset)?;
    Ok(Reset { sealed: Some(crypto::seal(Kind::ClockReset, &payload, key)), ..reset })
}

fn draft(request: &Verified<Request>, product: &str, now: Time) -> Result<Reset> {
    let content = request.get();
    let mut notes = Vec::new();
    charge::check_request(product, None, content, (now, false), &mut notes)?;
    let missing = || Error::new(Reason::BadField, "the request doesn't ask for a clock reset");
    let ClockResetRequest { nonce, latest_time: latest } = content.clock.ok_or_else(missing)?;
    if latest <= now {
        notes.push(format!("the clock mark of the host is not in the future by this desk's clock: {latest}"));
    }
    let reset = ClockReset {
        issued: now,
        product: content.product.clone(),
        system_id: content.system_id,
        nonce,
        request: request.document_id(),
    };
    Ok(Reset { reset, sealed: None, answered_at: None, notes })
}

/// The clock reset that already answered this request.
fn existing_reset(
    operator: &Operator<'_>,
    book: &dyn Book,
    request: &Verified<Request>,
) -> Result<Option<Reset>> {
    let query = Query { request: Some(request.document_id()), acts: vec!["clock-reset"], ..Query::default() };
    let Some(entry) = book.entries(&query)?.into_iter().next() else { return Ok(None) };
    let (named, bytes) = operator.bytes(book, &entry)?;
    let (verified, sealed) = operator.read_reset(&named, bytes)?;
    let reset = verified.get().clone();
    Ok(Some(Reset { reset, sealed: Some(sealed), answered_at: Some(entry.time), notes: Vec::new() }))
}

/// Refuses a host to which this ledger never licensed the product, by System ID, Locking ID or site.
fn refuse_unknown_host(book: &dyn Book, request: &Request, product: &Product) -> Result<()> {
    let id = request.locking_id;
    let units = [Unit::Host(request.system_id), Unit::Hardware(id), Unit::Hardware(id.without_kind())];
    for unit in units.into_iter().chain(request.site.map(Unit::Site)) {
        let query = Query { unit: Some(unit), product: Some(product.id.clone()), ..Query::default() };
        if !ledger::activations(book, Query { limit: 1, ..query })?.is_empty() {
            return Ok(());
        }
    }
    let message = format!("the ledger has licensed `{}` to no such host", product.id);
    Err(Error::new(Reason::NotBooked, message)
        .because(Cause::NoSuchHost)
        .detail(format!("host  {}", request.system_id)))
}
