//! `issue`: answers a request with a license or a clock reset, books a release receipt back, or licenses a typed unit.

mod args;
mod by_code;
mod by_grant;
pub(in crate::cli::verbs) mod receipt;
mod reset;
mod same_hardware;
mod shown;
mod source;
mod starter;
mod unit;

use anyhow::Result;

use crate::cli::session::Session;
use crate::cli::{Outcome, input};
use airlatch_core::crypto::Verified;
use airlatch_core::format;
use airlatch_core::model::Kind;

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
        (request, None) if source::is_nowhere(args, request.as_ref().map(Verified::get)) => {
            Err(source::nothing_to_charge(None).into())
        }
        (request, None) => by_code::run(args, request, session),
    }
}
