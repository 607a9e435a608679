//! Reads the list of a batch, or reports every bad line.

use std::path::Path;

use crate::cli::session::Session;
use crate::cli::{input, wrong_file};
use airlatch_core::model::{Error, OrderCode, Place, Reason};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::lists::{self, DeviceList, DeviceRow};

use super::args::Batch;

/// The codes a line is charged to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Codes {
    /// Those of --code.
    Named,
    /// The one of its license number.
    Own(OrderCode),
}

/// Adds the name of the list to an error.
pub(super) fn in_list(args: &Batch, error: Error) -> Error {
    error.at(input::place(&args.list))
}

/// The devices of the list, or an error for every bad line; `rule_of` gives the MAC rule for a license number.
pub(super) fn list<'a>(
    args: &Batch,
    bytes: &[u8],
    rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
) -> Result<DeviceList, Vec<Error>> {
    lists::read_list_by(bytes, rule_of).map_err(|errors| {
        if let Some(error) = wrong_file::error(bytes, Reason::BadList, "a list of devices") {
            return vec![in_list(args, error)];
        }
        errors.into_iter().map(|error| in_list(args, error)).collect()
    })
}

/// Prints how the list was understood, and which lines of it were left out.
pub(super) fn say_understood(args: &Batch, list: &DeviceList, session: &mut Session) {
    input::say_repairs(session, &args.list, &list.repairs);
    let name = input::name(&args.list);
    list.notes.iter().for_each(|note| session.screen.talk(&format!("note: {name}: {note}")));
}

/// The error of a list with quantities, if something else sets them.
pub(super) fn quantities_refused(args: &Batch, rows: &[DeviceRow], why: &str) -> Option<Error> {
    let row = rows.iter().find(|row| row.quantity.is_some())?;
    let what = format!("the list has quantities, but {why}: remove the third column");
    Some(in_list(args, Error::new(Reason::BadList, what).at(Place::Line(row.line))))
}

/// The error of a list with models, if the licenses come from a grant.
pub(super) fn models_refused(args: &Batch, rows: &[DeviceRow]) -> Option<Error> {
    let row = rows.iter().find(|row| row.model.is_some())?;
    let what = "the list has models, but a grant has none: remove the fourth column";
    Some(in_list(args, Error::new(Reason::BadList, what).at(Place::Line(row.line))))
}

/// The error of a line whose file exists with other content.
pub(super) fn occupied_target(line: usize, target: &Path) -> Error {
    let what = "the file of this license exists with other content";
    Error::new(Reason::Exists, what).at(target.display()).at(Place::Line(line))
}
