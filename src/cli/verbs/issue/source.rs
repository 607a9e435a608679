//! What a license is charged to: the codes of the command line, else what the request says.

use crate::cli::verbs::order::find;
use airlatch_core::model::{Cause, Error, OrderCode, Reason, Request, Result, Subject};
use airlatch_desk::desk;
use airlatch_desk::ledger::Book;

use super::args::Issue;

/// The codes to charge, and who named them.
pub(super) struct Source {
    pub(super) codes: Vec<OrderCode>,
    named_by: NamedBy,
}

enum NamedBy {
    CommandLine,
    /// The request names codes.
    Request,
    /// The request moves a license whose codes the ledger knows.
    Move,
}

impl Source {
    /// The codes of the command line; without any, those that the request names, or those of the license it moves.
    ///
    /// # Errors
    /// `usage` if nothing says what to charge; `not-booked`.
    pub(super) fn of(args: &Issue, request: Option<&Request>, book: &dyn Book) -> Result<Self> {
        if !args.code.is_empty() || args.evaluation {
            return Ok(Self { codes: find::codes(book, &args.code)?, named_by: NamedBy::CommandLine });
        }
        let Some(request) = request else { return Err(nothing_to_charge(None)) };
        if let Some(license) = request.replaces {
            let codes = desk::charged_codes(book, license)?;
            return match codes.is_empty() {
                true => Err(nothing_to_charge(Some(request))),
                false => Ok(Self { codes, named_by: NamedBy::Move }),
            };
        }
        let codes = request.codes.iter().map(|code| Ok(desk::pool(book, *code)?.code));
        let codes = codes.collect::<Result<Vec<_>>>()?;
        match codes.is_empty() {
            true => Err(nothing_to_charge(Some(request))),
            false => Ok(Self { codes, named_by: NamedBy::Request }),
        }
    }

    /// Whether the installation moves to other hardware: a request to move a license says so itself.
    pub(super) fn moves(&self) -> bool {
        matches!(self.named_by, NamedBy::Move)
    }

    /// The question, which names what nobody typed.
    pub(super) fn question(&self) -> &'static str {
        match self.named_by {
            NamedBy::CommandLine => "Issue this license?",
            NamedBy::Request => "Charge what the request names, and issue this license?",
            NamedBy::Move => "Move the license to this hardware, and end its use on the old?",
        }
    }
}

/// Whether neither the command line nor the request says what to charge.
pub(super) fn is_nowhere(args: &Issue, request: Option<&Request>) -> bool {
    let says = |request: &Request| request.replaces.is_some() || !request.codes.is_empty();
    args.code.is_empty() && !args.evaluation && !request.is_some_and(says)
}

/// The error where nothing says what to charge.
pub(super) fn nothing_to_charge(request: Option<&Request>) -> Error {
    let what = "name what to charge: --code CODE, --evaluation, or --grant FILE";
    let error = Error::new(Reason::Usage, what);
    match request.and_then(|request| request.replaces) {
        Some(license) => error
            .because(Cause::NothingToMoveBy)
            .about(Subject::License(license.to_string()))
            .detail(format!("it moves the license {license}, for which this ledger has charged no code")),
        None => error.because(Cause::NothingToCharge),
    }
}
