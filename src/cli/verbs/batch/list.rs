//! The list of a batch: read, or every line that is bad.

use std::path::Path;

use crate::cli::input;
use airlatch_core::model::{Error, Place, Reason};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::lists::{self, DeviceList};

use super::args::Batch;

/// An error with the list, by its name.
pub(super) fn at_list(args: &Batch, error: Error) -> Error {
    error.at(input::place(&args.list))
}

/// The devices of the list, or every bad line; each number says how the MACs beside it are spelt.
pub(super) fn list<'a>(
    args: &Batch,
    bytes: &[u8],
    rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
) -> Result<DeviceList, Vec<Error>> {
    lists::read_list_by(bytes, rule_of).map_err(|errors| {
        if let Some(what) = crate::cli::grant::instead(bytes) {
            return vec![at_list(args, Error::new(Reason::BadList, format!("this is {what}, not a list")))];
        }
        errors.into_iter().map(|error| at_list(args, error)).collect()
    })
}

/// A file stands where the license of a line belongs.
pub(super) fn in_the_way(line: usize, target: &Path) -> Error {
    let what = "a file with other content stands where the license belongs";
    Error::new(Reason::Exists, what).at(target.display()).at(Place::Line(line))
}
