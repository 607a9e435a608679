//! The term of an order: the options --term, --until and --permanent.

use clap::Args;

use airlatch_core::model::{Error, Result, Time};
use airlatch_desk::catalog::{GrantEnd, GrantTerm};

/// The term of an order.
#[derive(Args)]
#[group(required = true, multiple = false, args = ["term", "until", "permanent"])]
pub(super) struct TermArgs {
    /// Length from each unit's first activation, as in "1 year" or "90 days"
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
    /// The term, which begins at `from`, else on the day of the first activation.
    pub(super) fn read(&self, from: Option<&str>) -> Result<GrantTerm> {
        let from = from.map(|from| moment(from, "--from", false)).transpose()?;
        let end = match (&self.term, &self.until) {
            (Some(length), _) => {
                // Any start shows whether the length can be parsed.
                Time::from_seconds(0).plus_span(length).map_err(|error| error.at("--term"))?;
                GrantEnd::For(length.clone())
            }
            (None, Some(until)) => GrantEnd::Until(moment(until, "--until", true)?),
            (None, None) => GrantEnd::Permanent,
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
