//! The filter options of the ledger's views.

use clap::Args;

use crate::cli::term::moment;
use crate::cli::verbs::order::find;
use airlatch_core::model::{Code, CodeKind, Error, Mac, OrderCode, Reason, Result, Unit};
use airlatch_desk::desk::ViewFilter;
use airlatch_desk::ledger::Book;

/// Filters a view; all options given have to match.
#[derive(Args)]
pub(super) struct Filter {
    /// Only codes of this account and its group
    #[arg(long, value_name = "NAME")]
    account: Option<String>,

    /// Only this authorization code or order number
    #[arg(long, value_name = "CODE")]
    code: Option<String>,

    /// Only this unit: System ID, Locking ID, site serial or MAC
    #[arg(long, value_name = "UNIT")]
    unit: Option<String>,

    /// Only this end user
    #[arg(long, value_name = "NAME")]
    end_user: Option<String>,

    /// Only from this day or time
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    /// Only until this day (inclusive) or time
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

impl Filter {
    pub(super) fn scope(&self, book: &dyn Book) -> Result<ViewFilter> {
        Ok(ViewFilter {
            account: self.account.as_deref().map(str::parse).transpose()?,
            code: code(book, self.code.as_deref())?,
            unit: self.unit.as_deref().map(unit).transpose()?,
            end_user: self.end_user.clone(),
            from: self.from.as_deref().map(|text| moment(text, "--from", false)).transpose()?,
            until: self.until.as_deref().map(|text| moment(text, "--until", true)).transpose()?,
        })
    }
}

/// Finds a code by itself or by its order number.
pub(super) fn code(book: &dyn Book, named: Option<&str>) -> Result<Option<OrderCode>> {
    named.map(|named| find::find(book, named).map(|pool| pool.code)).transpose()
}

/// Parses a unit: its id, serial or MAC, or the form that the views print.
pub(super) fn unit(text: &str) -> Result<Unit> {
    // The views print the kind of unit first.
    let kinds = ["host ", "hardware ", "device ", "site "];
    let text = kinds.iter().find_map(|kind| text.strip_prefix(kind)).unwrap_or(text);
    if let Ok(unit) = text.parse::<Unit>() {
        return Ok(unit);
    }
    match Code::parse_any(text) {
        Ok(code) => match code.kind() {
            CodeKind::System => text.parse().map(Unit::Host),
            CodeKind::Locking | CodeKind::VirtualLocking | CodeKind::ContainerLocking => {
                text.parse().map(Unit::Hardware)
            }
            CodeKind::Site => text.parse().map(Unit::Site),
            other => {
                let what = format!("{} names no unit", other.name_with_article());
                Err(Error::new(Reason::WrongCode, what).at("--unit"))
            }
        },
        Err(mistyped) => match Mac::parse_with_check(text) {
            Ok(mac) => Ok(Unit::Device(mac)),
            Err(_) if text.bytes().filter(u8::is_ascii_digit).count() < 2 => {
                let what = "this is no unit: name a System ID, Locking ID, site serial or MAC address";
                Err(Error::new(Reason::BadMac, what).at("--unit"))
            }
            Err(_) if text.len() >= 20 => Err(mistyped.at("--unit")),
            Err(error) => Err(error.at("--unit")),
        },
    }
}
