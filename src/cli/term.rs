//! The term of an order: the options --term, --until and --permanent.

use clap::Args;

use airlatch_core::model::{Error, Reason, Result, Time, length};
use airlatch_desk::catalog::{GrantEnd, GrantTerm};

/// The term of an order.
#[derive(Args)]
#[group(required = true, multiple = false, args = ["term", "until", "permanent"])]
pub(super) struct TermArgs {
    /// Length, as in "1 year": from each unit's first activation, or from the first day of --from
    #[arg(long, value_name = "LENGTH")]
    term: Option<String>,

    /// Last day (inclusive), or end time
    #[arg(long, value_name = "DATE")]
    until: Option<String>,

    /// No end
    #[arg(long)]
    permanent: bool,
}

impl TermArgs {
    /// The term, which begins at `from`, else with the first activation of each unit.
    pub(super) fn read(&self, from: Option<&str>) -> Result<GrantTerm> {
        let from = from.map(|from| moment(from, "--from", false)).transpose()?;
        Ok(GrantTerm { from, end: self.end()? })
    }

    fn end(&self) -> Result<GrantEnd> {
        Ok(match (&self.term, &self.until) {
            (Some(length), _) => {
                length::in_days(length).map_err(|error| error.at("--term"))?;
                GrantEnd::For(length.clone())
            }
            (None, Some(until)) => GrantEnd::Until(moment(until, "--until", true)?),
            (None, None) => GrantEnd::Permanent,
        })
    }
}

/// The new term of a renewed order.
#[derive(Args)]
#[group(required = true, multiple = false, args = ["term", "until", "permanent", "add"])]
pub(super) struct RenewArgs {
    /// Length to add to the present term, as in "1 year"
    #[arg(long, value_name = "LENGTH")]
    add: Option<String>,

    /// Length in place of the present term, as in "2 years": from each unit's first activation, or from --from
    #[arg(long, value_name = "LENGTH")]
    term: Option<String>,

    /// Last day (inclusive), or end time
    #[arg(long, value_name = "DATE")]
    until: Option<String>,

    /// No end
    #[arg(long)]
    permanent: bool,
}

impl RenewArgs {
    /// Whether a length is added to the present term, so that the same again adds more.
    pub(super) fn adds(&self) -> bool {
        self.add.is_some()
    }

    /// The length of --term, as it was typed.
    pub(super) fn length(&self) -> Option<&str> {
        self.term.as_deref()
    }

    /// The term that takes the place of `present`; it begins at `from`, else as `present` does.
    pub(super) fn read(&self, present: &GrantTerm, from: Option<&str>) -> Result<GrantTerm> {
        let from = from.map(|from| moment(from, "--from", false)).transpose()?.or(present.from);
        let Some(more) = &self.add else {
            let args =
                TermArgs { term: self.term.clone(), until: self.until.clone(), permanent: self.permanent };
            return Ok(GrantTerm { from, end: args.end()? });
        };
        length::in_days(more).map_err(|error| error.at("--add"))?;
        let end = match &present.end {
            GrantEnd::Permanent => {
                return Err(Error::new(Reason::BadValue, "the order is permanent already").at("--add"));
            }
            GrantEnd::Until(end) => GrantEnd::Until(end.plus_span(more)?),
            GrantEnd::For(length) => GrantEnd::For(length::sum(length, more)),
        };
        Ok(GrantTerm { from, end })
    }
}

/// Parses a time or a date; a date is the beginning of its day, or its end if `is_end`.
pub(super) fn moment(text: &str, flag: &str, is_end: bool) -> Result<Time> {
    let place = |error: Error| error.at(flag);
    match Time::from_date(text) {
        Ok(day) if is_end => day.end_of_day().in_range().map_err(place),
        Ok(day) => Ok(day),
        Err(_) => text.parse().map_err(place),
    }
}
