//! `issue`: answers a request with a license or a clock reset, books a release receipt back, or licenses a typed unit.

mod args;
mod by_code;
mod by_grant;
pub(in crate::cli::verbs) mod receipt;
mod reset;
mod same_hardware;
mod shown;
mod starter;
mod unit;

use anyhow::Result;

use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use airlatch_core::crypto::Verified;
use airlatch_core::format;
use airlatch_core::model::{Cause, Error, Kind, Reason, Request, Subject};

pub(in crate::cli) use args::Issue;

pub(in crate::cli) fn run(args: &Issue, session: &mut Session) -> Result<Outcome> {
    input::refuse_two_streams(args.inputs())?;
    format::check_text("--number", args.number.as_deref(), format::limits::TEXT_FIELD)?;
    format::check_text("--comment", args.booking.comment.as_deref(), format::limits::TEXT_FIELD)?;
    if let Some(product) = &args.starter {
        return starter::run(args, product, session);
    }
    if let Some(path) = &args.receipt {
        let (sealed, _) = input::open(session, path)?;
        return receipt::run(args, path, &sealed, session);
    }
    let request = match &args.request {
        None => None,
        Some(path) => {
            let (sealed, _) = input::open(session, path)?;
            if sealed.kind() == Kind::ReleaseReceipt {
                return receipt::run(args, path, &sealed, session);
            }
            Some(format::read_request(&sealed).map_err(|error| error.at(input::place(path)))?)
        }
    };
    match (request, &args.grant) {
        (Some(request), _) if request.get().clock.is_some() => reset::run(args, &request, session),
        (request, Some(grant)) => by_grant::run(args, grant, request, session),
        (request, None) if args.code.is_empty() && !args.evaluation => {
            Err(nothing_to_charge(request.as_ref().map(Verified::get)).into())
        }
        (request, None) => by_code::run(args, request, session),
    }
}

/// The error of a command line that names nothing to charge; a request may name a code itself.
fn nothing_to_charge(request: Option<&Request>) -> Error {
    let what = "name what to charge: --code CODE, --evaluation, or --grant FILE";
    let error = Error::new(Reason::Usage, what);
    let error = error.because(Cause::NothingToCharge);
    let Some(request) = request else { return error };
    if request.replaces.is_some() {
        return error.because(Cause::NothingToMoveBy).detail(MOVE_DETAIL);
    }
    let Some(first) = request.codes.first() else { return error };
    let error = error.because(Cause::RequestNamesCode).about(Subject::Code(first.to_string()));
    request.codes.iter().fold(error, |error, code| error.detail(format!("request names  {code}")))
}

/// The detail for a request that moves a license to changed hardware.
const MOVE_DETAIL: &str = "it moves a license to changed hardware, without charge: --code CODE --other-hardware, with the code the license was charged to";
