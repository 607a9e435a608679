//! The list of a batch: read, or every line that is bad.

use std::path::Path;

use crate::cli::input;
use airlatch_core::model::{Reason, Trouble};
use airlatch_desk::catalog::MacRule;
use airlatch_desk::lists::{self, DeviceList};

use super::args::Batch;

/// A trouble with the list, by its name.
pub(super) fn at_list(args: &Batch, trouble: Trouble) -> Trouble {
    trouble.at(input::name(&args.list))
}

/// The devices of the list, or every bad line; each number says how the MACs beside it are spelt.
pub(super) fn list<'a>(
    args: &Batch,
    bytes: &[u8],
    rule_of: &mut dyn FnMut(&str) -> airlatch_core::model::Result<&'a MacRule>,
) -> Result<DeviceList, Vec<Trouble>> {
    lists::read_list_by(bytes, rule_of).map_err(|troubles| {
        if let Some(what) = crate::cli::grant::instead(bytes) {
            return vec![at_list(args, Trouble::new(Reason::BadList, format!("this is {what}, not a list")))];
        }
        troubles.into_iter().map(|trouble| at_list(args, trouble)).collect()
    })
}

/// A file stands where the license of a line belongs.
pub(super) fn in_the_way(line: usize, target: &Path) -> Trouble {
    let what = "a file with other content stands where the license belongs";
    Trouble::new(Reason::Exists, what).at(target.display()).at(format!("line {line}"))
}
